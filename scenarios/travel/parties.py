"""Visitors who share a car: one wish where to park, one walk each to the car, and a car that waits for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.traffic import VehicleTrip, Wish


@dataclass(frozen=True)
class VisitorCar:
    """A car of a party of visitors.

    Attributes:
        name: The name of the trip home.
        edge_id: The road of the car park that they wish for, or where the car stands.
        depart_s: When it is expected to leave.
        wish: Where they want to park; None: the car stands there from the start.
        arrive_s: When they want to be at the car park; NaN: the car stands there.
    """

    name: str
    edge_id: str
    depart_s: float
    wish: Wish | None = None
    arrive_s: float = float("nan")

    @property
    def comes(self) -> str:
        """The name of the trip there; "": there is none."""
        return f"{self.name}.in" if self.wish else ""


def parties(by_car: np.ndarray, party_size: float) -> list[np.ndarray]:
    """Who shares a car: those who came by car in their order, as evenly as whole people allow; at least one car."""
    people = np.flatnonzero(by_car)
    cars = max(1, int(len(people) // party_size)) if len(people) else 0
    return np.array_split(people, cars) if cars else []


def with_wishes(trips: Sequence[VehicleTrip], cars: Sequence[VisitorCar]) -> tuple[VehicleTrip, ...]:
    """Trips of visitors' cars, with the car parks that those who come wish for, and those who leave held back."""
    comes, leaves = {car.comes: car.wish for car in cars if car.wish}, {car.name for car in cars}
    return tuple(
        replace(trip, parking=comes[trip.vehicle_id]) if trip.vehicle_id in comes
        else replace(trip, held=True) if trip.vehicle_id in leaves else trip
        for trip in trips
    )  # fmt: skip
