"""People in every zone for the rest of the day: from past days and how this one went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from calibration.occupancy.day_shape import ODD_DAY, DayShape
from calibration.occupancy.estimator import Z90, Shown
from calibration.occupancy.facts import ZoneFacts
from calibration.occupancy.following import Followed
from calibration.occupancy.foreseen import Foreseen
from calibration.occupancy.people_days import BINS, bin_of, binned
from networks.sentence import Sentence, say


def foresee_rest(
    found: Followed, soon: Foreseen, shapes: Mapping[str, DayShape], facts: Mapping[str, ZoneFacts]
) -> tuple[Foreseen, tuple[Sentence, ...]]:
    """What is foreseen from the flows of now, with the zones whose days are known foretold from those.

    Past midnight, in zones without past days, and where this day is like none of them (which is told), it stays what it
    was.

    Args:
        found: What was followed until now.
        soon: What the flows of now go on to.
        shapes: Zone -> what its days are like.
        facts: Of zones: nobody is in one that has been shut for a while.
    """
    now, period_s = found.times[-1], (soon.times[0] - found.times[-1]).total_seconds()
    day = now.date() if (now.hour or now.minute) else found.times[-2].date() if len(found.times) > 1 else now.date()
    people, notes = dict(soon.people), list[Sentence]()
    for zone, shape in shapes.items():
        if zone not in people:
            continue
        series = found.people[zone]
        so_far = binned(found.times, [one.mean for one in series], day)
        sure = binned(found.times, [(one.high - one.low) / (2.0 * Z90) for one in series], day)
        sure = np.nan_to_num(sure)
        if shape.surprise(day, so_far, sure) > ODD_DAY:
            notes.append(_odd(zone))
            continue
        mean, sd = shape.rest(day, so_far, sure)
        ahead = [at for at, time in enumerate(soon.times) if time.date() == day]
        at = np.array([(soon.times[one].hour + soon.times[one].minute / 60.0) * BINS / 24.0 - 0.5 for one in ahead])
        begin = bin_of(now) + 0.5
        bins = np.arange(BINS, dtype=float)
        root = np.interp(at, bins, mean)
        now_root = np.sqrt(max(series[-1].mean, 0.0))
        drift = now_root - float(np.interp(begin, bins, mean))
        root = root + drift * np.exp(-np.maximum(at - begin, 0.0))
        median, low, high = shape.bounds(root, np.interp(at, bins, sd))
        told = list(people[zone])
        for row, one in enumerate(ahead):
            told[one] = Shown(float(median[row]), float(low[row]), float(high[row]))
        known = facts.get(zone)
        if known is not None and known.hours:
            times = (*found.times, *soon.times)
            shut = known.empty(times, period_s)[len(found.times) :]
            told = [Shown(0.0, 0.0, 0.0) if closed else one for one, closed in zip(told, shut, strict=True)]
        people[zone] = tuple(told)
    return replace(soon, people=people), tuple(notes)


def _odd(zone: str) -> Sentence:
    return say(
        f"{zone}: this day is like none of the past ones so far, so they are not used and the flows of now go on",
        f"{zone}：今日走势与以往各日均不相似，未采用历史，按当前流量延续",
    )
