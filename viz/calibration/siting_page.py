"""The page of places for sensors: a map and a table, one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup, escape

from networks.roads.net_file import Net, read_net
from viz.calibration.residual_map import SIDE, line_path, set_aside
from viz.palette import BLUE, GREY, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, text

if TYPE_CHECKING:
    from calibration.health import Siting

_TALLEST = 1.1
_DISC = 11.0
_KNOWN, _HALF = 0.25, 0.5


def siting_page(title: str, net_file: Path, found: Siting, existing: Collection[str]) -> str:
    """The page.

    Args:
        title: Its heading: the town.
        net_file: The network.
        found: The places.
        existing: Streets that are counted already.
    """
    net = read_net(net_file)
    names = {edge.edge_id: edge.name for edge in net.edges}
    last = found.sites[-1]
    told = {"count": len(found.sites), "left": _share(last.left), "bound": _share(found.bound)}
    shown = {
        "css": Markup(_colours()) + page_file("calibration.css"),
        "headline": both("siting.headline", **told),
        "map": _map(net, found, existing),
        "existing": bool(existing),
        "rows": [
            (f"{names[one.edge]} ({one.edge})" if names[one.edge] else one.edge, f"± {_share(one.own_cv)}",
             _share(one.taken), _share(one.left))
            for one in found.sites
        ],
    }  # fmt: skip
    part = Markup(templates().get_template("siting.html.j2").render(shown))
    lead = both("siting.lead", count=len(found.sites), existing=len(existing), streets=len(found.edges))
    return page(title, [part], kind=both("siting.kind"), lead=lead)


def _map(net: Net, found: Siting, existing: Collection[str]) -> Markup:
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
    most = float(found.mean.max())
    for name, mean, error in zip(found.edges, found.mean, found.after, strict=True):
        unsure = error / max(mean, 1e-9)
        kind = "site-known" if unsure <= _KNOWN else ("site-half" if unsure <= _HALF else "site-unknown")
        title = f"<title>{escape(name)}: ± {_share(unsure)}</title>"
        width = 1.2 + 5.0 * np.sqrt(mean / most)
        parts.append(f'<path class="{kind}" stroke-width="{width:.1f}" d="{line_path(lines[name])}">{title}</path>')
    for name in sorted(set(existing) & set(lines)):
        x, y = _middle(lines[name])
        parts.append(
            f'<path class="site-old" d="M{x - 5:.1f} {y - 5:.1f}h10v10h-10z"><title>{escape(name)}</title></path>'
        )
    spots = np.array([_middle(lines[one.edge]) for one in found.sites])
    free = apart(spots, 2 * _DISC + 2, box)
    for number, one in reversed(list(enumerate(found.sites, start=1))):
        x, y = free[number - 1]
        if np.hypot(*(free[number - 1] - spots[number - 1])) > _DISC:
            at = spots[number - 1]
            parts.append(f'<path class="site-lead" d="M{at[0]:.1f} {at[1]:.1f}L{x:.1f} {y:.1f}"/>')
        title = f"<title>{escape(one.edge)}</title>"
        parts.append(f'<circle class="site-new" cx="{x:.1f}" cy="{y:.1f}" r="{_DISC:g}">{title}</circle>')
        parts.append(f'<text class="site-number" x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">{number}</text>')
    label = f"{text('siting.map', 'en')} / {text('siting.map', 'zh')}"
    view = f"0 0 {box[0]:.0f} {box[1]:.0f}"
    return Markup(f'<svg viewBox="{view}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def apart(spots: np.ndarray, least: float, box: np.ndarray) -> np.ndarray:
    """Points (N, 2) moved until none is nearer to another than `least`, as far as there is room in the box."""
    free = spots.astype(float).copy()
    for _ in range(200):
        step = free[:, None] - free[None]
        away = np.hypot(step[..., 0], step[..., 1])
        near = (away < least) & ~np.eye(len(free), dtype=bool)
        if not near.any():
            break
        lost = np.where(away < 1e-6, np.arange(len(free))[:, None] - np.arange(len(free)) + 0.5, 0.0)
        along = np.where(away[..., None] < 1e-6, np.stack([np.sign(lost), np.sign(lost)], -1), step)
        along = along / np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-9)[..., None]
        push = np.where(near, (least - away) / 2 + 0.01, 0.0)[..., None] * along
        free = np.clip(free + push.sum(axis=1), least / 2, box - least / 2)
    return free


def _middle(line: np.ndarray) -> tuple[float, float]:
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    return tuple(float(np.interp(along[-1] / 2, along, line[:, axis])) for axis in (0, 1))  # type: ignore[return-value]


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.0995 else f"{100 * value:.1f} %"


def _colours() -> str:
    return (
        f":root{{--cal-over:{hex_of(ORANGE)};--cal-under:{hex_of(BLUE)};--cal-right:{hex_of(GREY)};}}\n"
        ".site-known,.site-half,.site-unknown{fill:none;stroke-linecap:round}"
        f".site-known{{stroke:{hex_of(BLUE)}}}.site-half{{stroke:#7d8b99}}.site-unknown{{stroke:{hex_of(ORANGE)}}}\n"
        ".site-new{fill:#12202f;stroke:#fff;stroke-width:1.5}.site-old{fill:#fff;stroke:#12202f;stroke-width:2}"
        ".site-lead{stroke:#12202f;stroke-width:1.2}"
        ".site-number{fill:#fff;font-size:13px;font-weight:700;pointer-events:none}\n"
    )
