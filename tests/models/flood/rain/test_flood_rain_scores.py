"""CRPS and FSS against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from models.flood.rain import crps, fss


def test_crps_of_known_ensembles() -> None:
    assert crps([[3.0], [3.0]], [5.0]) == pytest.approx(2), "all members alike: the absolute error"
    assert crps([[0.0], [1.0]], [0.5]) == pytest.approx(0.25)
    assert crps([[0.0], [1.0]], [0.5], fair=True) == pytest.approx(0)
    normal = np.random.default_rng(1).standard_normal((20000, 1))
    assert crps(normal, [0.0]) == pytest.approx((np.sqrt(2) - 1) / np.sqrt(np.pi), abs=0.01), "N(0, 1) at 0"


def test_crps_counts_only_what_is_known() -> None:
    assert crps([[1.0, 9.0], [1.0, np.nan]], [2.0, 0.0]) == pytest.approx(1)
    assert crps([[1.0, 9.0], [1.0, 9.0]], [2.0, np.nan]) == pytest.approx(1)
    assert np.isnan(crps([[np.nan]], [1.0]))


def test_fss_of_a_column_moved_aside() -> None:
    """A wet column d pixels off, seen in squares of n: 1 - d / n, as the squares' overlap says."""
    truth = np.zeros((60, 60))
    truth[:, 30] = 5
    for off, pixels in ((0, 1), (2, 5), (4, 11), (6, 5)):
        cast = np.roll(truth, off, axis=1)
        # the upper and lower borders cut both alike, so the ratio holds there too
        assert fss(cast, truth, threshold=1, pixels=pixels) == pytest.approx(max(0, 1 - off / pixels))
    members = np.stack([truth, np.zeros_like(truth)])
    assert fss(members, truth, threshold=1, pixels=1) == pytest.approx(1 - 0.25 / 1.25)


def test_fss_where_nothing_is_known_or_wet() -> None:
    assert np.isnan(fss(np.zeros((9, 9)), np.zeros((9, 9)), threshold=1, pixels=3))
    truth = np.zeros((9, 9))
    truth[4, 4] = 2
    unseen = truth.copy()
    unseen[:2] = np.nan
    assert fss(unseen, truth, threshold=1, pixels=3) == pytest.approx(1)
