"""A blocked lane is free again at a moment that each member draws, and streets then take what they took before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from live_streets import RHYTHM, WATCHED, at, counted_day, small_case, usual_of
from scipy.stats import lognorm

from calibration.live import LiveTown
from calibration.live.clearing import MEDIAN_S, SPREAD, clearings
from models.sumo import can_fork
from models.sumo.changes import LaneBlocked, LaneFreed, LanesClosed

BLOCKED = LaneBlocked("side_0", 200.0)


@pytest.mark.parametrize("lasted_s", [0.0, 1800.0, 7200.0])
def test_how_long_it_goes_on_depends_on_how_long_it_has(lasted_s: float) -> None:
    now_s = 10000.0
    drawn = [clearings([(now_s - lasted_s, BLOCKED)], now_s, seed)[0] for seed in range(2000)]
    ends = np.array([one.at_s for one in drawn]) - (now_s - lasted_s)
    assert ends.min() >= lasted_s and {one.change for one in drawn} == {LaneFreed("side_0")}
    lasts = lognorm(SPREAD, scale=MEDIAN_S)
    middle = lasts.isf(lasts.sf(lasted_s) / 2)  # the median of those that last longer than this
    assert np.median(ends) == pytest.approx(middle, rel=0.06)
    assert clearings([(0.0, BLOCKED)], now_s, 7) == clearings([(0.0, BLOCKED)], now_s, 7)


def test_a_closure_by_plan_is_nobodys_draw() -> None:
    assert clearings([(0.0, LanesClosed(("side_0",)))], 600.0, 1) == ()


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_what_stands_in_the_way_holds_up_the_street_until_it_is_over(tmp_path: Path) -> None:
    case = small_case(tmp_path)
    usual = usual_of(case)
    day = counted_day(case, usual, (1.0, 1.0, 1.0), tmp_path)
    out = WATCHED.index("out")
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "live", rhythm=RHYTHM) as live:
        live.cycle(900.0, at(day, WATCHED, 900.0), known=[(600.0, BLOCKED)])
        blocked = live.cycle(1200.0, at(day, WATCHED, 1200.0), known=[(600.0, BLOCKED)])
        assert blocked.left_out  # a third of all vehicles stand: no member is averaged in silence
        while_it_stands = live.try_changes({"": ()})[""][0][out, -1]
        live.cycle(1500.0, at(day, WATCHED, 1500.0))
        over = live.try_changes({"": ()})[""][0][out, -1]
    by_side = day.vehicles[day.edges.index("side")].mean()
    through = day.vehicles[day.edges.index("out")].mean()
    assert while_it_stands < through - 0.3 * by_side  # whoever waits 5 minutes is moved on by force
    assert over > through
