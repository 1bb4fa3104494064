"""Water in an underpass, against balances that can be done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import uniform_rain
from models.flood.underpass import Sump, first_passing, run_sump
from networks import StorageCurve
from networks.errors import BadInput
from networks.ground.underpass_file import BackflowText, PumpText

TANK = StorageCurve(np.array([0.0, 2.0]), np.array([0.0, 200.0]))
"""100 m2 with upright walls."""
RAIN = uniform_rain(depth_mm=36.0, duration_s=3600.0, source="t")
"""36 mm/h for an hour: 0.01 mm/s, so 1 m3 in 10 s from a hectare."""


def pump(flow_m3s: float, **more: object) -> PumpText:
    words = {"curve": [[0, flow_m3s]], "lift_m": 5, "start_m": 0.1, "stop_m": 0.05, "source": "t"}
    return PumpText.model_validate(words | more)


def test_rain_on_a_tank_rises_by_its_area() -> None:
    course = run_sump(Sump("u", TANK, 10_000.0), RAIN, duration_s=1200.0)
    np.testing.assert_allclose(course.depth_m, 0.1 * course.times_s / 100, atol=1e-12)  # 0.1 m3/s on 100 m2
    assert course.passes_s(0.3) == pytest.approx(300.0)
    assert course.passes_s(2.5) is None and course.spilled_m3 == 0.0
    late = run_sump(Sump("u", TANK, 10_000.0, after_s=120.0), RAIN, duration_s=1200.0)
    assert late.passes_s(0.3) == pytest.approx(420.0)


def test_what_drains_take_first_never_comes_down_the_ramps() -> None:
    course = run_sump(Sump("u", TANK, 10_000.0, drained_mm_h=18.0), RAIN, duration_s=1200.0)
    np.testing.assert_allclose(course.depth_m, 0.05 * course.times_s / 100, atol=1e-12)  # half of the rain
    assert run_sump(Sump("u", TANK, 10_000.0, drained_mm_h=40.0), RAIN, duration_s=1200.0).rain_m3 == 0.0


def test_what_is_above_the_brim_runs_over() -> None:
    course = run_sump(Sump("u", TANK, 10_000.0), RAIN, duration_s=3000.0)
    assert course.depth_m.max() == 2.0 and course.spilled_m3 == pytest.approx(300.0 - 200.0)
    assert course.error < 1e-12


def test_pumps_start_stop_and_fail() -> None:
    strong = run_sump(Sump("u", TANK, 10_000.0, pump=pump(0.2)), RAIN, duration_s=3600.0)
    assert strong.depth_m.max() < 0.12  # it starts at 10 cm and lifts twice what comes
    weak = run_sump(Sump("u", TANK, 10_000.0, pump=pump(0.04)), RAIN, duration_s=600.0)
    net = (600.0 - 100.0) * (0.1 - 0.04)  # from 100 s on, when 10 cm stand
    assert weak.depth_m[-1] == pytest.approx(0.1 + net / 100, abs=0.004)
    out = run_sump(Sump("u", TANK, 10_000.0, pump=pump(0.2, fails_s=[[0, 900]])), RAIN, duration_s=900.0)
    assert out.pumped_m3 == 0.0 and out.depth_m[-1] == pytest.approx(0.9)
    curve = pump(0.2, curve=[[0, 0.2], [4, 0.1]])
    assert run_sump(Sump("u", TANK, 10_000.0, pump=curve), RAIN, duration_s=600.0).pumped_m3 == 0.0  # too high a lift


def test_a_river_pushes_in_until_the_levels_meet() -> None:
    river = BackflowText(level_m=[(0, 1.0), (1e6, 1.0)], sill_m=0.4, conveyance_m2=0.05, source="t")  # type: ignore[arg-type]
    course = run_sump(Sump("u", TANK, 1.0, backflow=river), None, duration_s=3600.0, step_s=1.0)
    assert course.depth_m[-1] == pytest.approx(1.0, abs=0.01) and np.all(course.depth_m <= 1.01)
    first = 0.05 * np.sqrt(2 * 9.81 * 0.6) * 60 / 100
    assert course.depth_m[1] == pytest.approx(first, rel=0.02)
    shut = river.model_copy(update={"flap": True})
    assert run_sump(Sump("u", TANK, 1.0, backflow=shut), None, duration_s=600.0).depth_m.max() == 0.0


@settings(max_examples=40)
@given(
    area=st.floats(1, 1e5), rate=st.floats(0, 300), lift=st.floats(0, 1), step=st.sampled_from([1.0, 5.0, 7.0, 60.0]),
    fails=st.booleans(), river=st.floats(-1, 3),
)  # fmt: skip
def test_no_mixture_makes_water_or_less_than_none(
    area: float, rate: float, lift: float, step: float, fails: bool, river: float
) -> None:
    back = BackflowText(level_m=[(0, river), (900, -river)], sill_m=0.0, conveyance_m2=0.1, source="t")  # type: ignore[arg-type]
    sump = Sump("u", TANK, area, pump=pump(lift, fails_s=[[100, 300]] if fails else []), backflow=back)
    rain = uniform_rain(depth_mm=rate / 6, duration_s=600.0, source="t")
    course = run_sump(sump, rain, duration_s=1800.0, step_s=step)
    assert np.all((course.depth_m >= 0) & (course.depth_m <= 2.0)) and course.error < 1e-9
    assert min(course.pumped_m3, course.spilled_m3, course.stored_m3) >= -1e-9


def test_when_a_course_first_passes() -> None:
    assert first_passing([0, 60, 120], [0.0, 0.1, 0.3], 0.2) == pytest.approx(90.0)
    assert first_passing([0, 60], [0.5, 0.1], 0.2) == 0.0 and first_passing([0, 60], [0, 0.1], 0.2) is None
    with pytest.raises(BadInput, match="times"):
        run_sump(Sump("u", TANK, 1.0), None, duration_s=0.0)
