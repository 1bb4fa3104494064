"""The streets that sensors watch: lanes, limits, what follows what, and which edge lies at a point."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from networks.coordinates.net_plane import net_plane
from networks.roads.net_file import Net, NetEdge, read_net
from networks.safe_xml import read_xml

if TYPE_CHECKING:
    from shapely import STRtree
    from shapely.geometry import LineString

WITHIN_M = 30.0
_SIDEWAYS_DEG = 60.0


@dataclass(frozen=True)
class WatchedNet:
    """A network as a counter sees it; only what cars may drive counts.

    Attributes:
        edges: Edge id -> the edge.
        after: Edge -> edges that cars may drive on to, turning round left out.
        before: The same backwards.
        crs: Coordinate system of its metres; empty where the network does not lie on earth.
    """

    edges: Mapping[str, NetEdge]
    after: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]
    crs: str = ""

    def open_to_cars(self, edge: str) -> bool:
        """Whether cars may drive there."""
        return "passenger" in self.edges[edge].allows

    def car_lanes(self, edge: str) -> int:
        """Lanes that cars may use; at least 1."""
        return max(1, sum("passenger" in classes for classes in self.edges[edge].lane_allows))

    def opposite(self, edge: str) -> str | None:
        """The edge of the other direction of the same street, where there is exactly one."""
        one = self.edges[edge]
        found = self._by_ends.get((one.to_node, one.from_node), ())
        return found[0] if len(found) == 1 else None

    def street_of(self, edge: str) -> str:
        """The first edge of the stretch without turnings that an edge lies on: all its edges carry the same flow."""
        seen = {edge}
        while len(before := self.before.get(edge, ())) == 1 and len(self.after.get(before[0], ())) == 1:
            if before[0] in seen:
                break
            edge = before[0]
            seen.add(edge)
        return edge

    def nearest(self, x: float, y: float, bearing_deg: float | None) -> tuple[str, float] | None:
        """The edge for cars at a point, and how far off it lies (m); of several the one that runs along the bearing.

        Args:
            x: Metres in the network's plane.
            y: Metres in the network's plane.
            bearing_deg: Where the traffic that is counted goes, degrees clockwise from north; None where nobody said.
        """
        from shapely.geometry import Point

        tree, lines, names = self._tree
        point = Point(x, y)
        found = []
        for index in tree.query(point.buffer(WITHIN_M)):
            away = float(lines[index].distance(point))
            if away <= WITHIN_M and (
                bearing_deg is None or _sideways(lines[index], point, bearing_deg) < _SIDEWAYS_DEG
            ):
                found.append((away, names[index]))
        return (min(found)[1], min(found)[0]) if found else None

    def plane_xy(self, lon: float, lat: float) -> tuple[float, float] | None:
        """Metres of a point in degrees (WGS 84); None where the network does not lie on earth."""
        if not self.crs:
            return None
        x, y = self._transformer.transform(lon, lat)
        return float(x), float(y)

    @cached_property
    def _transformer(self):  # type: ignore[no-untyped-def]
        from pyproj import Transformer

        return Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], list[str]]:
        ends: dict[tuple[str, str], list[str]] = {}
        for name, edge in self.edges.items():
            if self.open_to_cars(name):
                ends.setdefault((edge.from_node, edge.to_node), []).append(name)
        return ends

    @cached_property
    def _tree(self) -> tuple[STRtree, list[LineString], list[str]]:
        from shapely import STRtree
        from shapely.geometry import LineString

        names = [name for name in self.edges if self.open_to_cars(name)]
        lines = [LineString(self.edges[name].shape) for name in names]
        return STRtree(lines), lines, names


def watched_net(net_file: Path | str) -> WatchedNet:
    """Read the network that sensors stand in.

    Raises:
        BadCity: It is no SUMO network.
        BadInput: It cannot be read as XML.
    """
    net = read_net(Path(net_file))
    said = read_xml(Path(net_file)).find("location")
    projection = "!" if said is None else said.get("projParameter", "!")
    offset = "0,0" if said is None else said.get("netOffset", "0,0")
    try:
        dx, dy = (float(part) for part in offset.split(","))
        plane = net_plane(projection, (dx, dy), _middle(net))
        crs = plane.crs if plane.georeferenced else ""
    except ValueError:
        crs = ""
    return watched(net, crs)


def watched(net: Net, crs: str = "") -> WatchedNet:
    """The same of a network that is read already."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for start, end in net.pairs("passenger", turnarounds=False):
        after.setdefault(start, []).append(end)
        before.setdefault(end, []).append(start)
    frozen = [{edge: tuple(others) for edge, others in way.items()} for way in (after, before)]
    return WatchedNet({edge.edge_id: edge for edge in net.edges}, frozen[0], frozen[1], crs)


def _middle(net: Net) -> tuple[float, float]:
    xs, ys = zip(*((x, y) for x, y, _ in net.nodes.values()), strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _sideways(line: LineString, point: object, bearing_deg: float) -> float:
    """How far a bearing is from the line's direction beside a point (degrees, 0 to 180)."""
    along = line.project(point)
    a, b = line.interpolate(max(0.0, along - 5)), line.interpolate(min(line.length, along + 5))
    runs = math.degrees(math.atan2(b.x - a.x, b.y - a.y))
    return abs((runs - bearing_deg + 180) % 360 - 180)
