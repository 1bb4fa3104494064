"""Says of each doubt at which streets it is, in the words of the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from shapely import STRtree, linestrings
from shapely.geometry import Point

from networks.doubts import Doubt
from networks.quality.roads import drawn
from networks.roads.net_file import Net
from networks.sentence import say

_MOST = 3
_REACH_M = 40.0


def with_streets(doubts: Iterable[Doubt], net: Net, names: Mapping[str, str]) -> list[Doubt]:
    """The doubts with the names of their streets in front, where they have a place and do not name one already.

    Args:
        doubts: In any order, which is kept.
        net: The road network.
        names: Edge id -> its street's name, "" where it has none.
    """
    places = _Places(net, names)
    told = []
    for doubt in doubts:
        streets = places.of(doubt)
        if not streets or any(street in doubt.what["en"] for street in streets):
            told.append(doubt)
            continue
        at = " / ".join(streets)
        told.append(replace(doubt, what=say(f"{at}: {doubt.what['en']}", f"{at}：{doubt.what['zh']}")))
    return told


class _Places:
    """Finds the named streets at a junction, a signal, an edge or a point."""

    def __init__(self, net: Net, names: Mapping[str, str]) -> None:
        edges = [e for e in net.edges if drawn(e)]
        self._edge = {e.edge_id: names.get(e.edge_id, "") for e in edges}
        self._entering: dict[str, dict[str, None]] = {}
        for edge in edges:
            self._note(edge.to_node, edge.edge_id)
        for link in net.links:
            if link.tls_id:
                self._note(link.tls_id, link.from_edge)
        named = [e for e in edges if self._edge[e.edge_id]]
        self._named = [self._edge[e.edge_id] for e in named]
        self._tree = STRtree([linestrings(np.array(e.shape)) for e in named])

    def _note(self, node: str, edge_id: str) -> None:
        if name := self._edge.get(edge_id, ""):
            self._entering.setdefault(node, {})[name] = None

    def of(self, doubt: Doubt) -> list[str]:
        """At most three names, in alphabetical order; none for a doubt about the whole city."""
        if not doubt.osm and not doubt.net:
            return []
        found: dict[str, None] = {}
        for one in doubt.net.split():
            found |= self._entering.get(one, {})
            if self._edge.get(one):
                found[self._edge[one]] = None
        if not found and self._named and not any(one in self._edge for one in doubt.net.split()):
            at = Point(doubt.x, doubt.y)
            nearest = int(self._tree.nearest(at))
            if self._tree.geometries[nearest].distance(at) <= _REACH_M:
                found[self._named[nearest]] = None
        return sorted(found)[:_MOST]
