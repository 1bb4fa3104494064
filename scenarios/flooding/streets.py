"""What people call a place: the street that runs through it, or the nearest one, as the map names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadCity
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

ON_STREET_M = 25.0
"""A place no further from a street's axis than this lies on it (guess: half a wide street)."""
CORNER_M = 60.0
"""The second street named beside the first passes within this (guess)."""
NEAR_M = 300.0
"""A place further than this from any street with a name is not named by one (guess)."""
_WAY = re.compile(r"-?(\d+)")


class Streets:
    """The named streets of a city; a road without a name goes by its number (`ref`), where the map has one.

    Args:
        city: Its layer `edges`, and what it remembers of its map.
    """

    def __init__(self, city: City) -> None:
        from shapely import STRtree

        edges = city.layer("edges")
        edges = edges[edges["highway"] != "outside"]
        refs = _refs(city) if (edges["name"] == "").any() else {}
        ids = edges["edge_id"].tolist()
        names = [name or refs.get(_way(edge), "") for edge, name in zip(ids, edges["name"], strict=True)]
        self._names = dict(zip(ids, names, strict=True))
        self._lengths = dict(zip(ids, edges["length_m"].tolist(), strict=True))
        kept = [at for at, (name, under) in enumerate(zip(names, edges["tunnel"], strict=True)) if name and not under]
        self._near_names = [names[at] for at in kept]
        self._shapes = edges.geometry.to_numpy()[kept]
        self._tree = STRtree(self._shapes)

    def along(self, edges: Iterable[str]) -> list[str]:
        """Names of roads one drives along, in their order, each once."""
        return list(dict.fromkeys(name for edge in edges if (name := self._names.get(edge, ""))))

    def through(self, edges: Sequence[str]) -> str:
        """The name that most metres of some edges bear, or ""."""
        metres: dict[str, float] = {}
        for edge in edges:
            if name := self._names.get(edge, ""):
                metres[name] = metres.get(name, 0.0) + self._lengths[edge]
        return min(metres, key=lambda name: (-metres[name], name), default="")

    def near(self, x: float, y: float, within_m: float = NEAR_M) -> list[tuple[float, str]]:
        """(distance in m, name) of the streets about a point (m), the nearest first, each once."""
        from shapely import distance
        from shapely.geometry import Point

        here = Point(x, y)
        at = self._tree.query(here, predicate="dwithin", distance=within_m)
        away = np.asarray(distance(self._shapes[at], here), np.float64)
        first: dict[str, float] = {}
        for metres, which in sorted(zip(away.tolist(), at.tolist(), strict=True)):
            first.setdefault(self._near_names[which], metres)
        return [(metres, name) for name, metres in first.items()]

    def place(self, x: float, y: float) -> Sentence | None:
        """A place on the ground: "A at B", "A", "near A"; None where no street with a name is about."""
        near = self.near(x, y)
        if not near:
            return None
        away, name = near[0]
        if away > ON_STREET_M:
            return say(f"near {name}", f"{name}附近")
        corner = next((other for metres, other in near[1:] if metres <= CORNER_M), "")
        return say(f"{name} at {corner}", f"{name}（近{corner}）") if corner else say(name, name)

    def underpass(self, name: str, edges: Sequence[str], x: float, y: float) -> Sentence | None:
        """An underpass: its own name, that of the road in it, or the nearest street's."""
        if own := name or self.through(edges):
            return say(own, own)
        near = self.near(x, y)
        return say(f"underpass near {near[0][1]}", f"{near[0][1]}附近的下穿通道") if near else None


def told_apart(names: Sequence[Sentence]) -> list[Sentence]:
    """The names in their order, those that come again with a number: "A", "A (2)"."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        count = seen[name["en"]] = seen.get(name["en"], 0) + 1
        told.append(name if count == 1 else say(f"{name['en']} ({count})", f"{name['zh']}（{count}）"))
    return told


def _way(edge: str) -> str:
    found = _WAY.match(edge)
    return f"w{found.group(1)}" if found else ""


def _refs(city: City) -> dict[str, str]:
    """Numbers of roads by their ways; none where the city remembers nothing of its map."""
    from networks.osm.objects import read_objects

    try:
        objects = read_objects(city.folder)
    except BadCity:
        return {}
    return {osm: str(one.tags["ref"]) for osm, one in objects.items() if one.kind == "road" and one.tags.get("ref")}
