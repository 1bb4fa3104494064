"""Places for people who stand on a ground at the beginning."""

from __future__ import annotations

import numpy as np
from shapely import contains_xy
from shapely.geometry import Polygon

from networks.errors import BadInput


def scattered(corners: Polygon, people: int, apart_m: float, draw: np.random.Generator) -> np.ndarray:
    """Places for `people` inside a polygon, on a jittered grid at least `apart_m` apart, shape (people, 2).

    The polygon shrinks by 0.25 m first, so that nobody stands in a wall.

    Raises:
        BadInput: The polygon has no room for them.
    """
    inner = corners.buffer(-0.25)
    left, low, right, high = inner.bounds
    side = float(np.sqrt(inner.area / people))
    while side >= apart_m:
        x, y = np.meshgrid(np.arange(left, right, side), np.arange(low, high, side))
        places = np.column_stack([x.ravel(), y.ravel()]) + draw.uniform(0, max(side - apart_m, 0.0), (x.size, 2))
        places = places[contains_xy(inner, places[:, 0], places[:, 1])]
        if len(places) >= people:
            return np.asarray(places[np.sort(draw.permutation(len(places))[:people])])
        side *= 0.98
    raise BadInput(
        f"no room for {people} people on {inner.area:.0f} m2",
        place="people",
        expected=f"{int(inner.area / apart_m**2 / 2)} or fewer, {apart_m:g} m apart",
    )
