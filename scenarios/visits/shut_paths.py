"""Paths that are shut for some time of a day: by order, for an event, or under water."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

STREET_M = 12.0
"""Ways that run so close to a street's middle belong to it (guess)."""


@dataclass(frozen=True)
class ShutPaths:
    """Paths and when they are shut.

    Attributes:
        name: What they are called.
        links: Rows of `walk_links`.
        from_s, to_s: (links,) s after the day's begin.
    """

    name: str
    links: np.ndarray
    from_s: np.ndarray
    to_s: np.ndarray

    def now(self, at_s: float) -> np.ndarray:
        """The links that are shut at a moment."""
        return np.asarray(self.links[(self.from_s <= at_s) & (at_s < self.to_s)])


def shut_at(paths: Sequence[ShutPaths], at_s: float, links: int) -> np.ndarray:
    """(links,) bool: shut at a moment."""
    closed = np.zeros(links, dtype=bool)
    for one in paths:
        closed[one.now(at_s)] = True
    return closed


def near_place(city: City, x: float, y: float, radius_m: float) -> np.ndarray:
    """Links of which a part lies within so many metres of a place."""
    from shapely.geometry import Point

    lines = city.layer("walk_links").geometry
    return np.flatnonzero(np.asarray(lines.distance(Point(x, y)) <= radius_m))


def of_street(city: City, name: str) -> np.ndarray:
    """Links along a street (most of them within STREET_M of it) and across it.

    Raises:
        BadInput: The map has no street of that name.
    """
    edges = city.layer("edges")
    mine = edges[edges["name"].astype(str).str.casefold() == name.casefold()]
    if not len(mine):
        raise BadInput(f"the map has no street called {name!r}", remedy="take the name from the layer edges")
    street: Any = mine.geometry.union_all()
    lines = city.layer("walk_links").geometry
    near = street.buffer(STREET_M)
    share = lines.intersection(near).length / np.maximum(lines.length, 1e-6)
    return np.flatnonzero(np.asarray((share > 0.5) | lines.crosses(street)))


def under_water(
    folder: Path, city: City, begin: datetime, alarm: float, until_s: float, storm_s: float | None = None
) -> ShutPaths:
    """Paths that a flood run shuts to people on foot, from when on: until the end of the day.

    Args:
        folder: What `twin flood run` wrote.
        city: The same city.
        begin: The day's begin, s are counted from there.
        alarm: A path is shut where it is in so many of the members.
        until_s: The day's length (s).
        storm_s: When the storm begins (s), where the run has no begin by the clock or another one is wanted.

    Raises:
        BadInput: It is no flood run, of another city, on a terrain for screening, or nobody says when it begins.
    """
    from scenarios.flooding.keeping import load_run

    about, _ = load_run(folder)
    if about["digest"] != city.digest:
        remedy = f"run it again: twin flood run {city.folder}"
        raise BadInput(f"the flood run is of another {about['city']} than this one", file=folder, remedy=remedy)
    if not (folder / "paths.csv").exists():
        raise BadInput("it rests on a terrain for screening and tells nothing of paths", file=folder,
                       remedy="give the city a measured terrain, or run it with --assume-depths")  # fmt: skip
    if storm_s is None and not about["begin"]:
        raise BadInput(
            "nobody says when the storm begins", file=folder, remedy="say storm_begins: 'HH:MM' in the day's file"
        )
    later = storm_s
    if later is None:
        later = (datetime.fromisoformat(about["begin"]) - begin).total_seconds()
    index = {int(one): at for at, one in enumerate(city.layer("walk_links")["link_id"])}
    rows = csv.DictReader((folder / "paths.csv").read_text(encoding="utf-8").splitlines())
    wet = [(index[int(row["link_id"])], later + float(row["walker_shut_s"])) for row in rows
           if row["walker_shut_s"] and 0 < alarm <= float(row["walker_chance"])]  # fmt: skip
    links, since = np.array([at for at, _ in wet], dtype=np.int64), np.array([one for _, one in wet])
    return ShutPaths("water", links, since, np.full(len(links), max(until_s, 0.0) + 1.0))
