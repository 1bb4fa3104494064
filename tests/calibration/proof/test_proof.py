"""Hourly flows, windows, and a proof whose every figure is known beforehand."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.counting import Counts
from calibration.flows import Totals
from calibration.proof import DemandRuns, HoldOut, chosen, cut, hourly, prove, sensor_table
from calibration.proof.demand_runs import Setting, run_demand
from networks import sumo_home
from networks.roads.net_file import Net, NetEdge

NAN = float("nan")


def counted(vehicles: list[list[float]], period_s: float = 900.0, begin_s: float = 0.0) -> Counts:
    names = tuple(f"e{at}" for at in range(len(vehicles)))
    return Counts(names, names, begin_s, period_s, np.array(vehicles, dtype=float))


def test_hours_are_summed_and_gaps_stay_gaps() -> None:
    two_hours = counted([[1, 2, 3, 4, 5, 6, 7, 8], [1, NAN, 3, 4, 5, 6, 7, 8]])
    assert hourly(two_hours)[0].tolist() == [10, 26]
    assert np.isnan(hourly(two_hours)[1, 0]) and hourly(two_hours)[1, 1] == 26


@pytest.mark.parametrize(("periods", "times"), [(2, 2.0), (6, 2 / 3), (1, 4.0)])
def test_a_window_that_is_no_whole_hours_is_scaled_to_one(periods: int, times: float) -> None:
    assert hourly(counted([[10.0] * periods])).tolist() == [[pytest.approx(10 * periods * times)]]


@given(st.integers(0, 8), st.integers(0, 8), st.sampled_from([0.0, 450.0]))
def test_a_cut_holds_whole_periods_only(first: int, last: int, shift_s: float) -> None:
    counts = counted([list(range(8))], begin_s=7200.0)
    begin_s, end_s = 7200 + 900 * first + shift_s, 7200 + 900 * last + shift_s
    found = cut(counts, begin_s, end_s)
    inside = [at for at in range(8) if 7200 + 900 * at >= begin_s and 8100 + 900 * at <= end_s]
    assert (found is None) == (not inside)
    if found is not None:
        assert found.vehicles[0].tolist() == inside and found.begin_s == 7200 + 900 * inside[0]


def test_sensors_are_chosen_by_name() -> None:
    assert chosen(counted([[1], [2], [3]]), ("e2", "e0")).vehicles[:, 0].tolist() == [3, 1]


def test_a_proof_judges_by_the_held_out_alone() -> None:
    edges = [
        NetEdge(f"e{at}", f"n{at}", f"n{at + 1}", "", "", 1, 10.0, 100.0, ((100.0 * at, 0.0), (100.0 * at + 100, 0.0)),
                frozenset({"passenger"}), ())
        for at in range(3)
    ]  # fmt: skip
    counts = counted([[400.0], [400.0], [400.0]], 3600.0)
    totals = Totals(10, 9, 1, 0, 0)
    flows = np.array([[[400.0], [400.0], [700.0]], [[400.0], [400.0], [900.0]]])
    runs = DemandRuns(("e0", "e1", "e2"), flows, np.full((2, 3), 8.0), np.array([300.0]), 10, (totals, totals), 2.0)
    speeds = np.array([8.0, 8.0, 3.0])
    hold = HoldOut("edges", ("e0", "e1"), ("e2",), ("e2",))
    proof = prove(Net(tuple(edges), (), {}), counts, hold, runs, speeds_mps=speeds)
    assert proof.ours.used.geh5 == 1.0 and proof.ours.held.geh5 == 0.0
    assert proof.ours.held.bias == pytest.approx(1.0), "the mean of both seeds is twice the count"
    assert proof.distance_m.tolist() == [0.0, 0.0, 100.0]
    assert proof.ceiling == 0.0, "the seeds themselves differ by GEH 7"
    states = {(one.guide, one.name["en"]): one.state for one in proof.verdicts}
    assert states["TAG M3.1", "Link flows by GEH"] == "fail"
    assert states["citytwin", "Total trips"] == "not assessable"
    assert states["citytwin", "Speeds against the noise floor"] == "fail"
    rows = list(csv.DictReader(io.StringIO(sensor_table(proof))))
    assert [row["role"] for row in rows] == ["used", "used", "held out"]
    assert float(rows[2]["simulated_vph"]) == 800


def test_a_demand_is_counted_without_those_who_stay(tmp_path: Path) -> None:
    net = tmp_path / "line.net.xml"
    made = ("--grid", "--grid.number", "2", "-o", str(net))
    subprocess.run([str(sumo_home() / "bin" / "netgenerate"), *made], check=True, capture_output=True)
    way = ("A0A1", "A1B1", "B1B0")
    cars = tmp_path / "cars.rou.xml"
    rows = "".join(
        f'<vehicle id="c{at}" depart="{at}"><route edges="{way[0]} {way[1]}"/></vehicle>' for at in range(0, 300, 30)
    )
    cars.write_text(f"<routes>{rows}</routes>", encoding="utf-8")
    buses = tmp_path / "buses.rou.xml"
    buses.write_text(
        '<routes><vehicle id="bus" depart="5"><route edges="A0A1 A1B1 B1B0"/></vehicle></routes>', encoding="utf-8"
    )
    runs = run_demand(Setting(net, (), (buses,), 0.0, 1800.0, 900.0), [cars], (1, 2))
    assert runs.vehicles == 10 and len(runs.lengths_m) == 10
    assert runs.flows_vph.shape == (2, len(runs.edges), 1)
    assert runs.at((way[2], way[0]))[0, :, 0].tolist() == [2, 22], "vehicles per hour, from half an hour"
    assert runs.waiting == 0 and np.nanmin(runs.speeds_mps) > 1
