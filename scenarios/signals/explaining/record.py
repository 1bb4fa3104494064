"""The search's own record of one signal."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say
from scenarios.signals.designing.design import Design
from scenarios.signals.designing.stage_set import StageSet
from scenarios.signals.explaining.neighbours import Neighbour
from scenarios.signals.trying.aim import Purpose

UNITS: dict[Purpose, Sentence] = {
    "delay": say("s", "秒"),
    "stops": say("stops", "次停车"),
    "emissions": say("g of CO2", "克二氧化碳"),
    "pedestrians": say("s on foot", "秒（行人）"),
    "bicycles": say("s by bicycle", "秒（自行车）"),
    "buses": say("s of buses", "秒（公交）"),
    "queues": say("minutes of full lanes", "分钟车道排满"),
}


@dataclass(frozen=True)
class Record:
    """What the search knows of the design of one signal.

    Attributes:
        design: The one found.
        stages: What the signal may show.
        looks: (name, lost at the signal in s per vehicle of the case) of the settings for all signals alike, on one
            seed, the best for all first.
        neighbours: Designs beside it, as far as they were run.
        found_at: Simulations after which it was found.
        purpose: What the search made less of.
    """

    design: Design
    stages: StageSet
    looks: tuple[tuple[Sentence, float], ...]
    neighbours: tuple[Neighbour, ...]
    found_at: int
    purpose: Purpose = "delay"

    @property
    def unit(self) -> Sentence:
        """What is lost, as a word before `per vehicle`."""
        return UNITS[self.purpose]

    @property
    def limits(self) -> tuple[Sentence, ...]:
        """The limits that it touches."""
        found = []
        for number, (stage, green) in enumerate(zip(self.design.stages, self.design.greens_s, strict=True), 1):
            least = self.stages.least_s[stage]
            if green <= least:
                found.append(
                    say(
                        f"green {number} is its least of {least:g} s (least green, or people who walk meanwhile)",
                        f"第{number}个绿灯为其最短时间{least:g}秒（最小绿灯或同时过街行人所需）",
                    )
                )
        longest = self.stages.longest_red_s
        red = self.stages.lost_s(self.design.stages) + sum(self.design.greens_s) - min(self.design.greens_s)
        if red > longest - 1.0:
            found.append(
                say(
                    f"nobody may wait for longer than {longest:g} s: a longer cycle would",
                    f"红灯不得超过{longest:g}秒：周期不能更长",
                )
            )
        return tuple(found)
