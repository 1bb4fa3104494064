"""The watchdog's rules on the summary that SUMO writes: a standstill on the way is found even if it dissolved later.

SUMO 1.28 holds the rows back in memory until the end, so a case is judged by them when it is over, not stopped by them.
"""

from __future__ import annotations

import csv
from collections import deque
from pathlib import Path

from models.traffic.validity import LATE_S, Limits, Watchdog
from networks.sentence import Sentence


def seen_in_summary(file: Path, planned: int, begin_s: float, limits: Limits | None = None) -> tuple[Sentence, ...]:
    """What the watchdog would have said, row by row; nothing without a summary.

    Args:
        file: SUMO's summary output as CSV.
        planned: Trips that were due before the end.
        begin_s: Start of the simulation, on SUMO's clock.
        limits: What to keep to.
    """
    if not file.is_file():
        return ()
    dog, due, due_then, late = Watchdog(planned, None, limits), deque[tuple[float, int]](), 0, 0
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            if not row.get("step_time"):  # a step without content is a row of nothing
                continue
            time_s, inserted, waiting = float(row["step_time"]), int(row["step_inserted"]), int(row["step_waiting"])
            due.append((time_s, inserted + waiting))
            while due and due[0][0] <= time_s - LATE_S:
                due_then = due.popleft()[1]
            late = max(late, due_then - inserted)  # at least so many have waited LATE_S
            dog.look(
                time_s - begin_s, inserted=inserted, waiting=waiting, late=late,
                teleports=int(row.get("step_teleports") or 0), running=int(row["step_running"]),
                standing=int(row["step_halting"]),
            )  # fmt: skip
    return dog.reasons
