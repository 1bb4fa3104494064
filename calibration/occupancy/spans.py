"""Time that a counter's numbers cover: numbers of the same time, and numbers of something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from calibration.observation import Observation, ObservationTable
from calibration.occupancy.counters import Counter
from calibration.occupancy.judging import Contradiction, stuck
from networks.sentence import say

SAME_S = 1.0
"""Spans that share no more than this do not cover the same time: clocks are rounded."""


def usable(series: Sequence[Observation]) -> list[Observation]:
    """Those that say something."""
    return [one for one in series if one.result is not None and one.quality == "good" and one.result >= 0]


def apart(series: Sequence[Observation]) -> tuple[list[Observation], list[Observation]]:
    """Numbers of a door none of which covers time of another, and those left out: of two, the one that begins later.

    Args:
        series: In the order of their beginnings.
    """
    kept, left = list[Observation](), list[Observation]()
    for one in usable(series):
        over = bool(kept) and (kept[-1].end - one.begin).total_seconds() > SAME_S
        (left if over or one.period_s <= 0 else kept).append(one)
    return kept, left


def stuck_runs(
    counter: Counter,
    table: ObservationTable,
    series: Sequence[float | None],
    times: Sequence[datetime],
    period_s: float,
) -> list[tuple[range, Contradiction]]:
    """Periods in which a counter was stuck, as `stuck` finds them; a number that covers several periods is one number.

    Args:
        counter: The counter.
        table: What it told.
        series: The same, by period.
        times: Begins of the periods.
        period_s: Length of a period (s).
    """
    told = apart(table.series(counter.measure, sensor_id=counter.sensor_id))[0] if counter.passing else []
    if not told or min(one.period_s for one in told) < 1.5 * period_s:
        return stuck(counter.sensor_id, series, times)
    runs = stuck(counter.sensor_id, [one.result for one in told], [one.begin for one in told])
    found = []
    for run, what in runs:
        begin, end = ((at - times[0]).total_seconds() for at in (told[run.start].begin, told[run.stop - 1].end))
        found.append((range(max(0, int(begin // period_s)), max(0, int(end // period_s))), what))
    return found


def misread(counter: Counter, table: ObservationTable) -> list[Contradiction]:
    """Numbers of a counter that cannot be used: of time that is counted already, or of another measure."""
    sensor, found = counter.sensor_id, list[Contradiction]()
    _, twice = apart(table.series(counter.measure, sensor_id=sensor)) if counter.passing else ([], [])
    if twice:
        told = say(
            f"{sensor}: {len(twice)} numbers cover no time or time that others cover already: left out, else people "
            "would count twice",
            f"{sensor}：{len(twice)}个数值的时段为零或与其他数值重叠：未采用，以免重复计数",
        )
        found.append(Contradiction("overlapping", sensor, twice[0].begin, told))
    others = [one for one in table if one.sensor_id == sensor and one.measure != counter.measure]
    if others:
        told = say(
            f"{sensor} is a counter of {counter.measure} and told {others[0].measure} {len(others)} times: not used",
            f"{sensor}登记为{counter.measure}，却上报了{len(others)}次{others[0].measure}：未采用",
        )
        found.append(Contradiction("other_measure", sensor, others[0].begin, told))
    return found
