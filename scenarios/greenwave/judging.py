"""What a wave gained for the vehicle, and what it cost others: two drives of one call from one past held together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from models.emergency.greenwave import Rhythm, wave_faults
from models.sumo import SumoCase
from networks import Corridor, read_layouts, read_rules, rule_controller
from scenarios.greenwave.order import Drive, Told
from scenarios.measures.queue_storage import queue_against_storage

DEAR_S = 10.0
"""What others may lose on average, s: this product's goal for green waves, not of a standard."""
_FULL = 0.02
"""A lane counts as filled by the wave where its queue fills it in so much more of the time."""


@dataclass(frozen=True)
class Price:
    """What one drive costs others against blue light alone.

    Attributes:
        travel_s: Of the vehicle, from the call on; NaN where it did not come.
        share: Of its time with blue light alone that it saves; NaN where either did not come.
        most: The share that it would save in empty streets with every signal green: no wave saves more.
        others: Trips on an approach of a signal of the way, or on the edges that lead there, from the call to three
            cycles after the last signal is in step again.
        mean_s: Time that they lost more, the mean.
        worst_s: The mean of the tenth that lost most.
        all_s: The same mean, counted by vehicle-seconds of all in the network and waiting to enter it.
        filled: Lanes whose queue fills them longer than with blue light alone.
        freed: Lanes where it is the other way round.
    """

    travel_s: float
    share: float
    most: float
    others: int
    mean_s: float
    worst_s: float
    all_s: float
    filled: tuple[str, ...]
    freed: tuple[str, ...]

    @property
    def too_dear(self) -> bool:
        """Whether the vehicle gains nothing, or others lose more than `DEAR_S` each; to come at all is a gain."""
        gains = self.share > 0.0 or (math.isnan(self.share) and math.isfinite(self.travel_s))
        return not gains or self.mean_s > DEAR_S


def price_of(drive: Drive, blue: Drive, lanes_m: Mapping[str, float], least_s: float = math.nan) -> Price:
    """The price of a drive with signals that hand over, against blue light alone; `least_s` as in `Told`."""
    names = drive.lost_s.keys() | blue.lost_s.keys()
    more = sorted(drive.lost_s.get(name, 0.0) - blue.lost_s.get(name, 0.0) for name in names)
    full, before = _full(drive, lanes_m), _full(blue, lanes_m)
    return Price(
        drive.travel_s,
        1.0 - drive.travel_s / blue.travel_s,
        1.0 - least_s / blue.travel_s,
        len(more),
        fmean(more) if more else 0.0,
        fmean(more[-max(len(more) // 10, 1) :]) if more else 0.0,
        (drive.all_s - blue.all_s) / max(len(more), 1),
        tuple(lane for lane in sorted(full) if full[lane] > before[lane] + _FULL),
        tuple(lane for lane in sorted(full) if full[lane] < before[lane] - _FULL),
    )


def both_came(prices: Sequence[Price]) -> list[Price]:
    """Those of drives that came, with the wave and without."""
    return [one for one in prices if math.isfinite(one.share)]


def _full(drive: Drive, lanes_m: Mapping[str, float]) -> dict[str, float]:
    """Share of the time in which the queue of each lane fills it."""
    import pandas as pd

    if not drive.standing:
        return dict.fromkeys(lanes_m, 0.0)
    tracks = pd.DataFrame(drive.standing, columns=["time_s", "lane_id", "pos_m", "speed_mps"])
    found = queue_against_storage(tracks, lanes_m)
    return {str(lane): float(full) for lane, full in zip(found["lane_id"], found["full"], strict=True)}


def gains_of(corridor: Corridor, wave: Drive, blue: Drive) -> dict[str, float]:
    """Seconds that the vehicle needs less from the stop line before to each signal's own; of those passed in both."""
    gains, before = dict[str, float](), (0.0, 0.0)
    for n, stop in enumerate(corridor.stops):
        if n in wave.passed_s and n in blue.passed_s:
            now = wave.passed_s[n], blue.passed_s[n]
            less = (now[1] - before[1]) - (now[0] - before[0]) if before != (0.0, 0.0) else now[1] - now[0]
            gains[stop.tls_id] = gains.get(stop.tls_id, 0.0) + less
            before = now
    return gains


def gaining(corridor: Corridor, wave: Drive, blue: Drive, count: int = 0) -> tuple[str, ...]:
    """So many signals that gained the vehicle most, 0 for the half of them rounded up; none where none gained."""
    gains = gains_of(corridor, wave, blue)
    able = [tls for tls in gains if tls in wave.shown and gains[tls] > 0]
    best = sorted(able, key=lambda tls: (-gains[tls], tls))[: count or math.ceil(len(wave.shown) / 2)]
    return tuple(tls for tls in gains if tls in best)


def faults_of(case: SumoCase, rhythms: Mapping[str, Rhythm], told: Told, law: str) -> list[str]:
    """Rules that what was shown breaks and the plans of today do not, by the checker of plans, a line each."""
    if told.wave is None:
        return []
    layouts, table = read_layouts(case.net), read_rules(law)
    lines = []
    for tls, steps in ((tls, steps) for tls, every in told.wave.shown.items() for steps in every):
        controller = rule_controller(layouts[tls], table)
        for one in wave_faults(rhythms[tls], steps, controller, layouts[tls], table):
            lines.append(f"signal {tls}: {one.rule} of {one.subject}: {one.found} {one.unit}, asked {one.required:g}")
    return lines
