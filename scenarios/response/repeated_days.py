"""A member whose drivers learn: its days are run one after another, each kept as a result, and the last one counts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from networks.sentence import Sentence, say
from scenarios.response.response import DayToDay, Equilibrium
from scenarios.results.run import Run
from scenarios.results.store import Landing, Store, read_table

if TYPE_CHECKING:
    import pandas as pd

    from networks import City
    from scenarios.response.settling import Settled, Ways
    from scenarios.schema import Scenario
    from scenarios.travel.way_times import WayTimes

PRIOR_TURN_S = 4.0
"""What a junction takes in the eyes of one who has not driven there yet, as in the assignment."""
OWN = ("kind", "id", "tables", "files", "inputs", "seed", "scenario", "made_with")
"""Entries of a manifest that belong to the result itself."""


@dataclass(frozen=True)
class Days:
    """What the days led to.

    Attributes:
        ways_id: The ways of the last day, in the store.
        last: The last day's run.
        settled: The days, and whether they settled.
    """

    ways_id: str
    last: Run
    settled: Settled

    def table(self) -> pd.DataFrame:
        """One row for each day: see `scenarios.response.settling.Iteration`."""
        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(row) for row in self.settled.days])

    def land(self, scenario: Scenario, landing: Landing) -> None:
        """Write the last day as the member's result, with the table `days` and what the days led to."""
        manifest = self.last.manifest
        for name in manifest["tables"]:
            landing.write_table(name, read_table(self.last.folder, name))
        landing.write_table("days", self.table())
        landing.manifest |= {key: value for key, value in manifest.items() if key not in OWN}
        told = self.words(scenario)
        landing.manifest["guesses"] = [*manifest["guesses"], *([told] if told else [])]
        last = self.settled.days[-1]
        landing.manifest["response"] = {
            "reached": self.settled.reached,
            "days": len(self.settled.days),
            "gap": round(last.gap, 6),
            "gap_expected": round(last.gap_expected, 6),
            "ways": self.ways_id,
            "last_day": self.last.run_id,
        }

    def words(self, scenario: Scenario) -> Sentence | None:
        """What must be told where the gap was not reached."""
        response = scenario.response
        if self.settled.reached or not isinstance(response, Equilibrium):
            return None
        gap, days = self.settled.days[-1].gap, len(self.settled.days)
        return say(
            f"not settled: after {days} days the relative gap is {gap:.2%}; it was to be {response.gap:.2%} or less on "
            "four days running",
            f"未稳定：{days}天后相对差距为{gap:.2%}；要求连续四天不超过{response.gap:.2%}",
        )


def settled_before(scenario: Scenario) -> Scenario | None:
    """The scenario whose settled state gives the ways known from before; None where these are not settled."""
    if scenario.response.known_ways == "assigned":
        return None
    dispatch = scenario.dispatch.model_copy(update={"policy": "free_flow"})
    return scenario.replacing(interventions=[], response=Equilibrium().model_dump(), dispatch=dispatch)


def respond(
    city: City, scenario: Scenario, seed: int, store: Store, forecast_id: str | None, known: str | None
) -> Days | None:
    """Run the days of a scenario whose response is day_to_day or equilibrium, or look them up; None for the others.

    Args:
        city: Where.
        scenario: What every day is like.
        seed: The member's: every day has the same trips.
        store: Where days and ways land.
        forecast_id: What dispatch goes by.
        known: The ways that drivers know from before, in the store.
    """
    response = scenario.response
    if not isinstance(response, DayToDay | Equilibrium):
        return None
    from models.routing import Router
    from scenarios.members.day import run_day
    from scenarios.response.day_to_day import day_to_day
    from scenarios.response.settling import settle
    from scenarios.travel.demand import draw_demand
    from scenarios.travel.visitors import draw_visitors
    from scenarios.travel.way_times import edge_times
    from scenarios.travel.ways import choosers, keep_ways, on_known_ways

    kernel = Router(city.road_graph("passenger"))
    drawn = draw_demand(city, scenario, seed, store, visitors=draw_visitors(city, scenario, seed))
    trips = choosers(kernel, on_known_ways(drawn.trips, store, known))
    length_m = np.asarray(kernel.graph.length_m, dtype=float)
    # What is learned from a day that was stopped early is false: whatever came after.
    validity = scenario.validity.model_copy(update={"stop_early": False})
    day, done = scenario.replacing(response={"kind": "none"}, validity=validity), []

    def simulate(ways: Ways) -> WayTimes:
        ways_id = keep_ways(store, trips, ways, kernel)
        run = run_day(city, day, seed, store, forecast_id, ways_id)
        done.append((ways_id, run))
        return edge_times(run.table("edges"), kernel.index, length_m, scenario.end_s)

    prior_s = kernel.free_s + PRIOR_TURN_S
    if isinstance(response, DayToDay):
        settled = day_to_day(kernel, trips, prior_s, simulate, days=response.days, seed=seed)
    else:
        settled = settle(kernel, trips, prior_s, simulate, gap=response.gap, most_days=response.most_days, seed=seed)
    return Days(*done[-1], settled)
