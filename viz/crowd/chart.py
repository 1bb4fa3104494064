"""A chart of visitors by day: bars that were counted, a line with bands that is forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

WIDE, TALL = 720.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 26.0, 12.0, 26.0
_STEPS = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
_TALLEST = 2.0
"""A band is cut off above this many times the largest count and forecast, so that those can be read."""

if TYPE_CHECKING:
    from calibration.occupancy import Shown

Band = tuple[Sequence[float], Sequence[float]]


def day_chart(
    first: date, counted: Sequence[float], median: Sequence[float], bands: Sequence[tuple[str, Band]],
    *, limit: float | None = None,
) -> Markup:  # fmt: skip
    """SVG parts within WIDE x TALL.

    Args:
        first: Day of the first count.
        counted: People by day; NaN is a gap.
        median: People by day after those.
        bands: The widest first: class of its shape, and (low, high) by day of `median`.
        limit: Drawn across; None: nothing.
    """
    known = [one for one in counted if one == one]
    drawn = max([*known, *median, limit or 0.0, 1.0])
    most = _ceiling(min(max([drawn, *(max(high) for _, (_, high) in bands)]), _TALLEST * drawn))
    days = len(counted) + len(median)
    across = (WIDE - _LEFT - _RIGHT) / days

    def x(day: float) -> float:
        return _LEFT + across * (day + 0.5)

    def y(people: float) -> float:
        return TALL - _BOTTOM - (TALL - _TOP - _BOTTOM) * min(people / most, 1.0)

    parts = [_grid(most, y), _dates(first, days, x)]
    for day, people in enumerate(counted):
        if people == people:
            box = f'x="{x(day) - 0.4 * across:.1f}" y="{y(people):.1f}" width="{0.8 * across:.1f}"'
            tip = f"{first + timedelta(days=day)}: {people:.0f}"
            parts.append(f'<rect class="crowd-bar" {box} height="{y(0) - y(people):.1f}"><title>{tip}</title></rect>')
    start = len(counted)
    for name, (low, high) in bands:
        there = [f"{x(start + i):.1f},{y(one):.1f}" for i, one in enumerate(high)]
        back = [f"{x(start + i):.1f},{y(one):.1f}" for i, one in reversed(list(enumerate(low)))]
        parts.append(f'<polygon class="{escape(name)}" points="{" ".join(there + back)}"/>')
    line = " ".join(f"{x(start + i):.1f},{y(one):.1f}" for i, one in enumerate(median))
    parts.append(f'<polyline class="crowd-line" points="{line}"/>')
    for i, one in enumerate(median):
        tip = f"{first + timedelta(days=start + i)}: {one:.0f}"
        parts.append(
            f'<circle class="crowd-dot" cx="{x(start + i):.1f}" cy="{y(one):.1f}" r="2.6"><title>{tip}</title></circle>'
        )
    if limit is not None:
        parts.append(f'<path class="crowd-limit" d="M{_LEFT:.0f} {y(limit):.1f}H{WIDE - _RIGHT:.0f}"/>')
    return Markup("".join(parts))


def time_chart(
    times: Sequence[datetime],
    people: Sequence[Shown],
    later: Sequence[datetime],
    foreseen: Sequence[Shown],
    limit: float | None,
) -> Markup:
    """SVG parts within WIDE x TALL: a course with its band, what is foreseen with its, and a limit.

    Args:
        times: Moments, rising.
        people: At each of them.
        later: Moments after those.
        foreseen: At each of them.
        limit: Drawn across; None: nothing.
    """
    drawn = max([*(one.mean for one in (*people, *foreseen)), limit or 0.0, 1.0])
    most = _ceiling(min(max(one.high for one in (*people, *foreseen)), _TALLEST * drawn) if people else drawn)
    most = max(most, _ceiling(drawn))
    length = (later[-1] - times[0]).total_seconds() or 1.0

    def x(time: datetime) -> float:
        return _LEFT + (WIDE - _LEFT - _RIGHT) * (time - times[0]).total_seconds() / length

    def y(size: float) -> float:
        return TALL - _BOTTOM - (TALL - _TOP - _BOTTOM) * min(size / most, 1.0)

    def course(name: str, band: str, at: Sequence[datetime], told: Sequence[Shown]) -> str:
        there = [f"{x(time):.1f},{y(one.high):.1f}" for time, one in zip(at, told, strict=True)]
        back = [f"{x(time):.1f},{y(one.low):.1f}" for time, one in zip(at, told, strict=True)]
        line = " ".join(f"{x(time):.1f},{y(one.mean):.1f}" for time, one in zip(at, told, strict=True))
        shape = " ".join(there + back[::-1])
        return f'<polygon class="{band}" points="{shape}"/><polyline class="{name}" points="{line}"/>'

    parts = [_grid(most, y), _hours(times[0], later[-1], x)]
    parts.append(course("crowd-past", "crowd-past-band", times, people))
    parts.append(course("crowd-line", "crowd-wide", [times[-1], *later], [people[-1], *foreseen]))
    if limit is not None:
        parts.append(f'<path class="crowd-limit" d="M{_LEFT:.0f} {y(limit):.1f}H{WIDE - _RIGHT:.0f}"/>')
    return Markup("".join(parts))


def _hours(first: datetime, last: datetime, x: Callable[[datetime], float]) -> str:
    hours = max((last - first).total_seconds() / 3600.0, 0.1)
    every = next((one for one in (1, 2, 3, 6, 12, 24) if hours / one <= 7), 24)
    time = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    parts = []
    while time <= last:
        if time.hour % every == 0:
            at = f'x="{x(time):.1f}" y="{TALL - 8:.0f}" text-anchor="middle"'
            parts.append(f'<text class="crowd-tick" {at}>{time:%H:%M}</text>')
        time += timedelta(hours=1)
    return "".join(parts)


def _ceiling(most: float) -> float:
    power = 10.0 ** (len(str(int(most))) - 1)
    return next(step * power for step in _STEPS if step * power >= most)


def _grid(most: float, y: Callable[[float], float]) -> str:
    parts = []
    for part in range(5):
        people, at = most * part / 4, y(most * part / 4)
        parts.append(f'<path class="crowd-grid" d="M{_LEFT:.0f} {at:.1f}H{WIDE - _RIGHT:.0f}"/>')
        parts.append(
            f'<text class="crowd-tick" x="{_LEFT - 6:.0f}" y="{at + 4:.1f}" text-anchor="end">{people:,.0f}</text>'
        )
    return "".join(parts)


def _dates(first: date, days: int, x: Callable[[float], float]) -> str:
    every = next(step for step in (1, 2, 7, 14, 28, 56) if days / step <= 8 or step == 56)
    parts = []
    for day in range((days - 1) % every, days, every):
        told = first + timedelta(days=day)
        parts.append(
            f'<text class="crowd-tick" x="{x(day):.1f}" y="{TALL - 8:.0f}" text-anchor="middle">{told:%m-%d}</text>'
        )
    return "".join(parts)
