"""Yellow and intergreen times from speeds and distances, in closed form.

Sources: FGSV, Richtlinien fuer Lichtsignalanlagen (RiLSA), 2015: yellow by speed limit; intergreen = overrun +
clearing - entering time, with its speeds of clearing and entering. Institute of Transportation Engineers: the kinematic
yellow t + v / 2a, which RiLSA's steps are never more than 0.3 s short of at 50, 60 and 70 km/h.
"""

from __future__ import annotations

import math

YELLOWS_S = ((50.0, 3.0), (60.0, 4.0), (math.inf, 5.0))
"""Speed limit up to which each yellow serves, km/h (RiLSA 2015: 3 s at 50, 4 s at 60, 5 s at 70 km/h)."""

OVERRUN_S = {"straight": 3.0, "turning": 2.0, "bicycle": 1.0, "pedestrian": 0.0, "tram": 3.0}
"""Time after the end of green at which the last vehicle still passes the stop line (RiLSA 2015; trams are taken as
vehicles that go straight on)."""

CLEARING_MPS = {"straight": 10.0, "turning": 7.0, "bicycle": 4.0, "pedestrian": 1.2, "tram": 10.0}
"""Speed of who clears (RiLSA 2015; trams as vehicles, slowed to their limit)."""

ENTERING_MPS = {"straight": 40 / 3.6, "turning": 40 / 3.6, "bicycle": 5.0, "pedestrian": 1.5, "tram": 40 / 3.6}
"""Speed of who enters first, already rolling (RiLSA 2015: vehicles 40 km/h, bicycles 5 m/s, pedestrians 1.5 m/s)."""

LENGTH_M = {"straight": 6.0, "turning": 6.0, "bicycle": 0.0, "pedestrian": 0.0, "tram": 15.0}
"""Length that has to clear, too (RiLSA 2015)."""


def yellow_s(speed_mps: float) -> float:
    """Yellow for a speed limit, s: 3 to 5."""
    return next(seconds for limit, seconds in YELLOWS_S if speed_mps * 3.6 <= limit + 0.5)


def ite_yellow_s(speed_mps: float, *, reaction_s: float = 1.0, decel_mps2: float = 3.05, grade: float = 0.0) -> float:
    """The kinematic yellow of the Institute of Transportation Engineers, s: t + v / (2 a + 2 g grade).

    Args:
        speed_mps: Approach speed.
        reaction_s: Perception and reaction.
        decel_mps2: Comfortable braking (10 ft/s2).
        grade: Rise over run of the approach, negative downhill.
    """
    return reaction_s + speed_mps / (2 * decel_mps2 + 2 * 9.81 * grade)


def clearing_s(kind: str, distance_m: float, limit_mps: float = math.inf) -> float:
    """Seconds from the end of green until who clears has left the conflict point `distance_m` behind the stop line."""
    speed = min(CLEARING_MPS[kind], limit_mps) if limit_mps > 0 else CLEARING_MPS[kind]
    return OVERRUN_S[kind] + (distance_m + LENGTH_M[kind]) / speed


def entering_s(kind: str, distance_m: float) -> float:
    """Seconds from the begin of green until the first who enters reaches the conflict point."""
    return distance_m / ENTERING_MPS[kind]


def intergreen_s(
    leaving: str, clearing_m: float, entering: str, entering_m: float, *, yellow: float, limit_mps: float = math.inf
) -> float:
    """Whole seconds between the end of one green and the begin of the other.

    Args:
        leaving: Who clears: straight, turning, bicycle, pedestrian or tram.
        clearing_m: From the stop line of who clears to the far end of the conflict.
        entering: Who enters.
        entering_m: From the stop line of who enters to the near end of the conflict.
        yellow: Yellow of who clears: the intergreen is never shorter.
        limit_mps: Speed limit of who clears.
    """
    time = clearing_s(leaving, clearing_m, limit_mps) - entering_s(entering, entering_m)
    return float(math.ceil(max(time, yellow) - 1e-6))
