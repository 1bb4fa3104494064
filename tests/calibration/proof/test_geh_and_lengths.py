"""GEH and the coincidence ratio against figures worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.proof import coincidence_ratio, geh

FLOWS = st.floats(0, 5000, allow_subnormal=False)


def test_geh_by_hand() -> None:
    found = geh([0, 100, 120, 1000], [0, 100, 80, 850])
    expected = [0, 0, math.sqrt(2 * 40**2 / 200), math.sqrt(2 * 150**2 / 1850)]
    assert found == pytest.approx(expected)


@given(a=FLOWS, b=FLOWS, hours=st.integers(2, 9))
def test_geh_is_symmetric_and_grows_with_the_root_of_time(a: float, b: float, hours: int) -> None:
    one = float(geh(a, b))
    assert one == float(geh(b, a)) >= 0
    assert float(geh(hours * a, hours * b)) == pytest.approx(math.sqrt(hours) * one, abs=1e-9)


def test_coincidence_by_hand() -> None:
    # shares by class of one half: (1/2, 1/2) and (1/4, 3/4): smaller 1/4 + 1/2, larger 1/2 + 3/4
    assert coincidence_ratio([1, 10], [1, 9, 9, 9], bins=2) == pytest.approx(0.75 / 1.25)
    assert coincidence_ratio([1, 2, 3], [1, 2, 3]) == 1.0
    assert coincidence_ratio([1.0], [10.0]) == 0.0
    assert math.isnan(coincidence_ratio([], [1.0]))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_coincidence_is_a_symmetric_share(one: list[float], other: list[float]) -> None:
    found = coincidence_ratio(one, other)
    assert 0 <= found <= 1
    assert found == pytest.approx(coincidence_ratio(np.array(other), np.array(one)))
