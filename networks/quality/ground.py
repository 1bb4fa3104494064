"""Checks of the terrain."""

from __future__ import annotations

from networks.quality.check import Check, found
from networks.quality.evidence import Evidence

_NAMES = ("terrain_error", "terrain_cell", "terrain_pits", "terrain_holes", "terrain_dams", "terrain_coast")


def ground_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `ground`; shares are those that the terrain's model took down in `notes["ground"]`."""
    terrain, noted = evidence.terrain, evidence.notes.get("ground", {})
    if terrain is None:
        return [found(name, None) for name in _NAMES]
    return [
        found("terrain_error", terrain.vertical_error_m),
        found("terrain_cell", terrain.source_cell_m or None),
        found("terrain_pits", noted.get("pit_share")),
        found("terrain_holes", noted.get("hole_share")),
        found("terrain_dams", noted.get("dammed_waterways")),
        found("terrain_coast", None if noted.get("coast_height_m") is None else abs(noted["coast_height_m"])),
    ]
