"""`Reel`: a stretch of a film, as its page needs it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from networks.errors import BadInput, NotThere
from twin.film.folder import STAMP

USUAL = timedelta(hours=1)


@dataclass(frozen=True)
class Moment:
    """What was shown from a time on.

    Attributes:
        now: ISO time with the offset of the city.
        hour: Which hour; None: there was none yet.
        packed: The document, zipped.
    """

    now: str
    hour: str | None
    packed: bytes


@dataclass(frozen=True)
class Reel:
    """A stretch of a film.

    Attributes:
        city: GET /api/city, zipped.
        name: Of the city.
        moments: Oldest first.
        hours: Answers of GET /api/hour, zipped, by the names that moments use.
        other_maps: There are moments of this stretch that show another map; they are left out.
    """

    city: bytes
    name: str
    moments: Sequence[Moment]
    hours: Mapping[str, bytes]
    other_maps: bool = False


def read_reel(
    folder: Path, begin: datetime | None = None, end: datetime | None = None, every: timedelta = timedelta(0)
) -> Reel:
    """Moments from `begin` to `end`, with what stood when it began.

    Args:
        folder: A film's folder.
        begin: With a zone; None: an hour before the end.
        end: With a zone; None: the newest moment.
        every: Moments that follow sooner are left out, unless they show another forecast.

    Raises:
        NotThere: Nothing was filmed here, or nothing in this stretch.
        BadInput: A file is damaged; the stretch ends before it begins.
    """
    maps = _maps(folder)
    if not maps:
        remedy = "twin serve CITY --case RUN.sumocfg --feeds FEEDS.yaml --out OUT"
        raise NotThere("nothing was filmed here", expected=f"{folder}, as twin serve keeps it", remedy=remedy)
    newest = max(files[-1].name[:16] for files in maps.values())
    last = _stamp(end) if end else newest
    first = _stamp(begin) if begin else _stamp(datetime.strptime(last, STAMP).replace(tzinfo=UTC) - USUAL)
    if first > last:
        raise BadInput("the stretch ends before it begins", place="--from", expected="a time before --to")
    found = {place: _between(files, first, last) for place, files in maps.items()}
    found = {place: files for place, files in found.items() if files}
    if not found:
        there = " and ".join(f"{files[0].name[:16]} to {files[-1].name[:16]}" for files in maps.values())
        raise NotThere("nothing was filmed in this stretch", expected=f"a time within {there}")
    place = max(found, key=lambda one: found[one][-1].name)
    moments = _thin([_moment(file) for file in found[place]], every)
    names = {one.hour for one in moments if one.hour}
    hours = {name: _bytes(place / "hours" / f"{name}.json.gz") for name in sorted(names)}
    city = _bytes(place / "city.json.gz")
    return Reel(city, str(_open(city, place / "city.json.gz").get("name", "")), moments, hours, len(found) > 1)


def _maps(folder: Path) -> dict[Path, list[Path]]:
    places = (file.parent for file in folder.glob("*/city.json.gz"))
    found = {place: sorted((place / "moments").glob("*.json.gz")) for place in sorted(places)}
    return {place: files for place, files in found.items() if files}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(STAMP)


def _between(files: Sequence[Path], first: str, last: str) -> list[Path]:
    inside = [file for file in files if first <= file.name[:16] <= last]
    before = [file for file in files if file.name[:16] < first]
    return [*before[-1:], *inside] if inside else []


def _thin(moments: Sequence[Moment], every: timedelta) -> list[Moment]:
    kept: list[Moment] = []
    for one in moments:
        soon = kept and datetime.fromisoformat(one.now) - datetime.fromisoformat(kept[-1].now) < every
        if not soon or one.hour != kept[-1].hour:
            kept.append(one)
    return kept


def _moment(file: Path) -> Moment:
    packed = _bytes(file)
    told = _open(packed, file)
    return Moment(str(told["now"]), told["hour"], packed)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"a part of the film cannot be read: {error.strerror}", file=file) from error


def _open(packed: bytes, file: Path) -> dict[str, Any]:
    try:
        told = json.loads(gzip.decompress(packed))
    except (OSError, EOFError, ValueError) as error:
        raise BadInput("a part of the film is damaged", file=file, remedy="remove it") from error
    if not isinstance(told, dict):
        raise BadInput("a part of the film is damaged", file=file, expected="a JSON object", remedy="remove it")
    return told
