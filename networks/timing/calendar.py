"""A calendar: which day plan holds on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from networks.errors import BadInput
from networks.timing.day_plan import DayPlan


@dataclass(frozen=True)
class DayRule:
    """Days on which a day plan holds.

    Attributes:
        day_plan: Its name.
        weekdays: Monday is 0; all of them where it is empty.
        first, last: Between these dates, both counted; None: open.
        priority: Of several rules that hold on a day, the one with the highest counts, and of equals the last.
    """

    day_plan: str
    weekdays: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    priority: int = 0

    def holds(self, day: date) -> bool:
        """Whether the rule speaks of this day."""
        inside = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return inside and (not self.weekdays or day.weekday() in self.weekdays)


@dataclass(frozen=True)
class Calendar:
    """Day plans and the days on which they hold, in local time.

    Raises:
        BadInput: A rule names a day plan that is not there, or two day plans have one name.
    """

    day_plans: tuple[DayPlan, ...]
    rules: tuple[DayRule, ...]

    def __post_init__(self) -> None:
        """Hold what the class says."""
        names = [plan.name for plan in self.day_plans]
        missing = sorted({rule.day_plan for rule in self.rules} - set(names))
        if missing or len(set(names)) < len(names):
            raise BadInput(
                f"no day plan is called {', '.join(missing)}" if missing else "two day plans have one name",
                place="calendar",
                expected=f"rules that name one of: {', '.join(sorted(set(names)))}",
            )

    def day_plan_on(self, day: date) -> DayPlan:
        """The day plan of a day.

        Raises:
            BadInput: No rule holds on it.
        """
        holding = [(rule.priority, n) for n, rule in enumerate(self.rules) if rule.holds(day)]
        if not holding:
            raise BadInput(
                f"no rule holds on {day}", place="calendar", remedy="add a rule without days: it holds on all others"
            )
        name = self.rules[max(holding)[1]].day_plan
        return next(plan for plan in self.day_plans if plan.name == name)

    def program_at(self, moment: datetime) -> str:
        """What runs at a moment of local time.

        Raises:
            BadInput: No rule holds on its day.
        """
        midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
        return self.day_plan_on(moment.date()).program_at((moment - midnight).total_seconds())

    def switches(self, begin: datetime, seconds: float) -> Iterator[tuple[float, str]]:
        """(seconds since `begin`, programme) of everything that is switched in a period, first what runs at its begin.

        Raises:
            BadInput: No rule holds on one of its days.
        """
        running = self.program_at(begin)
        yield 0.0, running
        midnight = datetime.combine(begin.date(), time(), begin.tzinfo)
        for day in range(int((begin - midnight).total_seconds() + seconds) // 86_400 + 1):
            today = midnight + timedelta(days=day)
            for switch in self.day_plan_on(today.date()).switches:
                since = (today - begin).total_seconds() + switch.begin_s
                if 0.0 < since <= seconds and switch.program != running:
                    running = switch.program
                    yield since, running
