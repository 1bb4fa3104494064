"""Where a served town is kept, and whether it is found again or begun anew.

    FOLDER/towns/20260504T0700Z/    one town from its first second on: `opened.json`, `live/`, `skill/`

A town that was left alone for longer than `AWAY_S` is not simulated through that time: another is begun, with empty
streets half an hour before now, and says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from networks.errors import BadInput
from networks.landing import landing_file

AWAY_S = 7200.0
WARM_S = 2700.0
"""Simulated before now when a town begins: the anchor's lag and half an hour in which its streets fill."""
_STAMP = "%Y%m%dT%H%MZ"


@dataclass(frozen=True, slots=True)
class TownFolder:
    """One town's place.

    Attributes:
        folder: Its place.
        origin: Wall-clock time of second 0 of the case; with a zone.
        begin_s: Its first second, on the clock of the case.
    """

    folder: Path
    origin: datetime
    begin_s: float


def town_folder(place: Path, now: datetime, origin: datetime | None, case_begin_s: float, step_s: float) -> TownFolder:
    """The town to go on with, or a place for a new one.

    Args:
        place: Folder of the service.
        now: The clock; with a zone.
        origin: Wall-clock time of second 0 of the case; with a zone. None: as it was, or midnight (UTC) of today.
        case_begin_s: First second of the case: no town begins before it.
        step_s: From one cycle to the next.

    Raises:
        BadInput: What is kept there is damaged, or is of a case with another begin.
    """
    for folder in sorted((place / "towns").glob("*Z"), reverse=True):
        found = _read(folder)
        if found is None:
            continue
        if origin is not None and found.origin != origin.astimezone(UTC):
            raise BadInput(
                f"second 0 of the town kept here was {found.origin.isoformat()}", file=folder,
                expected=f"the same --begin, not {origin.isoformat()}", remedy="give that --begin, or another --out",
            )  # fmt: skip
        if abs((now - last_moment(found)).total_seconds()) <= AWAY_S:
            return found
        break
    origin = origin or now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begin_s = max(((now - origin).total_seconds() - WARM_S) // step_s * step_s, case_begin_s)
    begins = origin.astimezone(UTC) + timedelta(seconds=begin_s)
    made = TownFolder(place / "towns" / begins.strftime(_STAMP), origin.astimezone(UTC), begin_s)
    made.folder.mkdir(parents=True, exist_ok=True)
    with landing_file(made.folder / "opened.json") as beside:
        beside.write_text(json.dumps({"origin": made.origin.isoformat(), "begin_s": begin_s}) + "\n", encoding="utf-8")
    return made


def last_moment(town: TownFolder) -> datetime:
    """The moment of the last cycle that is kept; the begin before the first."""
    kept = sorted((town.folder / "live" / "cycles").glob("[0-9]*.npz"))
    return town.origin + timedelta(seconds=float(kept[-1].stem) if kept else town.begin_s + WARM_S)


def _read(folder: Path) -> TownFolder | None:
    """None where a stop came between the folder and its file."""
    file = folder / "opened.json"
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return TownFolder(folder, datetime.fromisoformat(told["origin"]), float(told["begin_s"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"it is not what a service kept: {error}", file=file, remedy="move the folder away") from error
