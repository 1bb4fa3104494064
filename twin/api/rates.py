"""`Rates`: how often somebody may ask: a bucket of tokens each, refilled steadily."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second in the long run, and so many at once."""

    per_s: float
    burst: int


BY_ROLE: Mapping[str, Rate] = {
    "viewer": Rate(5.0, 30),
    "operator": Rate(20.0, 100),
    "engineer": Rate(20.0, 100),
    "planner": Rate(20.0, 100),
    "administrator": Rate(20.0, 100),
}
AT_THIS_MACHINE = Rate(100.0, 300)
"""Of all who come from loopback where nobody signs in."""
STRANGERS = Rate(1.0, 20)
"""Of one address whose requests carry no token, or no good one."""
MOST_REMEMBERED = 10_000


class Buckets:
    """A bucket for each name; the longest unused are forgotten, so that strangers cannot fill the memory.

    Args:
        monotonic: Where seconds come from.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, rate: Rate, *, take: bool = True) -> float:
        """Take a token of this name's bucket.

        Returns:
            0 when there was one, else the seconds until there is.
        """
        now = self._monotonic()
        left, at = self._left.get(name, (float(rate.burst), now))
        left = min(float(rate.burst), left + (now - at) * rate.per_s)
        wait_s = 0.0 if left >= 1.0 else (1.0 - left) / rate.per_s
        self._left[name] = (left - 1.0 if take and not wait_s else left, now)
        self._left.move_to_end(name)
        if len(self._left) > MOST_REMEMBERED:
            self._left.popitem(last=False)
        return wait_s
