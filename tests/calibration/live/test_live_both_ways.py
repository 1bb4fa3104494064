"""The last hour with an action and without: only the action differs, and what it cost shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.live import LiveTown
from models.sumo.changes import LanesClosed, SpeedLimit
from networks.errors import BadInput
from tests.calibration.live.live_streets import PERIOD_S, RHYTHM, WATCHED, at, counted_day, small_case, usual_of

SLOW = SpeedLimit("side", 2.0)


@pytest.mark.parametrize("state_every", [0, 2])
def test_a_slow_street_costs_what_its_vehicles_lose(tmp_path: Path, state_every: int) -> None:
    case = small_case(tmp_path)
    usual = usual_of(case)
    day = counted_day(case, usual, (1.0, 1.0, 1.0), tmp_path)
    with LiveTown(case, usual, WATCHED, WATCHED, tmp_path / "a", rhythm=RHYTHM, state_every=state_every) as live:
        for now_s in np.arange(300.0, 2401.0, PERIOD_S):
            known = [(900.0, SLOW)] if now_s > 900.0 else []
            live.cycle(float(now_s), at(day, WATCHED, float(now_s)), known=known)
        told = live.both_ways([SLOW], since_s=900.0, until_s=2100.0, pairs=3)
        again = live.both_ways([SLOW], since_s=900.0, until_s=2100.0, pairs=3)
        with pytest.raises(BadInput, match="is not behind the town"):
            live.both_ways([SLOW], since_s=900.0, until_s=2400.0)
        with pytest.raises(BadInput, match="nothing of the kind was done"):
            live.both_ways([LanesClosed(("in_0",))], since_s=900.0, until_s=2100.0)
    assert len(told.pairs) == 3 and told.left_out == 0
    np.testing.assert_array_equal(told.vehicle_hours(), again.vehicle_hours())
    edges = live.ground.row
    for with_it, without in told.pairs:
        assert with_it.speed_mps[edges["side"]].max() < 2.4 < 8.0 < without.speed_mps[edges["side"]].min()
        np.testing.assert_array_equal(with_it.flow[edges["in"]], without.flow[edges["in"]])
    slow_h, usual_h = told.vehicle_hours()
    row = edges["side"]
    sent = told.pairs[0][0].set_out[row]
    assert sent.sum() >= 60 and sent.sum() == told.pairs[0][1].set_out[row].sum() and told.due.sum() > 200
    # At 2 m/s SUMO's drivers dawdle, and nobody passes the slowest: 1.3 to 2.2 m/s instead of 10 to 14.
    least_h = sent[:-1].sum() * live.ground.length_m[row] * (1 / 2.2 - 1 / 10.0) / 3600.0
    most_h = sent.sum() * live.ground.length_m[row] * (1 / 1.3 - 1 / 14.0) / 3600.0
    assert least_h < (slow_h - usual_h).mean() < most_h
