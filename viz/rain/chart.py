"""Rain in time at one place: what fell, and what may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.signals.diagrams.svg import drawing, element, label, line

if TYPE_CHECKING:
    from models.flood.rain import Nowcast, RadarFrames

_WIDTH, _HEIGHT, _LEFT, _FOOT, _TOP = 760.0, 220.0, 40.0, 24.0, 14.0
BANDS = ((0.05, 0.95), (0.25, 0.75))


def chart(frames: RadarFrames, cast: Nowcast, row: int, col: int) -> Markup:
    """Observed rain as a line, the members' 90 % and 50 % ranges as bands, their middle as a dashed line."""
    here = cast.members_mm_h[:, :, row, col]
    known = int(np.argmax(np.isnan(here).any(axis=0))) if np.isnan(here).any() else here.shape[1]
    seen = frames.rate_mm_h[:, row, col]
    times = [*frames.times, *cast.times]
    most = max(1.0, float(np.nanmax(seen, initial=0)), float(np.nanmax(here[:, :known], initial=0)))
    top = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if one >= most)
    begin, end = times[0], times[-1]

    def x(time: datetime) -> float:
        return _LEFT + (_WIDTH - _LEFT) * ((time - begin) / (end - begin))

    def y(rain: float) -> float:
        return _HEIGHT - _FOOT - (_HEIGHT - _FOOT - _TOP) * rain / top

    parts = _axes(x, y, begin, end, float(top))
    ahead = [frames.times[-1], *cast.times[:known]]
    start = np.full((len(here), 1), seen[-1])
    moments = np.concatenate([start, here[:, :known]], axis=1)
    for low, high in BANDS:
        lower, upper = np.quantile(moments, (low, high), axis=0)
        edge = [*zip(ahead, upper, strict=True), *zip(ahead[::-1], lower[::-1], strict=True)]
        points = " ".join(f"{x(time):.1f},{y(float(rain)):.1f}" for time, rain in edge)
        parts.append(element("polygon", points=points, class_="band"))
    middle = np.quantile(moments, 0.5, axis=0)
    parts.append(line([(x(t), y(float(r))) for t, r in zip(ahead, middle, strict=True)], class_="ahead"))
    known_past = [(x(t), y(float(r))) for t, r in zip(frames.times, seen, strict=True) if np.isfinite(r)]
    parts.append(line(known_past, class_="seen"))
    now = x(frames.times[-1])
    parts.append(line([(now, _TOP), (now, _HEIGHT - _FOOT)], class_="now"))
    told = " ".join(f"{t:%H:%M} {r:.1f}" for t, r in zip(ahead, middle, strict=True))
    return drawing(_WIDTH, _HEIGHT, parts, title=told, class_="bars rain-chart")


def _axes(
    x: Callable[[datetime], float], y: Callable[[float], float], begin: datetime, end: datetime, top: float
) -> list[Markup]:
    parts = list[Markup]()
    for share in (0.0, 0.5, 1.0):
        parts.append(line([(_LEFT, y(top * share)), (_WIDTH, y(top * share))], class_="grid"))
        parts.append(label(_LEFT - 5, y(top * share) + 4, f"{top * share:g}", class_="tick", text_anchor="end"))
    time = begin.replace(minute=begin.minute // 15 * 15, second=0, microsecond=0)
    while time <= end:
        if time >= begin:
            anchor = "end" if x(time) > _WIDTH - 20 else "middle"
            parts.append(label(x(time), _HEIGHT - 8, f"{time:%H:%M}", class_="tick", text_anchor=anchor))
        time += timedelta(minutes=15)
    return parts
