"""The quick screen: what pumps change at one place, by the balance of its storage, member by member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.flood.underpass import pump_m3s, pump_runs
from networks import StorageCurve
from networks.ground.underpass_file import PumpText
from scenarios.flooding.member_run import SHUT_CLASSES, MemberFlood
from scenarios.flooding.places import Places
from scenarios.flooding.placing.harm import Harm, Stakes

BRIMMING = 0.95
"""From this share of its brim's depth on water runs over (guess: waves and a brim that is not level)."""


@dataclass(frozen=True)
class Candidate:
    """A place where pumps can stand.

    Attributes:
        place: Its id.
        number: Of the underpass, or of the pond, in the run's order.
        underpass: It is an underpass; else a ponding point.
        storage: Depth and volume.
        catchment_m2: What drains into it first.
        roads: (k,) indices of the edges in it.
        cells: (n,) flat indices of its cells.
        pump: One of the mobile pumps as it runs there.
    """

    place: str
    number: int
    underpass: bool
    storage: StorageCurve
    catchment_m2: float
    roads: np.ndarray
    cells: np.ndarray
    pump: PumpText


def pumped_course(
    times_s: np.ndarray,
    depth_m: np.ndarray,
    supply_m3: np.ndarray,
    storage: StorageCurve,
    pump: PumpText,
    count: int,
) -> np.ndarray:
    """(t,) depths where `count` pumps lift from a place whose depths without them are known.

    What ran in between two moments is what the volume changed by; where it stood at its brim, what its catchment gave,
    if that is more, since the rest ran over. The pumps take from that, and it never stands deeper than without them.
    Beyond the brim the storage goes on with the area that it has there.

    Args:
        times_s: (t,) s since the run's begin.
        depth_m: (t,) without the pumps.
        supply_m3: (t,) what its catchment gave until then.
        storage: Of the place.
        pump: One of them.
        count: How many.
    """
    volume = _volume(storage, depth_m)
    full = depth_m[1:] >= BRIMMING * storage.brim_m
    comes = np.where(full, np.maximum(np.diff(volume), np.diff(supply_m3)), np.diff(volume))
    on, now, course = False, float(volume[0]), [float(depth_m[0])]
    for (begin, end), most, came in zip(pairwise(times_s.tolist()), volume[1:].tolist(), comes.tolist(), strict=True):
        on = pump_runs(pump, on, begin, max(course[-1], _depth(storage, max(0.0, now + came))))
        lifts = count * pump_m3s(pump, course[-1]) * (end - begin) if on else 0.0
        now = min(most, max(0.0, now + came - lifts))
        course.append(float(_depth(storage, now)))
    return np.array(course)


class Screen:
    """The ensemble without pumps, and what pumps would change in it by the balances of their places.

    Args:
        stakes: What is at stake.
        places: What was watched.
        members: The ensemble.
        candidates: Where pumps can stand.
    """

    def __init__(
        self, stakes: Stakes, places: Places, members: Sequence[MemberFlood], candidates: Sequence[Candidate]
    ) -> None:
        self.stakes, self.places, self.members, self.candidates = stakes, places, tuple(members), tuple(candidates)
        self._courses: dict[tuple[str, int, int], np.ndarray] = {}
        self._harms: dict[tuple[tuple[str, int], ...], Harm] = {}

    @property
    def looked_at(self) -> int:
        """Placements that were asked for."""
        return len(self._harms)

    def harm(self, counts: Mapping[str, int]) -> Harm:
        """By member, with so many pumps at each place."""
        key = tuple(sorted((place, count) for place, count in counts.items() if count))
        if key not in self._harms:
            changed = [self._changed(number, dict(key)) for number in range(len(self.members))]
            self._harms[key] = self.stakes.harm_of(
                self.places, [one[0] for one in changed], [one[1] for one in changed], [one[2] for one in changed]
            )
        return self._harms[key]

    def _changed(
        self, number: int, counts: Mapping[str, int]
    ) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]:
        """What closes when, water at walls and in underpasses, of one member."""
        member, car = self.members[number], SHUT_CLASSES.index("car")
        shut, opens = member.shut_s[car].copy(), member.opens_s[car].copy()
        deepest, underpasses = member.deepest_m.ravel().copy(), member.underpass_m.copy()
        for one in self.candidates:
            if not counts.get(one.place):
                continue
            before = self._before(one, member)
            after = self._course(one, number, counts[one.place])
            deepest[one.cells] = np.maximum(0.0, deepest[one.cells] - (before.max() - after.max()))
            if one.underpass:
                underpasses[:, one.number] = after
            for edge in one.roads.tolist():
                if np.isfinite(shut[edge]):
                    limit = float(np.interp(shut[edge], member.times_s, before))
                    over = np.flatnonzero(after >= max(limit, 1e-3))
                    moments = np.r_[member.times_s, np.inf]
                    shut[edge] = member.times_s[over[0]] if len(over) else np.inf
                    opens[edge] = min(opens[edge], moments[over[-1] + 1]) if len(over) else 0.0
        return (shut, opens), self.places.doors.greatest(deepest), underpasses

    def _course(self, one: Candidate, number: int, count: int) -> np.ndarray:
        key = (one.place, number, count)
        if key not in self._courses:
            member = self.members[number]
            self._courses[key] = pumped_course(
                member.times_s,
                self._before(one, member),
                one.catchment_m2 * member.runoff_m,
                one.storage,
                one.pump,
                count,
            )
        return self._courses[key]

    @staticmethod
    def _before(one: Candidate, member: MemberFlood) -> np.ndarray:
        return np.asarray((member.underpass_m if one.underpass else member.pond_m)[:, one.number], np.float64)


def _volume(storage: StorageCurve, depth_m: np.ndarray) -> np.ndarray:
    over = np.maximum(np.asarray(depth_m, np.float64) - storage.brim_m, 0.0)
    return np.asarray(storage.volume_of(depth_m) + over * float(storage.area_of(storage.brim_m)))


def _depth(storage: StorageCurve, volume_m3: float) -> float:
    over = max(0.0, volume_m3 - float(storage.volume_m3[-1]))
    return float(storage.depth_of(volume_m3)) + over / float(storage.area_of(storage.brim_m))
