"""Budgets as people write them, and what is said to those that are none."""

import pytest

from networks.errors import BadInput
from scenarios.budget.clock import Clock, read_budget


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60.0), ("5min", 300.0), ("1.5s", 1.5), (" 90s ", 90.0)])
def test_a_number_with_its_unit_is_a_budget(text: str, seconds: float) -> None:
    assert read_budget(text) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("60", "write --budget 60s"),
        ("0s", "no time for a single run"),
        ("-5s", "negative"),
        ("1h", "write --budget 60min"),
        ("", "no length of time"),
        ("soon", "60s, 5min"),
        ("nans", "no length of time"),
    ],
)
def test_what_is_no_budget_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_budget(text)
    assert said in str(caught.value) and "--budget" in str(caught.value)


def test_the_clock_counts_from_its_beginning() -> None:
    moments = iter([100.0, 130.0, 130.0])
    clock = Clock(60.0, lambda: next(moments))
    assert clock.left_s() == 30.0
    assert clock.left_s(0.4) == pytest.approx(-6.0)
