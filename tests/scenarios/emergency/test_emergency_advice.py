"""Recommendations of rescue services: paired over a forecast's worlds, losers beside the winner, the same read back."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from models.emergency import Unit
from models.emergency.incidents import Board, Shuttled, Stop, Task, Trip
from networks.sentence import say
from scenarios.comparison import paired_interval
from scenarios.emergency.dispatch_advice import dispatch_advice
from scenarios.emergency.ends import End
from scenarios.emergency.evacuation_plan import Planned
from scenarios.emergency.incident import Approach, Incident
from scenarios.emergency.incident_advice import LOST_S, incident_advice
from scenarios.emergency.trials import Delta, Trials
from scenarios.searches.recommendation import Effect, Recommendation
from viz.phrases import card

if TYPE_CHECKING:
    from scenarios.emergency.service import Service

NOW = datetime(2026, 7, 17, 8, tzinfo=UTC)
INF = np.inf


def service(worlds_s: list[list[float]]) -> Service:
    """Edges a, b, c, and worlds that shut them."""
    water = SimpleNamespace(worlds_s=np.array(worlds_s))
    roads = SimpleNamespace(water=water, router=SimpleNamespace(edges=3), vehicle=SimpleNamespace(name="ambulance"))
    found = SimpleNamespace(
        roads=roads, index={"a": 0, "b": 1, "c": 2, "d": 3}, notes=list, city=SimpleNamespace(name="town")
    )
    return cast("Service", found)


def test_orders_are_weighed_in_every_world() -> None:
    tasks = [Task("near", ("car",), 1, "", 0, 100.0, "", "trial"), Task("far", ("car",), 1, "", 0, 100.0, "", "trial")]
    units = [Unit("u0", "car", "a"), Unit("u1", "car", "a")]
    arrival = np.array([[50.0, 60.0], [90.0, 400.0]])
    ways = {
        (task.name, unit.unit_id): Approach(1.0, ("a", "b" if unit.unit_id == "u0" else "c"), 0, "", (0.0, 30.0))
        for task in tasks
        for unit in units
    }
    served = service([[INF, INF, INF], [INF, 10.0, INF], [INF, 40.0, INF]])
    found = Incident("fire", End("here", 0, 0, (), 0), Board(tasks, units, arrival, 0.0), ways, {"car": served})
    advice = incident_advice(found, created=NOW, rests_on=[])
    base, best = np.array([300.0, 300.0 + LOST_S, 300.0]), np.array([0.0, LOST_S, 0.0])  # u0 meets water in the second
    assert advice.effect == Effect.paired("incident_late", "s", base, best, "lower") and advice.effect.n == 3
    assert advice.effect.difference == -300.0 and [one["unit"] for one in advice.action] == ["u1", "u0"]
    assert Recommendation.from_json(advice.to_json()) == advice
    assert card(advice.to_json()).kind["zh"] == "突发事件派遣"


def test_a_bus_that_meets_water_brings_nobody_any_more() -> None:
    trips = (Trip(0, 0, 0, 20, 0.0, 100.0, 200.0), Trip(0, 0, 0, 5, 300.0, 400.0, 500.0))
    served = service([[INF] * 4, [INF, INF, 150.0, INF], [INF, INF, INF, 350.0]])
    found = SimpleNamespace(
        buses=(SimpleNamespace(edge=0),), stops=(Stop(1, 25, 0.0),), ends=(2,), ground=None,
    )  # fmt: skip

    class Times:
        def __call__(self, _edge: int, when: float) -> np.ndarray:
            return np.full(4, when + 60.0)

        def way(self, edge: int, _when: float, end: int) -> tuple[str, ...]:
            return ("c", "d", "b") if edge == 2 else ("abc"[edge], "abc"[end])

    plan = Planned(served, cast("Any", None), cast("Any", found), cast("Any", Times()), cast("Any", None))
    left = plan.left_in_worlds(Shuttled(trips, (3,), "most"))
    assert left.tolist() == [3.0, 28.0, 8.0]  # nothing; the first way out at 160 s; the way back at 360 s


def test_an_effect_is_paired_and_leaves_out_what_is_not_there() -> None:
    base, after = np.array([10.0, 12.0, np.nan, 9.0]), np.array([8.0, 9.0, 4.0, 8.0])
    effect = Effect.paired("people_left", "people", base, after, "lower")
    assert (effect.n, effect.difference, effect.verdict) == (3, -2.0, "better")
    assert (effect.low, effect.high) == paired_interval(base[[0, 1, 3]], after[[0, 1, 3]])
    assert np.isnan(Effect.paired("x", "s", [1.0], [0.0], "lower").low)


def test_a_rule_is_recommended_only_beyond_chance() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(300, 20, 12)
    values = {"nearest": base, "stand_by": base - 30 + rng.normal(0, 3, 12), "least_lost": base + rng.normal(0, 9, 12)}
    values["sited"] = base - 60

    def trials(names: list[str]) -> Trials:
        measures = {name: {"median_s": values[name], "p90_s": 2 * values[name]} for name in names}
        effects = {name: Effect.paired("m", "s", base, values[name], "lower") for name in names[1:]}
        deltas: Any = {
            name: {"median_s": Delta(0.0, one.difference, one.low, one.high, cast("Any", one.verdict))}
            for name, one in effects.items()
        }
        return Trials(measures, deltas, {}, 0.4, (), tuple(range(12)))

    titles = {name: say(name, "名") for name in values}
    advice = dispatch_advice([service([[INF] * 3])], trials(list(values)), titles, rests_on=[], created=NOW)
    assert advice is not None and advice.action[0]["rule"] == "stand_by" and advice.effect.high < 0
    why = {one.name: (one.why_not or {})["en"] for one in advice.alternatives}
    assert why["sited"].startswith("a plan for years") and why["least_lost"].startswith("cannot be told")
    assert (
        dispatch_advice(
            [service([[INF] * 3])], trials(["nearest", "least_lost", "sited"]), titles, rests_on=[], created=NOW
        )
        is None
    )
    with pytest.raises(ValueError, match="UTC offset"):
        dispatch_advice([service([[INF] * 3])], trials(list(values)), titles, rests_on=[], created=datetime(2026, 1, 1))
