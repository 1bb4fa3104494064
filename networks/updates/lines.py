"""Roads, paths, railways and streams of two maps, matched by id and by where they run.

Editors cut ways in two and join them all the time: a piece that runs where a vanished way ran is that way, not a new
road. So what was added or removed is told by geometry, and ids decide only where they agree.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from shapely import STRtree, get_coordinates, linestrings, points, segmentize
from shapely.geometry import LineString

from networks.osm.objects import LINES, MapObject
from networks.updates.change import Change, appeared, carried, retagged, vanished
from networks.updates.cover import Cover, Flat

STEP_M = 5.0
NEAR_M = 5.0
"""Lines nearer than this run in the same place: better than most surveys of OpenStreetMap, less than a carriageway."""
LEAST_M = 10.0
"""Shorter differences of shape are drawing, not building."""
Objects = Mapping[str, MapObject]


class _Line:
    """A line of one map, as points."""

    def __init__(self, one: MapObject, flat: Flat, cover: Cover) -> None:
        self.one = one
        xy = flat.metres(get_coordinates(one.shape))
        self.line = linestrings(xy) if len(xy) > 1 else LineString([xy[0], xy[0]])
        self.at = get_coordinates(segmentize(self.line, STEP_M))
        self.at = (self.at[1:] + self.at[:-1]) / 2  # middles of equal steps
        self.held = cover.holds(self.at)
        self.step_m = float(self.line.length) / max(1, len(self.at))

    @property
    def held_m(self) -> float:
        """Its length where both maps cover the ground."""
        return float(self.held.sum()) * self.step_m

    @property
    def near_m(self) -> float:
        """How near another line must be to run in the same place; a short piece that crosses it must not seem to."""
        return float(np.clip(self.line.length / 8.0, 1.0, NEAR_M))

    def apart_m(self, others: list[_Line]) -> tuple[float, float]:
        """(Length within the cover that is not near any of the others, m; greatest distance from them, m)."""
        at = self.at[self.held]
        if not len(at):
            return 0.0, 0.0
        if not others:
            return self.held_m, float("inf")
        tree = STRtree([other.line for other in others])
        _, gaps = tree.query_nearest(points(at), return_distance=True, all_matches=False)
        return float((gaps > self.near_m).sum()) * self.step_m, float(gaps.max())

    def best(self, others: list[_Line]) -> _Line:
        """The line that most of its points are nearest to."""
        found = STRtree([other.line for other in others]).query_nearest(points(self.at), all_matches=False)[1]
        return others[int(np.bincount(found).argmax())]


def line_changes(old: Objects, new: Objects, flat: Flat, cover: Cover) -> tuple[list[Change], int, int]:
    """(Changes of lines; how many lines have another id but are the same; how many lie beyond the common cover)."""
    stayed = [osm for osm, one in old.items() if is_line(one) and osm in new and is_line(new[osm])]
    bent = {osm for osm in stayed if not old[osm].shape.equals_exact(new[osm].shape, 0.0)}
    before = {osm: _Line(one, flat, cover) for osm, one in old.items() if is_line(one) and _loose(osm, new, bent)}
    after = {osm: _Line(one, flat, cover) for osm, one in new.items() if is_line(one) and _loose(osm, old, bent)}
    changes = [told for osm in stayed if (told := retagged(old[osm], new[osm]))]
    changes = [told for told in changes if _held(new[told.osm], after, flat, cover)]
    for osm in sorted(bent):
        told = _bent(before[osm], after[osm], _like(old[osm], before), _like(new[osm], after))
        changes += [told] if told else []
    renumbered = beyond = 0
    for lines, others, tell in ((after, before, appeared), (before, after, vanished)):
        for line in (line for osm, line in lines.items() if osm not in bent):
            if line.held_m <= 0.0:
                beyond += 1
                continue
            alike = _like(line.one, others)
            fresh_m, _ = line.apart_m(alike)
            if fresh_m > 0.5 * line.held_m:
                changes.append(tell(line.one, fresh_m))
            elif tell is appeared:
                renumbered += 1
                told = retagged(line.best(alike).one, line.one)
                changes += [told] if told else []
    return changes, renumbered, beyond


def is_line(one: MapObject) -> bool:
    """Whether an object is compared as a line."""
    return one.kind in LINES and one.shape.geom_type == "LineString"


def _loose(osm: str, others: Objects, bent: set[str]) -> bool:
    """Whether a line has no line of the same id and shape on the other map."""
    return osm in bent or osm not in others or not is_line(others[osm])


def _like(one: MapObject, lines: Mapping[str, _Line]) -> list[_Line]:
    return [line for line in lines.values() if line.one.kind == one.kind]


def _held(one: MapObject, known: dict[str, _Line], flat: Flat, cover: Cover) -> bool:
    line = known.get(one.osm) or _Line(one, flat, cover)
    return line.held_m > 0.0


def _bent(old: _Line, new: _Line, all_old: list[_Line], all_new: list[_Line]) -> Change | None:
    """A way that keeps its id but runs elsewhere; what others took over of it, or it of others, does not count."""
    gone_m, far_old = old.apart_m([new])
    fresh_m, far_new = new.apart_m([old])
    if max(gone_m, fresh_m) <= LEAST_M:
        return None
    gone_m, _ = old.apart_m(all_new)
    fresh_m, _ = new.apart_m(all_old)
    if max(gone_m, fresh_m) <= LEAST_M:
        return None
    before, after = (
        f"{old.line.length:.0f} m long",
        f"{new.line.length:.0f} m long, up to {max(far_old, far_new):.0f} m off",
    )
    return carried(old.one, new.one, before, after, max(gone_m, fresh_m))
