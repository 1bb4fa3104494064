"""Dispatch against closed forms: Erlang's loss, one unit as M/G/1, two units as Larson's hypercube."""

from __future__ import annotations

import numpy as np
import pytest
from small_dispatch import TableTravel, fleet, index, poisson_calls

from models.emergency.dispatching import Delays, Policy, simulate
from models.emergency.dispatching.formulas import erlang_loss, mean_wait_s, two_units
from models.streams import stream

AT_ONCE = Delays(0.0, 0.0, 0.0, 0.0, 0.0)
LOST = Policy(queue=False)
MANY = 12_000


@pytest.mark.parametrize(("units", "load"), [(1, 0.5), (3, 2.0), (6, 4.5)])
def test_equal_travel_and_no_queue_lose_what_erlang_says(units: int, load: float) -> None:
    rng = stream(1, f"erlang {units}")
    stays = rng.exponential(100.0, MANY) if units != 3 else rng.uniform(50.0, 150.0, MANY)
    calls = poisson_calls(rng, MANY, load / 100.0, stays, np.zeros(MANY, dtype=int))
    answered = simulate(TableTravel([[0.0]]), index(1), fleet(*[0] * units), calls, policy=LOST, delays=AT_ONCE)
    lost = 1.0 - np.mean([record.answered for record in answered.records])
    blocking = erlang_loss(load, units)
    assert lost == pytest.approx(blocking, abs=4.0 * np.sqrt(blocking * (1 - blocking) / MANY * (1 + 2 * load)))
    assert answered.utilisation == pytest.approx(load * (1 - blocking) / units, rel=0.05)


@pytest.mark.parametrize("spread", ["constant", "exponential"])
def test_one_unit_waits_as_pollaczek_and_khinchine_say(spread: str) -> None:
    # travel there counts as service
    rng, per_s = stream(2, spread), 0.006
    stays = np.full(MANY, 80.0) if spread == "constant" else rng.exponential(80.0, MANY)
    calls = poisson_calls(rng, MANY, per_s, stays, np.ones(MANY, dtype=int))
    away = TableTravel([[0.0, 20.0], [0.0, 20.0]])  # 20 s to any call, none back
    answered = simulate(away, index(2), fleet(0), calls, delays=AT_ONCE)
    waits = np.array([record.order_s - record.call.time_s for record in answered.records])
    served = stays + 20.0
    rho = per_s * served.mean()
    wait = mean_wait_s(per_s, served)
    blocks = waits.reshape(20, -1).mean(axis=1)
    assert abs(waits.mean() - wait) < 4.0 * blocks.std(ddof=1) / np.sqrt(20)
    assert answered.utilisation == pytest.approx(rho, rel=0.05)


def test_two_units_and_nearest_are_the_hypercube() -> None:
    share, load = 0.7, 0.9  # of the calls in the first unit's district; offered load in stays
    told = two_units(load, share)
    rng = stream(3, "hypercube")
    places = (rng.random(MANY) > share).astype(int) + 2
    calls = poisson_calls(rng, MANY, load / 100.0, rng.exponential(100.0, MANY), places)
    near, far = 1e-3, 2e-3  # nearest decides, yet takes no time
    away = np.zeros((4, 4))
    away[0, 2:], away[1, 2:] = (near, far), (far, near)
    units = fleet(0, 1)
    answered = simulate(TableTravel(away), index(4), units, calls, policy=LOST, delays=AT_ONCE)
    busy = [answered.busy_s[(unit.unit_id, i)] / answered.duty_s[(unit.unit_id, i)] for i, unit in enumerate(units)]
    assert busy == pytest.approx(told.busy, rel=0.06)
    strayed = np.mean([r.unit_id == "u1" and r.call.edge_id == "p2" for r in answered.records])
    assert strayed == pytest.approx(told.strayed, abs=0.015)
    assert np.mean([not r.answered for r in answered.records]) == pytest.approx(told.lost, abs=0.015)


def test_the_formulas_themselves_by_hand() -> None:
    assert erlang_loss(0.5, 1) == pytest.approx(1 / 3) and erlang_loss(2.0, 2) == pytest.approx(0.4)
    assert mean_wait_s(0.01, np.array([50.0])) == pytest.approx(25.0)  # M/D/1, half busy: half a stay
    alike = two_units(0.9, 0.5)
    assert alike.lost == pytest.approx(erlang_loss(0.9, 2)) and alike.busy[0] == pytest.approx(alike.busy[1])
