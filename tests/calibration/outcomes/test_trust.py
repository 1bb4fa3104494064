"""Trust: what came of what was promised, in words that the interval bears."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.outcomes import trust

PROMISED = [-10.0, -20.0, -5.0, -40.0, -8.0, -12.0]


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        ([1.0, 1.2, 0.9, 0.8, 1.1, 1.0], "as promised"),
        ([0.4, 0.5, 0.3, 0.6, 0.5, 0.4], "less than promised"),
        ([1.5, 1.2, 1.3, 1.6, 1.5, 1.4], "more than promised"),
        ([0.4, -0.5, 0.3, -0.6, 0.5, -0.4], "no effect shown"),
        ([-1.0, -1.2, -0.9, -0.8, -1.1, -1.0], "no effect shown"),
    ],
)
def test_the_word_is_what_the_interval_says(shares: list[float], word: str) -> None:
    found = trust(PROMISED, [p * s for p, s in zip(PROMISED, shares, strict=True)])
    assert found.word == word and found.n == 6
    assert found.share == pytest.approx(np.mean(shares))
    assert found.low <= found.share <= found.high


def test_four_actions_are_too_few_to_say_anything() -> None:
    found = trust(PROMISED[:4], PROMISED[:4])
    assert found.word == "not known yet" and math.isinf(found.high) and found.share == 1.0
    assert trust([], []).word == "not known yet"


def test_what_could_not_be_measured_counts_for_nothing() -> None:
    assert trust([*PROMISED, -3.0, 0.0], [*PROMISED, math.nan, 1.0]).n == 6
