"""GB/T 20999-2017: what a controller keeps, from lamp groups over phases, stages, plans and day plans to schedules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_LAMPS, MOST_PHASES, MOST_STAGES, MOST_PLANS = 64, 64, 64, 128
MOST_CHAIN = 16
"""Stages of a plan."""
EVERY_WEEKDAY, EVERY_MONTH, EVERY_DAY = 0xFE, 0x1FFE, 0x7FFFFFFF
"""Bits of a schedule that always holds: weekdays and months from bit 1 on; the days as a controller sent them (recorded
frames; which bit is which day could not be read)."""
FIXED_MODE, ACTUATED_MODE, COORDINATED_MODE = 0x21, 0x22, 0x23
"""Running modes: fixed cycle, actuated, coordinated, each on its own (secondary source: the Java kit, annex A.2.11)."""
GREEN_FLASHES, YELLOW, RED_AMBER, RED = 0x21, 0x30, 0x40, 0x10
"""Colours of lamps (secondary source: the Java kit, annex A.2.7; recorded frames)."""


@dataclass(frozen=True)
class LampRow:
    """A lamp group: class 3. `kind` codes could not be read; a controller sent 1."""

    number: int
    kind: int = 1


@dataclass(frozen=True)
class PhaseRow:
    """A phase: class 4.

    Attributes:
        number: 1 to 64.
        lamps: The lamp groups that it drives.
        flashing_s, yellow_s: What its lamps show when it loses the way: flashing green, yellow.
        red_amber_s: Before its green.
        least_s, most_s: Limits of its green.
    """

    number: int
    lamps: frozenset[int]
    flashing_s: int
    yellow_s: int
    red_amber_s: int
    least_s: int
    most_s: int


@dataclass(frozen=True)
class StageRow:
    """A stage: class 6.

    Attributes:
        number: 1 to 64.
        phases: Its phases.
        late_s: Phase -> seconds after the stage's begin.
        early_s: Phase -> seconds before its end at which its yellow is over.
    """

    number: int
    phases: frozenset[int]
    late_s: Mapping[int, int] = field(default_factory=dict)
    early_s: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanRow:
    """A plan: class 9.

    Attributes:
        number: 1 to 128.
        cycle_s, offset_s: Of the first stage's begin.
        stages, times_s: Its chain.
    """

    number: int
    cycle_s: int
    offset_s: int
    stages: tuple[int, ...]
    times_s: tuple[int, ...]


@dataclass(frozen=True)
class DayRow:
    """A day plan: class 11; (minutes after midnight, plan, mode) of each switch. The unit of its times could not be
    read.
    """

    number: int
    switches: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class ScheduleRow:
    """A schedule: class 12."""

    number: int
    day_plan: int
    priority: int = 1
    week: int = EVERY_WEEKDAY
    month: int = EVERY_MONTH
    day: int = EVERY_DAY


@dataclass(frozen=True)
class Tree:
    """All of one controller.

    Attributes:
        lamps, phases, stages, plans, days, schedules: By number.
        conflicts: Lamp groups that may never be green together, the lower number first.
        intergreens_s: (losing, gaining) lamp group -> seconds.
        running: Number of the plan that runs.
    """

    lamps: Mapping[int, LampRow]
    phases: Mapping[int, PhaseRow] = field(default_factory=dict)
    stages: Mapping[int, StageRow] = field(default_factory=dict)
    plans: Mapping[int, PlanRow] = field(default_factory=dict)
    days: Mapping[int, DayRow] = field(default_factory=dict)
    schedules: Mapping[int, ScheduleRow] = field(default_factory=dict)
    conflicts: frozenset[tuple[int, int]] = frozenset()
    intergreens_s: Mapping[tuple[int, int], int] = field(default_factory=dict)
    running: int = 1

    def used(self) -> tuple[frozenset[int], frozenset[int]]:
        """Phases and stages of the plan that runs."""
        plan = self.plans.get(self.running)
        stages = frozenset(plan.stages if plan else ())
        phases = frozenset(p for number in stages if number in self.stages for p in self.stages[number].phases)
        return phases, stages
