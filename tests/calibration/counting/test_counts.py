"""Counts: shapes that cannot be are refused, longer periods are sums, and a gap stays a gap."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.counting import Counts


def counts(rows: list[list[float]], /, **changes: object) -> Counts:
    facts: dict[str, object] = {
        "sensors": tuple(f"s{i}" for i in range(len(rows))),
        "edges": tuple(f"e{i}" for i in range(len(rows))),
        "begin_s": 0.0,
        "period_s": 300.0,
        "vehicles": np.array(rows, dtype=np.float64),
    }
    return Counts(**{**facts, **changes})  # type: ignore[arg-type]


def test_longer_periods_are_sums_and_gaps_stay() -> None:
    longer = counts([[1, 2, 3, 4], [5, np.nan, 7, 8]]).over(600)
    np.testing.assert_array_equal(longer.vehicles, [[3, 7], [np.nan, 15]])
    assert longer.period_s == 600
    assert longer.end_s == 1200


@pytest.mark.parametrize("period_s", [200, 450, 900])
def test_periods_that_do_not_fit_are_refused(period_s: float) -> None:
    with pytest.raises(ValueError, match="do not fill"):
        counts([[1, 2, 3, 4]]).over(period_s)


@pytest.mark.parametrize(
    "changes",
    [
        {"sensors": ("a", "a")},
        {"edges": ("e",)},
        {"period_s": 0.0},
        {"vehicles": np.array([[1.0], [-1.0]])},
        {"vehicles": np.array([[1.0], [np.inf]])},
        {"vehicles": np.array([1.0, 2.0])},
    ],
)
def test_what_no_counter_can_say_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"sensor|shape|length|negative"):
        counts([[1.0], [2.0]], **changes)
