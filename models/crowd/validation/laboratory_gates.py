"""Hot spots held to the laboratory: each run walked again with figures that were fitted on other runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from models.check import Check
from models.crowd.hotspot.walking import Walking
from models.crowd.validation.laboratory import FOLDER, RUNS, Figures, measure, read_run, simulate

FITTED_ON = {"narrow": Walking(time_gap_s=0.717), "wide": Walking(time_gap_s=0.763)}
"""Time gap that gives a bottleneck's own flow, by the run it was fitted on: linear between 0.7 and 0.8 s.

The radius of 0.12 m is from a grid up to 0.18 m over both bottlenecks, so it is not kept apart; with 0.15 m and more
the narrow one clogged."""
JUDGED_BY = {"narrow": FITTED_ON["wide"], "wide": FITTED_ON["narrow"], "corner": Walking(), "corridor": Walking()}
"""With which figures each run is judged: never with those that were fitted on it."""
DEVIATIONS = 2.0
"""Standard deviations, over the run's seconds, that density and speed may be off."""


def laboratory(data: Path, left_out: Callable[[str], None]) -> Iterator[Check]:
    """Every run that `data` has; `left_out` is told the others' files.

    Raises:
        BadInput: A file that is no table of positions.
    """
    for name, run in RUNS.items():
        if not (data / FOLDER / run.file).is_file():
            left_out(f"{FOLDER}/{run.file}")
            continue
        seen = read_run(run, data)
        theirs = measure(seen, run)
        again = simulate(run, seen, JUDGED_BY[name])
        yield from compare(name, theirs, measure(again, run))


def compare(name: str, theirs: Figures, ours: Figures) -> Iterator[Check]:
    """The laboratory's figures, for orientation, and how far the model's are off their scatter."""
    case = f"laboratory, {name}"
    off = max(0.0, theirs.flow_least_pms - ours.flow_pms, ours.flow_pms - theirs.flow_most_pms)
    dense = abs(ours.density_pm2 - theirs.density_pm2) / theirs.density_scatter_pm2
    fast = abs(ours.speed_mps - theirs.speed_mps) / theirs.speed_scatter_mps
    yield Check(case, "real", "people who did not cross", float(theirs.people - ours.people), 0)
    yield Check(case, "real", "flow there (persons/m/s)", theirs.flow_pms, None)
    yield Check(case, "real", "flow here (persons/m/s)", ours.flow_pms, None)
    yield Check(case, "real", "flow off its scatter (persons/m/s)", off, 0)
    yield Check(case, "real", "density off (its deviations)", dense, DEVIATIONS)
    yield Check(case, "real", "speed off (its deviations)", fast, DEVIATIONS)
