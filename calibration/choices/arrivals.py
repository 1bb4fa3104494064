"""Who sets out at a source of a day, from the counters of that source: its doors, its car park, its boardings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from calibration.observation import ObservationTable
from calibration.occupancy.counters import Counter, Layout
from calibration.occupancy.following import series_of
from networks.sentence import Sentence, say

DOORS_SD, TURNOVER_SD, BOARDED_SD = 0.05, 0.1, 0.1
"""How far off the number may be, of its logarithm (guesses): all doors counted; cars that left before the car park was
fullest, beside its counter's own error; people who came one way and go home another."""
SMOOTH = 3
"""Periods over which parked vehicles are averaged: one that comes for one that goes is no arrival."""
SAME_WAY = 0.9
"""A day whose last so many periods, as a share of it, nobody counted says nothing of how many went home."""


@dataclass(frozen=True)
class Arrived:
    """What was counted of a source.

    Attributes:
        people: (periods,) who set out.
        sd: How far off their number may be, of its logarithm; None: as the file's, only the times were counted.
        told: How it was counted.
    """

    people: np.ndarray
    sd: float | None
    told: Sentence


def arrived(
    source: str, foretold: np.ndarray, layout: Layout, table: ObservationTable, times: Sequence[datetime],
    period_s: float,
) -> Arrived | None:  # fmt: skip
    """What the counters of a source tell of who sets out there; None: nothing.

    In this order: all its doors out are counted; vehicles that stand there (their rise until the car park is fullest,
    people by `per_person`; later ones as the file says, scaled alike); all its doors in (who goes home there came from
    there: the file's times, scaled); some of its doors out (their times, the file's number).

    Args:
        source: Its name, as a zone of the layout.
        foretold: (periods,) people by the day's file.
        layout: Zones, doors and counters.
        table: What they told.
        times: Begins of the periods, UTC.
        period_s: Length of a period (s).
    """

    def told(one: Counter) -> np.ndarray:
        series = series_of(layout, table, one.sensor_id, times, period_s)
        return np.array([np.nan if seen is None else seen for seen in series]) / one.per_person

    counters = layout.counters.values()
    out = [one for one in counters if one.passing and one.begins == source]
    back = [one for one in counters if one.passing and one.ends == source]
    cars = [one for one in counters if one.measure == "parked_vehicles" and one.begins == source]
    all_out = {(one.begins, one.ends) for one in out} == {link for link in layout.links if link[0] == source}
    all_back = {(one.begins, one.ends) for one in back} == {link for link in layout.links if link[1] == source}
    if out and all_out:
        return _doors(source, foretold, np.sum([told(one) for one in out], axis=0))
    for one in cars:
        if (found := _parked(source, foretold, told(one), one.error)) is not None:
            return found
    if back and all_back and (found := _boarded(source, foretold, np.sum([told(one) for one in back], axis=0))):
        return found
    return _some_doors(source, foretold, np.nansum([told(one) for one in out], axis=0)) if out else None


def _doors(source: str, foretold: np.ndarray, seen: np.ndarray) -> Arrived | None:
    if np.isnan(seen).all():
        return None
    people = np.where(np.isnan(seen), foretold, seen)
    return Arrived(people, DOORS_SD, say(f"{source}: all its doors are counted", f"{source}：全部出口有计数"))


def _parked(source: str, foretold: np.ndarray, seen: np.ndarray, error: float) -> Arrived | None:
    """People of the cars that stand there, by the rise to the fullest; cars that were there at first count too."""
    known = np.flatnonzero(~np.isnan(seen))
    if len(known) < SMOOTH or np.nanmax(seen) <= 0:
        return None
    whole = np.interp(np.arange(len(seen)), known, seen[known])
    whole[: known[0]] = 0.0
    mean = np.convolve(np.pad(whole, SMOOTH // 2, mode="edge"), np.ones(SMOOTH) / SMOOTH, "valid")
    fullest = int(mean.argmax())
    people = np.diff(np.maximum.accumulate(mean), prepend=0.0)
    before = float(foretold[: fullest + 1].sum())
    people[fullest + 1 :] = foretold[fullest + 1 :] * (people[: fullest + 1].sum() / before if before > 0 else 1.0)
    told = say(
        f"{source}: {mean[fullest]:.0f} people by the vehicles that stand there; who came after it was fullest, as the "
        "file says, scaled alike",
        f"{source}：按停放车辆折合{mean[fullest]:.0f}人；最满之后到达者按日文件同比例估计",
    )
    return Arrived(people, float(np.hypot(error, TURNOVER_SD)), told)


def _boarded(source: str, foretold: np.ndarray, seen: np.ndarray) -> Arrived | None:
    """The file's times, and as many people as went home; None where the day's end was not counted."""
    known = ~np.isnan(seen)
    total = float(np.nansum(seen))
    if total <= 0 or foretold.sum() <= 0 or not known[int(SAME_WAY * len(seen)) :].all() or known.mean() < SAME_WAY:
        return None
    told = say(
        f"{source}: {total:.0f} went home there, so as many are taken to have come from there",
        f"{source}：返程{total:.0f}人，到达人数按此计",
    )
    return Arrived(foretold * (total / foretold.sum()), BOARDED_SD, told)


def _some_doors(source: str, foretold: np.ndarray, seen: np.ndarray) -> Arrived | None:
    if seen.sum() <= 0:
        return None
    told = say(
        f"{source}: not all its doors are counted: when people come is theirs, how many the file's",
        f"{source}：部分出口有计数：时间取自计数，人数取自日文件",
    )
    return Arrived(seen * (foretold.sum() / seen.sum()), None, told)
