"""What hand corrections leave in a city besides the corrected map: sources of figures, and a copy of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from networks.city import MANIFEST
from networks.corrections.applying import SOURCE, Corrected
from networks.corrections.judging import Judgement
from networks.corrections.reading import CORRECTIONS_FILE
from networks.corrections.schema import BuildingHeight, CarPark, Correction
from networks.osm.extract import Tags
from networks.roads.net_file import NetEdge

_EDGE_COLUMNS = {"lanes": "lanes_source", "maxspeed": "speed_source"}
Rows = list[dict[str, Any]]


def mark_sources(
    rows: Mapping[str, Rows],
    edges: Iterable[NetEdge],
    way_tags: Mapping[int, Tags],
    changes: Iterable[tuple[Judgement, Correction, str, str]],
) -> None:
    """Write `corrected` or `measured` into the source columns of what was corrected.

    Args:
        rows: Layer -> rows, changed in place.
        edges: The network's edges, in the order of the layer `edges`.
        way_tags: Way id, as the edges name it, -> tags.
        changes: What was corrected.
    """
    for row, edge in zip(rows["edges"], edges, strict=True):
        for way in edge.osm_ways:
            for key, value in way_tags.get(way, {}).items():
                column = _EDGE_COLUMNS.get(key.removeprefix(SOURCE).split(":")[0]) if key.startswith(SOURCE) else None
                if column:
                    row[column] = value
    said = {}
    for found, one, _, _ in changes:
        if isinstance(one, BuildingHeight | CarPark):
            said[found.osm] = one.source
    for layer, column in (("buildings", "height_source"), ("car_parks", "capacity_source")):
        for row in rows[layer]:
            row[column] = said.get(row["osm_id"], row[column])


def keep_corrections(corrected: Corrected, folder: Path) -> dict[str, int]:
    """Write the city's own copy of the file, with witnesses; how many corrections are in which state."""
    (folder / CORRECTIONS_FILE).write_text(corrected.text, encoding="utf-8")
    return dict(sorted(Counter(found.state for found in corrected.judgements).items()))


def remembered(folder: Path) -> Path | None:
    """The corrections that the city in `folder` keeps; None where it has none, or is no city."""
    kept = folder / CORRECTIONS_FILE
    return kept if kept.is_file() and (folder / MANIFEST).is_file() else None
