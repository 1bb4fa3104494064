"""The map of a flood run: water, buildings and sea as pictures, roads, ponding points and underpasses on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.rain.classes import Classes
from viz.signals.diagrams.svg import element, label, line

if TYPE_CHECKING:
    from networks import City, Terrain

GROUND = Classes("flood.scale_ground", (1, 2), ((214, 226, 233), (214, 209, 199)))
DEPTH = Classes(
    "flood.scale_depth",
    (0.05, 0.15, 0.3, 0.6, 1.0, 2.0),
    ((190, 217, 238), (125, 176, 217), (59, 130, 189), (16, 82, 148), (74, 34, 120), (48, 0, 60)),
)
CHANCE = Classes(
    "flood.scale_chance",
    (0.1, 0.3, 0.5, 0.7, 0.9),
    ((252, 207, 160), (251, 135, 97), (229, 80, 100), (183, 55, 121), (94, 20, 110)),
)


def roads(city: City, terrain: Terrain, shut: np.ndarray) -> Markup:
    """The city's roads: thin where open, marked where shut, decks dashed; without tunnels and ways beyond the map."""
    edges = city.layer("edges")
    outside = (edges["highway"] == "outside").tolist()
    parts = dict[str, list[str]](road=[], deck=[], shut=[])
    for at, (shape, bridge, tunnel) in enumerate(zip(edges.geometry, edges["bridge"], edges["tunnel"], strict=True)):
        if outside[at] or (tunnel and not shut[at]):
            continue
        kind = "shut" if shut[at] else "deck" if bridge else "road"
        points = _pixels(terrain, np.asarray(shape.coords)[:, :2])
        parts[kind].append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))
    return Markup("").join(element("path", d="".join(ways), class_=f"flood-{kind}") for kind, ways in parts.items())


def marks(terrain: Terrain, places: Sequence[tuple[str, str, float, float]]) -> Markup:
    """Numbered dots: kind, number, x, y (m); places that nobody can place are left out.

    No dot hides another: one whose place is taken stands beside it, with a line to where it belongs.
    """
    size = max(terrain.elevation_m.shape) / 55
    known = [(kind, number, x, y) for kind, number, x, y in places if np.isfinite(x)]
    at = _pixels(terrain, np.array([[x, y] for _, _, x, y in known]).reshape(-1, 2))
    leaders, drawn = [], []
    for (kind, number, _, _), own, (col, row) in zip(known, at, apart(at, size * 1.75), strict=True):
        if own != (col, row):
            leaders.append(line([own, (col, row)], class_="flood-leader"))
        drawn.append(element("circle", cx=f"{col:.1f}", cy=f"{row:.1f}", r=f"{size * 0.8:.1f}", class_=f"flood-{kind}"))
        drawn.append(label(col, row + size * 0.36, number, class_="flood-number", font_size=size, text_anchor="middle"))
    return Markup("").join([*leaders, *drawn])


def apart(points: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Points moved so that any two are `least` apart, each as little as the earlier ones allow."""
    placed = list[tuple[float, float]]()
    for x, y in points:
        rings = [(x, y)] + [
            (x + reach * least * np.cos(turn), y + reach * least * np.sin(turn))
            for reach in np.arange(0.5, 1 + len(points), 0.25).tolist()
            for turn in (np.arange(16) * np.pi / 8).tolist()
        ]
        free = (one for one in rings if all(np.hypot(one[0] - a, one[1] - b) >= least for a, b in placed))
        placed.append(next(free))
    return placed


def ruler(terrain: Terrain) -> Markup:
    """A length of whole hundreds of metres."""
    tall, wide = terrain.elevation_m.shape
    long_m = next(one for one in (2000, 1000, 500, 200, 100) if one / terrain.cell_m < wide / 3 or one == 100)
    long, size = long_m / terrain.cell_m, max(tall, wide) / 45
    x, y = wide - long - size, tall - size
    bar = line([(x, y - size / 3), (x, y), (x + long, y), (x + long, y - size / 3)], class_="flood-ruler")
    return bar + label(
        x + long / 2, y - size / 2, f"{long_m} m", class_="flood-tick", font_size=size, text_anchor="middle"
    )


def _pixels(terrain: Terrain, points: np.ndarray) -> list[tuple[float, float]]:
    col = (points[:, 0] - terrain.transform.c) / terrain.cell_m
    row = (terrain.transform.f - points[:, 1]) / terrain.cell_m
    return list(zip(col.tolist(), row.tolist(), strict=True))
