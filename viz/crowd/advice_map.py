"""A map of the streets of a visitor day with the minutes that people stand too close, as an SVG picture."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from networks import WalkGraph
from viz.palette import hex_of

SIDE = 520.0
_MARGIN_M = 250.0
_SMALL_M = 400.0
_STEPS = ((254, 217, 118), (253, 141, 60), (227, 26, 28), (128, 0, 38))
"""From few to many: yellow to dark red, as the bands of density."""


def frame_of(graph: WalkGraph, dense: np.ndarray) -> tuple[float, float, float, float]:
    """What a map shows: all links of `dense` that have any, with room around them (m): left, low, right, high."""
    links = np.flatnonzero(dense > 0)
    nodes = np.unique(np.concatenate([graph.link_from[links], graph.link_to[links]])) if len(links) else slice(None)
    x, y = graph.node_x[nodes], graph.node_y[nodes]
    wide = max(_SMALL_M, float(x.max() - x.min()), float(y.max() - y.min())) / 2 + _MARGIN_M
    middle = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
    return middle[0] - wide, middle[1] - 0.75 * wide, middle[0] + wide, middle[1] + 0.75 * wide


def dense_map(
    graph: WalkGraph, dense: np.ndarray, most: float, frame: tuple[float, float, float, float], label: str
) -> Markup:
    """The picture.

    Args:
        graph: The streets.
        dense: Person-minutes above 3.5 persons/m2 by link, shape (links,).
        most: The number that gets the darkest colour.
        frame: See `frame_of`.
        label: What it shows, for those who do not see it.
    """
    left, low, right, high = frame
    scale = SIDE / (right - left)
    x, y = (graph.node_x - left) * scale, (high - graph.node_y) * scale
    inside = (x > -SIDE) & (x < 2 * SIDE) & (y > -SIDE) & (y < 2 * SIDE)
    shown = inside[graph.link_from] & inside[graph.link_to]

    def way(link: int) -> str:
        a, b = graph.link_from[link], graph.link_to[link]
        return f"M{x[a]:.1f} {y[a]:.1f}L{x[b]:.1f} {y[b]:.1f}"

    streets = "".join(way(link) for link in np.flatnonzero(shown).tolist())
    parts = [f'<path class="advice-street" d="{streets}"/>']
    for link in np.argsort(dense, kind="stable").tolist():
        if dense[link] > 0 and shown[link]:
            share = min(1.0, float(dense[link]) / max(most, 1e-9))
            colour = hex_of(_STEPS[min(3, int(4 * share**0.4))])
            wide = f"{2.5 + 5 * share**0.4:.1f}"
            told = f"<title>{dense[link]:,.0f}</title>"
            parts.append(
                f'<path class="advice-dense" d="{way(link)}" stroke="{colour}" stroke-width="{wide}">{told}</path>'
            )
    box = f"0 0 {SIDE:.0f} {SIDE * (high - low) / (right - left):.0f}"
    return Markup(f'<svg viewBox="{box}" role="img" aria-label="{label}">{"".join(parts)}</svg>')
