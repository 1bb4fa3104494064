"""Closed forms of shallow water: depths (m) at places (m) and a time (s).

As collected by Delestre et al. 2013, SWASHES (doi:10.1002/fld.3741); formulas after Stoker 1957, Ritter 1892 and
Thacker 1981 (doi:10.1017/S0022112081001882), from secondary sources.
"""

from __future__ import annotations

import numpy as np

from models.flood.constants import GRAVITY


def stoker(x_m: np.ndarray, time_s: float, *, high_m: float, low_m: float) -> np.ndarray:
    """A dam at 0 breaks over water: depth `high_m` on the left, `low_m` on the right; frictionless, flat."""
    from scipy.optimize import brentq

    fast = np.sqrt(GRAVITY * high_m)

    def mismatch(middle: float) -> float:
        jump = (middle - low_m) * np.sqrt(GRAVITY / 2 * (middle + low_m) / (middle * low_m))
        return float(2 * (fast - np.sqrt(GRAVITY * middle)) - jump)

    middle = float(brentq(mismatch, low_m * (1 + 1e-12), high_m))
    speed = 2 * (fast - np.sqrt(GRAVITY * middle))
    shock = middle * speed / (middle - low_m)
    fan = (2 * fast - x_m / time_s) ** 2 / (9 * GRAVITY)
    ends = -fast * time_s, (speed - np.sqrt(GRAVITY * middle)) * time_s, shock * time_s
    return np.where(x_m < ends[0], high_m, np.where(x_m < ends[1], fan, np.where(x_m < ends[2], middle, low_m)))


def ritter(x_m: np.ndarray, time_s: float, *, high_m: float) -> np.ndarray:
    """A dam at 0 breaks over dry ground: depth `high_m` on the left; frictionless, flat."""
    fast = np.sqrt(GRAVITY * high_m)
    fan = (2 * fast - x_m / time_s) ** 2 / (9 * GRAVITY)
    return np.where(x_m < -fast * time_s, high_m, np.where(x_m < 2 * fast * time_s, fan, 0.0))


def bowl(radius_m: np.ndarray, *, deep_m: float, wide_m: float) -> np.ndarray:
    """Ground of Thacker's paraboloid: `deep_m` below 0 in the middle, 0 at the radius `wide_m`."""
    return -deep_m * (1 - (radius_m / wide_m) ** 2)


def thacker(radius_m: np.ndarray, time_s: float, *, deep_m: float, wide_m: float, first_m: float) -> np.ndarray:
    """Water that swings in the bowl, symmetric about its middle, its shore at the radius `first_m` at time 0."""
    swing = (wide_m**2 - first_m**2) / (wide_m**2 + first_m**2)
    now = 1 - swing * np.cos(thacker_rate(deep_m, wide_m) * time_s)
    level = np.sqrt(1 - swing**2) / now - 1 - (radius_m / wide_m) ** 2 * ((1 - swing**2) / now**2 - 1)
    return np.maximum(deep_m * level - bowl(radius_m, deep_m=deep_m, wide_m=wide_m), 0)


def thacker_rate(deep_m: float, wide_m: float) -> float:
    """Angular frequency (1/s) of that swing."""
    return float(np.sqrt(8 * GRAVITY * deep_m) / wide_m)


def kinematic_plane(x_m: np.ndarray, *, rain_mps: float, slope: float, manning: float) -> np.ndarray:
    """Steady depth under steady rain on a plane that falls by `slope`, at distances `x_m` below its top edge."""
    return np.asarray((rain_mps * x_m * manning / np.sqrt(slope)) ** 0.6)
