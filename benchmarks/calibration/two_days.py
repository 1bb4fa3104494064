"""Two whole days of a town, simulated: its hour of demand thinned to a night, a morning and an evening.

Where trips begin decides whether they belong to the morning or to the evening, so that streets differ in their day; and
how much each place sends out differs from the first day to the second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.towns import Town
from calibration.counting import Counts
from calibration.flows import simulated
from models.streams import stream

PERIOD_S = 900.0
_VEHICLE = re.compile(
    r'<(?:vehicle|trip)\b[^>]*?\bdepart="([\d.]+)".*?(?:</(?:vehicle|trip)>|/>(?=\s*<(?:vehicle|trip)|\s*</routes))',
    re.S,
)
_BUSIEST = {"bologna": 0.7, "cologne8": 1.0, "ingolstadt21": 0.7}


@dataclass(frozen=True)
class TwoDays:
    """Every edge on two days: (E, T) each, and mean speeds of the second."""

    before: Counts
    today: Counts
    speeds_mps: NDArray[np.float64]


def two_days(where: Town) -> TwoDays:
    """Simulate both (meso, 24 h in 15 minutes), or read them where they were kept."""
    kept = where.folder / "two-days.npz"
    if not kept.is_file():
        where.folder.mkdir(parents=True, exist_ok=True)
        runs = [_day(where, number) for number in (1, 2)]
        names = np.array(runs[0][0].edges)
        np.savez(kept, names=names, before=runs[0][0].vehicles, today=runs[1][0].vehicles, speeds=runs[1][1])
    found = np.load(kept)
    names = tuple(str(name) for name in found["names"])
    before, today = (Counts(names, names, 0.0, PERIOD_S, found[key]) for key in ("before", "today"))
    return TwoDays(before, today, found["speeds"])


def _day(where: Town, number: int) -> tuple[Counts, NDArray[np.float64]]:
    routes = where.folder / f"day{number}.rou.xml"
    routes.write_text(_thinned(where, number), encoding="utf-8")
    run = simulated(
        where.case.net, routes, additional=where.case.additionals, end_s=86400.0, period_s=PERIOD_S, meso=True,
        seed=number, options={"time-to-teleport": "300"}, folder=(where.folder / f"day{number}").absolute(),
    )  # fmt: skip
    return run.counts, run.speed_mps


def _thinned(where: Town, number: int) -> str:
    """The town's cars, some of them in each hour of a day."""
    rng, places = stream(number, "two-days"), stream(0, "two-days-places")
    text = "".join(file.read_text(encoding="utf-8") for file in where.cars)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    begin_s = where.case.begin_s
    found = [(float(one.group(1)) - begin_s, one.group(0)) for one in _VEHICLE.finditer(text)]
    found = sorted((time, vehicle) for time, vehicle in found if 0 <= time < 3600)
    first = [re.search(r'(?:edges|from)="([^" ]+)', vehicle) for _, vehicle in found]
    homes = [one.group(1) if one else "" for one in first]
    names = sorted(set(homes))
    early = dict(zip(names, places.random(len(names)), strict=True))
    more = dict(zip(names, np.exp(rng.normal(0.0, 0.15, len(names))), strict=True))
    lines = ["<routes>", *re.findall(r"<vType\b[^>]*/>", text)]
    for hour in range(24):
        morning, evening = np.exp(-(((hour - 8) / 2.5) ** 2)), np.exp(-(((hour - 17.5) / 3) ** 2))
        for (time, vehicle), home, draw in zip(found, homes, rng.random(len(found)), strict=True):
            tide = early[home] * morning + (1 - early[home]) * evening
            if draw < _BUSIEST[where.name] * more[home] * min(1.0, 0.12 + 1.4 * tide):
                named = re.sub(r'\bid="', f'id="{hour}-', vehicle, count=1)
                lines.append(re.sub(r'\bdepart="[\d.]+"', f'depart="{3600 * hour + time:.2f}"', named, count=1))
    return "\n".join([*lines, "</routes>"])
