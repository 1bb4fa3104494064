"""Flaws of a map file that were mended while it was read: each becomes a repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from networks.repairs import Repair
from networks.sentence import Sentence, say

MOST_PER_RULE = 100
"""So many flaws of one rule are told one by one; the rest as one number."""


@dataclass(frozen=True)
class Flaw:
    """One object of the file that could not be taken as it stands.

    Attributes:
        rule: Short name of what was done about it, a key of WHY.
        osm: The object: n1, w1 or r1; "" for the rest that is only counted.
        before, after: What the file says, and what the city is built with.
    """

    rule: str
    osm: str
    before: str
    after: str


WHY: dict[str, Sentence] = {
    "place_impossible": say(
        "the node has no place on Earth: its coordinates are missing or out of range",
        "该节点坐标缺失或超出范围，无法定位",
    ),
    "object_twice": say("the file holds the object twice; the last one counts", "文件中该对象出现两次，以最后一次为准"),
    "object_deleted": say("the file says that the object was deleted", "文件标明该对象已被删除"),
    "tag_cleaned": say(
        "control characters in a tag, which no XML file may hold", "标签中含控制字符，XML文件不允许出现此类字符"
    ),
    "way_endless": say(
        "the way has more nodes than any way may have (2000 on OpenStreetMap, ten times that here)",
        "该路径的节点数超出上限（OpenStreetMap为2000个，此处放宽至十倍）",
    ),
    "id_missing": say("the object has no id, or the id 0, which no object on the map has", "该对象没有编号或编号为0"),
}


class Flaws:
    """Collects flaws; from the 101st of a rule on they are counted only."""

    def __init__(self) -> None:
        self._told: list[Flaw] = []
        self._count: Counter[str] = Counter()

    def add(self, rule: str, osm: str, before: str, after: str) -> None:
        """One more."""
        self._count[rule] += 1
        if self._count[rule] <= MOST_PER_RULE:
            self._told.append(Flaw(rule, osm, before, after))

    def first(self, rule: str) -> Flaw | None:
        """The first flaw of a rule."""
        return next((flaw for flaw in self._told if flaw.rule == rule), None)

    def all(self) -> tuple[Flaw, ...]:
        """What was told, then one line per rule for the rest."""
        rest = [
            Flaw(rule, "", f"{count - MOST_PER_RULE} more objects", "likewise")
            for rule, count in sorted(self._count.items())
            if count > MOST_PER_RULE
        ]
        return (*self._told, *rest)


def flaw_repairs(flaws: tuple[Flaw, ...], place: Callable[[str], tuple[float, float]]) -> list[Repair]:
    """Flaws as repairs; `place` gives metres in the city's plane for an object's id."""
    return [
        Repair(flaw.rule, flaw.osm, "", WHY[flaw.rule], flaw.before, flaw.after, *place(flaw.osm)) for flaw in flaws
    ]
