"""What lies around the rain on its map: degrees, kilometres, the place, gauges, and the way the rain goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.signals.diagrams.svg import centred, element, label, line

if TYPE_CHECKING:
    from models.flood.rain import Gauges, RadarGrid

_ARROWS = 5


def graticule(grid: RadarGrid) -> list[Markup]:
    """Lines of longitude and latitude with their degrees at the edge."""
    tall, wide = grid.shape
    lon, lat = grid.places([0, 0, tall, tall, tall / 2], [0, wide, 0, wide, wide / 2])
    size = max(tall, wide) / 30
    parts = list[Markup]()
    for values, other, along in ((lon, lat, True), (lat, lon, False)):
        step = _step(float(values.max() - values.min()))
        for at in np.arange(np.ceil(values.min() / step) * step, values.max(), step):
            run = np.linspace(other.min(), other.max(), 40)
            fixed = np.full_like(run, at)
            row, col = grid.pixels(fixed, run) if along else grid.pixels(run, fixed)
            inside = (row >= 0) & (row <= tall) & (col >= 0) & (col <= wide)
            if inside.sum() < 2:
                continue
            points = list(zip(col[inside].tolist(), row[inside].tolist(), strict=True))
            parts.append(line(points, class_="degree"))
            x, y = min(points, key=lambda one: -one[1] if along else one[0])
            if x < wide - 4 * size and y > 2 * size:
                words = f"{abs(at):g}° {_side(float(at), along)}"
                parts.append(label(x + size / 4, y - size / 4, words, class_="tick", font_size=size))
    return parts


def ruler(grid: RadarGrid) -> list[Markup]:
    """A length of whole kilometres."""
    tall, wide = grid.shape
    km = next(one for one in (200, 100, 50, 20, 10, 5, 2) if one * 1000 / grid.pixel_m[0] < wide / 3 or one == 2)
    long, size = km * 1000 / grid.pixel_m[0], max(tall, wide) / 30
    x, y = wide - long - size, size * 1.6
    bar = line([(x, y - size / 3), (x, y), (x + long, y), (x + long, y - size / 3)], class_="ruler")
    return [bar, label(x + long / 2, y - size / 2, f"{km} km", class_="tick", font_size=size, text_anchor="middle")]


def places(grid: RadarGrid, middle: tuple[float, float], gauges: Gauges | None) -> list[Markup]:
    """The place as a cross, gauges as dots with their names."""
    size = max(grid.shape) / 30
    row, col = (float(one) for one in grid.pixels(*middle))
    parts = [
        line([(col - size / 2, row), (col + size / 2, row)], class_="middle"),
        line([(col, row - size / 2), (col, row + size / 2)], class_="middle"),
    ]
    for one in gauges.gauges if gauges else ():
        down, right = (float(place) for place in grid.pixels(one.lon, one.lat))
        if 0 <= down < grid.shape[0] and 0 <= right < grid.shape[1]:
            parts.append(element("circle", element("title", one.name), cx=right, cy=down, r=size / 4, class_="gauge"))
    return parts


def arrows(motion: np.ndarray, steps: float) -> list[Markup]:
    """Where the rain goes within so many steps, on a coarse lattice."""
    tall, wide = motion.shape[1:]
    size = max(tall, wide) / 60
    parts = list[Markup]()
    for row in (np.arange(_ARROWS) + 0.5) * tall / _ARROWS:
        for col in (np.arange(_ARROWS) + 0.5) * wide / _ARROWS:
            down, right = (steps * float(part[int(row), int(col)]) for part in motion)
            long = float(np.hypot(down, right))
            if long < size / 2:
                parts.append(centred(col, row, "·", "arrow"))
                continue
            end, back = np.array([col + right, row + down]), np.array([right, down]) / long * size
            side = np.array([-back[1], back[0]]) / 2
            head = [tuple((end - back + side).tolist()), tuple(end.tolist()), tuple((end - back - side).tolist())]
            parts.append(line([(float(col), float(row)), (float(end[0]), float(end[1]))], class_="arrow"))
            parts.append(line(head, class_="arrow"))
    return parts


def _side(degrees: float, along: bool) -> str:
    if along:
        return "E" if degrees >= 0 else "W"
    return "N" if degrees >= 0 else "S"


def _step(span: float) -> float:
    return next(one for one in (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0) if span / one <= 5 or one == 30.0)
