"""HCM control delay: its limits in closed form, and no letter for anything else."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from networks import sumo_home
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import SignalPlan
from scenarios.measures.control_delay import control_delay, level_of_service, peak_volumes_vph, signal_table


def test_its_limits_are_those_of_the_formula() -> None:
    empty = control_delay(0, 800, 0.5, 90)
    assert (empty.uniform_s, empty.incremental_s) == (pytest.approx(0.5 * 90 * 0.25), 0.0)
    full = control_delay(800, 800, 0.5, 90)
    assert full.uniform_s == pytest.approx(0.5 * 90 * 0.5)  # at capacity: half of the red
    assert full.incremental_s == pytest.approx(225 * math.sqrt(8 * 0.5 / (800 * 0.25)))
    assert control_delay(800, 800, 1.0, 90).uniform_s == 0.0
    over = control_delay(8000, 800, 0.5, 90)
    assert over.incremental_s == pytest.approx(2 * 225 * 9, rel=0.01)  # far above capacity: 1800 T (X - 1)


def test_more_traffic_is_more_delay() -> None:
    delays = [control_delay(volume, 700, 0.4, 80).total_s for volume in range(0, 1400, 50)]
    assert delays == sorted(delays)


def test_a_letter_needs_a_control_delay() -> None:
    letters = [level_of_service(control_delay(v, 760, 0.4, 100)) for v in (10, 500, 700, 745, 800)]
    assert letters == ["B", "C", "D", "E", "F"]
    with pytest.raises(TypeError, match="not from simulated delay"):
        level_of_service(42.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(("capacity", "share", "cycle"), [(0, 0.5, 90), (800, 1.5, 90), (800, 0.5, 0)])
def test_what_makes_no_sense_is_refused(capacity: float, share: float, cycle: float) -> None:
    with pytest.raises(ValueError, match="control delay needs"):
        control_delay(100, capacity, share, cycle)


def test_the_busiest_quarter_counts() -> None:
    rows = [(60.0 * k, "a", 30 if 20 <= k < 35 else 1) for k in range(60)]
    edges = pd.DataFrame(rows, columns=["time_s", "edge_id", "entered"])
    assert peak_volumes_vph(edges, 60.0) == {"a": 1800.0}
    assert peak_volumes_vph(edges, 60.0, after_s=1e6) == {}


def test_every_approach_of_a_signal_gets_its_own_delay(tmp_path: Path) -> None:
    import subprocess

    net = tmp_path / "cross.net.xml"
    options = ["--grid", "--grid.number", "3", "--default-junction-type", "traffic_light", "--no-turnarounds"]
    subprocess.run(
        [str(sumo_home() / "bin" / "netgenerate"), *options, "--output-file", str(net)], check=True, capture_output=True
    )
    from networks import read_signal_plans

    found = read_signal_plans(net)["B1"]
    links = len(found.phases[0].state)
    plan = SignalPlan(
        "B1",
        "0",
        0.0,
        (SignalPhase(30.0, "G" * links, 30.0, 30.0), SignalPhase(60.0, "r" * links, 60.0, 60.0)),
        "measured",
    )
    table = signal_table(net, {"B1": plan}, {"A1B1": 300.0}).set_index("edge_id")
    assert len(table) == 4 and (table.cycle_s == 90).all()
    assert table.green_share.tolist() == pytest.approx([1 / 3] * 4)
    assert table.loc["A1B1"].control_delay_s > table.loc["C1B1"].control_delay_s == pytest.approx(0.5 * 90 * 4 / 9)
