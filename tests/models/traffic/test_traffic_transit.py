"""Buses: they call at their stops in order, not before their time, and the table says when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.clock import Clock
from models.traffic import Closure, StopCall, Traffic, VehicleTrip
from networks.errors import BadInput

END_S = 600.0


def bus(town: Any, number: int, departs_s: float, *, between_s: float = 60.0) -> VehicleTrip:
    """A bus along the bottom of the town that calls once in each street."""
    route = town.way("A0", "B0", "C0", "D0", "E0")
    calls = tuple(
        StopCall(f"s{k}", edge, 80.0, departs_s + between_s * k, dwell_s=15.0) for k, edge in enumerate(route)
    )
    return VehicleTrip(
        f"bus.{number}", departs_s, "bus", route, depart_pos="stop", depart_speed="0", line="18/0", stops=calls
    )


def driven(town: Any, folder: Path, trips: list[VehicleTrip], **options: Any) -> Traffic:
    traffic = Traffic(
        town.net_file, town.edge_ids, trips, seed=1, end_s=END_S, folder=folder, water=False, walkers=False, **options
    )
    Clock([traffic], step_s=5.0).run(END_S)
    return traffic


def test_a_bus_calls_in_order_and_never_leaves_before_its_time(town: Any, tmp_path: Path) -> None:
    traffic = driven(town, tmp_path, [bus(town, 0, 10.0), bus(town, 1, 250.0, between_s=20.0), bus(town, 2, 560.0)])
    table = traffic.tables()["transit"]
    assert list(table.columns) == [
        "line", "vehicle_id", "stop_id", "sequence", "planned_s", "arrived_s", "departed_s", "dwell_s",
    ]  # fmt: skip
    easy, hurried, late = (table[table["vehicle_id"] == f"bus.{k}"] for k in range(3))
    assert easy["stop_id"].tolist() == ["s0", "s1", "s2", "s3"] and set(table["line"]) == {"18/0"}
    assert easy["arrived_s"].is_monotonic_increasing and easy["arrived_s"].notna().all()
    assert (easy["departed_s"] >= easy["planned_s"]).all() and (easy["arrived_s"] < easy["planned_s"]).iloc[1:].all()
    assert (hurried["arrived_s"] > hurried["planned_s"]).iloc[1:].all()
    assert np.allclose(hurried["dwell_s"], 15.0, atol=1.01)
    assert late["planned_s"].tolist() == [560.0] and late["arrived_s"].notna().all()
    assert traffic.tables()["trips"].set_index("vehicle_id").loc["bus.0", "finished"]


def test_a_car_behind_a_bus_waits_at_the_stop(town: Any, tmp_path: Path) -> None:
    car = VehicleTrip("car", 15.0, "car", town.way("A0", "B0", "C0", "D0", "E0"))
    alone = driven(town, tmp_path / "alone", [car]).tables()
    behind = driven(town, tmp_path / "behind", [car, bus(town, 0, 10.0)]).tables()
    assert "transit" not in alone
    lost = [tables["trips"].set_index("vehicle_id").loc["car", "time_loss_s"] for tables in (alone, behind)]
    assert lost[1] > lost[0] + 30


def test_stops_that_are_not_on_the_way_are_refused(town: Any, tmp_path: Path) -> None:
    trip = bus(town, 0, 10.0)
    turned = VehicleTrip("bus", 0.0, "bus", trip.route, line="18/0", stops=trip.stops[::-1])
    with pytest.raises(BadInput, match="stops do not lie along its route"):
        driven(town, tmp_path, [turned])


def with_stops(town: Any, *places: int) -> VehicleTrip:
    """A bus along the bottom that calls in these streets, of four."""
    route = town.way("A0", "B0", "C0", "D0", "E0")
    calls = tuple(StopCall(f"s{k}", route[k], 80.0, 10.0 + 60.0 * k, 15.0) for k in places)
    return VehicleTrip("bus.0", 10.0, "bus", route, depart_pos="stop", depart_speed="0", line="18/0", stops=calls)


def test_a_bus_drives_around_a_closed_road_and_leaves_its_stop_out(town: Any, tmp_path: Path) -> None:
    shut = [Closure("B0C0", 0.0, END_S)]
    for places in ((0, 3), (0, 1, 3)):
        tables = driven(town, tmp_path / str(len(places)), [with_stops(town, *places)], closures=shut).tables()
        called = tables["transit"].set_index("stop_id")["arrived_s"]
        assert called[["s0", "s3"]].notna().all() and called.drop(["s0", "s3"]).isna().all()
        assert tables["trips"].loc[0, "finished"] and tables["trips"].loc[0, "length_m"] > 600 + 150


def test_a_bus_whose_last_stop_is_closed_waits_and_goes_on(town: Any, tmp_path: Path) -> None:
    shut = [Closure("D0E0", 0.0, 300.0)]
    tables = driven(town, tmp_path, [with_stops(town, 0, 1, 3)], closures=shut).tables()
    calls = tables["transit"]
    assert calls["arrived_s"].notna().all() and calls["arrived_s"].iloc[2] > 300.0
    assert calls["arrived_s"].iloc[1] < 120.0  # where it pulled over is no call
    assert tables["trips"].loc[0, "waited_s"] > 100.0 and tables["trips"].loc[0, "teleports"] == 0
