"""Repairs: every change of ours to what the map or the converter said, told so that an engineer can check it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Point

from networks.sentence import Sentence


@dataclass(frozen=True)
class Repair:
    """One change.

    Attributes:
        rule: Short name of the rule that made it, e.g. `lanes_from_tag`.
        osm: The object on the map, `n1`, `w1` or `r1`; several with a space between; "" where there is none.
        net: The id in the road network (edge, junction, signal); "" where it is about something else.
        why: The reason, in both languages.
        before, after: What was there and what is there now, in the words of the file (`lanes=3`, `speed 13.89`).
        x, y: Where, metres in the city's plane.
    """

    rule: str
    osm: str
    net: str
    why: Sentence
    before: str
    after: str
    x: float
    y: float


def repair_rows(repairs: Iterable[Repair]) -> list[dict[str, Any]]:
    """Rows of the layer `repairs`, by rule, then by object."""
    return [
        {
            "rule": one.rule,
            "osm": one.osm,
            "net": one.net,
            "why_en": one.why["en"],
            "why_zh": one.why["zh"],
            "before": one.before,
            "after": one.after,
            "geometry": Point(round(one.x, 3), round(one.y, 3)),
        }
        for one in sorted(repairs, key=lambda r: (r.rule, r.osm, r.net, r.before, r.after))
    ]
