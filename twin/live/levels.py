"""The stage of the water: gauges' levels carried on, with the errors that carrying on has had so far.

The simplest honest means: no water model runs here. A level goes on by its slope of the last quarter of an hour, which
halves every `HALVED_S` (a damped trend: Gardner & McKenzie 1985, doi:10.1287/mnsc.31.10.1237); members are what came
beside such forecasts earlier at the same gauge, and a guess while there were few. What is not yet raining is not in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.skill import Forecast
from networks.sentence import say
from twin.cycle import Picture, Turn
from twin.live.rows import rows_of

if TYPE_CHECKING:
    from twin.store import FeedStore

Floats = NDArray[np.float64]
BACK_S, SLOPE_S, HALVED_S = 6 * 3600.0, 900.0, 900.0
MEMBERS, FEW, GUESS_M = 20, 12, 0.03
SILENT = 3.0
"""Periods after which a gauge is silent, and nothing is said of it."""


@dataclass
class Levels:
    """Follows gauges.

    Attributes:
        store: Of the feeds.
        period_s: Of the forecasts.
        zero_m: Level at which water begins to stand on the street, by gauge; 0 where nobody says.
    """

    store: FeedStore
    period_s: float = 300.0
    zero_m: Mapping[str, float] = field(default_factory=dict)
    name: str = "depth"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """Depth at every gauge that speaks; the picture as it is where none does."""
        courses = self.courses(turn.now)
        steps = max(1, round(turn.horizon_s / self.period_s))
        told, silent = dict[str, Floats](), list[str]()
        for gauge, (seconds, level) in sorted(courses.items()):
            if -seconds[-1] > SILENT * self.period_s:
                silent.append(gauge)
                continue
            told[gauge] = np.maximum(ahead(seconds, level, steps, self.period_s) - self.zero_m.get(gauge, 0.0), 0.0)
        left_out = picture.left_out
        if silent:
            names = ", ".join(silent[:3])
            words = say(
                f"depth: {len(silent)} gauges are silent: {names}", f"水位：{len(silent)}个水位计无数据：{names}"
            )
            left_out = (*left_out, words)
        if not told:
            return replace(picture, left_out=left_out)
        now_s = (turn.now - picture.origin).total_seconds()
        members = np.stack(list(told.values()), axis=1)
        one = Forecast("gauges carried on", "depth", tuple(told), now_s, now_s, self.period_s, members)
        return replace(picture, forecasts=(*picture.forecasts, one), left_out=left_out)

    def courses(self, now: datetime) -> dict[str, tuple[Floats, Floats]]:
        """Gauge -> seconds before now (negative) and levels (m), in order of time."""
        since = now.astimezone(UTC) - timedelta(seconds=BACK_S)
        found = defaultdict[str, list[tuple[float, float]]](list)
        for row in rows_of(self.store, since, now + timedelta(microseconds=1), measures=("water_level",)):
            if row.result is not None and np.isfinite(row.result) and row.quality != "missing" and row.end <= now:
                found[row.sensor_id].append(((row.end - now).total_seconds(), row.result))
        return {
            gauge: (np.array([at for at, _ in sorted(said)]), np.array([level for _, level in sorted(said)]))
            for gauge, said in found.items()
        }


def ahead(seconds: Floats, level: Floats, steps: int, period_s: float) -> Floats:
    """What may come at a gauge (MEMBERS, steps), m: a damped trend, and errors that it has had.

    Args:
        seconds: When it spoke, before now (negative, increasing).
        level: What it said, m.
        steps: Periods to come.
        period_s: Length of each.
    """
    lead_s = np.asarray(period_s * (np.arange(steps) + 1), dtype=np.float64)
    point = carried_on(seconds, level, 0.0, lead_s)
    errors = np.full((MEMBERS, steps), np.nan)
    spread = np.linspace(-1.645, 1.645, MEMBERS)[:, None] * GUESS_M * np.sqrt(lead_s / 1800.0)
    moments = seconds[seconds <= -period_s]
    for step, lead in enumerate(lead_s):
        made = [at for at in moments if at + lead <= 0 and at - seconds[0] >= SLOPE_S]
        off = [_missed(seconds, level, float(at), lead_s[step : step + 1]) for at in made[-60:]]
        if len(off) >= FEW:
            errors[:, step] = np.quantile(off, (np.arange(MEMBERS) + 0.5) / MEMBERS)
    return np.asarray(point[None] + np.where(np.isnan(errors), spread, errors))


def _missed(seconds: Floats, level: Floats, at_s: float, lead_s: Floats) -> float:
    """What came, less what would have been said at a moment."""
    return float(np.interp(at_s + lead_s[0], seconds, level)) - float(carried_on(seconds, level, at_s, lead_s)[0])


def carried_on(seconds: Floats, level: Floats, at_s: float, lead_s: Floats) -> Floats:
    """The level some seconds after a moment, by what was said until then."""
    known = seconds <= at_s
    last = float(level[known][-1])
    recent = known & (seconds > at_s - SLOPE_S - 1.0)
    slope = float(np.polyfit(seconds[recent], level[recent], 1)[0]) if recent.sum() >= 2 else 0.0
    rate = np.log(2.0) / HALVED_S
    return np.asarray(last + slope * (1.0 - np.exp(-rate * lead_s)) / rate)
