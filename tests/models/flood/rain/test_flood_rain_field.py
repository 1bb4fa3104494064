"""Rain that differs from place to place: on the cells, in the solver, in the ledger."""

from __future__ import annotations

import numpy as np
import pytest

from models.flood import Hyetograph, Rain, RainField, simulate_flood, uniform_rain
from models.flood.constants import BUILDING
from networks.errors import BadInput

HALVES = np.repeat([[0, 1]], 6, axis=0).repeat(4, axis=1)
"""6 x 8 cells: the western half under pixel 0, the eastern under pixel 1."""


def over(rates: list[list[float]], times: list[float]) -> RainField:
    return RainField(np.array(times), np.array(rates)[:, None, :], HALVES, "radar")


def test_a_rate_is_the_mean_of_what_falls() -> None:
    rain = over([[12.0, 0.0], [0.0, 6.0]], [0, 60, 120])
    assert isinstance(rain, Rain) and isinstance(Hyetograph(np.array([0.0, 1.0]), np.array([1.0]), "gauge"), Rain)
    np.testing.assert_allclose(rain.rate_mm_h(0, 60), np.where(HALVES == 0, 12, 0))
    np.testing.assert_allclose(rain.rate_mm_h(30, 90), np.where(HALVES == 0, 6, 3))
    np.testing.assert_allclose(rain.rate_mm_h(60, 180), np.where(HALVES == 0, 0, 3))
    np.testing.assert_allclose(rain.depth_mm, np.where(HALVES == 0, 0.2, 0.1))
    steps = Hyetograph(np.array([0.0, 60, 120]), np.array([12.0, 0.0]), "gauge")
    assert steps.rate_mm_h(30, 90) == pytest.approx(6)


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
def test_the_same_rain_everywhere_floods_as_a_hyetograph_does(kernel: str) -> None:
    ground = np.add.outer(np.linspace(1, 0, 6), np.linspace(0.5, 0, 8) ** 2)
    even = over([[40.0, 40.0], [10.0, 10.0]], [0, 300, 600])
    steps = Hyetograph(np.array([0.0, 300, 600]), np.array([40.0, 10.0]), "gauge")
    alike = [simulate_flood(ground, 5.0, one, duration_s=900, kernel=kernel) for one in (even, steps)]  # type: ignore[arg-type]
    np.testing.assert_allclose(alike[0].depth_m, alike[1].depth_m, rtol=1e-5, atol=1e-9)
    assert alike[0].ledger.rain_m3 == pytest.approx(alike[1].ledger.rain_m3, rel=1e-12)


def test_water_stands_where_it_rained_and_every_litre_is_booked() -> None:
    pit = np.zeros((6, 8))
    pit[:, 4] = 9.0
    surface = np.zeros((6, 8), int)
    surface[2, 1] = BUILDING
    flood = simulate_flood(
        pit, 10.0, over([[36.0, 0.0]], [0, 600]), duration_s=900, border="closed", surface=surface, kernel="numpy"
    )
    assert flood.depth_m[-1, :, 5:].max() == 0
    assert flood.depth_m[-1, :, :4].sum() == pytest.approx(0.006 * 24, rel=1e-6)
    assert flood.ledger.rain_m3 == pytest.approx(0.006 * 24 * 100, rel=1e-12)
    assert flood.ledger.error < 1e-12


def test_rain_on_other_cells_is_refused() -> None:
    with pytest.raises(BadInput, match="terrain of"):
        simulate_flood(np.zeros((3, 3)), 5.0, over([[1.0, 1.0]], [0, 60]), duration_s=60)


@pytest.mark.parametrize(
    ("times", "rates", "cells", "source", "says"),
    [
        ([0, 60], [[1.0, -0.5]], HALVES, "radar", r"pixel_mm_h\[0, 0, 1\]: rain of -0.5"),
        ([0, 60], [[np.nan, 0.5]], HALVES, "radar", r"pixel_mm_h\[0, 0, 0\]"),
        ([0, 0], [[1.0, 0.5]], HALVES, "radar", "do not increase"),
        ([0, 60, 120], [[1.0, 0.5]], HALVES, "radar", "n \\+ 1 times"),
        ([0, 60], [[1.0, 0.5]], HALVES + 1, "radar", "beyond the rain's pixels"),
        ([0, 60], [[1.0, 0.5]], HALVES, " ", "without a source"),
    ],
)
def test_bad_fields_are_refused(
    times: list[float], rates: list[list[float]], cells: np.ndarray, source: str, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        RainField(np.array(times, float), np.array(rates)[:, None, :], cells, source)


def test_even_rain_in_both_ways() -> None:
    assert uniform_rain(depth_mm=6, duration_s=3600, source="drill").rate_mm_h(0, 7200) == pytest.approx(3)
