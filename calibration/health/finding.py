"""What is wrong with a sensor, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say

FAULTS: dict[str, Sentence] = {
    "stuck": say("says the same number again and again", "数值固定不变"),
    "silent": say("says zero where vehicles pass, or nothing at all", "有车通过却报告为零或无数据"),
    "drifting": say("sees less, or more, from hour to hour", "计数比例逐渐漂移"),
    "impossible": say("says more than lanes or physics allow", "超出车道能力或物理可能"),
    "level": say("counts too much or too little at all times", "计数始终偏高或偏低"),
    "noise": say("jumps more than traffic does", "波动超出交通流的正常变化"),
    "clock": say("tells its day hours too late or too early", "时间整体偏移数小时"),
    "buses": say("counts other vehicles among the cars", "将其他车辆计为小汽车"),
    "doubtful": say(
        "contradicts its neighbours in series: one of them is wrong", "与同一路段相邻传感器矛盾：其中之一有误"
    ),
}
"""Kind of a fault -> what it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one sensor.

    Attributes:
        sensor: Its name.
        fault: A key of FAULTS.
        score: How far beyond the alarm's threshold: 1 is the threshold itself.
        since_s: When it began (s); the begin of the counts where that is not known.
        evidence: What was seen, with numbers.
        until_s: When it ended (s); None where it is about all counts, or lasts.
    """

    sensor: str
    fault: str
    score: float
    since_s: float
    evidence: Sentence
    until_s: float | None = None
