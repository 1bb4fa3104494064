"""A town's intensity formula: published values, its Chicago storm, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.flood import IntensityFormula
from networks.errors import BadInput

SUZHOU: dict[str, Any] = {"a1_mm_min": 17.969, "c": 1.24, "b_min": 18.415, "n": 0.785, "source": "Suzhou 2025"}
"""Coefficients published on 27 January 2025 for storms of 180 min, peak at .43; secondary source: a web page of it."""


def test_the_formula_in_both_units() -> None:
    town = IntensityFormula(**SUZHOU)
    by_hand = 167 * 17.969 * (1 + 1.24 * np.log10(5)) / (60 + 18.415) ** 0.785
    assert town.intensity_l_s_ha(60, 5) == pytest.approx(by_hand)
    assert town.intensity_mm_h(60, 5) == pytest.approx(by_hand / 167 * 60)
    assert town.intensity_mm_h(60, 1) == pytest.approx(60 * 17.969 / 78.415**0.785), "lg 1 is 0"


def test_its_storm_holds_the_formula_around_the_peak() -> None:
    town = IntensityFormula(**SUZHOU)
    storm = town.storm(return_period_years=20, duration_s=180 * 60, peak_ratio=0.43, begin_s=600)
    assert storm.depth_mm == pytest.approx(3 * town.intensity_mm_h(180, 20))
    peak = 600 + 0.43 * 180 * 60
    for minutes in (20, 60, 100):
        begin, end = peak - 0.43 * minutes * 60, peak + 0.57 * minutes * 60
        assert storm.rate_mm_h(begin, end) == pytest.approx(town.intensity_mm_h(minutes, 20), rel=0.01)
    assert "Suzhou 2025" in storm.source and "20 years" in storm.source


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"a1_mm_min": 0.0}, "a1_mm_min"),
        ({"b_min": np.nan}, "b_min"),
        ({"n": 1.1}, "n is 1.1"),
        ({"c": -0.1}, "c is -0.1"),
        ({"source": " "}, "without a source"),
    ],
)
def test_bad_coefficients_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        IntensityFormula(**(SUZHOU | change))


def test_a_return_period_without_rain_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no rain for 0\.1 years"):
        IntensityFormula(**SUZHOU).a_mm_h(0.1)
