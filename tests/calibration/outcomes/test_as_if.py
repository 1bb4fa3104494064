"""Whether the street looks as if an action had been done: right where it tells, silent where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.outcomes import AsIf, as_if, judged, quarters
from calibration.outcomes.as_if import MISSED, SURE, VOICES
from models.streams import stream

PAIRS, SENSORS, PERIODS = 4, 6, 2


def copies(level: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    return draw.poisson(level[None, :, None] * np.ones((PAIRS, SENSORS, PERIODS))).astype(float)


def street(level: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Counts, with an error of the twin that all sensors share by half."""
    shared, own = draw.normal(0, MISSED / 2), draw.normal(0, MISSED / 2, (SENSORS, 1))
    return draw.poisson(np.maximum(level[:, None] * (1 + shared + own), 0.0) * np.ones((1, PERIODS))).astype(float)


@pytest.mark.parametrize("really", [True, False])
def test_it_is_seldom_wrong_and_mostly_tells(really: bool) -> None:
    draw, words = stream(1, f"as if {really}"), list[str]()
    for _ in range(150):
        without = draw.uniform(40, 200, SENSORS)
        with_it = without * draw.uniform(0.5, 1.5, SENSORS)
        seen = street(with_it if really else without, draw)
        words.append(judged(as_if(seen, copies(with_it, draw), copies(without, draw), counted=True)).word)
    right, wrong = ("done", "not done") if really else ("not done", "done")
    assert words.count(wrong) <= 3, "odds of 20 to 1 are wrong seldom"
    assert words.count(right) >= 60


def test_an_action_that_changes_nothing_cannot_be_told() -> None:
    draw = stream(2, "as if nothing")
    level = np.full(SENSORS, 100.0)
    told = judged(as_if(street(level, draw), copies(level, draw), copies(level, draw), counted=True))
    assert told == AsIf(0.0, 0) and told.word == "cannot tell"


def test_gaps_and_many_sensors_do_not_make_it_surer() -> None:
    seen = np.full((2, 1), 100.0)
    with_it, without = np.full((PAIRS, 2, 1), 60.0), np.full((PAIRS, 2, 1), 100.0)
    two = judged(as_if(seen, with_it, without, counted=True))
    gap = seen.copy()
    gap[1] = np.nan
    one = judged(as_if(gap, with_it, without, counted=True))
    assert two.n == 2 and one.n == 1 and two.log_odds == pytest.approx(2 * one.log_odds)
    many = [np.repeat(x, 50, axis=-2) for x in (seen, with_it, without)]
    lots = judged(as_if(*many, counted=True))
    assert lots.n == 100 and lots.log_odds == pytest.approx(VOICES * one.log_odds)
    assert lots.log_odds < -SURE and lots.word == "not done"


def test_quarters_are_sums_and_a_gap_stays_a_gap() -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0, np.nan, 6.0, 7.0]])
    assert np.array_equal(quarters(values, 3), [[6.0, np.nan]], equal_nan=True)
    assert np.array_equal(quarters(values, 3, mean=True), [[2.0, np.nan]], equal_nan=True)
