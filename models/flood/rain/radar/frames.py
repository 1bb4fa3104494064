"""Radar frames in time: what fell where, and which frames are missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from models.flood.rain.radar.radar_grid import RadarGrid
from networks.errors import BadInput


@dataclass(frozen=True)
class RadarFrames:
    """Rain rates at moments, on one grid.

    Attributes:
        times: When each frame was measured, with a time zone, each later than the one before.
        rate_mm_h: (frames, rows, cols) rain (mm/h); NaN where the radar does not see.
        grid: Where the pixels lie.
        source: Whose frames, and by which law reflectivity became rain; never empty.
        every_s: The frames' period (s): the shortest time between two, of which all others are multiples.
        missing: Moments at which a frame should have been and is not; booked, not made up.

    Raises:
        BadInput: Fewer than two frames, times without a zone or out of order, negative rain, or frames between steps.
    """

    times: tuple[datetime, ...]
    rate_mm_h: np.ndarray
    grid: RadarGrid
    source: str
    every_s: float = 0.0
    missing: tuple[datetime, ...] = ()

    def __post_init__(self) -> None:
        _check(self)
        steps = [(after - before).total_seconds() for before, after in pairwise(self.times)]
        every = self.every_s or min(steps)
        missing = list[datetime]()
        for before, step in zip(self.times, steps, strict=False):
            count = round(step / every)
            if abs(count * every - step) > 0.1 * every:
                after = before + timedelta(seconds=step)
                raise BadInput(
                    f"the frames of {before:%H:%M:%S} and {after:%H:%M:%S} are {step:g} s apart",
                    expected=f"a multiple of the frames' period, {every:g} s",
                )
            missing += [before + timedelta(seconds=every * one) for one in range(1, count)]
        object.__setattr__(self, "every_s", every)
        object.__setattr__(self, "missing", tuple(missing))

    def cut(self, window: tuple[slice, slice]) -> RadarFrames:
        """The frames within a window of rows and columns."""
        return replace(self, rate_mm_h=self.rate_mm_h[:, window[0], window[1]], grid=self.grid.cut(window))

    def until(self, last: datetime) -> RadarFrames:
        """The frames up to a moment."""
        count = sum(time <= last for time in self.times)
        return replace(self, times=self.times[:count], rate_mm_h=self.rate_mm_h[:count])

    def steady(self, most: int) -> RadarFrames:
        """The last frames, at most so many, that follow each other without a gap.

        Raises:
            BadInput: A frame is missing between the last two, so that no motion can be told from them.
        """
        count = 1
        for before, after in zip(self.times[-2::-1], self.times[:0:-1], strict=False):
            if (after - before).total_seconds() > 1.1 * self.every_s or count == most:
                break
            count += 1
        if count < 2:
            before, after = self.times[-2:]
            raise BadInput(
                f"a frame is missing between {before:%Y-%m-%d %H:%M %Z} and {after:%H:%M %Z}, the last two",
                expected="two frames in a row to tell the rain's motion from",
                remedy="bring the frame, or forecast from an earlier moment",
            )
        return replace(self, times=self.times[-count:], rate_mm_h=self.rate_mm_h[-count:])


def _check(frames: RadarFrames) -> None:
    times, rates = frames.times, frames.rate_mm_h
    if len(times) < 2 or rates.shape != (len(times), *frames.grid.shape):
        raise BadInput(
            f"{len(times)} radar frames of {rates.shape[1:]} pixels on a grid of {frames.grid.shape}",
            expected="two frames or more, all on the grid",
        )
    for before, after in pairwise(times):
        if after.tzinfo is None or before.tzinfo is None:
            raise BadInput("a radar frame's time has no zone", expected="times with their zone, e.g. UTC")
        if after <= before:
            raise BadInput(
                f"the frame of {after:%Y-%m-%d %H:%M %Z} comes after that of {before:%Y-%m-%d %H:%M %Z}",
                expected="frames in the order of their times, each time once",
            )
    bad = (rates < 0) | np.isinf(rates)
    if bad.any():
        at, row, col = (int(one) for one in np.argwhere(bad)[0])
        raise BadInput(
            f"rain of {rates[at, row, col]:g} mm/h in the frame of {times[at]:%Y-%m-%d %H:%M %Z}",
            place=f"row {row}, column {col}",
            expected="a number that is not negative, or NaN where the radar does not see",
        )
    if not frames.source.strip():
        raise BadInput("radar frames without a source", remedy="say whose radar it is")
