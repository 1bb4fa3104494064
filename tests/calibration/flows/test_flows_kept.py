"""A long benchmark in pieces: what was simulated or judged once is read, and only for the same inputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.calibration.judged import Judged, kept_row
from benchmarks.calibration.kept import kept_run
from calibration.counting import Counts
from calibration.flows import SimulatedCounts, Totals


def a_run() -> SimulatedCounts:
    rng = np.random.default_rng(3)
    counts = Counts(("a", "b"), ("a", "b"), 25200.0, 900.0, rng.poisson(9.0, (2, 4)).astype(float))
    speed = np.where(np.eye(2, 4) > 0, np.nan, rng.random((2, 4)))
    return SimulatedCounts(counts, speed, rng.random((2, 4)), Totals(9, 7, 2, 1, 0), 1.5)


def never() -> SimulatedCounts:
    raise AssertionError("simulated again")


def test_the_same_inputs_are_simulated_once_and_read_back_whole(tmp_path: Path) -> None:
    demand = tmp_path / "demand.rou.xml"
    demand.write_text("<routes/>", encoding="utf-8")
    first = kept_run(tmp_path / "truth", [demand], a_run)
    again = kept_run(tmp_path / "truth", [demand], never)
    assert again.totals == first.totals and again.cpu_s == first.cpu_s
    assert again.counts.edges == first.counts.edges and again.counts.begin_s == 25200.0
    np.testing.assert_array_equal(again.counts.vehicles, first.counts.vehicles)
    np.testing.assert_array_equal(again.speed_mps, first.speed_mps)
    demand.write_text("<routes> </routes>", encoding="utf-8")
    with pytest.raises(AssertionError, match="again"):
        kept_run(tmp_path / "truth", [demand], never)


def test_a_row_is_judged_once_and_not_kept_when_judging_fails(tmp_path: Path) -> None:
    row, file = Judged(0.7, 0.9, 1.1, 0.6, 0.0, 12.0), tmp_path / "row.json"

    def broken() -> Judged:
        raise OSError("SUMO stopped")

    with pytest.raises(OSError, match="SUMO stopped"):
        kept_row(file, broken)
    assert kept_row(file, lambda: row) == row == kept_row(file, broken)
