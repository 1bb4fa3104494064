"""Forecasts widened by the errors of earlier ones: closed forms, and sensors that lie."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.live.dressing import COPIES, FEWEST_SENSORS, GUESS, PULL, Leads, dressed
from calibration.live.heard import Heard

SENSORS = tuple(f"s{k}" for k in range(300))


def met(flow: float, off: float, speed_off: float, liars: int = 0) -> tuple[float, float]:
    """Errors learned where counts and speeds strayed from forecasts by lognormal factors."""
    rng = np.random.default_rng(3)
    shape = (len(SENSORS), 2)
    counts = rng.poisson(flow * np.exp(off * rng.standard_normal(shape))).astype(float)
    counts[:liars] = 0.0
    speeds = 10.0 * np.exp(speed_off * rng.standard_normal(shape))
    leads, heard = Leads(), Heard(SENSORS, 300.0)
    leads.keep(0.0, np.full((8, *shape), flow), np.full((8, *shape), 10.0))
    heard.hear(Counts(SENSORS, SENSORS, 0.0, 300.0, counts), speeds, 600.0)
    return leads.errors(heard)


def test_errors_are_found_beyond_poisson() -> None:
    assert met(100.0, 0.3, 0.2) == pytest.approx((0.3, 0.2), rel=0.15)
    assert met(100.0, 0.0, 0.0) == pytest.approx((0.0, 0.0), abs=0.05)


def test_a_fifth_of_dead_sensors_widens_little() -> None:
    assert met(100.0, 0.3, 0.2, liars=60)[0] < 0.45  # by standard deviations it would be .5


@pytest.mark.parametrize("liars", [0, 60])
def test_what_all_speeds_are_off_alike_is_put_right_in_part(liars: int) -> None:
    """Rain that slows everybody to .8: half of it is believed, a fifth of the sensors stuck or not."""
    rng = np.random.default_rng(4)
    speeds = 8.0 * np.exp(0.1 * rng.standard_normal((len(SENSORS), 2)))
    speeds[:liars] = 10.0
    leads, heard = Leads(), Heard(SENSORS, 300.0)
    leads.keep(0.0, np.full((8, len(SENSORS), 2), 50.0), np.full((8, len(SENSORS), 2), 10.0))
    heard.hear(Counts(SENSORS, SENSORS, 0.0, 300.0, np.full(speeds.shape, 50.0)), speeds, 600.0)
    pace = leads.pace(heard)
    assert pace == pytest.approx(PULL * np.log(0.8), abs=0.02)
    _, right = dressed(np.full((8, 4, 2), 50.0), np.full((8, 4, 2), 10.0), (0.0, 0.0), 1, pace)
    assert np.median(right) == pytest.approx(10.0 * np.exp(pace))


def test_few_sensors_tell_no_pace() -> None:
    few = SENSORS[: FEWEST_SENSORS - 1]
    leads, heard = Leads(), Heard(few, 300.0)
    assert leads.pace(heard) == 0.0
    leads.keep(0.0, np.full((8, len(few), 1), 50.0), np.full((8, len(few), 1), 10.0))
    heard.hear(Counts(few, few, 0.0, 300.0, np.full((len(few), 1), 50.0)), np.full((len(few), 1), 5.0), 300.0)
    assert leads.pace(heard) == 0.0


def test_nothing_met_is_a_guess_and_few_vehicles_say_nothing() -> None:
    assert Leads().errors(Heard(SENSORS, 300.0)) == (GUESS, GUESS)
    assert met(2.0, 0.3, 0.2)[0] == GUESS


def test_dressed_members_have_the_errors_and_the_chance_of_whole_vehicles() -> None:
    flow, speed = np.full((400, 5, 2), 50.0), np.full((400, 5, 2), 10.0)
    speed[:, 0] = np.nan
    flows, speeds = dressed(flow, speed, (0.2, 0.1), seed=1)
    assert flows.shape == speeds.shape == (400 * COPIES, 5, 2)
    assert np.isnan(speeds[:, 0]).all()
    assert np.median(flows) == pytest.approx(50.0, abs=1.5)
    assert flows.std() == pytest.approx(np.sqrt(50.0 + (0.2 * 50.0) ** 2), rel=0.1)
    assert np.log(speeds[:, 1:] / 10.0).std() == pytest.approx(0.1, rel=0.1)
    np.testing.assert_array_equal(flows, dressed(flow, speed, (0.2, 0.1), seed=1)[0])
