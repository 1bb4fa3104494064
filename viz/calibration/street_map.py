"""A map of streets for pages: all in grey, some in colour, numbered places on top."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from networks.roads.net_file import Net
from viz.calibration.apart import apart
from viz.calibration.residual_map import SIDE, line_path, set_aside
from viz.text import text

_TALLEST = 1.1
_DISC = 12.0


@dataclass(frozen=True)
class Drawn:
    """How a street is drawn: CSS class, width in px, and what it says when pointed at."""

    kind: str
    width: float
    title: str


@dataclass(frozen=True)
class Mark:
    """A disc in the middle of a street: what stands in it, its CSS class, and what it says when pointed at."""

    edge: str
    label: str
    kind: str
    title: str


def street_map(
    net: Net, drawn: Mapping[str, Drawn], marks: Sequence[Mark], key: str, squares: Collection[str] = ()
) -> Markup:
    """The picture.

    Args:
        net: The streets.
        drawn: Those in colour, the last on top.
        marks: Places, the first on top; where they would cover each other they are moved, with a line to the place.
        key: Of the catalogue: what the picture is, for those who do not see it.
        squares: Streets with a square in their middle.
    """
    points = np.array([xy for edge in net.edges for xy in edge.shape])
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1.0)
    scale = min(SIDE / wide, SIDE * _TALLEST / tall) * 0.94
    box = np.array([SIDE, max(0.35 * SIDE, tall * scale / 0.94)])
    rim = (box - scale * np.array([wide, tall])) / 2
    lines = {}
    for edge in net.edges:
        at = (np.asarray(edge.shape) - low) * scale + rim
        lines[edge.edge_id] = set_aside(np.column_stack([at[:, 0], box[1] - at[:, 1]]))
    parts = [f'<path class="cal-street" d="{"".join(map(line_path, lines.values()))}"/>']
    for name, one in drawn.items():
        if name in lines:
            title = f"<title>{escape(one.title)}</title>"
            width = f'stroke-width="{one.width:.1f}"'
            parts.append(f'<path class="{one.kind}" {width} d="{line_path(lines[name])}">{title}</path>')
    for name in sorted(set(squares) & set(lines)):
        x, y = middle_of(lines[name])
        square = f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z"
        parts.append(f'<path class="site-old" d="{square}"><title>{escape(name)}</title></path>')
    parts += _discs([mark for mark in marks if mark.edge in lines], lines, box)
    label = f"{text(key, 'en')} / {text(key, 'zh')}"
    view = f"0 0 {box[0]:.0f} {box[1]:.0f}"
    return Markup(f'<svg viewBox="{view}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def _discs(marks: Sequence[Mark], lines: Mapping[str, np.ndarray], box: np.ndarray) -> list[str]:
    """The marks, the first on top."""
    spots = np.array([middle_of(lines[mark.edge]) for mark in marks]).reshape(-1, 2)
    parts: list[str] = []
    for mark, at, (x, y) in reversed(list(zip(marks, spots, apart(spots, 2 * _DISC + 2, box), strict=True))):
        if np.hypot(x - at[0], y - at[1]) > _DISC:
            parts.append(f'<path class="site-lead" d="M{at[0]:.1f} {at[1]:.1f}L{x:.1f} {y:.1f}"/>')
        title = f"<title>{escape(mark.title)}</title>"
        parts.append(f'<circle class="{mark.kind}" cx="{x:.1f}" cy="{y:.1f}" r="{_DISC:g}">{title}</circle>')
        parts.append(
            f'<text class="site-number" x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">{mark.label}</text>'
        )
    return parts


def middle_of(line: np.ndarray) -> tuple[float, float]:
    """Half-way along a line."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    half = along[-1] / 2
    return float(np.interp(half, along, line[:, 0])), float(np.interp(half, along, line[:, 1]))
