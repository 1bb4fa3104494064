"""Soil that remembers: Green and Ampt against their implicit equation, the curve number against its formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from models.flood import FloodResult, Forcing, simulate_flood, uniform_rain
from models.flood.forcing import CurveNumber, GreenAmpt, Soil, curve_number_named, soil_named
from models.flood.forcing._green_ampt import soak
from models.flood.forcing.curve_number import loss_mm, retention_mm, runoff_mm
from models.flood.forcing.green_ampt import potential_m
from networks.errors import BadInput

HOUR = 3600.0
LOAM = soil_named("loam")


def _storm(forcing: Forcing, mm_h: float, hours: float) -> FloodResult:
    rain = uniform_rain(depth_mm=mm_h * hours, duration_s=hours * HOUR, source="test")
    given = {"border": "closed", "duration_s": hours * HOUR, "output_every_s": hours * HOUR}
    return simulate_flood(np.zeros((2, 3)), 5.0, rain, forcings=[forcing], **given)


def _cumulative_m(soil: Soil, head_m: float, rate_mps: float, seconds: float) -> float:
    """Mein and Larson: all rain until ponding, then the implicit equation on from there."""
    ponded = soil.conductivity_mps * head_m / (rate_mps - soil.conductivity_mps)
    since = seconds - ponded / rate_mps
    if since <= 0:
        return rate_mps * seconds

    def over(total: float) -> float:
        rise = head_m * np.log((total + head_m) / (ponded + head_m))
        return total - ponded - rise - soil.conductivity_mps * since

    return float(brentq(over, ponded, rate_mps * seconds))


def test_flooded_soil_takes_what_the_implicit_equation_says() -> None:
    taken, head = np.array([0.0, 0.01, 0.3]), np.array([0.039, 0.039, 0.039])
    conductivity, seconds = LOAM.conductivity_mps, 1800.0
    x = potential_m(taken, head, conductivity, seconds)
    left = x - head * np.log((taken + x + head) / (taken + head))
    np.testing.assert_allclose(left, conductivity * seconds, rtol=1e-9)
    assert np.all(np.diff(x) < 0)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_the_kernel_says_what_the_reference_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.permutation(50)[:20]
    share, head = rng.uniform(0.05, 1, 50), rng.choice([0.0, 1e-3, 0.1, 1.0], 50)
    taken, have = rng.choice([0.0, 1e-6, 0.01, 3.0], 50), rng.choice([1e-9, 1e-3, 0.1, 5.0], 20)
    conductivity, seconds = 10.0 ** rng.uniform(-8, -4), 10.0 ** rng.uniform(0, 3)
    can = potential_m(taken[cells], head[cells], conductivity, seconds)
    expected, before = np.minimum(can * share[cells], have), taken.copy()
    loss = soak(have, cells, share, head, taken, conductivity * seconds)
    np.testing.assert_allclose(loss, expected, rtol=1e-8)
    np.testing.assert_allclose((taken - before)[cells], loss / share[cells], rtol=1e-6, atol=1e-12)
    assert np.all(loss <= have)


def test_many_small_times_take_as_much_as_one_long() -> None:
    head, taken = np.array([0.05]), np.array([0.0])
    whole = potential_m(taken, head, 1e-6, 3600.0)
    for _ in range(360):
        taken = taken + potential_m(taken, head, 1e-6, 10.0)
    np.testing.assert_allclose(taken, whole, rtol=1e-9)


def test_wet_soil_takes_its_conductivity_and_dry_clay_none_without_it() -> None:
    np.testing.assert_allclose(potential_m(np.array([0.2]), np.array([0.0]), 1e-6, 100.0), 1e-4)
    np.testing.assert_array_equal(potential_m(np.array([0.0]), np.array([0.1]), 0.0, 100.0), 0.0)


@pytest.mark.parametrize("saturation", [0.0, 0.6])
def test_cumulative_infiltration_under_even_rain(saturation: float) -> None:
    """40 mm/h on loam for an hour ponds after minutes; F follows Mein and Larson's two stages."""
    forcing = GreenAmpt(LOAM, saturation=saturation, every_s=5.0)
    result = _storm(forcing, 40.0, 1.0)
    head = LOAM.suction_m * LOAM.porosity * (1 - saturation)
    exact = _cumulative_m(LOAM, head, 40e-3 / HOUR, HOUR)
    assert float(forcing.infiltrated_m.mean()) == pytest.approx(exact, rel=5e-3)
    assert -result.ledger.booked_m3["soil"] == pytest.approx(exact * 6 * 25, rel=5e-3)
    assert result.ledger.error <= 1e-12


