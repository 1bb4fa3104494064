"""A small chart of a counter: bars by hour that were counted, lines that were expected."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDE, TALL = 360.0, 170.0
_LEFT, _TOP, _BOTTOM = 46.0, 10.0, 24.0


def hour_bars(hours: Sequence[str], told: Sequence[float], lines: Sequence[tuple[str, Sequence[float]]]) -> Markup:
    """SVG parts within WIDE x TALL.

    Args:
        hours: A label for each hour.
        told: People by hour; NaN is a gap.
        lines: Class, and people by hour.
    """
    known = [one for one in told if one == one]
    most = max([*known, *(size for _, sizes in lines for size in sizes if size == size), 1.0])
    across = (WIDE - _LEFT) / max(len(hours), 1)

    def y(people: float) -> float:
        return TALL - _BOTTOM - (TALL - _TOP - _BOTTOM) * people / most

    parts = []
    for share in (0.0, 0.5, 1.0):
        at = y(share * most)
        label = f'x="{_LEFT - 5:.0f}" y="{at + 4:.1f}" text-anchor="end"'
        parts.append(f'<path class="crowd-grid" d="M{_LEFT:.0f} {at:.1f}H{WIDE:.0f}"/>')
        parts.append(f'<text class="crowd-tick" {label}>{share * most:,.0f}</text>')
    every = max(1, round(len(hours) / 6))
    for at, (hour, people) in enumerate(zip(hours, told, strict=True)):
        x = _LEFT + across * at
        if people == people:
            box = f'x="{x + 0.1 * across:.1f}" y="{y(people):.1f}" width="{0.8 * across:.1f}"'
            tip = f"<title>{escape(hour)}: {people:,.0f}</title>"
            parts.append(f'<rect class="crowd-bar" {box} height="{y(0) - y(people):.1f}">{tip}</rect>')
        if at % every == 0:
            label = f'x="{x + across / 2:.1f}" y="{TALL - 7:.0f}" text-anchor="middle"'
            parts.append(f'<text class="crowd-tick" {label}>{escape(hour)}</text>')
    for name, sizes in lines:
        there = [f"{_LEFT + across * (at + 0.5):.1f},{y(size):.1f}" for at, size in enumerate(sizes) if size == size]
        parts.append(f'<polyline class="{escape(name)}" points="{" ".join(there)}"/>')
    return Markup("".join(parts))
