"""Up to which water somebody can pass: by class of vehicle or person, from a table with a source in every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from networks.errors import BadInput, NotThere
from networks.text_file import read_rows

FORMAT = "name,who,depth_m,force_m2s,speed_mps,stalls_m,opens_below,source"


@dataclass(frozen=True)
class WaterLimit:
    """Who passes up to where.

    Attributes:
        name: The class.
        who: "vehicle" or "person".
        depth_m: Nobody of it enters water from this depth on.
        force_m2s: Nor where depth times speed reaches this (m2/s); inf where nobody says.
        speed_mps: Nor water that runs faster and is deeper than `SHALLOW_M`; inf where nobody says.
        stalls_m: From here on the engine dies and the vehicle stays where it is; inf: it does not.
        opens_below: What is closed opens again below this share of a limit, not at the first centimetre less.
        source: Where the numbers come from.
    """

    name: str
    who: Literal["vehicle", "person"]
    depth_m: float
    force_m2s: float
    speed_mps: float
    stalls_m: float
    opens_below: float
    source: str

    def closes(self, depth_m: ArrayLike, force_m2s: ArrayLike = 0.0, *, was_closed: ArrayLike = False) -> np.ndarray:
        """True where water of a depth (m) and a depth times speed (m2/s) shuts them out; shapes broadcast.

        What `was_closed` stays so until both are well below their limits (hysteresis).
        """
        depth, force = np.asarray(depth_m, np.float64), np.asarray(force_m2s, np.float64)
        share = np.where(np.asarray(was_closed, dtype=bool), self.opens_below, 1.0)
        too_fast = (force >= self.speed_mps * share * depth) & (depth >= SHALLOW_M)
        return (depth >= self.depth_m * share) | (force >= self.force_m2s * share) | too_fast


SHALLOW_M = 0.05
"""Speed alone stops nobody in water less deep than this (guess): a film on a steep street."""


@cache
def standard_limits() -> Mapping[str, WaterLimit]:
    """The limits that come with the twin, by class; each row names its source."""
    return read_limits(Path(str(files("models.flood.on_roads").joinpath("limits.csv"))))


def read_limits(file: Path) -> dict[str, WaterLimit]:
    """Limits by class from a CSV file, e.g. a city's own.

    Raises:
        BadInput: It cannot be read, or a row is impossible or has no source; says which line.
    """
    limits: dict[str, WaterLimit] = {}
    for line, row in read_rows(file, FORMAT.split(",")):
        place = f"line {line}"
        limit = _limit(row, file, place)
        if limit.name in limits:
            raise BadInput(f"{limit.name} is there twice", file=file, place=place, remedy="keep one of them")
        limits[limit.name] = limit
    return limits


def limit_of(name: str, limits: Mapping[str, WaterLimit] | None = None) -> WaterLimit:
    """The limit of a class.

    Raises:
        NotThere: No such class.
    """
    known = standard_limits() if limits is None else limits
    if name not in known:
        raise NotThere(f"no vehicle class {name!r}", expected=f"one of {', '.join(known)}")
    return known[name]


def _limit(row: dict[str, str], file: Path, place: str) -> WaterLimit:
    if not row["name"].strip() or not row["source"].strip():
        raise BadInput("a limit without a name or a source", file=file, place=place, expected=FORMAT)
    if row["who"] not in ("vehicle", "person"):
        raise BadInput(f"who is {row['who']!r}", file=file, place=place, expected="vehicle or person")
    numbers = {}
    for key in ("depth_m", "force_m2s", "speed_mps", "stalls_m", "opens_below"):
        try:
            numbers[key] = float(row[key]) if row[key] or key == "depth_m" else {"opens_below": 0.8}.get(key, np.inf)
        except (ValueError, TypeError):
            raise BadInput(f"{key} is {row[key]!r}", file=file, place=place, expected="a number, or nothing") from None
        if not numbers[key] > 0:
            raise BadInput(f"{key} is {row[key]}", file=file, place=place, expected="a positive number")
    if numbers["opens_below"] > 1 or numbers["stalls_m"] < numbers["depth_m"]:
        what = "it opens above the limit that closes it, or stalls below the depth that it may enter"
        raise BadInput(what, file=file, place=place, expected="opens_below at most 1, stalls_m at least depth_m")
    return WaterLimit(row["name"].strip(), row["who"], source=row["source"].strip(), **numbers)  # type: ignore[arg-type]
