"""A hidden day: always the same, its lane closed when it says and not before, its held-out streets without sensors."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.calibration.experiment.days import LENGTH_S, PERIOD_S, Closure, DayPlan, closed_at_s, hidden, history
from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.street import closable, write_signals
from benchmarks.calibration.towns import town
from models.sumo import read_tables, run_native
from networks.safe_xml import read_xml

DATA = Path(os.environ.get("CITYTWIN_DATA", "nowhere"))
needs_data = pytest.mark.skipif(not (DATA / "resco/cologne8").exists(), reason="needs resco/cologne8 in CITYTWIN_DATA")


@pytest.fixture
def short(tmp_path: Path) -> HiddenTown:
    where = HiddenTown(town("cologne8", tmp_path / "towns"), tmp_path / "hidden", seed=3, length_s=1200.0)
    where.folder.mkdir()
    write_signals(where.folder / "hidden-signals.add.xml", (where.town.case.net,), where.seed)
    return where


@needs_data
def test_a_day_is_the_same_whenever_it_is_simulated_and_differs_from_the_next(
    short: HiddenTown, tmp_path: Path
) -> None:
    first, second = history(3)[:2]
    runs = [short.drive(plan, None, tmp_path / name) for name, plan in (("a", first), ("b", first), ("c", second))]
    np.testing.assert_array_equal(runs[0].counts.vehicles, runs[1].counts.vehicles)
    np.testing.assert_array_equal(runs[0].speed_mps, runs[1].speed_mps)
    assert (runs[0].counts.vehicles != runs[2].counts.vehicles).any()


@needs_data
def test_nobody_enters_a_closed_street_while_it_is_closed(short: HiddenTown, tmp_path: Path) -> None:
    plan, begin_s = history(3)[0], short.town.case.begin_s
    edge = "-297047310#2"
    closure = Closure(edge, (0,), begin_s + 600.0, begin_s + 900.0)
    closed, open_ = (short.drive(plan, one, tmp_path / str(one is None)) for one in (closure, None))
    row = closed.counts.edges.index(edge)
    entered, usual = closed.counts.vehicles[row], open_.counts.vehicles[row]
    np.testing.assert_array_equal(entered[:2], usual[:2])  # nobody knows of it before
    assert usual[2] > 2
    assert entered[2] == 0
    assert entered[3] > 0


@needs_data
def test_a_closed_lane_of_several_is_empty_and_the_other_is_not(short: HiddenTown, tmp_path: Path) -> None:
    begin_s, edge = short.town.case.begin_s, "-186623965#16"
    case = short.case(history(3)[0], Closure(edge, (0,), begin_s + 600.0, begin_s + 1200.0), tmp_path / "run")
    run_native(case, 1, tmp_path / "lanes", tables=("lanes",), interval_s=PERIOD_S)
    lanes: pd.DataFrame = read_tables(tmp_path / "lanes")["lanes"]
    spent = lanes[lanes["edge_id"] == edge].pivot_table(index="time_s", columns="lane_id", values="vehicle_s").fillna(0)
    closed, other = (spent[f"{edge}_{lane}"] for lane in (0, 1))
    assert closed[begin_s + 300.0] > 50 < other[begin_s + 300.0]
    assert closed.get(begin_s + 900.0, 0.0) < 0.05 * other[begin_s + 900.0]  # who must turn off it still crosses it
    assert other[begin_s + 900.0] > 50


@needs_data
def test_signals_keep_their_cycle_and_their_states_but_not_their_splits(short: HiddenTown) -> None:
    def plans(file: Path) -> dict[str, list[tuple[float, str]]]:
        return {
            one.attrib["id"]: [(float(phase.attrib["duration"]), phase.attrib["state"]) for phase in one.iter("phase")]
            for one in read_xml(file).iter("tlLogic")
        }

    shipped, ours = plans(short.town.case.net), plans(short.folder / "hidden-signals.add.xml")
    assert shipped.keys() == ours.keys()
    for name, phases in shipped.items():
        assert [state for _, state in phases] == [state for _, state in ours[name]]
        assert sum(duration for duration, _ in phases) == sum(duration for duration, _ in ours[name])
        assert all(duration > 0 for duration, _ in ours[name])
    assert shipped != ours


@needs_data
def test_round_a_closed_street_nearly_everybody_finds_a_way() -> None:
    where = town("cologne8", Path("nowhere"))
    net = where.net
    only = {edge.edge_id: 100.0 for edge in net.edges if edge.edge_id == "-42925825#2"}  # the only way for many
    ends = {("-42925825#2", "-186623965#14"): 50.0}
    assert closable(net, only, ends) == []
    assert closable(net, only, {}) == [("-42925825#2", (0,))]


def test_a_hidden_day_is_dry_again_and_long_enough_after_its_incident() -> None:
    plans: list[DayPlan] = [hidden(seed, number) for seed in range(1, 6) for number in (1, 2, 3)]
    for plan in plans:
        begin_s, end_s = closed_at_s(plan)
        assert plan.rain_s is not None
        assert plan.rain_s[1] <= begin_s < end_s
        assert begin_s + 3600.0 <= LENGTH_S
    assert len({closed_at_s(plan)[0] for plan in plans}) > 10
    assert "total" not in plans[0].known()
