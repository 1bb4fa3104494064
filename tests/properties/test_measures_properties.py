"""Measures whatever the tables say: the order of rows means nothing, and a world with less delay is never worse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import RoadGraph
from scenarios import MEASURES
from scenarios.measures import Tables, buffer_index, evaluate, rule_of_half, state_of, tpi_of, user_benefit
from scenarios.measures.tpi import DTP_BANDS, STATES, TPI_BANDS

END_S, INTERVAL_S = 1800.0, 60.0
LENGTH_M = np.array([40.0, 90.0, 150.0, 400.0])
EDGES = tuple("abcd")
RING = RoadGraph(
    EDGES, LENGTH_M, np.full(4, 14.0), np.zeros((4, 2)), np.zeros((4, 2)),
    np.arange(4, dtype=np.int32), np.array([1, 2, 3, 0], dtype=np.int32), np.ones(4, dtype=bool),
)  # fmt: skip
LAYERS = {
    "edges": pd.DataFrame({"edge_id": EDGES, "length_m": LENGTH_M, "lanes": [1, 2, 1, 3], "from_node": list("0123"),
                           "to_node": list("1230"), "highway": "primary"}),
    "zones": pd.DataFrame({"edge_id": EDGES, "population": [10.0, 20, 30, 40], "jobs": [4.0, 3, 2, 1]}),
    "facilities": pd.DataFrame({"kind": ["hospital"], "edge_id": ["c"]}),
}  # fmt: skip
CITY: Any = SimpleNamespace(layer=LAYERS.__getitem__, road_graph=lambda _: RING)
seeds = st.integers(0, 2**32 - 1)


def world(seed: int, lost: float = 1.0) -> dict[str, pd.DataFrame]:
    """Trips and edges drawn from a seed; `lost` scales every delay, everything else stays."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 40))
    planned, free = rng.uniform(0, 1000, n), rng.uniform(35, 300, n)
    enter, loss = lost * rng.uniform(0, 60, n), lost * rng.uniform(0, 400, n)
    arrival = planned + enter + free + loss
    trips = pd.DataFrame(
        {
            "vehicle_id": [f"v{i}" for i in range(n)],
            "kind": rng.choice(["car", "truck", "ambulance"], n),
            "depart_planned_s": planned,
            "depart_s": planned + enter,
            "arrival_s": np.where(arrival < END_S, arrival, np.nan),
            "time_loss_s": loss,
            "delay_s": enter + loss,
            "waited_s": 0.0,
            "length_m": rng.uniform(100, 3000, n),
            "finished": arrival < END_S,
            "inserted": True,
            "stops": np.floor(lost * rng.integers(0, 9, n)),
            "standing_s": 0.7 * loss,
            "co2_g": rng.uniform(10, 500, n),
        }
    )
    rows = [(t, e) for t in np.arange(0.0, END_S, INTERVAL_S) for e in EDGES]
    free_s, late_s = rng.uniform(1, 200, len(rows)), lost * rng.uniform(0, 3000, len(rows))
    length = np.tile(LENGTH_M, len(rows) // 4)
    edges = pd.DataFrame(rows, columns=["time_s", "edge_id"]).assign(
        vehicle_s=free_s + late_s,
        time_loss_s=late_s,
        standing_s=0.8 * late_s,
        density_vpkm=(free_s + late_s) / INTERVAL_S / length * 1000.0,
        speed_mps=14.0 * free_s / (free_s + late_s),
        entered=rng.integers(0, 9, len(rows)),
        depth_m=rng.choice([0.0, 0.3], len(rows)),
        closed=rng.choice([False, True], len(rows)),
    )
    return {"trips": trips, "edges": edges}


def measured(tables: dict[str, pd.DataFrame]) -> dict[str, float]:
    facts = {"warm_up_s": 120.0, "end_s": END_S, "interval_s": INTERVAL_S, "validity": {"teleports": 0}}
    return evaluate(CITY, Tables(tables, facts))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_means_nothing(seed: int) -> None:
    tables = world(seed)
    shuffled = {name: table.sample(frac=1.0, random_state=seed) for name, table in tables.items()}
    assert measured(shuffled) == pytest.approx(measured(tables), rel=1e-9)


@given(seeds, st.floats(0.0, 1.0))
@settings(max_examples=30, deadline=None)
def test_a_world_with_less_delay_is_never_worse(seed: int, lost: float) -> None:
    slow, fast = measured(world(seed)), measured(world(seed, lost))
    assert set(slow) == set(fast) and len(slow) > 15
    for name in set(slow) - {"throughput_vph"}:  # who is quicker may be home before measuring begins
        gain = fast[name] - slow[name] if MEASURES[name].better == "higher" else slow[name] - fast[name]
        assert gain >= -1e-9 * max(1.0, abs(slow[name])), name


@given(seeds, st.floats(0.0, 1.0))
@settings(max_examples=20, deadline=None)
def test_travellers_gain_what_the_clock_says_when_the_same_trips_are_made(seed: int, lost: float) -> None:
    slow, fast = world(seed)["trips"], world(seed, lost)["trips"]
    gain = user_benefit(slow, fast, END_S)
    assert gain >= -1e-9 and user_benefit(fast, slow, END_S) == pytest.approx(-gain)
    cars = slow["kind"] != "ambulance"
    times = [(t["arrival_s"].fillna(END_S) - t["depart_planned_s"])[cars].sum() for t in (slow, fast)]
    assert gain == pytest.approx((times[0] - times[1]) / 3600 * 14.10)


def test_those_who_gave_up_count_with_half_of_what_the_others_gained() -> None:
    before = world(3)["trips"].assign(kind="car")
    after = before.assign(arrival_s=before["arrival_s"].fillna(END_S) - 36.0).iloc[:-2]
    n = len(before)
    told = user_benefit(before.assign(arrival_s=before["arrival_s"].fillna(END_S)), after, END_S)
    assert told == pytest.approx(0.01 * 14.10 * ((n - 2) + 0.5 * 2))


def test_the_rule_of_a_half_is_the_trapezium_under_a_straight_demand_curve() -> None:
    assert rule_of_half([100], [140], [10], [6]) == 0.5 * (100 + 140) * 4
    assert rule_of_half([[5, 0]], [[5, 0]], [[3, np.inf]], [[3, 1]]) == 0.0  # an unused pair never counts


def test_the_buffer_index_is_fhwa_s() -> None:
    times = np.arange(1.0, 101.0)
    assert buffer_index(times) == pytest.approx((95.05 - 50.5) / 50.5)
    assert buffer_index([7.0] * 5) == 0.0 and np.isnan(buffer_index([]))


@pytest.mark.parametrize(("share", "tpi"), [*zip(DTP_BANDS, TPI_BANDS, strict=True), (0.15, 1.0), (0.65, 7.0)])
def test_tpi_meets_its_bands(share: float, tpi: float) -> None:
    assert tpi_of(share) == pytest.approx(tpi)
    assert state_of(tpi) == STATES[min(int(tpi // 2), 4)]
