"""Other days of demand on the network of a case: a plan that is searched for several must hold on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.sumo import SumoCase, check_case, read_case
from networks.digest import digest_file
from networks.errors import BadInput
from scenarios.signals.trying.trials import Outcome


@dataclass(frozen=True)
class DayGain:
    """What plans are worth on one of the days.

    Attributes:
        name: Of its case.
        before, after: Cost as it is and with the plans, mean over its judged seeds, s per vehicle.
        seeds: How many.
    """

    name: str
    before: float
    after: float
    seeds: int


def read_days(files: Sequence[Path], case: SumoCase) -> tuple[SumoCase, ...]:
    """The cases of other days.

    Args:
        files: SUMO configurations; their own begin and end do not count.
        case: The first day.

    Raises:
        BadInput: One cannot be run, or has another network than the first.
    """
    days = tuple(read_case(file) for file in files)
    for day in cut_days(case, days):
        check_case(day)
        if day.net.resolve() != case.net.resolve() and digest_file(day.net) != digest_file(case.net):
            raise BadInput(
                "another day must be on the same network",
                file=day.file,
                place=f"net-file {day.net.name}",
                expected=f"the network of {case.file.name}: {case.net}",
                remedy="run netconvert once, and use its network for every day",
            )
    return days


def cut_days(case: SumoCase, days: Sequence[SumoCase]) -> tuple[SumoCase, ...]:
    """Other days over the time of the case."""
    return tuple(day.between(case.begin_s, case.end_s) for day in days)


def day_gains(
    days: Sequence[SumoCase], judged: Sequence[int], before: Sequence[Outcome], after: Sequence[Outcome]
) -> tuple[DayGain, ...]:
    """What plans are worth on each day that a judged seed fell on; empty where there is one day alone.

    Args:
        days: The case, and the others.
        judged: Seeds.
        before: Outcomes of each as it is.
        after: With the plans.
    """
    if len(days) < 2:
        return ()
    found = []
    for number, day in enumerate(days):
        own = [n for n, seed in enumerate(judged) if seed % len(days) == number]
        if own:
            worth, with_plans = (float(np.mean([side[n].cost for n in own])) for side in (before, after))
            found.append(DayGain(f"{day.file.parent.name}/{day.name}", worth, with_plans, len(own)))
    return tuple(found)
