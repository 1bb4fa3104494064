"""How rain at a point goes on: measured where it is known, applied between classes, guessed beyond them."""

from __future__ import annotations

import numpy as np
import pytest

from models.flood.rain import multiples, shipped_multiples
from models.flood.rain.forecast.at_gauge import GUESSED_MM_H, STEPS, Multiples


def frames(factor: float) -> np.ndarray:
    """Twelve frames of 900 pixels, a third of each class, each pixel times `factor` from frame to frame."""
    begin = np.repeat([1.0, 3.0, 8.0], 300).reshape(30, 30)
    return begin[None] * factor ** np.arange(12.0)[:, None, None]


def test_steady_rain_goes_on_and_fading_rain_fades() -> None:
    steady = multiples(frames(1.0))
    assert steady.mm_h.tolist() == [1.0, 3.0, 8.0] and (steady.quantiles == 1.0).all()
    fading = multiples(frames(0.97))
    recent = (1.0 + 0.97) / 2.0  # mean of two frames, over the first of them
    wanted = 0.97 ** (np.arange(STEPS) + 2.0) / recent
    assert fading.quantiles[0] == pytest.approx(np.broadcast_to(wanted[:, None], (STEPS, 10)))


def test_pixels_that_the_radar_does_not_see_are_left_out_and_too_few_are_told() -> None:
    blind = frames(1.0)
    blind[5, :5] = np.nan
    assert (multiples(blind).quantiles == 1.0).all()
    with pytest.raises(ValueError, match="fewer than 200 pixels with 5 to inf mm/h"):
        multiples(np.minimum(frames(1.0), 4.0))


def test_rain_between_two_classes_lies_between_them_and_drizzle_is_nothing() -> None:
    quantiles = np.stack([np.full((STEPS, 2), 1.0), np.full((STEPS, 2), 0.25)])
    made = Multiples(np.array([1.0, 4.0]), quantiles)
    assert made.ahead(0.4).tolist() == np.zeros((2, STEPS)).tolist() == made.ahead(float("nan")).tolist()
    assert made.ahead(2.0) == pytest.approx(np.full((2, STEPS), 0.625 * 2.0 / 12.0))
    assert made.ahead(100.0) == pytest.approx(np.full((2, STEPS), 25.0 / 12.0))


def test_the_shipped_table_is_wider_the_longer_and_guesses_a_cloudburst() -> None:
    made = shipped_multiples()
    assert made.quantiles.shape == (4, STEPS, 10) and made.mm_h[-1] == GUESSED_MM_H
    assert (np.diff(made.quantiles, axis=2) >= 0).all() and (np.diff(made.quantiles[:, :, 4], axis=1) <= 0).all()
    middle = np.sqrt(made.quantiles[-1][:, 4] * made.quantiles[-1][:, 5])
    assert middle[2] == pytest.approx(0.5) and middle[5] == pytest.approx(0.25)
