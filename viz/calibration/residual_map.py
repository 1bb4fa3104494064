"""A map of sensors: where the calibrated demand drives more or less than was counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from markupsafe import Markup, escape

from calibration.proof import Proof, geh, middle
from networks.roads.net_file import read_net
from viz.text import text

SIDE = 900.0
_TALLEST = 1.1
_ASIDE, _SIGN = 3.0, 7.0


def residual_map(net_file: Path, proof: Proof) -> Markup:
    """The picture: streets in grey, watched ones coloured by sign, width by GEH, signs for held-out sensors.

    Args:
        net_file: The network.
        proof: What was counted and simulated.
    """
    net = read_net(net_file)
    points = np.array([xy for edge in net.edges for xy in edge.shape])
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1.0)
    scale = min(SIDE / wide, SIDE * _TALLEST / tall) * 0.94
    edge_px = np.array([SIDE, max(0.35 * SIDE, tall * scale / 0.94)])
    aside = (edge_px - scale * np.array([wide, tall])) / 2

    def place(xy: Sequence[Sequence[float]]) -> np.ndarray:
        at = (np.asarray(xy) - low) * scale + aside
        return np.column_stack([at[:, 0], edge_px[1] - at[:, 1]])

    shape = {edge.edge_id: edge.shape for edge in net.edges}
    streets = "".join(line_path(place(line)) for line in shape.values())
    parts = [f'<path class="cal-street" d="{streets}"/>']
    lines, signs = [], []
    for at, (kind, size, told) in enumerate(_residuals(proof)):
        line = shape[proof.counts.edges[at]]
        title = f"<title>{escape(told)}</title>"
        width = 2.0 + min(size, 20.0) / 3
        moved = set_aside(place(line))
        lines.append(f'<path class="cal-line {kind}" stroke-width="{width:.1f}" d="{line_path(moved)}">{title}</path>')
        x, y = place([middle(line)])[0]
        signs.append(_sign(kind, x, y, title) if proof.is_held[at] else "")
    box = f"0 0 {edge_px[0]:.0f} {edge_px[1]:.0f}"
    label = f"{text('calibration.map', 'en')} / {text('calibration.map', 'zh')}"
    drawn = "".join([*parts, *lines, *signs])
    return Markup(f'<svg viewBox="{box}" role="img" aria-label="{label}">{drawn}</svg>')


def _residuals(proof: Proof) -> list[tuple[str, float, str]]:
    """Of each sensor: what kind of residual, its GEH, and the figures in words (mean over the hours)."""
    rows = []
    for at, sensor in enumerate(proof.counts.sensors):
        known = np.isfinite(proof.observed_vph[at])
        if not known.any():
            rows.append(("cal-none", 0.0, f"{sensor}: –"))
            continue
        seen = float(proof.observed_vph[at, known].mean())
        found = float(proof.ours.simulated_vph[at, known].mean())
        size = float(geh(found, seen))
        kind = "cal-right" if size < 5 else ("cal-over" if found > seen else "cal-under")
        rows.append((kind, size, f"{sensor}: {seen:.0f} → {found:.0f}, GEH {size:.1f}"))
    return rows


def line_path(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def set_aside(points: np.ndarray) -> np.ndarray:
    """A line moved to the right of its direction, so that both directions of a street are seen."""
    along = np.gradient(points, axis=0)
    size = np.hypot(along[:, 0], along[:, 1])
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.where(size > 0, size, 1.0)[:, None]
    return points + _ASIDE * normal


def _sign(kind: str, x: float, y: float, title: str) -> str:
    """Up: too much; down: too little; a disc: right. Shapes, so that nobody needs the colour."""
    r = _SIGN
    if kind == "cal-over":
        return f'<path class="cal-sign {kind}" d="M{x:.1f} {y - r:.1f}l{r} {1.7 * r:.1f}h{-2 * r}z">{title}</path>'
    if kind == "cal-under":
        return f'<path class="cal-sign {kind}" d="M{x:.1f} {y + r:.1f}l{r} {-1.7 * r:.1f}h{-2 * r}z">{title}</path>'
    return f'<circle class="cal-sign {kind}" cx="{x:.1f}" cy="{y:.1f}" r="{0.7 * r:.1f}">{title}</circle>'
