"""A plane with axes for small SVG charts; both axes may be square roots, on which GEH bands are nearly parallel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from viz.text import LANGUAGES, TAGS, text

WIDE, TALL = 460.0, 400.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 14.0, 12.0, 46.0
_STEPS = (1, 2, 5, 10)
_ROOT_SHARES = (0, 0.05, 0.2, 0.5, 1)


@dataclass(frozen=True)
class Plane:
    """Where values lie on a chart of WIDE x TALL.

    Attributes:
        most_x, most_y: Largest values; both axes begin at 0.
        root: Axes are square roots.
    """

    most_x: float
    most_y: float
    root: bool = False

    def x(self, value: float) -> float:
        """Place across."""
        return _LEFT + (WIDE - _LEFT - _RIGHT) * self._share(value, self.most_x)

    def y(self, value: float) -> float:
        """Place down."""
        return TALL - _BOTTOM - (TALL - _TOP - _BOTTOM) * self._share(value, self.most_y)

    def line(self, points: Sequence[tuple[float, float]], name: str) -> str:
        """A line through values; `name` is its CSS class."""
        inside = [(x, y) for x, y in points if 0 <= y <= self.most_y * 1.0001 and 0 <= x <= self.most_x * 1.0001]
        path = "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in inside)
        return f'<path class="{name}" d="M{path}"/>' if len(inside) > 1 else ""

    def frame(self, across: str, up: str) -> str:
        """Grid, ticks and the names of the axes (keys of the catalogue)."""
        parts = []
        for value in ticks(self.most_x, root=self.root):
            at = self.x(value)
            parts.append(f'<path class="cal-grid" d="M{at:.1f} {_TOP:.0f}V{TALL - _BOTTOM:.0f}"/>')
            parts.append(_tick(f'x="{at:.1f}" y="{TALL - _BOTTOM + 16:.0f}" text-anchor="middle"', value))
        for value in ticks(self.most_y, root=self.root):
            at = self.y(value)
            parts.append(f'<path class="cal-grid" d="M{_LEFT:.0f} {at:.1f}H{WIDE - _RIGHT:.0f}"/>')
            parts.append(_tick(f'x="{_LEFT - 6:.0f}" y="{at + 4:.1f}" text-anchor="end"', value))
        parts.append(_name(across, f'x="{(WIDE + _LEFT - _RIGHT) / 2:.0f}" y="{TALL - 8:.0f}"'))
        middle = (TALL - _BOTTOM + _TOP) / 2
        parts.append(_name(up, f'transform="rotate(-90)" x="{-middle:.0f}" y="15"'))
        return "".join(parts)

    def _share(self, value: float, most: float) -> float:
        share = min(max(value / most, 0.0), 1.0)
        return math.sqrt(share) if self.root else share


def svg(parts: Sequence[str], label: str) -> Markup:
    """The chart; `label` says what it is to those who do not see it."""
    return Markup(f'<svg viewBox="0 0 {WIDE:.0f} {TALL:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def ticks(most: float, *, root: bool = False) -> list[float]:
    """Round values from 0 to `most`; on a square root they stand closer at the far end."""
    if root:
        top = _round_below(most)
        return [value * top for value in _ROOT_SHARES if value * top >= 1 or value == 0]
    step = _round_below(most / 4)
    return [step * at for at in range(int(most / step + 1e-9) + 1)]


def _round_below(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return max(step * power for step in _STEPS if step * power <= value * (1 + 1e-9))


def _tick(place: str, value: float) -> str:
    return f'<text class="cal-tick" {place}>{_told(value)}</text>'


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _name(key: str, place: str) -> str:
    """The name of an axis in both languages; CSS shows one."""
    return "".join(
        f'<text class="cal-axis" lang="{TAGS[one]}" {place} text-anchor="middle">{text(key, one)}</text>'
        for one in LANGUAGES
    )
