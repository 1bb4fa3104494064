"""What counters cannot both mean: more out than in, a number that never changes, silence, the others against one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from calibration.occupancy.counters import Layout
from networks.sentence import Sentence, say

KINDS = (
    "more_out_than_in",
    "stuck",
    "silent",
    "against_the_others",
    "shut",
    "impossible",
    "overlapping",
    "other_measure",
)
SURE = 3.0
"""Standard deviations that a balance or a run must be away from what chance gives."""
STUCK_CHANCE = 1e-5
SILENT_PERIODS, ODD_PERIODS = 3, 3


@dataclass(frozen=True)
class Contradiction:
    """Something that cannot be.

    Attributes:
        kind: Of KINDS.
        where: The counter, or the zone for a balance.
        since: When it began.
        told: What is wrong, with the numbers.
    """

    kind: str
    where: str
    since: datetime
    told: Sentence


def balances(
    layout: Layout, series: Mapping[str, Sequence[float | None]], times: Sequence[datetime], start: Mapping[str, float]
) -> list[Contradiction]:
    """Zones out of which more people were counted than can have been in, as far as all their doors are counted.

    Args:
        layout: Zones, doors and counters.
        series: What each counter told, by period.
        times: Begins of the periods.
        start: People in each zone at the first of them.
    """
    found = []
    for zone in layout.zones:
        doors = [link for link in layout.links if zone in link]
        counters = [one for one in layout.counters.values() if one.passing and zone in (one.begins, one.ends)]
        counted = {(one.begins, one.ends): one for one in counters}
        if not doors or any(link not in counted for link in doors):
            continue
        people, var = start.get(zone, 0.0), 0.0
        sums = dict.fromkeys(counted, 0.0)
        for at, time in enumerate(times):
            for link, one in counted.items():
                count = series[one.sensor_id][at] or 0.0
                sums[link] += count
                people += count if link[1] == zone else -count
            var = sum((counted[link].error * size) ** 2 + size for link, size in sums.items())
            if people < -SURE * math.sqrt(max(var, 1.0)):
                out = sum(size for link, size in sums.items() if link[0] == zone)
                found.append(Contradiction("more_out_than_in", zone, time, _overdrawn(zone, people, out)))
                break
    return found


def _overdrawn(zone: str, people: float, out: float) -> Sentence:
    return say(
        f"{zone}: {out:.0f} were counted out, {-people:.0f} more than can have been in: "
        "a door counts wrong or one is missing",
        f"{zone}：计出{out:.0f}人，比可能在内人数多{-people:.0f}人：某出入口计数有误或遗漏",
    )


def stuck(sensor: str, series: Sequence[float | None], times: Sequence[datetime]) -> list[tuple[range, Contradiction]]:
    """Where a counter told the same number above 0 again and again, which counts never do: periods, and what to say.

    Two Poisson counts of mean m are equal with a chance of about 1 / sqrt(4 pi m) (normal approximation).
    """
    found, begin = [], 0
    for end in range(1, len(series) + 1):
        if end < len(series) and series[end] == series[begin]:
            continue
        last, run = series[begin], end - begin
        if last and min(1.0 / math.sqrt(4.0 * math.pi * max(last, 1.0)), 0.5) ** (run - 1) < STUCK_CHANCE:
            found.append((range(begin, end), _stuck(sensor, last, run, times[begin])))
        begin = end
    return found


def _stuck(sensor: str, last: float, run: int, since: datetime) -> Contradiction:
    told = say(
        f"{sensor} told {last:g} for {run} periods, from {since:%H:%M} on: stuck, and left out",
        f"{sensor}自{since:%H:%M}起{run}个时段均为{last:g}：卡死，未采用",
    )
    return Contradiction("stuck", sensor, since, told)


def silent(sensor: str, series: Sequence[float | None], times: Sequence[datetime]) -> Contradiction | None:
    """A counter that has told nothing for SILENT_PERIODS."""
    run = 0
    while run < len(series) and series[-1 - run] is None:
        run += 1
    if run < SILENT_PERIODS:
        return None
    since = times[-run]
    told = say(f"{sensor} has told nothing since {since:%H:%M}", f"{sensor}自{since:%H:%M}起无数据")
    if run == len(series):
        told = say(f"{sensor} has told nothing at all", f"{sensor}全程无数据")
    return Contradiction("silent", sensor, since, told)


def odd(sensor: str, away: Sequence[float | None], times: Sequence[datetime], limit: float) -> Contradiction | None:
    """A counter whose last ODD_PERIODS numbers were all beyond `limit` standard deviations of what the others say."""
    told = [(size, time) for size, time in zip(away, times, strict=True) if size is not None]
    run = 0
    while run < len(told) and abs(told[-1 - run][0]) > limit and told[-1 - run][0] * told[-1][0] > 0:
        run += 1
    if run < ODD_PERIODS:
        return None
    since, more = told[-run][1], told[-1][0] > 0
    return Contradiction(
        "against_the_others",
        sensor,
        since,
        say(
            f"{sensor} has told far {'more' if more else 'less'} than the other counters allow since {since:%H:%M}",
            f"{sensor}自{since:%H:%M}起远{'高' if more else '低'}于其他计数所允许的值",
        ),
    )
