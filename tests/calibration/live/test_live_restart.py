"""A live town that was killed in the middle of a cycle is found again as it was after the one before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from live_streets import RHYTHM, WATCHED, at, counted_day, small_case, usual_of

from calibration.live import LiveTown
from models.sumo import SumoCase, can_fork
from models.sumo.changes import LanesClosed
from networks.errors import BadInput, EngineFailed

pytestmark = pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")


def killed_in_a_cycle(folder: Path, state_every: int) -> None:
    """Kill -9 while the cycle at 1800 s runs."""
    program = Path(__file__).with_name("followed_until_killed.py")
    paths = os.pathsep.join([str(Path(__file__).parents[3]), str(program.parent)])
    with subprocess.Popen(
        [sys.executable, str(program), str(folder), str(state_every)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("begin 1800"):
                process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("state_every", [0, 1])
def test_killed_in_the_middle_of_a_cycle(tmp_path: Path, state_every: int) -> None:
    killed_in_a_cycle(tmp_path, state_every)
    case = SumoCase(tmp_path / "made.net.xml", tmp_path / "made.net.xml")
    usual = usual_of(case)
    day = counted_day(case, usual, (2.0, 0.6, 0.6), tmp_path)
    folder = tmp_path / "live"
    assert not list(folder.rglob("*.part")) and [file.stem for file in sorted(folder.glob("cycles/*"))] == [
        "000000900", "000001200", "000001500",
    ]  # fmt: skip
    with LiveTown(case, usual, WATCHED, WATCHED, folder, rhythm=RHYTHM, state_every=state_every) as again:
        assert (again.now_s, again.anchor_s) == (1500.0, 1200.0)
        found = [again.cycle(now_s, at(day, WATCHED, now_s)) for now_s in (1800.0, 2100.0, 2400.0)]
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "whole", rhythm=RHYTHM, state_every=0) as whole:
        moments = (900.0, 1200.0, 1500.0, 1800.0, 2100.0, 2400.0)
        wanted = [whole.cycle(now_s, at(day, WATCHED, now_s)) for now_s in moments][3:]
    if state_every:  # SUMO's states are nearly the same: told until a whole window of counts came after
        assert [one.approximate for one in found] == [True, True, False]
    else:  # without one the day is repeated, and is the same to the last digit
        assert not any(one.approximate for one in found)
    for one, other in zip(found, wanted, strict=True):
        for ours, theirs in zip(one.forecasts, other.forecasts, strict=True):
            if state_every:
                assert np.nanmean(np.abs(ours.median - theirs.median)) < 0.1 * np.nanmean(theirs.median)
            else:
                np.testing.assert_array_equal(ours.members, theirs.members)


def test_a_folder_of_another_town_or_one_in_use_is_refused(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    with (
        LiveTown(case, usual_of(case), WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM),
        pytest.raises(BadInput, match="another process follows a town here"),
    ):
        LiveTown(case, usual_of(case), WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM)
    with pytest.raises(BadInput, match="journal of another town"):
        LiveTown(case, usual_of(case, 21.0), WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM)


def test_a_closed_lane_that_opens_again_is_open_in_the_anchor(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    usual = usual_of(case)
    usual.flows[2] = 6.0  # few who wait before the closed street: members are no gridlock
    day = counted_day(case, usual, (1.0, 1.0, 1.0), tmp_path)
    closed = [(450.0, LanesClosed(("side_0",)))]
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM) as live:
        shut = live.cycle(900.0, at(day, WATCHED, 900.0), known=closed)
        still = live.cycle(1200.0, at(day, WATCHED, 1200.0), known=closed)
        opened = live.cycle(1500.0, at(day, WATCHED, 1500.0))
        wide = live.cycle(1800.0, at(day, WATCHED, 1800.0))
    side = shut.forecasts[0].places.index("side")
    assert [cycle.forecasts[0].median[side].max() for cycle in (shut, still)] == [0.0, 0.0]
    assert opened.anchor_s == 1200.0 and wide.forecasts[0].median[side].min() > 2.0


def test_a_simulation_that_was_killed_is_found_again_by_the_same_town(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    usual = usual_of(case)
    day = counted_day(case, usual, (2.0, 0.6, 0.6), tmp_path)
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "live", rhythm=RHYTHM, state_every=0) as town:
        town.cycle(900.0, at(day, WATCHED, 900.0))
        os.kill(town._anchor._city.pid, signal.SIGKILL)
        with pytest.raises(EngineFailed):
            town.cycle(1200.0, at(day, WATCHED, 1200.0))
        town.find_again()
        assert town.now_s == 900.0
        found = town.cycle(1200.0, at(day, WATCHED, 1200.0))
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "whole", rhythm=RHYTHM, state_every=0) as whole:
        wanted = [whole.cycle(now_s, at(day, WATCHED, now_s)) for now_s in (900.0, 1200.0)][1]
    for ours, theirs in zip(found.forecasts, wanted.forecasts, strict=True):
        assert np.array_equal(ours.members, theirs.members, equal_nan=True)
