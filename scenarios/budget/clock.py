"""A budget of time, and the clock that it is measured with."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from networks.errors import BadInput

SHORTEST_S = 1.0
_UNITS_S = {"s": 1.0, "min": 60.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)(s|min)")


def read_budget(text: str) -> float:
    """Seconds of a budget such as `60s` or `5min`.

    Raises:
        BadInput: It has no unit, another one, or is shorter than a second.
    """
    words = text.strip()
    found = _FORM.fullmatch(words)
    if found is None:
        raise BadInput(_what(words), place="--budget", expected="a number with its unit: 60s, 5min", remedy=_try(words))
    seconds = float(found[1]) * _UNITS_S[found[2]]
    if seconds < SHORTEST_S:
        raise BadInput(
            f"a budget of {words} leaves no time for a single run",
            place="--budget",
            expected=f"at least {SHORTEST_S:g}s",
            remedy="write --budget 60s",
        )
    return seconds


def _what(words: str) -> str:
    if re.fullmatch(r"\d+(\.\d+)?", words):
        return f"{words!r} has no unit"
    if words.startswith("-"):
        return f"{words!r} is negative"
    return f"{words!r} is no length of time"


def _try(words: str) -> str:
    """What was probably meant."""
    if re.fullmatch(r"\d+(\.\d+)?", words):
        return f"write --budget {words}s"
    if hours := re.fullmatch(r"(\d+)\s*h", words):
        return f"write --budget {int(hours[1]) * 60}min"
    return "write --budget 60s"


class Clock:
    """How much of a budget is spent.

    Args:
        budget_s: The budget.
        now: The time, s; by default since the epoch, so that workers know what is meant.
    """

    def __init__(self, budget_s: float, now: Callable[[], float] = time.time) -> None:
        self.budget_s, self._now, self._began = budget_s, now, now()

    @property
    def spent_s(self) -> float:
        """Seconds since the beginning."""
        return self._now() - self._began

    def left_s(self, share: float = 1.0) -> float:
        """Seconds until this share of the budget is spent; negative afterwards."""
        return share * self.budget_s - self.spent_s

    def until(self, share: float = 1.0) -> float:
        """When this share is spent, in the clock's own time."""
        return self._began + share * self.budget_s
