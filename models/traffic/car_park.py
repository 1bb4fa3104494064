"""What there is to park in, what a driver wants of it, and what the traffic model and the visits tell each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from networks.errors import BadInput

ENTRY_S = 6.0
"""A car stands so long at the barrier of a car park; with the car before it driving on, one comes in about every nine
seconds (guessed: 400 cars an hour, a ticket from a machine)."""


@dataclass(frozen=True)
class CarPark:
    """A car park with one entrance on a road.

    Attributes:
        park_id: Its id.
        edge_id: The road of its entrance.
        place_m: Where a car stands at its barrier, m from the edge's begin.
        capacity: Places.
        name: What people call it.
        entry_s: A car stands so long at the barrier.
        parked: Cars that are there at the run's start.

    Raises:
        BadInput: Fewer places than cars in it, or a negative number.
    """

    park_id: str
    edge_id: str
    place_m: float
    capacity: int
    name: str = ""
    entry_s: float = ENTRY_S
    parked: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.parked <= self.capacity:
            raise BadInput(
                f"{self.parked} cars in {self.capacity} places",
                place=f"car park {self.park_id}", expected="0 to its capacity",
            )  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """Where a driver wants to park.

    Attributes:
        parks: Ids of car parks in the order in which they are tried; the trip's route ends at the first.
        follows: Drives on to the next that the signs call free, when they call the own one full.
        patience_s: After so long in a queue, a driver at the barrier of a full car park drives on to the next untried.
    """

    parks: tuple[str, ...]
    follows: bool = False
    patience_s: float = math.inf


@dataclass(frozen=True)
class Depart:
    """Command: a trip that was held back sets out at `time_s`, and leaves `park_id` ("": no car park's place)."""

    vehicle_id: str
    time_s: float
    park_id: str = ""


@dataclass(frozen=True)
class Parked:
    """Message: the car has driven into this car park."""

    vehicle_id: str
    park_id: str
    time_s: float
