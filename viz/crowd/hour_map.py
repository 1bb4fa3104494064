"""What the map of a visitor day draws hour by hour: paths in bands of density, sites as full as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from models.crowd.sites import capacity_of, density_bands

if TYPE_CHECKING:
    from networks import City
    from scenarios.visits.visit_day import VisitDay
    from scenarios.visits.walked import WalkedDay

WIDE = 1000
"""Units of the map's width."""
_MARGIN = 20.0
_SIMPLE_M = 2.0


def hour_map(city: City, day: VisitDay, walked: WalkedDay) -> dict[str, Any]:
    """Numbers for `crowd_day.js`: hours, paths with a digit for the band in each hour, water, and sites."""
    lines = city.layer("walk_links").geometry
    left, bottom, right, top = lines.total_bounds
    scale = (WIDE - 2 * _MARGIN) / max(right - left, 1.0)
    tall = round((top - bottom) * scale + 2 * _MARGIN)

    def flat(coords: Any) -> list[int]:
        xy = np.asarray(coords)[:, :2]
        return [int(v) for at in xy for v in ((at[0] - left) * scale + _MARGIN, (top - at[1]) * scale + _MARGIN)]

    bounds = np.array([one.from_pm2 for one in density_bands()])
    band = np.searchsorted(bounds, walked.density_pm2, side="right") - 1
    empty = walked.density_pm2 <= 0
    digits = np.where(empty, 0, band + 1)
    water = city.layer("water")
    frame = city.layer("walk_links").union_all().envelope.buffer(_MARGIN / scale) if len(water) else None
    return {
        "tall": tall,
        "hours": [f"{day.begin + timedelta(hours=at):%H:%M}" for at in range(len(digits))],
        "bands": ["".join(str(int(one)) for one in row) for row in digits],
        "paths": [flat(line.simplify(_SIMPLE_M).coords) for line in lines],
        "water": [flat(ring) for ring in _rings(water.geometry.intersection(frame) if frame is not None else ())],
        "sites": _sites(day, walked, flat),
    }


def _rings(shapes: Sequence[Any]) -> list[Any]:
    found = []
    for shape in shapes:
        for part in getattr(shape, "geoms", [shape]):
            if part.geom_type == "Polygon" and not part.is_empty:
                found.append(part.simplify(2 * _SIMPLE_M).exterior.coords)
    return found


def _sites(day: VisitDay, walked: WalkedDay, flat: Any) -> list[dict[str, Any]]:
    hour = np.minimum((walked.times_s - 1e-6) // 3600.0, len(walked.density_pm2) - 1).astype(int)
    rows = []
    for at, site in enumerate(day.sites):
        inside = [int(walked.inside[hour == one, at].max(initial=0)) for one in range(len(walked.density_pm2))]
        holds = capacity_of(site).instant
        rows.append({"name": site.name or site.site_id, "at": flat([(site.x, site.y)]), "in": inside, "holds": holds})
    return sorted(rows, key=lambda one: -max(one["in"]))[:80]


def path_names(city: City, links: Sequence[int]) -> dict[int, str]:
    """The nearest named street of each link, empty where none lies within 40 m of its middle."""
    edges = city.layer("edges")
    named = edges[edges["name"].astype(str) != ""]
    if not len(named) or not len(links):
        return dict.fromkeys(links, "")
    lines = city.layer("walk_links").geometry
    found = {}
    for link in links:
        away = named.geometry.distance(lines.iloc[link].interpolate(0.5, normalized=True))
        found[link] = str(named.loc[away.idxmin(), "name"]) if away.min() <= 40.0 else ""
    return found