def test_water_ponds_when_the_formula_says() -> None:
    head, rate = LOAM.suction_m * LOAM.porosity, 40e-3 / HOUR
    ponding_s = LOAM.conductivity_mps * head / (rate - LOAM.conductivity_mps) / rate
    rain = uniform_rain(depth_mm=40, duration_s=HOUR, source="test")
    given = {"border": "closed", "duration_s": 2 * ponding_s, "output_every_s": 5.0}
    result = simulate_flood(np.zeros((2, 2)), 5.0, rain, forcings=[GreenAmpt(LOAM, every_s=5.0)], **given)
    standing = result.depth_m.max(axis=(1, 2))
    first = result.times_s[np.argmax(standing > 1.01 * rate * 5.0)]
    assert ponding_s <= first <= ponding_s + 15.0  # rain goes in a piece late, outputs follow pieces


def test_light_rain_goes_into_the_soil_and_paving_takes_none() -> None:
    all_of_it = _storm(GreenAmpt(LOAM, every_s=10.0), 3.0, 1.0)
    assert -all_of_it.ledger.booked_m3["soil"] == pytest.approx(all_of_it.ledger.rain_m3, rel=5e-3)
    half = _storm(GreenAmpt(LOAM, every_s=10.0, pervious=np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])), 80.0, 0.1)
    assert 0 < -half.ledger.booked_m3["soil"] < 0.5 * half.ledger.rain_m3
    none = _storm(GreenAmpt(LOAM, pervious=0.0), 40.0, 0.1)
    assert none.ledger.booked_m3.get("soil", 0.0) == 0


@pytest.mark.parametrize("number", [61.0, 85.0, 98.0])
def test_curve_number_keeps_what_the_formula_says(number: float) -> None:
    result = _storm(CurveNumber(number, uniform_rain(depth_mm=90, duration_s=HOUR, source="t"), every_s=10.0), 90, 1)
    kept = loss_mm(np.array(90.0), retention_mm(np.array(number)))
    assert -result.ledger.booked_m3["soil"] == pytest.approx(float(kept) / 1000 * 6 * 25, rel=6e-3)
    assert result.ledger.error <= 1e-12


def test_runoff_of_the_published_equations() -> None:
    """CN 80: S = 2.5 in; 5 in of rain give (5 - 0.5)**2 / (5 + 2) = 2.893 in; below Ia nothing runs off."""
    keep = retention_mm(np.array(80.0))
    assert float(keep) == pytest.approx(63.5)
    assert float(runoff_mm(127.0, keep)) == pytest.approx(2.8929 * 25.4, rel=1e-4)
    assert float(runoff_mm(12.7, keep)) == 0
    assert float(runoff_mm(50.0, retention_mm(np.array(100.0)))) == pytest.approx(50.0)


def test_tables_name_their_source_and_refuse_other_names() -> None:
    assert "Rawls" in LOAM.source
    assert pytest.approx(0.34e-2 / HOUR) == LOAM.conductivity_mps
    number, source = curve_number_named("open_space_good", "B")
    assert number == 61
    assert "Technical Release 55" in source
    for wrong in (lambda: soil_named("mud"), lambda: curve_number_named("paved", "E")):
        with pytest.raises(BadInput):
            wrong()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: GreenAmpt(LOAM, saturation=1.2),
        lambda: GreenAmpt(LOAM, every_s=0.0),
        lambda: Soil(-1.0, 0.1, 0.4, "test"),
        lambda: Soil(1e-6, 0.1, 0.4, " "),
        lambda: CurveNumber(101.0, uniform_rain(depth_mm=1, duration_s=1, source="t")),
        lambda: _storm(GreenAmpt(LOAM, pervious=np.ones((4, 4))), 10.0, 0.1),
    ],
)
def test_soil_that_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(BadInput):
        wrong()  # type: ignore[operator]
