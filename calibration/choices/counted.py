"""What counters told of sites, period by period: who came, who left, who is there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from calibration.observation import ObservationTable
from calibration.occupancy.counters import Layout
from calibration.occupancy.following import series_of
from calibration.occupancy.spans import stuck_runs
from networks.sentence import Sentence, say

WHAT = ("came", "left", "inside")


@dataclass(frozen=True)
class Count:
    """One counter, or all doors of a site together, and what it told.

    Attributes:
        counter: Its sensor; `a+b` where several doors of a site are one.
        site: Row of the site.
        what: Of WHAT.
        per_person: What it counts for each person.
        error: Relative error, one standard deviation.
        told: (periods,) numbers; NaN where it told nothing.
    """

    counter: str
    site: int
    what: str
    per_person: float
    error: float
    told: np.ndarray


def counts_of(
    layout: Layout,
    table: ObservationTable,
    sites: Sequence[str],
    times: Sequence[datetime],
    period_s: float,
    *,
    sources: Collection[str] = (),
) -> tuple[tuple[Count, ...], tuple[Sentence, ...]]:
    """What the counters of a layout told of the sites, and what could not be used.

    A site's doors count together, those in and those out: a site one of whose doors nobody counts tells only who is
    there. Periods in which a counter is stuck are left out.

    Args:
        layout: Zones, doors and counters; a zone named as a site is that site.
        table: What they told.
        sites: Names of the sites, in the order of the rows.
        times: Begins of the periods, UTC.
        period_s: Length of a period (s).
        sources: Zones whose doors are looked at elsewhere.
    """
    row = {name: at for at, name in enumerate(sites)}
    told = {sensor: _clean(layout, table, sensor, times, period_s) for sensor in layout.counters}
    found: list[Count] = []
    notes: list[Sentence] = []
    for name, site in row.items():
        if name not in layout.zones:
            continue
        for what, side in (("came", 1), ("left", 0)):
            doors = [link for link in layout.links if link[side] == name]
            counters = [one for one in layout.counters.values() if one.passing and (one.begins, one.ends) in doors]
            if not counters:
                continue
            if {(one.begins, one.ends) for one in counters} != set(doors):
                notes.append(_uncounted(name, what))
                continue
            counted = np.sum([told[one.sensor_id] / one.per_person for one in counters], axis=0)
            error = max(one.error for one in counters)
            found.append(Count("+".join(one.sensor_id for one in counters), site, what, 1.0, error, counted))
        for one in layout.counters.values():
            if not one.passing and one.begins == name:
                found.append(Count(one.sensor_id, site, "inside", one.per_person, one.error, told[one.sensor_id]))
    used = {sensor for one in found for sensor in one.counter.split("+")}
    idle = sorted(
        sensor
        for sensor, one in layout.counters.items()
        if sensor not in used and one.begins not in sources and one.ends not in sources
    )
    if idle:
        notes.append(
            say(
                f"{len(idle)} counters say nothing of a site's doors or people and are not used: {', '.join(idle[:8])}",
                f"{len(idle)}个计数器与景点出入口或在内人数无关，未采用：{'、'.join(idle[:8])}",
            )
        )
    return tuple(found), tuple(notes)


def _clean(
    layout: Layout, table: ObservationTable, sensor: str, times: Sequence[datetime], period_s: float
) -> np.ndarray:
    series = series_of(layout, table, sensor, times, period_s)
    told = np.array([np.nan if one is None else one for one in series])
    for run, _ in stuck_runs(layout.counters[sensor], table, series, times, period_s):
        told[run.start : run.stop] = np.nan
    return told


def _uncounted(site: str, what: str) -> Sentence:
    way, weg = ("in", "入口") if what == "came" else ("out", "出口")
    return say(
        f"{site}: a door {way} is not counted, so those that are say too little and are not used",
        f"{site}：有{weg}未计数，其余{weg}计数不完整，未采用",
    )
