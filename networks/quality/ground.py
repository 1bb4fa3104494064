"""Checks of the terrain."""

from __future__ import annotations

import math

from networks.quality.check import Check, found
from networks.quality.evidence import Evidence


def ground_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `ground`."""
    terrain = evidence.terrain
    if terrain is None:
        return [found(name, None) for name in ("terrain_error", "terrain_cell", "terrain_pits", "terrain_holes")]
    measured = evidence.notes.get("ground", {})
    return [
        found("terrain_error", None if math.isnan(terrain.vertical_error_m) else terrain.vertical_error_m),
        found("terrain_cell", terrain.source_cell_m),
        found("terrain_pits", measured.get("pit_share")),
        found("terrain_holes", measured.get("hole_share")),
    ]
