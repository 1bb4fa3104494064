"""The ways that drivers take where days are repeated: each day is a run of its own, addressed by the days before it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.digest import digest_table
from networks.sentence import Sentence, say
from scenarios.made_with import made_with
from scenarios.response import DayToDay, Equilibrium
from scenarios.run import Run
from scenarios.store import Store, address, read_table

if TYPE_CHECKING:
    import pandas as pd

    from models.routing import RouteKernel
    from models.traffic import VehicleTrip
    from networks import City
    from scenarios.schema import Scenario
    from scenarios.settling import Settled, Ways
    from scenarios.way_times import Trip, WayTimes

CHOOSE = ("car", "truck")
"""Kinds of vehicles that choose among ways; riders and everybody else keep theirs."""
PRIOR_TURN_S = 4.0
"""What a junction takes of one who has not driven there yet, as in the assignment."""
RunDay = Callable[["Scenario", str], Run]


@dataclass(frozen=True)
class Response:
    """What the days led to.

    Attributes:
        ways_id: The ways of the last day, in the store.
        last: The last day's run.
        settled: The days and whether they settled.
    """

    ways_id: str
    last: Run
    settled: Settled

    def table(self) -> pd.DataFrame:
        """One row for each day: see `scenarios.settling.Iteration`."""
        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(row) for row in self.settled.days])

    def summary(self, scenario: Scenario) -> dict[str, Any]:
        """For the manifest."""
        last = self.settled.days[-1]
        return {
            "kind": scenario.response.kind,
            "reached": self.settled.reached,
            "days": len(self.settled.days),
            "gap": round(last.gap, 6),
            "gap_expected": round(last.gap_expected, 6),
            "ways": self.ways_id,
            "last_day": self.last.run_id,
        }

    def words(self, scenario: Scenario) -> Sentence | None:
        """What must be told where the gap was not reached."""
        if self.settled.reached or not isinstance(scenario.response, Equilibrium):
            return None
        gap, days = self.settled.days[-1].gap, len(self.settled.days)
        return say(
            f"not settled: after {days} days the relative gap is {gap:.2%}, not {scenario.response.gap:.2%} or less in "
            "four days running",
            f"未达到稳定：{days}天后相对差距为{gap:.2%}，未能连续四天不超过{scenario.response.gap:.2%}",
        )


def respond(
    city: City, scenario: Scenario, trips: Sequence[VehicleTrip], seed: int, store: Store, run_day: RunDay
) -> Response:
    """Run the days of a scenario whose response is day_to_day or equilibrium; days that are kept are looked up.

    Args:
        city: Where.
        scenario: With such a response.
        trips: The member's trips, on the ways known from before.
        seed: The member's.
        store: Where ways land.
        run_day: Runs one day (scenario, ways_id), or looks it up.
    """
    from models.routing import RouteKernel
    from scenarios.day_to_day import day_to_day
    from scenarios.settling import settle
    from scenarios.way_times import edge_times

    kernel = RouteKernel(city.road_graph("passenger"))
    length_m = np.asarray(kernel.graph.length_m, dtype=float)
    day = scenario.replacing(response={"kind": "none"})
    choosers, runs, kept = _choosers(kernel, trips), [], [""]

    def simulate(ways: Ways) -> WayTimes:
        kept[0] = _keep(store, choosers, ways, kernel)
        runs.append(run_day(day, kept[0]))
        return edge_times(runs[-1].table("edges"), kernel.index, length_m, scenario.end_s)

    prior_s, response = kernel.free_s + PRIOR_TURN_S, scenario.response
    if isinstance(response, DayToDay):
        settled = day_to_day(kernel, choosers, prior_s, simulate, days=response.days, seed=seed)
    else:
        assert isinstance(response, Equilibrium)
        settled = settle(kernel, choosers, prior_s, simulate, gap=response.gap, most_days=response.most_days)
    return Response(kept[0], runs[-1], settled)


def on_ways(trips: Sequence[VehicleTrip], store: Store, ways_id: str) -> tuple[VehicleTrip, ...]:
    """Trips on the ways of the store; those it does not know stay as they are."""
    table = read_table(store.get("ways", ways_id), "ways")
    known = {row.vehicle_id: (row.way.split(), row.planned.split()) for row in table.itertuples(index=False)}
    found = []
    for trip in trips:
        way, planned = known.get(trip.vehicle_id, (list(trip.route), []))
        if trip.vehicle_id in known and not way:
            trip = dataclasses.replace(trip, made=False, planned=tuple(planned))
        elif trip.vehicle_id in known:
            trip = dataclasses.replace(trip, route=tuple(way), planned=tuple(planned))
        found.append(trip)
    return tuple(found)


def on_known_ways(trips: Sequence[VehicleTrip], store: Store, ways_id: str) -> tuple[VehicleTrip, ...]:
    """Trips on the ways that a settled day before the interventions left, as far as it had the same trips."""
    settled = {trip.vehicle_id: trip for trip in on_ways(trips, store, ways_id)}
    ways = [settled[trip.vehicle_id] for trip in trips]
    return tuple(
        dataclasses.replace(trip, route=known.route) if known.made and _same_ends(trip, known) else trip
        for trip, known in zip(trips, ways, strict=True)
    )


def _same_ends(trip: VehicleTrip, other: VehicleTrip) -> bool:
    return (trip.route[0], trip.route[-1]) == (other.route[0], other.route[-1])


def _choosers(kernel: RouteKernel, trips: Sequence[VehicleTrip]) -> list[Trip]:
    from scenarios.way_times import Trip

    return [
        Trip(trip.vehicle_id, trip.depart_s, tuple(kernel.index[edge] for edge in trip.route))
        for trip in trips
        if trip.vtype in CHOOSE and all(edge in kernel.index for edge in trip.route)
    ]


def _keep(store: Store, choosers: Sequence[Trip], ways: Ways, kernel: RouteKernel) -> str:
    """Keep the ways of a day in the store, addressed by what they are: two days on the same ways are one run."""
    import pandas as pd

    rows = [
        (trip.vehicle_id, " ".join(kernel.ids(way)) if way else "", " ".join(kernel.ids(trip.way)))
        for trip, way in zip(choosers, ways, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["vehicle_id", "way", "planned"]).astype(str)
    inputs: dict[str, Any] = {"ways": digest_table(table)}
    ways_id = address(inputs)
    if store.find("ways", ways_id) is None:
        with store.landing("ways", ways_id) as landing:
            landing.write_table("ways", table)
            landing.manifest |= {"inputs": inputs, "made_with": made_with()}
    return ways_id
