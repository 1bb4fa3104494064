"""`Verdict`: what the twin makes of a suspicion, in words that say what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from networks.sentence import Sentence, say

KINDS: dict[str, Sentence] = {
    "incident": say("a lane is blocked", "车道受阻"),
    "sensor": say("no incident: a sensor lies", "无事件：传感器异常"),
    "demand": say("no incident: another demand than usual", "无事件：需求异于平常"),
    "open": say("not clear yet", "尚不明确"),
    "nothing": say("no incident: chance", "无事件：随机波动"),
}

NAMES: dict[str, Sentence] = {
    "blocked": say("a blocked lane", "车道受阻"),
    "sensor": say("a lying sensor", "传感器异常"),
    "demand": say("another demand", "需求异于平常"),
    "nothing": say("chance", "随机波动"),
}
"""Explanations, as `Weight.kind` calls them."""


TOLD = 0.05
"""Other places that are less likely are not told in words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to a suspicion.

    Attributes:
        kind: Of KINDS.
        edge: Where; empty where it is no place.
        lanes: Lanes that are blocked, numbered from the right; which of several is often not to be told.
        sensor: The sensor that lies; empty for the other kinds.
        since_s: When it began, on the clock of the counts, to a period.
        told_s: When it was told.
        probability: Of its kind; of an incident at any place, also where it is not clear yet.
        places: (edge, probability) of an incident, the likeliest first.
        rests_on: Sensors whose word speaks for it, the strongest first.
        level: Times the usual demand.
        kinds: Probability of each kind of explanation, of NAMES, the likeliest first.
    """

    kind: str
    edge: str
    lanes: tuple[int, ...]
    sensor: str
    since_s: float
    told_s: float
    probability: float
    places: tuple[tuple[str, float], ...] = ()
    rests_on: tuple[str, ...] = ()
    level: float = 1.0
    kinds: tuple[tuple[str, float], ...] = ()

    @property
    def words(self) -> Sentence:
        """A sentence, without times (whoever shows it knows the clock)."""
        share, named = f"{100 * self.probability:.0f} %", ", ".join(self.rests_on)
        if self.kind == "incident":
            own = f"{100 * dict(self.places).get(self.edge, 0.0):.0f} %"
            lanes, told = (
                _lanes(self.lanes),
                ", ".join(f"{edge} {100 * one:.0f} %" for edge, one in self.places[1:4] if one >= TOLD),
            )
            else_en, else_zh = (f"; else {told}", f"；其他可能：{told}") if told else ("", "")
            return say(
                f"{lanes['en']} of {self.edge} blocked ({share} that there is an incident, {own} that it is here"
                f"{else_en}); seen by {named}",
                f"{self.edge} {lanes['zh']}受阻（存在事件的概率{share}，位于此处{own}{else_zh}）；依据传感器 {named}",
            )
        if self.kind == "sensor":
            return say(
                f"no incident: sensor {self.sensor} does not fit what the others saw ({share})",
                f"无事件：传感器 {self.sensor} 与其他传感器不符（{share}）",
            )
        if self.kind == "demand":
            where = self.edge or "the whole town"
            return say(
                f"no incident: {self.level:g} times the usual traffic over {where} ({share})",
                f"无事件：{self.edge or '全城'}的流量为平常的 {self.level:g} 倍（{share}）",
            )
        if self.kind == "open":
            shares_of = [(NAMES[kind], f"{100 * one:.0f} %") for kind, one in self.kinds]
            english = ", ".join(f"{name['en']} {one}" for name, one in shares_of)
            chinese = "，".join(f"{name['zh']} {one}" for name, one in shares_of)
            at, here = (f" at {self.edge}", f"（{self.edge}）") if self.edge else ("", "")
            return say(f"not clear yet{at}: {english}", f"尚不明确{here}：{chinese}")
        return say(f"no incident: within chance ({share})", f"无事件：属随机波动（{share}）")


def _lanes(lanes: tuple[int, ...]) -> Sentence:
    if len(lanes) == 1:
        return say(f"lane {lanes[0]}", f"第 {lanes[0]} 车道")
    told = ", ".join(map(str, lanes))
    return say(f"lanes {told}", f"第 {told} 车道")
