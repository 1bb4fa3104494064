"""Radar brought to what gauges measured: one factor for the map, or factors that vary with the way to the gauges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.flood.rain.gauging.gauges import Gauges
from models.flood.rain.radar.frames import RadarFrames
from networks.errors import BadInput

Method = Literal["mean-field", "local"]
LEAST_MM = 0.5
"""A pair counts where gauge and radar both have at least this depth (mm): below it ratios are noise (a guess)."""
LEAST_PAIRS = 3
"""With fewer pairs there is no adjustment: a guess."""
WIDEST = 5.0
"""No factor goes beyond this or below one over it: a guess that keeps a blocked gauge from ruling the map."""
REACH_M = 20_000.0
"""Distance (m) at which a gauge's own ratio weighs 1/e: a guess, about the size of showers."""
BACKGROUND = 0.1
"""Weight of the mean factor beside the gauges': far from all it rules."""


@dataclass(frozen=True)
class Adjustment:
    """What was done to the radar.

    Attributes:
        method: mean-field, or local.
        bias: The mean factor, gauges over radar.
        used: Gauges that counted.
        left_out: Gauges that did not, each with the reason.
        error_before_mm, error_after_mm: Mean absolute difference to the gauges that counted (mm): of the radar, and of
            the adjusted radar where each gauge in turn is left out of the adjustment.
    """

    method: Method
    bias: float
    used: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    error_before_mm: float
    error_after_mm: float


def adjust_to_gauges(frames: RadarFrames, gauges: Gauges, method: Method = "local") -> tuple[RadarFrames, Adjustment]:
    """Multiply radar frames so that their sum agrees with gauges over the time of the frames.

    `mean-field` is the gauges' sum over the radar's at them (Wilson & Brandes 1979; Smith & Krajewski 1991). `local`
    is a mean of each gauge's own ratio, weighted by exp(-(d / 20 km)**2), and of the mean-field factor where gauges are
    far (after Brandes 1975, without his second pass). The radar at a gauge is the mean of 3 x 3 pixels, straight lines
    between frames; the same factors hold for all frames, and for what is forecast from them.

    Raises:
        BadInput: Fewer than three gauges with rain in gauge and radar: then the radar is better left as it is.

    Source: Wilson & Brandes 1979 (doi:10.1175/1520-0477-60.9.1048); Smith & Krajewski 1991, Water Resour. Res. 27(8);
    Brandes 1975, J. Appl. Meteorol. 14(7). None of the three was read: by secondary sources.
    """
    measured = gauges.depths_mm(frames.times[0], frames.times[-1])
    row, col = frames.grid.pixels([one.lon for one in gauges.gauges], [one.lat for one in gauges.gauges])
    seen = _radar_at(frames, row, col)
    names = [one.name for one in gauges.gauges]
    reasons = [_why_not(gauge, radar) for gauge, radar in zip(measured, seen, strict=True)]
    counts = np.array([not reason for reason in reasons])
    left = tuple((name, reason) for name, reason in zip(names, reasons, strict=True) if reason)
    if counts.sum() < LEAST_PAIRS:
        raise BadInput(
            f"{int(counts.sum())} gauges can be held against the radar",
            expected=f"{LEAST_PAIRS} or more",
            remedy="; ".join(f"{name}: {reason}" for name, reason in left) or "give more gauges, or leave them out",
        )
    places, depth, radar = np.stack([row, col])[:, counts], measured[counts], seen[counts]
    pixels = np.indices(frames.grid.shape) + 0.5
    factor = _factors(pixels, places, depth, radar, method, frames.grid.pixel_m)
    told = Adjustment(
        method,
        float(depth.sum() / radar.sum()),
        tuple(name for name, counted in zip(names, counts, strict=True) if counted),
        left,
        float(np.mean(np.abs(radar - depth))),
        _left_out_error(places, depth, radar, method, frames.grid.pixel_m),
    )
    source = f"{frames.source}; {method} factors from {len(told.used)} gauges ({gauges.source})"
    return replace(frames, rate_mm_h=(frames.rate_mm_h * factor).astype(np.float32), source=source), told


def _radar_at(frames: RadarFrames, row: np.ndarray, col: np.ndarray) -> np.ndarray:
    """(gauges,) rain (mm) that the frames saw at places over their time; NaN beyond the map or unseen."""
    seconds = np.array([(time - frames.times[0]).total_seconds() for time in frames.times])
    tall, wide = frames.grid.shape
    found = np.full(len(row), np.nan)
    for at, (down, right) in enumerate(zip(np.floor(row).astype(int), np.floor(col).astype(int), strict=True)):
        if 0 <= down < tall and 0 <= right < wide:
            near = frames.rate_mm_h[:, max(0, down - 1) : down + 2, max(0, right - 1) : right + 2]
            found[at] = np.trapezoid(near.mean(axis=(1, 2), dtype=np.float64), seconds) / 3600
    return found


def _why_not(gauge_mm: float, radar_mm: float) -> str:
    if np.isnan(radar_mm):
        return "the radar does not see it"
    if np.isnan(gauge_mm):
        return "it measured too little of the time"
    if gauge_mm < LEAST_MM or radar_mm < LEAST_MM:
        return f"gauge {gauge_mm:.1f} mm, radar {radar_mm:.1f} mm: below {LEAST_MM} mm"
    return ""


def _factors(
    pixels: np.ndarray,
    places: np.ndarray,
    depth: np.ndarray,
    radar: np.ndarray,
    method: Method,
    pixel_m: tuple[float, float],
) -> np.ndarray:
    bias = float(depth.sum() / radar.sum())
    if method == "mean-field":
        return np.full(pixels.shape[1:], np.clip(bias, 1 / WIDEST, WIDEST))
    total, weights = np.full(pixels.shape[1:], BACKGROUND * bias), np.full(pixels.shape[1:], BACKGROUND)
    for down, right, ratio in zip(*places, depth / radar, strict=True):
        away = np.hypot((pixels[0] - down) * pixel_m[1], (pixels[1] - right) * pixel_m[0])
        weight = np.exp(-((away / REACH_M) ** 2))
        total += weight * ratio
        weights += weight
    return np.clip(total / weights, 1 / WIDEST, WIDEST)


def _left_out_error(
    places: np.ndarray, depth: np.ndarray, radar: np.ndarray, method: Method, pixel_m: tuple[float, float]
) -> float:
    errors = []
    for at in range(len(depth)):
        rest = np.arange(len(depth)) != at
        factor = _factors(places[:, at : at + 1], places[:, rest], depth[rest], radar[rest], method, pixel_m)
        errors.append(abs(float(factor[0]) * radar[at] - depth[at]))
    return float(np.mean(errors))
