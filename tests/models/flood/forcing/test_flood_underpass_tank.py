"""Underpasses on the surface: one water, one ledger, and the tank's balance where the catchment is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import simulate_flood, uniform_rain
from models.flood.forcing import SurveyedTank, UnderpassTank
from models.flood.underpass import Sump, run_sump
from networks import storage_of
from networks.errors import BadInput
from networks.ground.underpass_file import BackflowText, PumpText

CELL, HALF = 5.0, 900.0
RAIN = uniform_rain(depth_mm=60.0, duration_s=HALF, source="test")
LOW = np.array([(row, col) for row in (4, 5) for col in range(3, 8)])


def bowl() -> np.ndarray:
    """A walled yard of 50 m x 55 m that falls towards a pit of ten cells, two metres deep."""
    row, col = np.mgrid[:10, :11]
    ground = 10 + 0.02 * CELL * np.maximum(np.abs(row - 4.5), np.abs(col - 5))
    ground[LOW[:, 0], LOW[:, 1]] = 8.0 + 0.1 * np.abs(LOW[:, 1] - 5)
    return ground


GROUND = bowl()
CELLS = LOW[:, 0] * 11 + LOW[:, 1]
STORAGE = storage_of(GROUND.ravel()[CELLS], CELL, 10.0)
PUMP = PumpText(curve=((0.0, 0.05),), lift_m=0.0, start_m=0.1, stop_m=0.05, source="test")


def flooded(*tanks: Any, rain: Any = RAIN, seconds: float = 3600.0) -> Any:
    return simulate_flood(GROUND, CELL, rain, duration_s=seconds, border="closed", forcings=tanks)


def test_the_surface_fills_it_as_its_balance_says() -> None:
    tank = UnderpassTank(Sump("u", STORAGE, 0.0, pump=PUMP), CELLS)
    flood = flooded(tank)
    balance = run_sump(Sump("u", STORAGE, 50 * 55, after_s=60.0, pump=PUMP), RAIN, duration_s=3600.0)
    depth = flood.depth_m.reshape(len(flood.depth_m), -1)[:, CELLS].max(axis=1)
    peak = float(balance.depth_m.max())
    assert 0.5 < peak < 2.0 and depth.max() == pytest.approx(peak, rel=0.1)
    assert flood.ledger.error < 1e-12
    assert flood.ledger.amounts()["underpass u pumps"] == pytest.approx(-tank.pumped_m3)
    assert tank.pumped_m3 == pytest.approx(balance.pumped_m3, rel=0.05)


def test_without_a_pump_a_known_volume_stands_at_a_known_depth() -> None:
    back = BackflowText(level_m=((0, 3.0), (9999, 3.0)), sill_m=0.0, conveyance_m2=0.01, source="test")
    tank = UnderpassTank(Sump("u", STORAGE, 0.0, backflow=back), CELLS)
    flood = flooded(tank, rain=None, seconds=1800.0)
    stands = flood.depth_m[-1].ravel()
    assert flood.ledger.amounts()["underpass u backflow"] == pytest.approx(tank.backflow_m3) and tank.backflow_m3 > 50
    assert stands[CELLS].max() == pytest.approx(float(STORAGE.depth_of(tank.backflow_m3)), rel=0.03)
    assert stands[CELLS].sum() * CELL**2 == pytest.approx(tank.backflow_m3, rel=0.02)


def test_a_surveyed_balance_wins_and_the_surface_does_not_count_twice() -> None:
    sump = Sump("u", STORAGE, 500.0, after_s=120.0, pump=PUMP)
    tank = SurveyedTank(sump, CELLS, [4 * 11 + 2], RAIN)
    flood = flooded(tank)
    alone = run_sump(sump, RAIN, duration_s=3600.0, step_s=10.0)
    assert np.interp(alone.times_s, tank.times_s, tank.depths_m) == pytest.approx(alone.depth_m, abs=1e-9)
    assert tank.error < 1e-12 and flood.ledger.error < 1e-12
    assert flood.ledger.amounts()["underpass u takes"] == pytest.approx(-0.06 * 50 * 55, rel=0.02)  # all that fell
    small = Sump("u", storage_of([8.0], CELL, 8.4), 500.0)
    spilling = SurveyedTank(small, CELLS, [4 * 11 + 2], RAIN)
    ledger = flooded(spilling).ledger.amounts()
    assert ledger["underpass u gives"] == pytest.approx(spilling.spilled_m3) and spilling.spilled_m3 == pytest.approx(
        20
    )
    assert spilling.depths_m[-1] == pytest.approx(0.4)


@settings(max_examples=15, deadline=None)
@given(
    rain_mm=st.floats(0, 300), flow=st.floats(0, 2), start=st.floats(0.02, 1.0), level=st.floats(-1, 4),
    fails=st.booleans(), surveyed=st.booleans(), catchment=st.floats(0, 5000),
)  # fmt: skip
def test_no_litre_is_made_or_lost(
    rain_mm: float, flow: float, start: float, level: float, fails: bool, surveyed: bool, catchment: float
) -> None:
    off = ((100.0, 400.0),) if fails else ()
    pump = PumpText(curve=((0.0, flow),), lift_m=0.0, start_m=start, stop_m=start / 2, fails_s=off, source="test")
    back = BackflowText(level_m=((0, level), (600, 0)), sill_m=0.1, conveyance_m2=0.02, source="test")
    rain = uniform_rain(depth_mm=rain_mm, duration_s=600.0, source="test")
    sump = Sump("u", STORAGE, catchment, after_s=30.0, pump=pump, backflow=back)
    tank: Any = SurveyedTank(sump, CELLS, [46], rain) if surveyed else UnderpassTank(sump, CELLS)
    flood = flooded(tank, rain=rain, seconds=600.0)
    assert flood.ledger.error < 1e-12 and np.isfinite(flood.depth_m).all() and flood.depth_m.min() >= 0
    if surveyed:
        assert tank.error < 1e-9 and tank.stored_m3 >= 0


def test_an_underpass_needs_cells_and_a_rim() -> None:
    with pytest.raises(BadInput, match="without cells"):
        UnderpassTank(Sump("u", STORAGE, 0.0), [])
    with pytest.raises(BadInput, match="without a rim"):
        SurveyedTank(Sump("u", STORAGE, 0.0), CELLS, [], RAIN)
