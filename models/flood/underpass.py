"""Water in an underpass: what comes down its ramps and pushes in, what its pumps lift, and when it must be closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import GRAVITY, MM_H
from models.flood.rain import Rain
from networks import StorageCurve
from networks.errors import BadInput
from networks.ground.underpass_file import BackflowText, PumpText


@dataclass(frozen=True)
class Sump:
    """An underpass as a tank.

    Attributes:
        name: Its id.
        storage: Depth and volume up to the brim; more runs over.
        catchment_m2: What drains into it, times the share that runs off, m2.
        after_s: How long the rain takes from there, s.
        pump: Its pumps, or None.
        backflow: A drain or river that pushes in, or None.
        drained_mm_h: What the drains and the soil of the catchment take of the rain first, mm/h.
    """

    name: str
    storage: StorageCurve
    catchment_m2: float
    after_s: float = 0.0
    pump: PumpText | None = None
    backflow: BackflowText | None = None
    drained_mm_h: float = 0.0


@dataclass(frozen=True)
class SumpCourse:
    """What became of it.

    Attributes:
        times_s: (t,) s since the run's begin.
        depth_m: (t,) at its lowest point.
        rain_m3: Came down the ramps.
        backflow_m3: Pushed in.
        pumped_m3: Was lifted out.
        spilled_m3: Ran over the brim.
        stored_m3: Stands there at the end.
    """

    times_s: np.ndarray
    depth_m: np.ndarray
    rain_m3: float
    backflow_m3: float
    pumped_m3: float
    spilled_m3: float
    stored_m3: float

    @property
    def error(self) -> float:
        """What is not accounted for, as a share of what came (at least a litre)."""
        came = self.rain_m3 + self.backflow_m3
        return abs(came - self.pumped_m3 - self.spilled_m3 - self.stored_m3) / max(came, 1e-3)

    def passes_s(self, depth_m: float) -> float | None:
        """When (s) the depth is first reached, linear between moments; None: never."""
        return first_passing(self.times_s, self.depth_m, depth_m)


def first_passing(times_s: ArrayLike, depth_m: ArrayLike, limit_m: float) -> float | None:
    """When (s) a course of depths first reaches a limit (m), linear between moments; None: never."""
    times, depth = np.asarray(times_s, np.float64), np.asarray(depth_m, np.float64)
    over = np.flatnonzero(depth >= limit_m)
    if not len(over):
        return None
    at = int(over[0])
    if at == 0:
        return float(times[0])
    share = (limit_m - depth[at - 1]) / (depth[at] - depth[at - 1])
    return float(times[at - 1] + share * (times[at] - times[at - 1]))


def run_sump(
    sump: Sump, rain: Rain | None, *, duration_s: float, step_s: float = 5.0, every_s: float = 60.0, at: int = -1
) -> SumpCourse:
    """Let it rain on a catchment: dV/dt = rain + backflow - pumps, what is above the brim runs over.

    Args:
        sump: The underpass.
        rain: In time; where it differs from cell to cell, `at` says which cell's counts.
        duration_s: How long (s).
        step_s: Step of the balance (s); volumes are exact for inflows that are constant within it.
        every_s: Depths are given this often (s), a multiple of the step.
        at: Flat index of the cell of its lowest point; the map's mean where it is -1.

    Raises:
        BadInput: Times that are not positive, or that do not fit.

    Source: the balance is the definition; backflow as an orifice, Q = C A sqrt(2 g h) (Torricelli).
    """
    if not (duration_s > 0 and step_s > 0 and every_s >= step_s):
        raise BadInput("the times of the balance", place=sump.name, expected="positive, every_s at least step_s")
    count, often = int(np.ceil(duration_s / step_s)), max(1, round(every_s / step_s))
    moments = np.minimum(np.arange(count + 1) * step_s, duration_s)
    volume, on = 0.0, False
    came = back = pumped = spilled = 0.0
    depth = np.zeros(count + 1)
    full = float(sump.storage.volume_m3[-1])
    for k in range(count):
        begin, end = float(moments[k]), float(moments[k + 1])
        long = end - begin
        rate = max(0.0, rain_mm_h(rain, begin - sump.after_s, end - sump.after_s, at) - sump.drained_mm_h)
        falls = rate * MM_H * sump.catchment_m2 * long
        pushes = backflow_m3s(sump.backflow, begin, depth[k]) * long
        on = pump_runs(sump.pump, on, begin, depth[k])
        volume += falls + pushes
        lifts = min(volume, pump_m3s(sump.pump, depth[k]) * long) if on else 0.0
        volume -= lifts
        over = max(0.0, volume - full)
        volume -= over
        came, back, pumped, spilled = came + falls, back + pushes, pumped + lifts, spilled + over
        depth[k + 1] = float(sump.storage.depth_of(volume))
    kept = np.unique(np.r_[np.arange(0, count + 1, often), count])
    return SumpCourse(moments[kept], depth[kept], came, back, pumped, spilled, volume)


def rain_mm_h(rain: Rain | None, begin: float, end: float, at: int) -> float:
    """Rain (mm/h) over an interval; none before the run's begin."""
    if rain is None or end <= 0:
        return 0.0
    rate = rain.rate_mm_h(max(begin, 0.0), end)
    one = float(np.asarray(rate).ravel()[at] if at >= 0 else np.mean(rate)) if isinstance(rate, np.ndarray) else rate
    return one * (end - max(begin, 0.0)) / (end - begin)


def backflow_m3s(backflow: BackflowText | None, time_s: float, depth_m: float) -> float:
    """m3/s that push in."""
    if backflow is None or backflow.flap:
        return 0.0
    times, levels = zip(*backflow.level_m, strict=True)
    head = float(np.interp(time_s, times, levels)) - max(backflow.sill_m, depth_m)
    return backflow.conveyance_m2 * float(np.sqrt(2 * GRAVITY * max(head, 0.0)))


def pump_runs(pump: PumpText | None, was_on: bool, time_s: float, depth_m: float) -> bool:
    """Whether it runs: from its starting depth on until its stopping depth, while it has power."""
    if pump is None or any(begin <= time_s < end for begin, end in pump.fails_s):
        return False
    return depth_m >= pump.start_m or (was_on and depth_m > pump.stop_m)


def pump_m3s(pump: PumpText | None, depth_m: float) -> float:
    """m3/s that it lifts; nothing above its curve's last head."""
    if pump is None:
        return 0.0
    heads, flows = zip(*pump.curve, strict=True)
    head = max(pump.lift_m - depth_m, 0.0)
    return float(np.interp(head, heads, flows)) if len(heads) == 1 or head <= heads[-1] else 0.0
