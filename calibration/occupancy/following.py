"""A day of observations, followed: people in every zone at every moment, what counters are worth, what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from calibration.observation import ObservationTable
from calibration.occupancy.counters import Layout
from calibration.occupancy.estimator import LIMIT, OccupancyFilter, Shown
from calibration.occupancy.facts import ZoneFacts, against_hours, too_many
from calibration.occupancy.judging import Contradiction, balances, odd, silent
from calibration.occupancy.spans import apart, misread, stuck_runs, usable
from networks.errors import BadInput


@dataclass(frozen=True)
class Followed:
    """What was learnt.

    Attributes:
        times: Ends of the periods.
        people: Zone -> estimate at each of them.
        held_out: Counter that was left out -> what it was expected to tell, and what it told (None: nothing).
        errors: Counter -> its relative error at the end.
        contradictions: What cannot be, in the order of the layout.
        filter: The estimate as it stands, to go on from.
    """

    times: tuple[datetime, ...]
    people: Mapping[str, tuple[Shown, ...]]
    held_out: Mapping[str, tuple[tuple[Shown, float | None], ...]]
    errors: Mapping[str, Shown]
    contradictions: tuple[Contradiction, ...]
    filter: OccupancyFilter


def follow(
    layout: Layout,
    table: ObservationTable,
    begin: datetime,
    end: datetime,
    *,
    period_s: float = 300.0,
    people: Mapping[str, float] | None = None,
    leave_out: Collection[str] = (),
    facts: Mapping[str, ZoneFacts] | None = None,
) -> Followed:
    """Follow the zones of a layout from `begin` to `end`.

    A counter that is found stuck is left out for as long as it was, from the beginning of that; silence is a gap, never
    a zero. Synthetic observations are taken like others.

    Args:
        layout: Zones, doors and counters.
        table: What they told: sums over each period at doors, the last number within it of who is there.
        begin: Of the first period, UTC.
        end: No period ends after it, UTC.
        period_s: Length of a period (s).
        people: Who is there at the start, by zone.
        leave_out: Counters that are only judged.
        facts: What is known of zones: nobody is in one that has been shut for a while, and counts that its ground or
            gates cannot hold or let in are left out. Hours that counts contradict are not used.

    Raises:
        BadInput: The period is not positive, no period ends before `end`, or a counter to leave out is not there.
    """
    count = int((end - begin).total_seconds() // period_s) if period_s > 0 else 0
    if count < 1:
        raise BadInput(f"no period of {period_s:g} s ends between {begin} and {end}", expected="a later end")
    if odd_ones := sorted(set(leave_out) - set(layout.counters)):
        raise BadInput(f"there is no counter {odd_ones[0]} to leave out", expected=", ".join(layout.counters))
    times = [begin + timedelta(seconds=period_s * at) for at in range(count)]
    series = {sensor: series_of(layout, table, sensor, times, period_s) for sensor in layout.counters}
    kept = {sensor: one for sensor, one in layout.counters.items() if sensor not in leave_out}
    wrong_runs = {sensor: stuck_runs(one, table, series[sensor], times, period_s) for sensor, one in kept.items()}
    facts = facts or {}
    impossible = {sensor: too_many(facts, layout, sensor, series[sensor], times, period_s) for sensor in kept}
    shut = against_hours(facts, layout, series, times, period_s)
    unsure = {one.where for one in shut}
    empty = {zone: one.empty(times, period_s) for zone, one in facts.items()
             if zone in layout.zones and zone not in unsure}  # fmt: skip
    filter_ = OccupancyFilter(replace(layout, counters=kept), people=people)
    shown: dict[str, list[Shown]] = {zone: [] for zone in layout.zones}
    judged: dict[str, list[tuple[Shown, float | None]]] = {sensor: [] for sensor in leave_out}
    away: dict[str, list[float | None]] = {sensor: [] for sensor in kept}
    for at in range(count):
        told = {
            sensor: value
            for sensor in kept
            if (value := series[sensor][at]) is not None
            and not any(at in run for run, _ in wrong_runs[sensor])
            and at not in impossible[sensor][0]
        }
        moved = filter_.step(period_s, told)
        for zone, shut_since in empty.items():
            if shut_since[at]:
                filter_.emptied(zone)
        for sensor in kept:
            away[sensor].append(moved.get(sensor))
        for zone in layout.zones:
            shown[zone].append(filter_.people(zone))
        for sensor in judged:
            judged[sensor].append((filter_.expected(layout.counters[sensor]), series[sensor][at]))
    wrong = [*balances(layout, series, times, people or {}), *shut]
    wrong += [one for sensor in kept for one in misread(layout.counters[sensor], table)]
    for sensor in kept:
        wrong += [one for _, one in wrong_runs[sensor]] + impossible[sensor][1]
        faults = (silent(sensor, series[sensor], times), odd(sensor, away[sensor], times, LIMIT))
        wrong += [one for one in faults if one is not None]
    return Followed(
        tuple(time + timedelta(seconds=period_s) for time in times),
        {zone: tuple(one) for zone, one in shown.items()},
        {sensor: tuple(one) for sensor, one in judged.items()},
        {sensor: filter_.error(sensor) for sensor in kept},
        tuple(wrong),
        filter_,
    )


def series_of(
    layout: Layout, table: ObservationTable, sensor: str, times: Sequence[datetime], period_s: float
) -> list[float | None]:
    """What a counter told in each period; None where it did not tell all of it (doors) or nothing (presence).

    A door's number that covers several periods is shared out among them by time; of numbers that cover the same time
    the first counts.
    """
    counter = layout.counters[sensor]
    sums, covered = [0.0] * len(times), [0.0] * len(times)
    seen_all = table.series(counter.measure, sensor_id=sensor)
    told = apart(seen_all)[0] if counter.passing else usable(seen_all)
    for seen in told:
        begin = (seen.begin - times[0]).total_seconds()
        if not counter.passing:
            at = int(begin // period_s)
            if 0 <= at < len(times):
                sums[at], covered[at] = seen.result or 0.0, period_s
            continue
        for at in range(max(0, int(begin // period_s)), min(len(times), int((begin + seen.period_s) // period_s) + 1)):
            inside = min(begin + seen.period_s, period_s * (at + 1)) - max(begin, period_s * at)
            if inside > 0:
                sums[at] += (seen.result or 0.0) * inside / seen.period_s
                covered[at] += inside
    return [value if had >= 0.999 * period_s else None for value, had in zip(sums, covered, strict=True)]
