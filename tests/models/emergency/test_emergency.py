"""Ambulances in traffic and water: who goes, which way, when they are there, and what is said when nobody can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models.clock import Clock
from models.emergency import Call, Emergency, Unit
from models.routing import EdgeForecast
from models.traffic import Closure, Traffic, VehicleTrip
from networks.errors import BadInput

WEST, EAST = Unit("west", "ambulance", "A2A1", "Clinic"), Unit("east", "ambulance", "E2E1", "Hospital")
WALL = ("C0C1", "C1C2", "C2C3", "C3C4")


def answer(
    town: Any, units: list[Unit], calls: list[Call], folder: Path, *before: Any,
    trips: tuple[VehicleTrip, ...] = (), closures: tuple[Closure, ...] = (), end_s: float = 1500.0, **options: Any,
) -> pd.DataFrame:  # fmt: skip
    wet = bool(before)
    emergency = Emergency(town.graph, units, calls, closures=closures, water=wet, **options)
    traffic = Traffic(
        town.net_file,
        town.edge_ids,
        trips,
        seed=1,
        end_s=end_s,
        folder=folder,
        closures=closures,
        water=wet,
        walkers=False,
    )
    Clock([*before, emergency, traffic], step_s=5.0).run(end_s)
    return emergency.tables()["calls"].set_index("call_id")


def still(town: Any, **depth_m: float) -> EdgeForecast:
    """A forecast that does not change: free flow, and water on some edges."""
    free = town.graph.length_m / town.graph.speed_mps
    depth = np.array([depth_m.get(edge, 0.0) for edge in town.edge_ids])
    return EdgeForecast(np.array([0.0, 3600.0]), np.tile(free, (2, 1)), np.tile(depth, (2, 1)))


def test_the_nearer_unit_goes_and_arrives_when_sumo_says(town: Any, tmp_path: Path) -> None:
    calls = answer(town, [WEST, EAST], [Call("c", 60.0, "D2D3")], tmp_path, turnout_s=30)
    call = calls.loc["c"]
    assert call.unit_id == "east" and call.answered and call.reason == ""
    assert call.dispatch_s == 60 and call.response_s == call.arrival_s - 60
    assert call.route.split()[0] == "E2E1" and call.route.split()[-1] == "D2D3"
    drive_s = call.arrival_s - 60 - 30
    metres = 150 * (len(call.route.split()) - 1) + 75
    assert metres / (1.3 * 13.9) < drive_s < metres / 13.9 + 25
    assert (call.detours, call.max_depth_m) == (0, 0.0)


def test_calls_wait_for_a_unit_and_the_urgent_one_goes_first(town: Any, tmp_path: Path) -> None:
    waiting = [
        Call("first", 0.0, "B1B2"),
        Call("minor", 20.0, "B2B3", priority=2),
        Call("urgent", 30.0, "C1C2", priority=1),
    ]
    calls = answer(town, [WEST], waiting, tmp_path, turnout_s=30, on_scene_s=120)
    assert calls.answered.all()
    assert calls.loc["first"].arrival_s + 120 < calls.loc["urgent"].dispatch_s
    assert calls.loc["urgent"].arrival_s + 120 < calls.loc["minor"].dispatch_s
    assert (calls.loc[["urgent", "minor"], "route"].str.split().str[0] == "A2A1").all()  # from its base again


def test_no_unit_free_until_the_end_is_said(town: Any, tmp_path: Path) -> None:
    calls = answer(
        town,
        [WEST],
        [Call("a", 0.0, "B1B2"), Call("b", 0.0, "B2B3"), Call("late", 5000.0, "B2B3")],
        tmp_path,
        end_s=300,
    )
    assert list(calls.index) == ["a", "b"]
    assert not calls.loc["b"].answered and calls.loc["b"].reason == "no unit became free"
    assert np.isnan(calls.loc["b"].response_s)


def test_free_flow_meets_the_water_and_the_forecast_avoids_it(town: Any, weather: Any, tmp_path: Path) -> None:
    water = {"C1D1": 0.5, "C1C2": 0.5, "C1C0": 0.5}  # a pocket at the end of the straight way
    call = [Call("c", 10.0, "D1E1")]
    blind = answer(town, [WEST], call, tmp_path / "blind", weather(**water)).loc["c"]
    seeing = answer(
        town, [WEST], call, tmp_path / "seeing", weather(**water), policy="forecast", forecast=still(town, **water)
    ).loc["c"]
    assert blind.answered and seeing.answered
    assert blind.detours >= 1 and seeing.detours == 0
    assert seeing.response_s < blind.response_s
    for call_row in (blind, seeing):
        assert call_row.max_depth_m <= 0.3 and not set(call_row.route.split()) & set(water)
    assert seeing.route == seeing.planned_route and blind.route != blind.planned_route


def test_depth_is_judged_when_the_unit_gets_there_not_by_the_forecast(town: Any, weather: Any, tmp_path: Path) -> None:
    rising = {edge: lambda t: min(0.6, t / 200) for edge in ("B1C1", "B2C2", "B3C3", "B0C0")}
    optimist = answer(
        town,
        [WEST],
        [Call("c", 10.0, "D1E1")],
        tmp_path,
        weather(**rising),
        policy="forecast",
        forecast=still(town),
        turnout_s=60,
    ).loc["c"]
    assert optimist.answered and optimist.detours >= 1
    assert "B4C4" in optimist.route.split() and optimist.max_depth_m <= 0.3


@pytest.mark.parametrize("policy", ["free_flow", "forecast"])
def test_a_call_that_is_cut_off_gets_a_no_with_a_reason_and_the_nearest_place(
    town: Any, weather: Any, tmp_path: Path, policy: str
) -> None:
    moat = {edge: 0.5 for edge in town.edge_ids if "E4" in edge}
    calls = answer(
        town, [WEST], [Call("c", 10.0, "E4D4"), Call("d", 20.0, "B1B2")], tmp_path, weather(**moat),
        policy=policy, forecast=still(town, **moat), end_s=3000,
    )  # fmt: skip
    cut = calls.loc["c"]
    assert not cut.answered and np.isnan(cut.arrival_s)
    assert ("no road is open" in cut.reason) if policy == "forecast" else ("shut and no way round" in cut.reason)
    assert cut.nearest_edge in town.edge_ids and cut.nearest_edge not in moat
    assert calls.loc["d"].answered  # the unit is free again


def test_a_base_under_water_sends_nobody_but_the_other_one_does(town: Any, weather: Any, tmp_path: Path) -> None:
    calls = answer(town, [EAST, WEST], [Call("c", 10.0, "D2D3")], tmp_path / "1", weather(E2E1=0.4))
    assert calls.loc["c"].unit_id == "west" and calls.loc["c"].answered
    alone = answer(town, [EAST], [Call("c", 10.0, "D2D3")], tmp_path / "2", weather(E2E1=0.4)).loc["c"]
    assert not alone.answered and "every base is under water" in alone.reason


def test_a_unit_that_cannot_go_home_is_free_where_it_stands(town: Any, weather: Any, tmp_path: Path) -> None:
    home = {edge: lambda t: 0.5 * (t > 130) for edge in town.edge_ids if edge.endswith("A2") or edge == "A2A1"}
    calls = answer(
        town,
        [WEST],
        [Call("a", 0.0, "C1C2"), Call("b", 400.0, "D1D2")],
        tmp_path,
        weather(**home),
        turnout_s=10,
        on_scene_s=200,
    )
    assert calls.answered.all() and not calls.loc["b"].route.startswith("A2A1")


def test_known_closures_are_driven_around_and_emergency_may_be_let_through(town: Any, tmp_path: Path) -> None:
    call = [Call("c", 10.0, "C1D1")]
    routes = {}
    for may_pass in (False, True):
        shut = (Closure("B1C1", 0.0, 1e9, emergency_may_pass=may_pass),)
        row = answer(town, [WEST], call, tmp_path / str(may_pass), closures=shut).loc["c"]
        assert row.answered and row.detours == 0
        routes[may_pass] = row.route.split()
    assert "B1C1" not in routes[False] and "B1C1" in routes[True]


def test_assignments_are_followed_even_when_another_unit_is_nearer(town: Any, tmp_path: Path) -> None:
    route = ("A2A1", "A1A0", "A0B0", "B0C0", "C0D0", "D0D1", "D1D2", "D2D3")
    calls = answer(town, [WEST, EAST], [Call("c", 0.0, "D2D3")], tmp_path, assignments={"c": ("west", route)})
    assert calls.loc["c"].unit_id == "west" and tuple(calls.loc["c"].route.split()) == route


def test_the_same_run_twice_gives_the_same_table(town: Any, weather: Any, tmp_path: Path) -> None:
    trips = tuple(
        VehicleTrip(f"v{i}", 3.0 * i, "car", town.way("A0", "B0", "C0", "C1", "C2", "C3")) for i in range(100)
    )
    runs = [
        answer(
            town,
            [WEST, EAST],
            [Call("c", 60.0, "C2C3"), Call("d", 65.0, "B0C0")],
            tmp_path / k,
            weather(C1C2=0.4),
            trips=trips,
        )
        for k in "xy"
    ]
    pd.testing.assert_frame_equal(*runs)


@pytest.mark.parametrize(
    ("units", "calls", "options", "words"),
    [
        ([WEST, WEST], [], {}, "same name"),
        ([WEST], [Call("c", 0, "C1C2"), Call("c", 1, "C1C2")], {}, "same name"),
        ([Unit("u", "ambulance", "nowhere")], [], {}, "edge nowhere is not in the road graph"),
        ([WEST], [Call("c", 0, "sea")], {}, "edge sea is not in the road graph"),
        ([WEST], [], {"policy": "forecast"}, "cannot be followed"),
        ([WEST], [], {"policy": "astrology"}, "cannot be followed"),
        ([WEST], [Call("c", 0, "C1C2")], {"assignments": {"c": ("north", ())}}, "does not exist"),
        (
            [WEST],
            [Call("c", 0, "C1C2")],
            {"assignments": {"c": ("west", ("A2A1", "B1C1"))}},
            "does not lead to the call",
        ),
        (
            [WEST],
            [Call("c", 0, "C1C2")],
            {"assignments": {"c": ("west", ("A2A1", "C1C2"))}},
            "does not lead to the call",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    town: Any, units: list[Unit], calls: list[Call], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        Emergency(town.graph, units, calls, **options)
