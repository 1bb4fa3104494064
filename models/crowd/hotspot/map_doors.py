"""Doors of a hot spot on the map: where links of the walk graph cross its edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from models.crowd.hotspot.area import Door, open_doors
from models.crowd.hotspot.walking import Walking
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

ON_EDGE_M = 1.0
"""A node within this of the edge is on it (m)."""
OFF_M = 3.0
"""A crossing further than this from ground where people can stand is blocked by a building (m)."""


@dataclass(frozen=True)
class MapDoor:
    """A door, and the streets behind it.

    Attributes:
        door: The door, in the city's plane (m).
        node: Node of the walk graph at it, or the nearest one outside.
        links: Links of the walk graph that lead away from it, outside.
        width_m: Their width together (m); the door is no wider.
    """

    door: Door
    node: int
    links: tuple[int, ...]
    width_m: float


@dataclass(frozen=True)
class _Crossing:
    at: Point
    node: int
    link: int
    width_m: float


def inner_links(city: City, polygon: Polygon) -> np.ndarray:
    """Links of the walk graph that lie on the ground, bool, shape (links,)."""
    near = polygon.buffer(ON_EDGE_M)
    return np.asarray(city.layer("walk_links").geometry.within(near).to_numpy())


def doors_of(
    city: City, polygon: Polygon, area: Polygon, walking: Walking, *, lone: bool = False
) -> tuple[list[MapDoor], list[Sentence]]:
    """The doors of a ground, along its edge, and what was left out.

    Args:
        city: The city.
        polygon: The place.
        area: What of it people can stand on.
        walking: How people walk: a door is wider than a person.
        lone: It is a single way, perhaps on a bridge: only links that meet it at a node lead to it, not those beneath.

    Raises:
        BadInput: No way for walkers meets the edge, or none of them where people can stand.
    """
    crossings = _crossings(city, polygon, lone=lone)
    if not crossings:
        away = city.layer("walk_links").geometry.distance(polygon)
        nearest = f": the nearest is {away.min():.0f} m off" if len(away) and away.min() > 0 else ""
        raise BadInput(
            f"no way for walkers crosses its edge{nearest}",
            place="doors",
            expected="a place that the walk graph leads to",
            remedy="draw the polygon so that its edge crosses the ways that people come by",
        )
    notes: list[Sentence] = []
    doors: list[MapDoor] = []
    ring = LineString(area.exterior.coords)
    for group in _side_by_side(crossings, ring):
        made = _door(group, ring, area, walking, f"door {len(doors) + 1}")
        if made is None:
            far = ring.distance(group[0].at)
            notes.append(
                say(
                    f"the way at link {group[0].link} opens onto no free ground ({far:.1f} m off): no door there",
                    f"连线{group[0].link}处的道路未通向可通行地面（相距{far:.1f}米）：不设出入口",
                )
            )
        else:
            doors.append(made)
    if not doors:
        raise BadInput("none of its ways opens onto free ground", place="doors", remedy="check the buildings on it")
    return doors, notes


def _crossings(city: City, polygon: Polygon, *, lone: bool) -> list[_Crossing]:
    """Where links leave the place: at their node on the edge, else where they cross it."""
    graph, inside = city.walk_graph(), inner_links(city, polygon)
    shapes, edge = city.layer("walk_links").geometry.to_numpy(), polygon.exterior
    near = polygon.buffer(ON_EDGE_M)
    own = {*graph.link_from[inside].tolist(), *graph.link_to[inside].tolist()}
    found = []
    for link in np.flatnonzero(~inside & city.layer("walk_links").geometry.intersects(near).to_numpy()).tolist():
        ends = [int(graph.link_from[link]), int(graph.link_to[link])]
        points = [Point(graph.node_x[node], graph.node_y[node]) for node in ends]
        held = [near.contains(point) and (not lone or node in own) for point, node in zip(points, ends, strict=True)]
        if held[0] != held[1]:
            inner = held.index(True)
            at, node = points[inner], ends[inner]
            if at.distance(edge) > ON_EDGE_M:
                cut = shapes[link].intersection(edge)
                at, node = (cut if cut.is_empty else cut.representative_point()), ends[1 - inner]
            if not at.is_empty:
                found.append(_Crossing(Point(at.x, at.y), node, link, float(graph.width_m[link])))
        elif not any(held) and not lone:
            cut = shapes[link].intersection(edge)
            for at in list(getattr(cut, "geoms", [cut]))[:2]:
                node = ends[int(points[1].distance(at) < points[0].distance(at))]
                if not at.is_empty:
                    at = at.representative_point()
                    found.append(_Crossing(Point(at.x, at.y), node, link, float(graph.width_m[link])))
    return found


def _side_by_side(crossings: list[_Crossing], ring: LineString) -> list[list[_Crossing]]:
    """Crossings in their order along the edge; those whose widths touch are one door."""
    groups: list[list[_Crossing]] = []
    for one in sorted(crossings, key=lambda crossing: (ring.project(crossing.at), crossing.link)):
        at = ring.project(one.at)
        if groups:
            last = groups[-1]
            middle = float(np.mean([ring.project(other.at) for other in last]))
            if at - middle < (sum(other.width_m for other in last) + one.width_m) / 2:
                last.append(one)
                continue
        groups.append([one])
    if len(groups) > 1:
        gap = ring.length - ring.project(groups[-1][0].at) + ring.project(groups[0][0].at)
        if gap < (groups[-1][0].width_m + groups[0][0].width_m) / 2:
            groups[0] = groups.pop() + groups[0]
    return groups


def _door(group: list[_Crossing], ring: LineString, area: Polygon, walking: Walking, name: str) -> MapDoor | None:
    """One door for crossings side by side, on the straight piece of the edge that is nearest; None without one."""
    at, width = group[0].at, sum(one.width_m for one in group)
    if ring.distance(at) > OFF_M:
        return None
    corners = np.asarray(ring.coords)
    pieces = [(corners[i], corners[i + 1]) for i in range(len(corners) - 1)]
    near = sorted(
        pieces, key=lambda ends: (round(LineString(ends).distance(at), 2), -float(np.hypot(*(ends[1] - ends[0]))))
    )
    for start, end in near[:3]:
        long = float(np.hypot(*(end - start)))
        wide = min(width, long)
        if wide <= 2 * walking.radius_m:
            continue
        along = (end - start) / long
        middle = float(np.clip((np.array([at.x, at.y]) - start) @ along, wide / 2, long - wide / 2))
        ends = tuple(tuple((start + (middle + side * wide / 2) * along).tolist()) for side in (-1, 1))
        door = Door(name, ends)  # type: ignore[arg-type]
        try:
            open_doors(area, [door], 2 * walking.radius_m)
        except BadInput:
            continue
        return MapDoor(door, group[0].node, tuple(sorted({one.link for one in group})), width)
    return None
