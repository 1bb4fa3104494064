"""The watchdog's rules on the summary that SUMO tells: a run that cannot become valid any more is ended.

The same rules read the rows of a run that is over, so that what ended it early is part of its verdict.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.sumo.case import SumoCase
from models.sumo.due import most_due
from models.sumo.summary import Watch, kept_steps
from models.traffic.validity import LATE_S, Limits, Watchdog
from networks.sentence import Sentence


class SummaryWatch:
    """The watchdog on SUMO's own counts.

    Args:
        planned: Trips that are due before the end, or more; None while nobody knows: shares of them are not watched.
        begin_s: Start of the simulation, on SUMO's clock.
        limits: What to keep to.
    """

    def __init__(self, planned: int | None, begin_s: float, limits: Limits | None = None) -> None:
        self._watchdog = Watchdog(UNKNOWN if planned is None else planned, None, limits)
        self._begin_s = begin_s
        self._due, self._due_then, self._late = deque[tuple[float, int]](), 0, 0

    def look(self, step: Mapping[str, float]) -> tuple[Sentence, ...]:
        """Take one step of the summary; gives all reasons so far."""
        time_s, inserted, waiting = step["time"], int(step["inserted"]), int(step["waiting"])
        self._due.append((time_s, inserted + waiting))
        while self._due and self._due[0][0] <= time_s - LATE_S:
            self._due_then = self._due.popleft()[1]
        self._late = max(self._late, self._due_then - inserted)  # at least so many have waited LATE_S
        return self._watchdog.look(
            time_s - self._begin_s, inserted=inserted, waiting=waiting, late=self._late,
            teleports=int(step.get("teleports", 0)), running=int(step["running"]), standing=int(step["halting"]),
        )  # fmt: skip


UNKNOWN = 1 << 62


def watch_of(case: SumoCase, extra: Sequence[str] = (), limits: Limits | None = None) -> Watch | None:
    """What ends a run of a case as soon as it cannot become valid any more; None where the limits say not to.

    More trips than a run plans make it patient, never hasty: what it ends would have been invalid at its end.

    Args:
        case: What is run.
        extra: More of SUMO's options.
        limits: What to keep to.
    """
    limits = limits or Limits()
    if not limits.stop_early:
        return None
    watchdog = SummaryWatch(most_due(case, extra), case.begin_s, limits)

    def look(step: Mapping[str, float]) -> str | None:
        return next((reason["en"] for reason in watchdog.look(step)), None)

    return look


def seen_in_summary(file: Path, planned: int, begin_s: float, limits: Limits | None = None) -> tuple[Sentence, ...]:
    """What the watchdog would have said, row by row; nothing without a summary.

    Args:
        file: The run's summary.
        planned: Trips that were due before the end.
        begin_s: Start of the simulation, on SUMO's clock.
        limits: What to keep to.
    """
    watchdog, found = SummaryWatch(planned, begin_s, limits), tuple[Sentence, ...]()
    for step in kept_steps(file):
        found = watchdog.look(step)
    return found
