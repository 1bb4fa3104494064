"""Who drives: what a vehicle fits through, how deep it wades, what blue light is worth; a table with sources."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from models.flood import standard_limits
from models.routing.kernel import Floats
from networks.errors import NotThere

if TYPE_CHECKING:
    from networks import RoadGraph


@dataclass(frozen=True)
class Vehicle:
    """A class of vehicles on the road.

    Attributes:
        name: Its key.
        vclass: Whose roads it uses: passenger, bus or emergency.
        water: Its class for water on the road (`models/flood/on_roads/limits.csv`).
        height_m, width_m, weight_t: What a road must offer it.
        speed_factor: Times the speed limit on an empty road.
        traffic_share: Of the time that others take in traffic.
        wait_share: Of the wait at lights that others have.
        u_turn_s: What turning round takes.
        hazmat: Whether it carries hazardous goods.
        source: Where the numbers come from.
    """

    name: str
    vclass: str
    water: str
    height_m: float
    width_m: float
    weight_t: float
    speed_factor: float
    traffic_share: float
    wait_share: float
    u_turn_s: float
    hazmat: bool
    source: str

    @property
    def depth_limit_m(self) -> float:
        """It enters no water from this depth on."""
        return standard_limits()[self.water].depth_m

    def edge_s(self, graph: RoadGraph, traffic_s: Floats | None = None) -> Floats:
        """Seconds to pass each edge (edges,): at its own free speed, and by its share of what traffic takes."""
        free: Floats = np.asarray(graph.length_m, dtype=np.float64) / (np.asarray(graph.speed_mps) * self.speed_factor)
        return free if traffic_s is None else np.maximum(free, self.traffic_share * traffic_s)


@cache
def vehicles() -> Mapping[str, Vehicle]:
    """All classes by name."""
    text = files("models.routing").joinpath("vehicles.csv").read_text(encoding="utf-8")
    return {row["name"]: _vehicle(row) for row in csv.DictReader(text.splitlines())}


def vehicle(name: str) -> Vehicle:
    """One class.

    Raises:
        NotThere: It is not in the table.
    """
    if name not in vehicles():
        raise NotThere(f"there is no class of vehicles {name!r}", expected=", ".join(vehicles()))
    return vehicles()[name]


def _vehicle(row: Mapping[str, str]) -> Vehicle:
    numbers = ("height_m", "width_m", "weight_t", "speed_factor", "traffic_share", "wait_share", "u_turn_s")
    said = {name: float(row[name]) for name in numbers}
    return Vehicle(
        row["name"], row["vclass"], row["water"], **said, hazmat=row["hazmat"] == "yes", source=row["source"]
    )
