"""A day plan: which programme runs from which minute of the day on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from networks.errors import BadInput

_DAY_S = 86_400.0
FREE, FLASH, OFF = "free", "flash", "off"
"""What a switch may name instead of a programme: uncoordinated, flashing yellow, dark."""


@dataclass(frozen=True)
class Switch:
    """From `begin_s` after midnight on, `program` runs: a programme's name, free, flash or off."""

    begin_s: float
    program: str


@dataclass(frozen=True)
class DayPlan:
    """The programmes of a day.

    Attributes:
        name: Its name, unique in the calendar.
        switches: From midnight on, in ascending order.

    Raises:
        BadInput: It does not begin at midnight, or its switches are not in order within the day.
    """

    name: str
    switches: tuple[Switch, ...]

    def __post_init__(self) -> None:
        """Hold what the class says."""
        begins = [one.begin_s for one in self.switches]
        rising = all(a < b for a, b in itertools.pairwise(begins))
        if not begins or begins[0] != 0.0 or not rising or begins[-1] >= _DAY_S:
            raise BadInput(
                f"the day plan switches at {', '.join(f'{s:g}' for s in begins) or 'no'} s",
                place=f"day plan {self.name}",
                expected="a first switch at 0, the others later and in order, all before 86400 s",
            )

    def program_at(self, second: float) -> str:
        """What runs so many seconds after midnight."""
        return [one.program for one in self.switches if one.begin_s <= second % _DAY_S][-1]
