"""What water on a road does to vehicles: slower, then not at all, by class."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from models.flood.on_roads.limits import standard_limits
from networks.errors import NotThere

CLOSING_DEPTH_M = {name: limit.depth_m for name, limit in standard_limits().items() if limit.who == "vehicle"}
"""Depth (m) from which a class cannot drive; the table's rows name their sources."""
VEHICLE_CLASSES = {
    "passenger": "car",
    "taxi": "car",
    "delivery": "car",
    "ambulance": "car",
    "emergency": "car",
    "truck": "high_clearance",
    "bus": "high_clearance",
    "bicycle": "two_wheeler",
    "ebike": "two_wheeler",
}
"""SUMO's and our vehicle types by class; an ambulance is a van, and fords no more than a car."""

Curve = Literal["quadratic", "pregnolato"]


def closing_depth_m(vclass: str) -> float:
    """Depth (m) from which vehicles of a class or type cannot drive.

    Raises:
        NotThere: No such class.
    """
    return CLOSING_DEPTH_M[_class(vclass)]


def pregnolato_speed_mps(depth_m: ArrayLike) -> np.ndarray:
    """Highest safe speed (m/s) of a car in standing water; 0 from 0.3 m.

    v = 0.0009 w**2 - 0.5529 w + 86.9448 km/h, with w in mm.

    Source: Pregnolato, Ford, Wilkinson & Dawson 2017 (doi:10.1016/j.trd.2017.06.020).
    """
    depth_mm = np.maximum(np.asarray(depth_m, dtype=np.float64), 0) * 1000
    speed = 0.0009 * depth_mm**2 - 0.5529 * depth_mm + 86.9448
    return np.where(depth_mm >= 300, 0.0, np.maximum(speed, 0.0)) / 3.6


def road_speed_mps(
    depth_m: ArrayLike, free_speed_mps: ArrayLike, vclass: str = "car", *, curve: Curve = "quadratic"
) -> np.ndarray:
    """Speed (m/s) that vehicles of a class drive in water (m) on a road of a free speed (m/s); shapes broadcast.

    "quadratic" is v_free (1 - w / w_max)**2 with w_max the class's closing depth. "pregnolato" is the smaller of the
    free speed and Pregnolato's curve (for cars; stretched to the class's depth), by which a street of 30 km/h feels
    nothing before 13 cm.

    Raises:
        NotThere: No such class or curve.
    """
    depth = np.maximum(np.asarray(depth_m, dtype=np.float64), 0)
    free = np.asarray(free_speed_mps, dtype=np.float64)
    deepest = closing_depth_m(vclass)
    if curve == "quadratic":
        return free * np.maximum(1 - depth / deepest, 0) ** 2
    if curve == "pregnolato":
        return np.minimum(free, pregnolato_speed_mps(depth * (CLOSING_DEPTH_M["car"] / deepest)))
    raise NotThere(f"no curve {curve!r}", expected="quadratic or pregnolato")


def speed_factor(depth_m: ArrayLike, vclass: str = "car") -> np.ndarray:
    """Share of the free speed left in water (m): (1 - w / w_max)**2, 0 from the class's closing depth."""
    return road_speed_mps(depth_m, 1.0, vclass)


def closes(
    depth_m: ArrayLike, vclass: str = "car", *, force_m2s: ArrayLike = 0.0, was_closed: ArrayLike = False
) -> np.ndarray:
    """True where a road is closed to a class: from its limits on, and then until well below them (hysteresis).

    Args:
        depth_m: Depth (m).
        vclass: Class or type of vehicle.
        force_m2s: Depth times speed (m2/s).
        was_closed: True where it was closed just before; shapes broadcast.

    Raises:
        NotThere: No such class.
    """
    limit = standard_limits()[_class(vclass)]
    return limit.closes(depth_m, force_m2s, was_closed=was_closed)


def stalling_depth_m(vclass: str) -> float:
    """Depth (m) from which vehicles of a class or type stay where they are; inf where they do not.

    Raises:
        NotThere: No such class.
    """
    return standard_limits()[_class(vclass)].stalls_m


def _class(vclass: str) -> str:
    name = VEHICLE_CLASSES.get(vclass, vclass)
    if name not in CLOSING_DEPTH_M:
        known = ", ".join([*CLOSING_DEPTH_M, *VEHICLE_CLASSES])
        raise NotThere(f"no vehicle class {vclass!r}", expected=f"one of {known}")
    return name
