"""Tables of official rain signals: which depth within how long gives which level; the CMA's, or a city's own file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks.errors import BadInput
from networks.sentence import Sentence, read_sentence
from networks.toml_file import read_toml

OURS = ("cma",)
TABLES = Path(__file__).parent / "tables"
_EXPECTED = (
    "TOML with name, source, and [[level]] tables of id, label {en, zh}, colour, hours and depth_mm, mildest first"
)


@dataclass(frozen=True)
class Level:
    """One level of a rain signal: so much rain (mm) within so many hours.

    Attributes:
        level_id: Its name in files, e.g. `blue`.
        label: Its name for people.
        colour: `#rrggbb`.
        hours: Length of the rolling window (h).
        depth_mm: Depth (mm) in the window from which on it holds.
    """

    level_id: str
    label: Sentence
    colour: str
    hours: float
    depth_mm: float


@dataclass(frozen=True)
class SignalTable:
    """Levels, mildest first, with where they come from."""

    name: Sentence
    source: str
    levels: tuple[Level, ...]


def read_signal_table(which: str | Path) -> SignalTable:
    """A table by its name (`cma`) or by file.

    Raises:
        BadInput: No such file, no source, or a level that is not as expected; says which.
    """
    file = TABLES / f"{which}.toml" if str(which) in OURS else Path(which)
    try:
        said = read_toml(file)
    except BadInput as error:
        told = f"one of {', '.join(OURS)}, or a file: {_EXPECTED}"
        raise BadInput(f"no signal table: {error.what}", file=file, expected=told) from error
    source = said.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadInput("the signals have no source", file=file, place="source", expected="who published them, and when")
    levels = said.get("level")
    if not isinstance(levels, list) or not levels:
        raise BadInput("it has no levels", file=file, place="level", expected=_EXPECTED)
    read = tuple(_level(one, file, at) for at, one in enumerate(levels))
    if len({one.level_id for one in read}) < len(read):
        raise BadInput("two levels have the same id", file=file, place="level")
    return SignalTable(_sentence(said.get("name"), file, "name"), " ".join(source.split()), read)


def _level(said: Any, file: Path, at: int) -> Level:
    place = f"level {at + 1}"
    if not isinstance(said, dict) or set(said) != {"id", "label", "colour", "hours", "depth_mm"}:
        raise BadInput("its fields are others", file=file, place=place, expected=_EXPECTED)
    for key in ("hours", "depth_mm"):
        if isinstance(said[key], bool) or not isinstance(said[key], int | float) or not 0 < said[key] < 1e4:
            raise BadInput(f"{key} is {said[key]!r}", file=file, place=place, expected="a positive number")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(said["colour"])):
        raise BadInput(f"its colour is {said['colour']!r}", file=file, place=place, expected="#rrggbb")
    if not re.fullmatch(r"[a-z0-9_-]+", str(said["id"])):
        raise BadInput(f"its id is {said['id']!r}", file=file, place=place, expected="small letters and digits")
    label = _sentence(said["label"], file, place)
    return Level(said["id"], label, said["colour"], float(said["hours"]), float(said["depth_mm"]))


def _sentence(said: Any, file: Path, place: str) -> Sentence:
    try:
        return read_sentence(said)
    except ValueError as error:
        raise BadInput(str(error), file=file, place=place, expected="{ en = ..., zh = ... }") from error
