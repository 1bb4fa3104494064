"""The rules in arrays: walkers on crossings, and the watchdog's thresholds."""

from __future__ import annotations

import numpy as np
import pytest

from models.traffic.crossings import TAU_S, VEHICLE_M, blocked_share, discharge_speed_mps, driven_mps
from models.traffic.validity import judge


def test_few_walkers_block_what_the_hcm_says_and_many_never_everything() -> None:
    lanes = np.array([1, 2, 4])
    np.testing.assert_allclose(blocked_share(np.full(3, 0.02), lanes), 0.02 / lanes, rtol=0.01)
    assert (blocked_share(np.full(3, 1e6), lanes) == 0.95).all()
    assert (blocked_share(np.zeros(3), lanes) == 0).all()


@pytest.mark.parametrize("blocked", [0.0, 0.3, 0.7, 0.95])
def test_a_queue_discharges_the_share_that_is_left(blocked: float) -> None:
    free_mps = 8.33
    speed = discharge_speed_mps(blocked, free_mps)
    flow, free_flow = (1 / (TAU_S + VEHICLE_M / driven_mps(v)) for v in (speed, free_mps))
    assert flow / free_flow == pytest.approx(1 - blocked)


def test_each_threshold_is_named() -> None:
    good = {"planned": 1000, "inserted": 1000, "waiting": 0, "teleports": 10, "standing_share": 0.3}
    assert judge(**good).valid  # type: ignore[arg-type]
    for change, word in [
        ({"teleports": 31}, "teleports"),
        ({"waiting": 101}, "no room"),
        ({"standing_share": 0.7}, "stood"),
    ]:
        verdict = judge(**(good | change))  # type: ignore[arg-type]
        assert not verdict.valid and len(verdict.reasons) == 1 and word in verdict.reasons[0]["en"]
