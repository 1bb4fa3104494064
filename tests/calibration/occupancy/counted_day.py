"""A day whose truth is known: people walk from a station by a street to a square and back, and counters watch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from calibration.observation import Observation, ObservationTable
from calibration.occupancy import OUTSIDE, Counter, Layout
from calibration.occupancy.counters import layout_of

BEGIN = datetime(2026, 5, 1, 0, 0, tzinfo=UTC)
PERIOD_S = 300.0
DOORS = [(OUTSIDE, "street"), ("street", OUTSIDE), ("street", "square"), ("square", "street"), ("square", "pier"),
         ("pier", "square")]  # fmt: skip


@dataclass(frozen=True)
class Day:
    """What happened, and what was told of it."""

    layout: Layout
    table: ObservationTable
    people: dict[str, np.ndarray]
    end: datetime


def counters(error: float = 0.05) -> list[Counter]:
    doors = [Counter(f"door{at}", "person_count", a, b, 1.0, error, "test") for at, (a, b) in enumerate(DOORS)]
    seen = [("camera", "presence", "square", 1.0, 0.1), ("wifi", "device_count", "pier", 0.6, 0.2)]
    seen += [("wifi2", "device_count", "street", 0.6, 0.2), ("camera2", "presence", "pier", 1.0, 0.1)]
    return doors + [Counter(name, what, zone, zone, per, wrong, "test") for name, what, zone, per, wrong in seen]


def a_day(seed: int, *, periods: int = 144, error: float = 0.05, without: tuple[str, ...] = ()) -> Day:
    """Twelve hours: a wave of arrivals, people who stay a while in each zone; every counter has its own error."""
    rng = np.random.default_rng(seed)
    told = [one for one in counters(error) if one.sensor_id not in without]
    layout = layout_of(told, DOORS)
    wrong = {one.sensor_id: rng.normal(0.0, one.error) for one in told}
    now = {zone: 0 for zone in layout.zones}
    people: dict[str, list[int]] = {zone: [] for zone in layout.zones}
    leaving = {"street": 0.5, "square": 0.15, "pier": 0.12}
    table = ObservationTable(keep_s=1e6)
    for at in range(periods):
        arriving = rng.poisson(120.0 * np.exp(-(((at - 0.4 * periods) / (0.2 * periods)) ** 2)) + 1.0)
        flows = {link: 0 for link in DOORS}
        flows[OUTSIDE, "street"] = int(arriving)
        inward = 0.7 if at < 0.6 * periods else 0.2
        for zone, ways in (("street", (OUTSIDE, "square")), ("square", ("street", "pier")), ("pier", ("square",))):
            gone = int(rng.binomial(now[zone], leaving[zone]))
            onward = int(rng.binomial(gone, inward if len(ways) == 2 else 1.0))
            flows[zone, ways[-1]] = onward
            if len(ways) == 2:
                flows[zone, ways[0]] = gone - onward
        for (a, b), count in flows.items():
            for zone, sign in ((a, -1), (b, 1)):
                if zone != OUTSIDE:
                    now[zone] += sign * count
        for zone, count in now.items():
            people[zone].append(count)
        for one in told:
            true = flows[one.begins, one.ends] if one.passing else now[one.begins]
            mean = max(true * one.per_person * (1.0 + wrong[one.sensor_id]), 0.0)
            count = float(rng.binomial(round(mean / 0.9), 0.9))
            table.add(observed(one, at, count))
    return Day(layout, table, {zone: np.array(one) for zone, one in people.items()}, time_of(periods))


def time_of(period: int) -> datetime:
    return BEGIN + timedelta(seconds=PERIOD_S * period)


def observed(one: Counter, period: int, count: float | None) -> Observation:
    begin = time_of(period) if one.passing else time_of(period) + timedelta(seconds=PERIOD_S - 1.0)
    length = PERIOD_S if one.passing else 0.0
    quality = "good" if count is not None else "missing"
    return Observation(one.sensor_id, one.measure, begin, length, count, quality, begin, synthetic=True)


def retold(day: Day, sensor: str, change: dict[int, float | None]) -> Day:
    """The same day with some of a counter's periods told otherwise."""
    table = ObservationTable(keep_s=1e6)
    one = day.layout.counters[sensor]
    for seen in day.table:
        table.add(seen)
    for period, count in change.items():
        said = observed(one, period, count)
        table.add(replace(said, result_time=said.result_time + timedelta(hours=1)))
    return Day(day.layout, table, day.people, day.end)
