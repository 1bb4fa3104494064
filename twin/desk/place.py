"""Where the desk of a served town is kept."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import make_url

from networks.errors import NotThere

DESK = "desk.sqlite"
VARIABLE = "TWIN_DESK"


def desk_place(folder: Path) -> Path | str:
    """The database that TWIN_DESK names by a URL (it may hold a password), else a SQLite file in the town's folder.

    A file in TWIN_DESK is for the commands of the desk alone: two towns would write into one.
    """
    named = os.environ.get(VARIABLE, "")
    return named if "://" in named else folder / DESK


def kept_desk(folder: Path) -> Path | str:
    """The same, where there is one already.

    Raises:
        NotThere: No file lies in the folder.
    """
    place = desk_place(folder)
    if isinstance(place, Path) and not place.is_file():
        raise NotThere("no desk is kept here", file=place, expected="the folder of twin serve --out")
    return place


def told_place(folder: Path) -> tuple[str, int]:
    """Its name without a password, and its bytes; 0 where a server keeps it."""
    place = desk_place(folder)
    if isinstance(place, Path):
        return str(place), place.stat().st_size
    return make_url(place).render_as_string(hide_password=True), 0
