"""A city's roads in grey with ways, an area and numbered places on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.emergency.time_map import WIDE, Frame, frame_of, length_bar, roads_path, shown_edges, site_marks, waters
from viz.signals.diagrams.svg import element
from viz.text import both

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from networks import City

LINES = ("shut", "ride", "walk")
SIGNS = ("gather", "shelter", "yard")


def way_map(
    city: City,
    *,
    area: BaseGeometry,
    shut: np.ndarray,
    rides: np.ndarray,
    walks: Sequence[np.ndarray],
    signs: Sequence[tuple[str, str, float, float]],
) -> dict[str, object]:
    """What `tables_page` needs for the map.

    Args:
        city: Its roads and waters.
        area: What is left, m.
        shut: (edges,) True for roads that water shuts.
        rides: (edges,) True for roads that buses drive along.
        walks: Ways on foot, lines (points, 2) in m.
        signs: kind of SIGNS, text, x, y (m).
    """
    frame = frame_of(city)
    road = shown_edges(city)
    drawn = [
        element("path", d=_outline(frame, area), class_="emergency-area"),
        element("path", d=roads_path(city, frame, road & ~shut), class_="emergency-plain"),
        element("path", d=roads_path(city, frame, road & shut), class_="emergency-shut"),
        element("path", d=roads_path(city, frame, rides), class_="emergency-ride"),
        *(_line(frame, points) for points in walks),
        site_marks(frame, signs),
    ]
    has = {"shut": bool((road & shut).any()), "ride": bool(rides.any()), "walk": bool(walks)}
    return {
        "wide": f"{WIDE:.0f}",
        "tall": f"{frame.tall:.0f}",
        "water": waters(city, frame),
        "drawing": Markup("").join(drawn),
        "ruler": length_bar(frame),
        "lines": [(f"emergency-{kind}", both(f"emergency.{kind}")) for kind in LINES if has[kind]],
        "kinds": [kind for kind in SIGNS if any(sign[0] == kind for sign in signs)],
    }


def _outline(frame: Frame, area: BaseGeometry) -> str:
    rings = [part.exterior for part in getattr(area, "geoms", [area])]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.of(np.asarray(r.coords))) + "Z" for r in rings)


def _line(frame: Frame, points: np.ndarray) -> Markup:
    if len(points) < 2:
        return Markup("")
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.of(points))
    return element("path", d=way, class_="emergency-walk")
