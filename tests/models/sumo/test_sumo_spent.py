"""Time spent in a run: by hand, against the trips' own table, and where a hopeless run is stopped."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from models.sumo.spent import MESO, run_spent
from networks.errors import EngineFailed

ROUTES = """<routes><vType id="car" sigma="0" speedDev="0"/>
{}</routes>"""
CAR = '<vehicle id="v{0}" type="car" depart="{1}"><route edges="A0A1 A1B1 B1B2"/></vehicle>\n'


def options(net: Path, folder: Path, count: int = 40, end_s: int = 300) -> dict[str, str]:
    """Cars one after another through the grid."""
    file = folder / "cars.rou.xml"
    file.write_text(ROUTES.format("".join(CAR.format(i, 2 * i) for i in range(count))), encoding="utf-8")
    return {"net-file": str(net), "route-files": str(file), "end": str(end_s), "seed": "1"}


def test_it_is_the_sum_of_the_trips(grid: Path, tmp_path: Path) -> None:
    from networks.safe_xml import read_xml

    words = options(grid, tmp_path)
    trips = tmp_path / "trips.xml"
    spent = run_spent({**words, "tripinfo-output": str(trips)})
    told = [float(trip.attrib["duration"]) + float(trip.attrib["departDelay"]) for trip in read_xml(trips)]
    assert len(told) == spent.vehicles == 40
    assert spent.vehicle_s == pytest.approx(sum(told), rel=0.03)
    assert not spent.stopped and spent.teleports == 0 and spent.cpu_s > 0


def test_a_run_is_stopped_when_it_passes_a_limit(grid: Path, tmp_path: Path) -> None:
    words = options(grid, tmp_path)
    whole = run_spent(words, checkpoints=(60.0, 120.0, 240.0))
    assert len(whole.passed) == 3 and list(whole.passed) == sorted(whole.passed) and whole.passed[-1] <= whole.vehicle_s
    going = run_spent(words, checkpoints=(60.0, 120.0), limits=(whole.passed[0] + 1, whole.passed[1] + 1))
    assert not going.stopped and going.vehicle_s == whole.vehicle_s
    ended = run_spent(words, checkpoints=(60.0, 120.0), limits=(math.inf, whole.passed[1] - 1))
    assert ended.stopped and ended.passed == whole.passed[:2]
    assert run_spent(words, stop_above=whole.vehicle_s / 2).stopped
    assert not run_spent(words, stop_above=whole.vehicle_s + 1).stopped


def test_who_is_gone_before_a_checkpoint_has_passed_it(grid: Path, tmp_path: Path) -> None:
    words = options(grid, tmp_path, count=2, end_s=2000)
    spent = run_spent(words, checkpoints=(1000.0, 1500.0))
    assert spent.passed == (spent.passed[0],) * 2 and spent.passed[0] == pytest.approx(spent.vehicle_s, abs=25.0)


def test_meso_sees_the_signals(grid: Path, tmp_path: Path) -> None:
    words = options(grid, tmp_path)
    with_signals = run_spent({**words, **MESO}).vehicle_s
    without = run_spent({**words, "mesosim": "true"}).vehicle_s
    assert with_signals > without


def test_what_sumo_says_is_told(grid: Path, tmp_path: Path) -> None:
    words = options(grid, tmp_path)
    with pytest.raises(EngineFailed, match="nowhere"):
        run_spent({**words, "route-files": str(tmp_path / "nowhere.rou.xml")})
