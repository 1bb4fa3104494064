"""Where to send pumps and crews: screened, searched, and the best few run in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from networks.ground.underpass_file import PumpText
from scenarios.ensembles.interval import mean_interval
from scenarios.flooding.detour import Detours
from scenarios.flooding.places import Places
from scenarios.flooding.placing.harm import Harm, Stakes
from scenarios.flooding.placing.lost_time import LostTime
from scenarios.flooding.placing.pumps import Trip, Ways, from_moment
from scenarios.flooding.placing.screen import Candidate, Screen
from scenarios.flooding.placing.search import alternatives, best_counts
from scenarios.flooding.storm_run import StormAnswer
from scenarios.flooding.watched import CLOSE_M

if TYPE_CHECKING:
    from networks import City

WORTH = 0.05
Brought = tuple[tuple[str, tuple[PumpText, ...]], ...]


@dataclass(frozen=True)
class Placement:
    """One placement, run in full.

    Attributes:
        counts: Pumps by place; empty: none.
        drives: By place: how each of its pumps gets there.
        manned: Places where a crew closes in time.
        answer: The ensemble with these pumps.
        harm: Of it.
        screened: What the screen had foretold that it saves (mean of the members).
        saves: (mean, low, high) of the total that it saves against no pump and no crew, 90 % over the members.
        saves_vehicle_h: Likewise, vehicle-hours.
        saves_people: Likewise, people exposed.
    """

    counts: dict[str, int]
    drives: dict[str, list[Trip]]
    manned: tuple[str, ...]
    answer: StormAnswer
    harm: Harm
    screened: float
    saves: tuple[float, float, float]
    saves_vehicle_h: tuple[float, float, float]
    saves_people: tuple[float, float, float]


@dataclass(frozen=True)
class PlacingAnswer:
    """What was found.

    Attributes:
        none: The ensemble without pumps and crews.
        placements: Run in full, the best first.
        trips: By candidate: how a pump gets there.
        candidates: Ids.
        screened: Placements that the screen looked at.
    """

    none: Harm
    placements: tuple[Placement, ...]
    trips: dict[str, Trip]
    candidates: tuple[str, ...]
    screened: int


@dataclass(frozen=True)
class Wish:
    """What is asked.

    Attributes:
        pumps: At most so many.
        crews: At most so many; each closes one underpass in time.
        pump: One of the pumps.
        setup_s: From arriving until it lifts, s.
        person_h: Vehicle-hours that an exposed person counts.
        confirm: Placements that are run in full.
    """

    pumps: int
    crews: int
    pump: PumpText
    setup_s: float
    person_h: float
    confirm: int = 3


def stakes_of(city: City, places: Places, lost: LostTime, detours: Detours, veh_h: np.ndarray, end_s: float) -> Stakes:
    """What is at stake in a city until the end of a run (s), with flows (edges,) on its roads."""
    doors = [detours.entries(one.edges) for one in places.underpasses]
    residents = city.layer("buildings")["population"].to_numpy(float)
    flow = np.array([veh_h[at].sum() for at in doors], float)
    return Stakes(lost, residents, flow, np.array([detours.lanes[at].sum() for at in doors], float), end_s)


def candidates_of(places: Places, answer: StormAnswer, wish: Wish, trips: dict[str, Trip]) -> list[Candidate]:
    """Underpasses and ponding points that may pass their closing depth and whose storage is known."""
    index, found = {edge: at for at, edge in enumerate(places.edges)}, list[Candidate]()

    def ready(place: str) -> PumpText:
        return from_moment(wish.pump, trips[place].travel_s + wish.setup_s)

    for number, one in enumerate(places.underpasses):
        if len(one.cells) and answer.underpass_passing(number, one.close_m).chance >= WORTH:
            roads = np.array([index[edge] for edge in one.edges if edge in index], np.int64)
            name = one.sump.name
            found.append(
                Candidate(name, number, True, one.sump.storage, one.sump.catchment_m2, roads, one.cells, ready(name))
            )
    for number, pond in enumerate(places.ponds):
        if pond.storage is not None and answer.pond_passing(number, CLOSE_M).chance >= WORTH:
            roads = places.roads_in(pond)
            found.append(
                Candidate(
                    pond.pond_id, number, False, pond.storage, pond.catchment_m2, roads, pond.cells, ready(pond.pond_id)
                )
            )
    return found


def place_pumps(
    places: Places,
    stakes: Stakes,
    answer: StormAnswer,
    wish: Wish,
    ways: Ways,
    rerun: Callable[[Brought], StormAnswer],
    *,
    trusted: bool = True,
) -> PlacingAnswer:
    """Search by the screen, then run the best few in full, with the same members.

    Args:
        places: What was watched.
        stakes: What is at stake.
        answer: The ensemble without pumps.
        wish: What is asked.
        ways: From depots to places.
        rerun: The same ensemble with pumps brought to places.
        trusted: Depths of this terrain may be said; False: surveyed underpasses alone are candidates.
    """
    where = {one.sump.name: (one.x, one.y) for one in places.underpasses}
    where |= {one.pond_id: (one.x, one.y) for one in places.ponds}
    trips = {place: ways.to(*at) for place, at in where.items()}
    surveyed = {one.sump.name for one in places.underpasses if one.surveyed}
    candidates = [one for one in candidates_of(places, answer, wish, trips) if trusted or one.place in surveyed]
    if not trusted:
        known = [one.surveyed for one in places.underpasses]
        stakes = replace(stakes, inflow_veh_h=np.where(known, stakes.inflow_veh_h, 0.0))
    screen = Screen(stakes, places, answer.members, candidates)
    names = [one.place for one in candidates]

    def cost(counts: object) -> float:
        return float(screen.harm(counts).total(wish.person_h).mean())  # type: ignore[arg-type]

    best = best_counts(names, wish.pumps, cost)
    tried = [best, *alternatives(names, best, cost, max(wish.confirm - 1, 0))] if best else []
    none = stakes.harm(answer.members, places)
    dry = cost({})
    found = [_placement({}, {}, answer, none, none, 0.0, wish, places)]
    for counts in tried:
        drives = ways.shared(where, counts)
        brought = tuple(
            (place, tuple(from_moment(wish.pump, one.travel_s + wish.setup_s) for one in drives[place]))
            for place in sorted(counts)
        )
        pumped = rerun(brought)
        harm = stakes.harm(pumped.members, places)
        found.append(_placement(counts, drives, pumped, harm, none, dry - cost(counts), wish, places))
    found.sort(key=lambda one: -one.saves[0])
    return PlacingAnswer(none, tuple(found), trips, tuple(names), screen.looked_at)


def manned_places(harm: Harm, crews: int) -> list[int]:
    """Underpasses at which crews save most people from being caught; none where nobody is."""
    mean = harm.caught.mean(axis=0)
    return [int(at) for at in np.argsort(-mean, kind="stable")[:crews] if mean[at] > 0]


def _placement(
    counts: dict[str, int], drives: dict[str, list[Trip]], answer: StormAnswer, harm: Harm, none: Harm,
    screened: float, wish: Wish, places: Places,
) -> Placement:  # fmt: skip
    manned = manned_places(harm, wish.crews)
    return Placement(
        counts,
        drives,
        tuple(places.underpasses[at].sump.name for at in manned),
        answer,
        harm,
        screened,
        _interval(none.total(wish.person_h) - harm.total(wish.person_h, manned)),
        _interval(none.vehicle_h - harm.vehicle_h),
        _interval(none.people() - harm.people(manned)),
    )


def _interval(values: Sequence[float] | np.ndarray) -> tuple[float, float, float]:
    return mean_interval([float(one) for one in values])
