"""What advice for a visitor day rests on, and what can go wrong with it: sentences in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from models.crowd.city.controls import Closure, Control, Gate, Hold, OneWay, Parking, Runs, Shuttle, Slots, Stagger
from networks.sentence import Sentence, say
from scenarios.visits.advising.outcome import DENSE_WEIGHT


def rests_on_told(compliance: float) -> list[Sentence]:
    """What every such advice rests on."""
    return [
        say(
            f"{compliance:.0%} of the groups follow advice, the same ones all of it (assumed); barriers, stewards and "
            "gates bind everybody",
            f"{compliance:.0%}的团组服从引导，且对各项引导一致（假设）；隔离、工作人员与闸机对所有人有效",
        ),
        say(
            f"a minute above 3.5 persons/m2 counts as {DENSE_WEIGHT:g} of walking or waiting (assumed)",
            f"处于每平方米3.5人以上的1分钟按步行或等候{DENSE_WEIGHT:g}分钟计（假设）",
        ),
        say(
            "queues at the gates of sites have no ground in the model: how dense they are is not told",
            "模型未计入景点闸机前排队所占面积：其密度未知",
        ),
    ]


def risks_of(measures: Sequence[Control]) -> list[Sentence]:
    """What to check before such measures are taken."""
    risks = {
        Hold: say(
            "the ground to hold people on is guessed at 2000 m2: measure it, and keep a way free for ambulances",
            "候场面积按2000平方米推测：须实测，并保留急救通道",
        ),
        Closure: say("a closed path is closed to ambulances too", "封闭的通道同样影响急救车辆"),
        OneWay: say("a one-way path needs stewards at both ends", "单向通行两端均须有工作人员"),
        Gate: say("queues grow before slower gates: there must be room for them", "闸机放慢后排队增长：须有足够场地"),
        Slots: say("booking must be open long enough before the day", "预约须提前足够时间开放"),
        Shuttle: say("buses are taken to be there and not to stand in traffic", "假设接驳车足够且不受道路拥堵影响"),
        Parking: say("drivers must be told before they turn into the full car park's street", "须在驶入前告知已满"),
        Runs: say(
            "vehicles and drivers for the extra runs must be there: ask who runs the line; headway, places and ground "
            "to wait on are those of the day's file",
            "加开班次须有车辆与司机，应先与运营方确认；间隔、运力与候车面积取自当日文件",
        ),
        Stagger: say("who is asked to stay needs shelter, light and toilets", "延迟离场者需要避雨、照明与卫生设施"),
    }
    kinds: list[type[Control]] = [type(one) for one in measures]
    return [told for kind, told in risks.items() if kind in kinds]
