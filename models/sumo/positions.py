"""Where everybody is, to the last digit: what a copy of a live city is held against."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Positions:
    """All vehicles of one moment.

    Attributes:
        time_s: Simulation time.
        vehicles: How many are on the road.
        digest: SHA-256 of every vehicle's id, lane, position on it (m) and speed (m/s), floats bit for bit.
    """

    time_s: float
    vehicles: int
    digest: str

    @classmethod
    def of(cls, sumo: Any) -> Positions:
        """Read them from a running libsumo."""
        vehicle, told = sumo.vehicle, hashlib.sha256()
        names = sorted(vehicle.getIDList())
        for name in names:
            lane, along_m, speed_mps = vehicle.getLaneID(name), vehicle.getLanePosition(name), vehicle.getSpeed(name)
            told.update(f"{name}\t{lane}\t{along_m.hex()}\t{speed_mps.hex()}\n".encode())
        return cls(float(sumo.simulation.getTime()), len(names), told.hexdigest())
