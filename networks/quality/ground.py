"""Checks of the terrain."""

from __future__ import annotations

from networks.quality.check import Check, found
from networks.quality.evidence import Evidence


def ground_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `ground`."""
    terrain = evidence.terrain
    if terrain is None:
        return [found(name, None) for name in ("terrain_error", "terrain_cell", "terrain_pits", "terrain_holes")]
    return [found("terrain_error", terrain.rmse_m)]
