"""Does the ranking hold on the street? The hidden town in microscopic simulation, with and without what was advised.

The hidden town drives its own demand, with seeds that nobody used; a vehicle stands in the lane from its begin until
a moment of the seed's own; the options are done when they were said to be done. Copies share what was before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.calibration.towns import Town
from calibration.live.anchor import OPTIONS
from calibration.live.clearing import clearings
from calibration.live.usual import Floats
from models.sumo import Branch, WarmCity
from models.sumo.change import Change
from models.sumo.changes import LaneBlocked
from models.sumo.prepared import prepared
from models.sumo.sent import Later
from models.sumo.tallied import FILE, Tallied, Tally
from twin.advice.judging import Race
from twin.advice.option import NOTHING


@dataclass(frozen=True)
class Times:
    """Seconds on the town's clock: when the lane is blocked, now, when options are done, and the end."""

    began_s: float
    now_s: float
    done_s: float
    until_s: float


def driven_truth(
    where: Town, blocked: LaneBlocked, race: Race, times: Times, seeds: int, folder: Path
) -> dict[str, Floats]:
    """Vehicle hours of doing nothing and of each judged option, by seed; prints what holds."""
    options: dict[str, tuple[Change, ...]] = {
        NOTHING: (),
        **{one.option.name: one.option.changes for one in race.ranked if one.effect},
    }
    found = []
    for seed in range(101, 101 + seeds):
        tallies = _driven(where, blocked, options, times, seed, folder / f"truth-{seed}")
        if tallies.keys() == options.keys():
            found.append([tallies[name].vehicle_h for name in options])
    hours = dict(zip(options, np.array(found).T, strict=True))
    for row in race.ranked:
        if row.effect and found:
            less = hours[row.option.name] - hours[NOTHING]
            print(
                f"  truth, {row.option.name}: {less.mean():+.1f} veh h ({', '.join(f'{one:+.1f}' for one in less)}) of "
                f"{hours[NOTHING].mean():.0f}; advised {row.effect.difference:+.1f} of {row.effect.base or 0.0:.0f}",
                flush=True,
            )
    return hours


def _driven(
    where: Town, blocked: LaneBlocked, options: dict[str, tuple[Change, ...]], times: Times, seed: int, folder: Path
) -> dict[str, Tally]:
    case, named = where.case.between(where.case.begin_s, times.until_s + 1.0), {}
    branches = []
    freed = clearings([(times.began_s, blocked)], times.now_s, seed)
    for number, (name, changes) in enumerate(options.items()):
        named[f"b{number}"] = name
        later = tuple(Later(times.done_s, one) for one in changes)
        branches.append(Branch(f"b{number}", times.until_s, (*freed, Tallied(times.now_s, times.until_s), *later)))
    with WarmCity(prepared(case, seed, options=OPTIONS), folder) as city:
        city.step_until(times.began_s)
        city.change([blocked])
        city.step_until(times.now_s)
        ended = city.fork(branches, at_once=2)
        files = {named[one.name]: folder / "branches" / one.name / FILE for one in ended if one.problem is None}
        told = {name: file.read_text(encoding="utf-8") for name, file in files.items() if file.is_file()}
        return {name: Tally.of(json.loads(text)) for name, text in told.items()}
