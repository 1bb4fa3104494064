"""What is known of zones beside their counters: opening hours, ground, gates; and what counts then cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from calibration.occupancy.counters import Layout
from calibration.occupancy.judging import Contradiction
from models.crowd.speed import JAM_DENSITY_PM2
from models.emergency.resources.shift import WEEK_MIN, Shift, week_of
from networks.sentence import Sentence, say

GRACE_S = 1800.0
"""So long after closing the last have left (guess)."""
SHUT_LEAST = 10.0
"""So many counted in while a zone is shut are more than those who work there (guess)."""
GATE_OVER = 1.5
"""A gate lets through at most so many times what it is stated to (guess)."""


@dataclass(frozen=True)
class ZoneFacts:
    """A zone.

    Attributes:
        hours: When it is open, by the local clock; empty: always, or nobody said.
        area_m2: Ground that people can stand on; None: nobody knows.
        in_per_min: People that all its gates let in a minute; None: nobody said.
    """

    hours: tuple[Shift, ...] = ()
    area_m2: float | None = None
    in_per_min: float | None = None

    def opened(self, times: Sequence[datetime]) -> np.ndarray:
        """(times,) whether it is open at each, by the clock of that time's offset."""
        week = week_of(self.hours)
        return np.array([week[(at.weekday() * 1440 + at.hour * 60 + at.minute) % WEEK_MIN] for at in times], dtype=bool)

    def empty(self, times: Sequence[datetime], period_s: float) -> np.ndarray:
        """(times,) whether it has been shut for GRACE_S at each; a day begins with nobody there."""
        opened = self.opened(times)
        since = np.arange(len(times)) - np.maximum.accumulate(np.where(opened, np.arange(len(times)), -(10**6)))
        return np.asarray(~opened & (since * period_s >= GRACE_S))


def against_hours(
    facts: Mapping[str, ZoneFacts], layout: Layout, series: Mapping[str, Sequence[float | None]],
    times: Sequence[datetime], period_s: float,
) -> list[Contradiction]:  # fmt: skip
    """Zones into which people were counted while their hours shut them (GRACE_S after closing left out)."""
    found = []
    for zone, known in facts.items():
        doors = [one for one in layout.counters.values() if one.passing and one.ends == zone]
        shut = [int(at) for at in np.flatnonzero(known.empty(times, period_s))]
        people = sum((series[one.sensor_id][at] or 0.0) / one.per_person for one in doors for at in shut)
        if people >= SHUT_LEAST:
            found.append(Contradiction("shut", zone, times[shut[0]], _shut(zone, people)))
    return found


def too_many(
    facts: Mapping[str, ZoneFacts], layout: Layout, sensor: str, series: Sequence[float | None],
    times: Sequence[datetime], period_s: float,
) -> tuple[set[int], list[Contradiction]]:  # fmt: skip
    """Periods in which a counter told more than the ground or the gates of its zone can hold or let in; what to say."""
    one = layout.counters[sensor]
    known = facts.get(one.ends)
    if known is None:
        return set(), []
    most = _most_there(known) if not one.passing else _most_in(known, period_s)
    if most is None:
        return set(), []
    over = [at for at, told in enumerate(series) if told is not None and told / one.per_person > most]
    if not over:
        return set(), []
    worst = max((series[at] or 0.0) / one.per_person for at in over)
    say_so = _too_fast if one.passing else _too_dense
    return set(over), [Contradiction("impossible", sensor, times[over[0]], say_so(sensor, worst, most, len(over)))]


def _most_there(known: ZoneFacts) -> float | None:
    return None if known.area_m2 is None else known.area_m2 * JAM_DENSITY_PM2


def _most_in(known: ZoneFacts, period_s: float) -> float | None:
    return None if known.in_per_min is None else GATE_OVER * known.in_per_min * period_s / 60.0


def _shut(zone: str, people: float) -> Sentence:
    return say(
        f"{zone}: {people:.0f} were counted in while its hours shut it: the hours or a counter are wrong, and "
        "the hours are not used",
        f"{zone}：闭园时段计入{people:.0f}人：开放时间或计数有误，未采用开放时间",
    )


def _too_fast(sensor: str, worst: float, most: float, periods: int) -> Sentence:
    return say(
        f"{sensor} told {worst:.0f} people in a period, {most:.0f} is the most that its zone's gates let in: left "
        f"out in {periods} periods",
        f"{sensor}单个时段计{worst:.0f}人，而该区域出入口最多通过{most:.0f}人：{periods}个时段未采用",
    )


def _too_dense(sensor: str, worst: float, most: float, periods: int) -> Sentence:
    return say(
        f"{sensor} told {worst:.0f} people, {most:.0f} is the most that its zone's ground holds "
        f"({JAM_DENSITY_PM2:g} on a square metre): left out in {periods} periods",
        f"{sensor}显示{worst:.0f}人，而该区域最多容纳{most:.0f}人（每平方米{JAM_DENSITY_PM2:g}人）：{periods}个时段未采用",
    )
