"""Bicycles and e-bikes on the road: how fast at most, and which water stops them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.clock import Clock
from models.traffic import VEHICLE_TYPES, Traffic, VehicleTrip

KINDS = ("bicycle", "ebike", "car")


def ridden(
    town: Any,
    folder: Path,
    *others: Any,
    factors: tuple[float, ...] = (0.7, 1.0, 1.3),
    kinds: tuple[str, ...] = KINDS,
) -> Traffic:
    route = town.way("A0", "A1", "A2", "A3", "A4")
    trips = [
        VehicleTrip(f"{kind}{i}", 200.0 * i, kind, route, speed_factor=factor)
        for kind in kinds
        for i, factor in enumerate(factors)
    ]
    trips = [t if t.vtype != "car" else VehicleTrip(t.vehicle_id, t.depart_s + 100, "car", route) for t in trips]
    traffic = Traffic(
        town.net_file, town.edge_ids, trips, seed=1, end_s=900.0, folder=folder, water=bool(others), walkers=False
    )
    Clock([*others, traffic], step_s=10.0).run(900.0)
    return traffic


def test_an_e_bike_is_never_faster_than_the_standard_allows(town: Any, tmp_path: Path) -> None:
    trips = ridden(town, tmp_path).tables()["trips"].set_index("vehicle_id")
    mean_kmh = 3.6 * trips["length_m"] / (trips["arrival_s"] - trips["depart_s"])
    assert trips["finished"].all()
    assert mean_kmh["ebike0"] < mean_kmh["ebike1"] < mean_kmh["ebike2"] <= 25.0
    assert mean_kmh["bicycle1"] == pytest.approx(17.0, rel=0.1) and mean_kmh["car1"] > 30
    hasty = ridden(town, tmp_path / "hasty", factors=(1.3,), kinds=("ebike",)).tables()["edges"]
    assert 6.5 < hasty["speed_mps"].max() <= 25 / 3.6 + 1e-3  # it wishes 29 km/h
    assert float(VEHICLE_TYPES["ebike"].attributes["maxSpeed"]) <= 25 / 3.6
    assert set(trips["kind"]) == set(KINDS)


@pytest.mark.parametrize(("depth_m", "stopped"), [(0.10, set()), (0.20, {"bicycle", "ebike"}), (0.35, set(KINDS))])
def test_water_stops_two_wheels_before_it_stops_cars(
    town: Any, weather: Any, tmp_path: Path, depth_m: float, stopped: set[str]
) -> None:
    ring = [edge for edge in town.edge_ids if "2" in (edge[1], edge[3]) and edge[1] != edge[3]]
    tables = ridden(town, tmp_path, weather(**dict.fromkeys(ring, depth_m)), factors=(1.0,)).tables()
    waited = set(tables["trips"].loc[tables["trips"]["waited_s"] > 0, "kind"])
    assert waited == stopped
    assert np.isclose(tables["edges"]["depth_m"].max(), depth_m)
