"""A city's roads coloured by minutes, for every kind of eye, with stations and hospitals on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.flood.water_map import apart
from viz.palette import AMBER, BLUE, GREEN, ORANGE, SKY, hex_of
from viz.signals.diagrams.svg import element, label, line

if TYPE_CHECKING:
    from networks import City

WIDE = 1000.0
STEPS_MIN = (5, 8, 12, 15)
COLOURS = tuple(hex_of(colour) for colour in (GREEN, BLUE, SKY, AMBER, ORANGE))
"""Okabe and Ito's colours for up to 5, 8, 12, 15 minutes and more; what is cut off is black and dashed."""
CUT, SHUT = "#22262e", "#7b3f98"


@dataclass(frozen=True)
class Frame:
    """The part of the plane that is shown: metres to a picture WIDE across."""

    x: float
    y: float
    scale: float
    tall: float

    def of(self, points: np.ndarray) -> list[tuple[float, float]]:
        """Points (n, 2) in m as picture points."""
        return list(
            zip(
                ((points[:, 0] - self.x) * self.scale).tolist(),
                ((self.y - points[:, 1]) * self.scale).tolist(),
                strict=True,
            )
        )


def frame_of(city: City) -> Frame:
    """Around all roads of the city itself."""
    edges = city.layer("edges")
    west, south, east, north = edges[edges["highway"] != "outside"].total_bounds
    pad = 0.03 * max(east - west, north - south)
    scale = WIDE / (east - west + 2 * pad)
    return Frame(west - pad, north + pad, scale, (north - south + 2 * pad) * scale)


def waters(city: City, frame: Frame) -> Markup:
    """Sea, lakes and rivers."""
    parts = []
    for shape in city.layer("water").geometry:
        for one in getattr(shape, "geoms", [shape]):
            if one.geom_type == "Polygon":
                parts.append(_path(frame, np.asarray(one.exterior.coords)) + "Z")
    return element("path", d="".join(parts), class_="emergency-water") if parts else Markup("")


def shown_edges(city: City) -> np.ndarray:
    """(edges,) True for roads of the city itself that emergency vehicles may use."""
    edges = city.layer("edges")
    own: np.ndarray = (edges["highway"] != "outside").to_numpy(dtype=bool)
    return own & edges["emergency"].to_numpy(dtype=bool)


def timed_roads(city: City, frame: Frame, response_s: np.ndarray, shut: np.ndarray) -> Markup:
    """Roads in classes of response time; of both directions of a road the later is drawn on top."""
    edges = city.layer("edges")
    parts: dict[str, list[str]] = {}
    for at in np.flatnonzero(shown_edges(city)).tolist():
        kind = "shut" if shut[at] else class_of(float(response_s[at]))
        parts.setdefault(kind, []).append(_path(frame, np.asarray(edges.geometry.iloc[at].coords)[:, :2]))
    order = [*(str(i) for i in range(len(COLOURS))), "cut", "shut"]
    drawn = [_drawn(kind, "".join(parts[kind])) for kind in order if kind in parts]
    return Markup("").join(drawn)


def roads_path(city: City, frame: Frame, chosen: np.ndarray) -> str:
    """Some of the roads (edges,) as one path."""
    shapes = city.layer("edges").geometry
    return "".join(_path(frame, np.asarray(shapes.iloc[at].coords)[:, :2]) for at in np.flatnonzero(chosen).tolist())


def class_of(response_s: float) -> str:
    """The class of a time: 0 to 4, or `cut` where nobody gets."""
    if not np.isfinite(response_s):
        return "cut"
    return str(int(np.searchsorted(np.array(STEPS_MIN) * 60.0, response_s, side="left")))


def site_marks(frame: Frame, places: Sequence[tuple[str, str, float, float]]) -> Markup:
    """Signs: kind (station, new, hospital, gather, shelter or yard), text, x, y (m); none hides another."""
    size = max(WIDE, frame.tall) / 45
    own = frame.of(np.array([[x, y] for _, _, x, y in places]).reshape(-1, 2))
    drawn = []
    for (kind, text, _, _), at, (x, y) in zip(places, own, apart(own, size * 1.5), strict=True):
        if at != (x, y):
            drawn.append(line([at, (x, y)], class_="flood-leader"))
        half, text_size = size * 0.62, size * 0.85
        corner, side = (f"{x - half:.1f}", f"{y - half:.1f}"), f"{2 * half:.1f}"
        round_ = f"{half if kind in ('hospital', 'gather') else 3:.1f}"
        class_ = f"emergency-{kind}"
        drawn.append(element("rect", x=corner[0], y=corner[1], width=side, height=side, rx=round_, class_=class_))
        drawn.append(label(x, y + size * 0.3, text, class_="flood-number", font_size=text_size, text_anchor="middle"))
    return Markup("").join(drawn)


def length_bar(frame: Frame) -> Markup:
    """A length of whole hundreds of metres."""
    long_m = next(one for one in (5000, 2000, 1000, 500, 200, 100) if one * frame.scale < WIDE / 3 or one == 100)
    long, size = long_m * frame.scale, WIDE / 45
    x, y = WIDE - long - size, frame.tall - size
    bar = line([(x, y - size / 3), (x, y), (x + long, y), (x + long, y - size / 3)], class_="flood-ruler")
    return bar + label(
        x + long / 2, y - size / 2, f"{long_m} m", class_="flood-tick", font_size=size, text_anchor="middle"
    )


def _drawn(kind: str, way: str) -> Markup:
    if kind in ("cut", "shut"):
        return element("path", d=way, class_=f"emergency-{kind}")
    return element("path", d=way, class_="emergency-road", stroke=COLOURS[int(kind)])


def _path(frame: Frame, points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.of(points))
