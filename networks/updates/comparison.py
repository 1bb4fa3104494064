"""Compares two maps by what a city remembers of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from networks.osm.objects import MapObject
from networks.updates.change import Change
from networks.updates.cover import Cover, Flat
from networks.updates.lines import line_changes
from networks.updates.points import point_changes


@dataclass(frozen=True)
class Comparison:
    """What differs between two maps.

    Attributes:
        changes: The most important first.
        renumbered: Objects that have another id on the newer map and are the same otherwise.
        beyond: Objects that lie where only one of the maps covers the ground: they are not compared.
        common_km2: The ground that both cover.
    """

    changes: tuple[Change, ...]
    renumbered: int
    beyond: int
    common_km2: float

    def counts(self) -> dict[str, dict[str, int]]:
        """Kind -> what -> how many."""
        found = Counter((one.kind, one.what) for one in self.changes)
        kinds = sorted({kind for kind, _ in found})
        return {kind: {what: n for (k, what), n in sorted(found.items()) if k == kind} for kind in kinds}


def compare_maps(old: Mapping[str, MapObject], new: Mapping[str, MapObject]) -> Comparison:
    """What differs between two maps, given as `objects_of` or `read_objects` gives them."""
    if not old or not new:
        return Comparison((), 0, len(old) + len(new), 0.0)
    middle = np.median(np.array([one.middle for one in old.values()]), axis=0)
    flat = Flat(float(middle[0]), float(middle[1]))
    cover = Cover(old, new, flat)
    lines, same_lines, out_lines = line_changes(old, new, flat, cover)
    others, same_others, out_others = point_changes(old, new, flat, cover)
    ranked = sorted([*lines, *others], key=lambda c: (-c.importance, c.kind, c.what, c.osm, c.osm_before))
    return Comparison(tuple(ranked), same_lines + same_others, out_lines + out_others, round(cover.common_km2, 3))
