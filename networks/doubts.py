"""Doubts: what was guessed or looks odd, what would settle it, and how much it may change results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Point

from networks.sentence import Sentence


@dataclass(frozen=True)
class Doubt:
    """One thing that an engineer should look at.

    Attributes:
        kind: Short name, e.g. `guessed_lanes`, `signal_unmatched`.
        osm: The object on the map, `n1`, `w1` or `r1`; several with a space between; "" where there is none.
        net: The id in the road network or layer; "" where it is about something else.
        what: What is doubtful, in both languages.
        remedy: What would settle it, in both languages.
        influence: How much results may hang on it, 0 to 1; doubts are ranked by it.
        x, y: Where, metres in the city's plane.
    """

    kind: str
    osm: str
    net: str
    what: Sentence
    remedy: Sentence
    influence: float
    x: float
    y: float


def doubt_rows(doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    """Rows of the layer `doubts`, the most influential first."""
    return [
        {
            "kind": one.kind,
            "osm": one.osm,
            "net": one.net,
            "what_en": one.what["en"],
            "what_zh": one.what["zh"],
            "remedy_en": one.remedy["en"],
            "remedy_zh": one.remedy["zh"],
            "influence": round(one.influence, 4),
            "geometry": Point(round(one.x, 3), round(one.y, 3)),
        }
        for one in sorted(doubts, key=lambda d: (-round(d.influence, 4), d.kind, d.osm, d.net))
    ]
