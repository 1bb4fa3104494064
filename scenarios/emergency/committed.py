"""Material that incidents under way and placements of pumps have taken from the depots."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from models.emergency.resources import Taken
from networks.errors import BadInput
from scenarios.emergency.kept_incident import KeptIncident


def read_committed(folders: Iterable[Path]) -> list[Taken]:
    """What the live orders of incidents (`twin emergency incident`), and best placements (`twin flood place`), take.

    Raises:
        BadInput: A folder holds neither, or cannot be read.
    """
    found = list[Taken]()
    for folder in folders:
        if (folder / "incident.json").exists():
            found += _of_incident(folder)
        elif (folder / "placement.json").exists():
            found += _of_placement(folder)
        else:
            expected = "a folder of twin emergency incident or of twin flood place"
            raise BadInput("nothing there takes material", file=folder, place="--committed", expected=expected)
    return found


def _of_incident(folder: Path) -> list[Taken]:
    kept = KeptIncident(folder)
    live = [(one.task, kept.ways[one.task.name, one.unit.unit_id]["depot"]) for one in kept.board.orders if one.live]
    return [Taken(depot, task.material, task.amount, str(folder)) for task, depot in live if depot]


def _of_placement(folder: Path) -> list[Taken]:
    file = folder / "placement.json"
    try:
        best = json.loads(file.read_text(encoding="utf-8"))["placements"][0]
        parts = [(str(name), int(count)) for place in best["from"].values() for name, count in place.items()]
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        remedy = "make it again: twin flood place"
        raise BadInput(f"no readable placement: {error}", file=file, place="--committed", remedy=remedy) from error
    return [Taken(name, "pump", count, str(folder)) for name, count in parts if name]
