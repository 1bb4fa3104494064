"""Signals, crossings, buildings, car parks and all else that is compared by its middle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree

from networks.osm.objects import KINDS, MapObject
from networks.updates.change import Change, appeared, carried, retagged, vanished
from networks.updates.cover import Cover, Flat
from networks.updates.lines import is_line

STAYED_M = 3.0
"""A middle that moved less was only drawn better."""
_SAME_M = 8.0
_GREW = 1.15
Objects = Mapping[str, MapObject]


def point_changes(old: Objects, new: Objects, flat: Flat, cover: Cover) -> tuple[list[Change], int, int]:
    """(Changes; how many objects have another id but are the same; how many lie beyond the common cover)."""
    before, beyond_old = _held({osm: one for osm, one in old.items() if not is_line(one)}, flat, cover)
    after, beyond_new = _held({osm: one for osm, one in new.items() if not is_line(one)}, flat, cover)
    changes: list[Change] = []
    for osm in old:
        if osm in after and osm in new and not is_line(old[osm]):
            changes += _same(old[osm], new[osm], flat)
    lost = {osm: xy for osm, xy in before.items() if osm not in new or is_line(new[osm])}
    fresh = {osm: xy for osm, xy in after.items() if osm not in old or is_line(old[osm])}
    pairs = [pair for kind in KINDS for pair in _pairs(old, new, lost, fresh, kind)]
    for was, now in pairs:
        told = retagged(old[was], new[now])
        changes += [told] if told else []
    paired_old, paired_new = {was for was, _ in pairs}, {now for _, now in pairs}
    changes += [vanished(old[osm], 0.0) for osm in lost if osm not in paired_old]
    changes += [appeared(new[osm], 0.0) for osm in fresh if osm not in paired_new]
    return changes, len(pairs), beyond_old + beyond_new


def _held(objects: Objects, flat: Flat, cover: Cover) -> tuple[dict[str, np.ndarray], int]:
    """(Places in metres of those that lie where both maps cover the ground; how many do not)."""
    if not objects:
        return {}, 0
    at = flat.metres(np.array([one.middle for one in objects.values()]))
    held = cover.holds(at)
    return {osm: xy for osm, xy, ok in zip(objects, at, held, strict=True) if ok}, int((~held).sum())


def _same(old: MapObject, new: MapObject, flat: Flat) -> list[Change]:
    told = retagged(old, new)
    changes = [told] if told else []
    a, b = flat.metres(np.array([old.middle, new.middle]))
    off = float(np.hypot(*(b - a)))
    grew = old.area_m2 > 0 and new.area_m2 > 0 and not 1 / _GREW < new.area_m2 / old.area_m2 < _GREW
    if new.kind != "restriction" and (off > STAYED_M or grew):
        before, after = (f"{one.area_m2:.0f} m2" if one.area_m2 else "" for one in (old, new))
        changes.append(carried(old, new, before, f"{after} {off:.1f} m off".strip(), max(off, 0.1)))
    return changes


def _pairs(
    old: Objects, new: Objects, lost: Mapping[str, np.ndarray], fresh: Mapping[str, np.ndarray], kind: str
) -> list[tuple[str, str]]:
    """Objects that vanished and others that appeared in the same place, the nearest first."""
    was = [osm for osm in lost if old[osm].kind == kind]
    now = [osm for osm in fresh if new[osm].kind == kind]
    if not was or not now:
        return []
    tree = cKDTree(np.array([fresh[osm] for osm in now]))
    near = []
    for osm in was:
        for j in tree.query_ball_point(lost[osm], _SAME_M):
            if kind != "restriction" or old[osm].tags == new[now[j]].tags:
                near.append((float(np.hypot(*(lost[osm] - fresh[now[j]]))), osm, now[j]))
    taken: set[str] = set()
    pairs = []
    for _, a, b in sorted(near):
        if a not in taken and b not in taken and _alike(old[a], new[b]):
            pairs.append((a, b))
            taken |= {a, b}
    return pairs


def _alike(old: MapObject, new: MapObject) -> bool:
    if not old.area_m2 or not new.area_m2:
        return True
    return 0.5 < new.area_m2 / old.area_m2 < 2.0
