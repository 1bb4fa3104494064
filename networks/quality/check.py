"""One check of a city: a value, what it must reach, whether it does, and what would mend it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from networks.quality.rules import RULES, Rule


@dataclass(frozen=True)
class Offender:
    """One thing that keeps a check from its best value.

    Attributes:
        net: Its id on the map (`n1`, `w1`, `r1`), in the road network or in a layer.
        x, y: Where, metres in the city's plane.
        words: What is wrong with it, e.g. `2 lanes, tag 3`; "" where its id says enough.
    """

    net: str
    x: float
    y: float
    words: str = ""


@dataclass(frozen=True)
class Check:
    """What a check found.

    Attributes:
        rule: What it looks at, its threshold and the reason for it.
        value: What was found, in the rule's unit; None where this city offers nothing to check.
        offenders: What keeps it from its best value, the worst first.
    """

    rule: Rule
    value: float | None
    offenders: tuple[Offender, ...] = ()

    @property
    def passed(self) -> bool | None:
        """Whether the threshold is met; None where nothing was measured or nothing can be asked for."""
        return judged(self.rule.direction, self.value, self.rule.threshold)


def judged(direction: str, value: float | None, threshold: float | None) -> bool | None:
    """Whether a value is `at_least` or `at_most` its threshold; None without either, and for `told`."""
    if value is None or threshold is None or direction == "told":
        return None
    return value >= threshold if direction == "at_least" else value <= threshold


def found(name: str, value: float | None, offenders: Sequence[Offender] = ()) -> Check:
    """The check of this name with what was found; NaN means that nothing was measured.

    Raises:
        KeyError: There is no such check in `RULES`.
    """
    nothing = value is None or math.isnan(value)
    return Check(RULES[name], None if nothing else round(float(value or 0.0), 4), tuple(offenders))


def share(part: float, whole: float) -> float | None:
    """A share of 0 to 1; None of nothing."""
    return part / whole if whole > 0 else None
