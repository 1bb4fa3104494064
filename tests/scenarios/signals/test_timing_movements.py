"""What movements lose, against times worked out by hand, and limits that a search keeps."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scenarios.signals.trying.delays import Delays
from scenarios.signals.trying.movements import (
    FEWEST,
    LEAST_S,
    MOST_EXCESS,
    free_times,
    limits_of,
    percentiles,
    pooled,
    read_losses,
)
from scenarios.signals.trying.slower import Slower, slower_movements
from scenarios.signals.trying.trials import Outcome
from scenarios.signals.trying.worth import OVER_WEIGHT, Worth, limited

FREE_S = {"a": 10.0, "b": 5.0}
ROUTES = """<routes>
  <vehicle id="through" type="car" depart="100.00" arrival="150.00">
    <route edges="a b c" exitTimes="130.00 137.00 150.00"/>
  </vehicle>
  <vehicle id="rerouted" depart="100.00">
    <routeDistribution>
      <route replacedOnEdge="a" edges="a x" exitTimes=""/>
      <route edges="a b c" exitTimes="105.00 -1 -1"/>
    </routeDistribution>
  </vehicle>
  <vehicle id="waits-on-b" depart="170.00"><route edges="b c" exitTimes="-1 -1"/></vehicle>
  <vehicle id="just-came" depart="197.00"><route edges="b c" exitTimes="-1 -1"/></vehicle>
  <vehicle id="ends-here" depart="100.00" arrival="190.00"><route edges="a" exitTimes="190.00"/></vehicle>
</routes>"""


def read(tmp_path: Path, text: str = ROUTES) -> dict[tuple[str, str], list[float]]:
    (tmp_path / "r.xml").write_text(text)
    return {way: (values / 10).tolist() for way, values in read_losses(tmp_path / "r.xml", FREE_S, 200.0).items()}


def test_delay_is_the_time_on_an_edge_less_its_free_time(tmp_path: Path) -> None:
    # a -> b: through 30 - 10, rerouted 5 - 10 (never below 0). b -> c: through 7 - 5; rerouted is still there at
    # 200 s: 95 - 5; waits-on-b 30 - 5; who came 3 s ago has lost nothing yet and does not count. Ends say nothing.
    assert read(tmp_path) == {("a", "b"): [0.0, 20.0], ("b", "c"): [2.0, 25.0, 90.0]}


def test_a_delay_too_long_for_its_number_is_cut_not_wrapped(tmp_path: Path) -> None:
    text = '<routes><vehicle id="v" depart="0"><route edges="a b" exitTimes="9000.00 9001.00"/></vehicle></routes>'
    assert read(tmp_path, text)["a", "b"] == [6553.5]


def test_free_times_come_from_the_lanes(tmp_path: Path) -> None:
    lanes = '<lane id="e_0" length="100" speed="20"/><lane id="e_1" length="100" speed="20"/>'
    (tmp_path / "n.xml").write_text(
        f'<net version="1.20"><edge id="e" from="p" to="q">{lanes}</edge>'
        '<edge id="other"><lane id="other_0" length="1" speed="1"/></edge></net>'
    )
    assert free_times(tmp_path / "n.xml", {"e"}) == {"e": 5.0}


def losses(delay_s: float, vehicles: int = 100) -> dict[tuple[str, str], np.ndarray]:
    return {("a", "b"): np.full(vehicles, delay_s * 10, np.uint16)}


def outcome(delay_s: float, cost: float = 30.0) -> Outcome:
    return Outcome(Delays(cost, cost, 100, 100, {}), {"s": cost * 100}, False, 0.0, 0, 0.0, losses(delay_s))


def test_runs_are_pooled_before_the_percentile() -> None:
    runs = [losses(10.0, 19), losses(50.0, 1)]
    assert len(pooled(runs)["a", "b"]) == 20
    assert percentiles(runs)["a", "b"] == (pytest.approx(12.0), 20)  # 19 of 20 at 10 s: 95 % lie 5 % of the way up


def test_limits_leave_out_movements_with_too_few_vehicles_and_spare_the_quick() -> None:
    assert limits_of([losses(10.0, FEWEST - 1)], 1.25).most_s == {}
    assert limits_of([losses(40.0)], 1.25).most_s == {("a", "b"): 50.0}
    assert limits_of([losses(0.0)], 1.25).most_s == {("a", "b"): 1.25 * LEAST_S}


def test_movements_at_twice_their_limits_cost_more_than_todays_delay_and_those_below_nothing() -> None:
    worth = limited([outcome(20.0, cost=40.0)], 2.0)  # limit 40 s less the margin
    most_s = worth.limits.most_s["a", "b"] if worth.limits else 0.0
    assert worth.of([outcome(most_s - 1)]) == pytest.approx(30.0)
    assert worth.of([outcome(2 * most_s)]) == pytest.approx(30.0 + OVER_WEIGHT * 40.0, rel=0.01)
    at = worth.by_signal([outcome(2 * most_s)], {"s": ("a",)}, ["s"])["s"]
    assert at == pytest.approx(100 * (30.0 + OVER_WEIGHT * 40.0), rel=0.01)
    elsewhere = worth.by_signal([outcome(2 * most_s)], {"s": ("z",)}, ["s"])["s"]
    assert elsewhere == pytest.approx(3000.0)


def test_without_limits_only_the_delay_counts() -> None:
    assert Worth().of([outcome(500.0)]) == pytest.approx(30.0)


def test_movements_above_their_limit_are_listed_the_worst_first() -> None:
    before, after = outcome(10.0), outcome(10.0)
    before.movements.update({("c", "d"): np.full(50, 100, np.uint16), ("e", "f"): np.full(50, 100, np.uint16)})  # type: ignore[attr-defined]
    after.movements.update({("c", "d"): np.full(50, 130, np.uint16), ("e", "f"): np.full(50, 400, np.uint16)})  # type: ignore[attr-defined]
    found = slower_movements([before], [after], 1.25)
    assert found == (Slower("e", "f", 10.0, 40.0, 50), Slower("c", "d", 10.0, 13.0, 50))
    assert slower_movements([before], [after], math.inf) == ()


def test_a_movement_far_beyond_its_limit_counts_no_more_than_one_at_twice_it() -> None:
    limits = limits_of([losses(10.0)], 1.0)
    assert limits.excess([losses(15.0)]) == {"a": pytest.approx(0.5)}
    assert limits.excess([losses(500.0)]) == {"a": MOST_EXCESS}


def test_one_movement_of_many_weighs_less_than_the_only_one() -> None:
    def with_others(delay_s: float, others: int) -> Outcome:
        quick = {("z", f"{n}"): losses(10.0)["a", "b"] for n in range(others)}
        made = outcome(delay_s)
        return replace(made, movements={**made.movements, **quick})

    dear, cheap = (limited([with_others(20.0, n)], 2.0).of([with_others(80.0, n)]) - 30.0 for n in (0, 9))
    assert dear > 1.0 and cheap == pytest.approx(dear / 10)
