"""What a flood does to people and traffic, member by member: the measure by which places for pumps are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.flooding.caught import caught_vehicles
from scenarios.flooding.member_run import SHUT_CLASSES, MemberFlood
from scenarios.flooding.places import Places
from scenarios.flooding.placing.lost_time import LostTime

Floats = NDArray[np.float64]
DOOR_M = 0.15
"""Water so deep (m) at a building's wall exposes those who live there (guess: a step's height)."""
PEOPLE_PER_VEHICLE = 1.5
"""In a vehicle that is caught (guess)."""


@dataclass(frozen=True)
class Harm:
    """By member.

    Attributes:
        vehicle_h: (members,) vehicle-hours lost to closed roads.
        residents: (members,) people who live in buildings with more than DOOR_M at a wall.
        caught: (members, underpasses) vehicles caught where nobody closes in time.
    """

    vehicle_h: Floats
    residents: Floats
    caught: Floats

    def people(self, manned: Sequence[int] = ()) -> Floats:
        """(members,) residents exposed, and people in caught vehicles; none where a crew closes in time."""
        left = np.delete(self.caught, list(manned), axis=1).sum(axis=1)
        return np.asarray(self.residents + PEOPLE_PER_VEHICLE * left)

    def total(self, person_h: float, manned: Sequence[int] = ()) -> Floats:
        """(members,) vehicle-hours, and people at so many vehicle-hours each."""
        return np.asarray(self.vehicle_h + person_h * self.people(manned))


@dataclass(frozen=True)
class Stakes:
    """What is at stake in a city.

    Attributes:
        lost: What closures cost.
        residents: (buildings,) who live there.
        inflow_veh_h: (underpasses,) vehicles per hour that come in; 0 where no car does or nobody knows.
        lanes: (underpasses,) by which they come.
        end_s: Of the run.
    """

    lost: LostTime
    residents: Floats
    inflow_veh_h: Floats
    lanes: Floats
    end_s: float

    def harm(self, members: Sequence[MemberFlood], places: Places) -> Harm:
        """Of an ensemble that was run in full."""
        car = SHUT_CLASSES.index("car")
        return self.harm_of(
            places,
            [(one.shut_s[car], one.opens_s[car]) for one in members],
            [one.door_m for one in members],
            [one.underpass_m for one in members],
        )

    def harm_of(
        self,
        places: Places,
        shut: Sequence[tuple[np.ndarray, np.ndarray]],
        door_m: Sequence[np.ndarray],
        underpass_m: Sequence[np.ndarray],
    ) -> Harm:
        """From what closes when (s), water at walls (m) and in underpasses (t, underpasses), member by member."""
        hours = [self.lost.vehicle_h(first, last, self.end_s) for first, last in shut]
        exposed = [float(self.residents[depth >= DOOR_M].sum()) for depth in door_m]
        caught = [
            caught_vehicles(flow, lanes, one.length_m, [depths[:, at] for depths in underpass_m])
            for at, (one, flow, lanes) in enumerate(
                zip(places.underpasses, self.inflow_veh_h.tolist(), self.lanes.tolist(), strict=True)
            )
        ]
        table = np.array(caught).reshape(len(caught), len(shut)).T
        return Harm(np.array(hours), np.array(exposed), table)
