"""Which roads water will have shut to a class of vehicles, and from when on: read from a flood run."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.flood import standard_limits
from models.routing import Vehicle
from networks.errors import BadInput
from scenarios.flooding.keeping import load_run
from scenarios.flooding.member_run import SHUT_CLASSES

if TYPE_CHECKING:
    from networks import City


@dataclass(frozen=True)
class WaterAhead:
    """What an ensemble of floods says of every road edge; once shut a road counts as shut until the end.

    Attributes:
        chance: (edges,) share of the members in which it is shut.
        shut_s: (edges,) s after the storm's begin from which on, the middle of those members; infinite where never.
        begin: The storm's begin, where the run tells it.
        members: How many worlds.
        judged_as: The class of the run's table that it was read for.
        worlds_s: (members, edges) s after the storm's begin from which on each member shuts each edge, infinite where
            never; where the run kept none, the middle alone: (1, edges).
        told: False where the run rests on a terrain for screening and tells nothing of roads.
    """

    chance: np.ndarray
    shut_s: np.ndarray
    begin: datetime | None
    members: int
    judged_as: str
    told: bool
    worlds_s: np.ndarray

    def shuts(self, leaving_s: np.ndarray, alarm: float) -> np.ndarray:
        """(edges,) True where an edge that is left at `leaving_s` would be shut by then in `alarm` of the members."""
        return (self.chance >= alarm) & (self.chance > 0.0) & (leaving_s >= self.shut_s)


def water_ahead(folder: Path, city: City, vehicle: Vehicle) -> WaterAhead:
    """The closures of a flood run for a vehicle: of its own class of water, else of one that wades no deeper.

    Raises:
        BadInput: It is no flood run, or one of another city.
    """
    about, _ = load_run(folder)
    if about["digest"] != city.digest:
        remedy = f"run it again: twin flood run {city.folder}"
        raise BadInput(f"the flood run is of another {about['city']} than this one", file=folder, remedy=remedy)
    ids = city.layer("edges")["edge_id"].tolist()
    index = {edge: n for n, edge in enumerate(ids)}
    chance, shut_s = np.zeros(len(ids)), np.full(len(ids), np.inf)
    judged_as, table = _judged_as(vehicle), folder / "edges.csv"
    if table.exists():
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
            at, since = index[row["edge_id"]], row[f"{judged_as}_shut_s"]
            chance[at] = float(row[f"{judged_as}_chance"])
            shut_s[at] = float(since) if since else np.inf
    begin = datetime.fromisoformat(about["begin"]) if about["begin"] else None
    worlds = _worlds(folder, judged_as, np.where(chance >= 0.5, shut_s, np.inf))
    return WaterAhead(chance, shut_s, begin, int(about["members"]), judged_as, table.exists(), worlds)


def _worlds(folder: Path, judged_as: str, middle_s: np.ndarray) -> np.ndarray:
    file = folder / "shut.npz"
    if not file.exists():
        return middle_s[None, :]
    with np.load(file) as arrays:
        found = arrays[judged_as].astype(np.float64)
    if found.shape[1:] != middle_s.shape:
        raise BadInput(f"closures of {found.shape[1]} edges", file=file, expected=f"{len(middle_s)} edges")
    return np.asarray(found)


def _judged_as(vehicle: Vehicle) -> str:
    limits = standard_limits()
    fit = [name for name in SHUT_CLASSES if limits[name].depth_m <= vehicle.depth_limit_m]
    return vehicle.water if vehicle.water in SHUT_CLASSES else max(fit, key=lambda name: limits[name].depth_m)
