"""Units that a row states, and what one of them is in the measure's own."""

from __future__ import annotations

from calibration.observation import MEASURES
from networks.errors import BadInput

PER_HOUR = ("veh/h", "vph", "vehicles/h", "vehicles per hour", "辆/小时", "辆/h")
COUNTED = ("veh", "vehicles", "people", "bikes", "辆")
TIME_TO_S = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "min": 60.0, "minutes": 60.0, "h": 3600.0, "秒": 1.0, "分钟": 60.0}
SPEED_TO_MPS = {"m/s": 1.0, "mps": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "mph": 0.44704}
LENGTH_TO_M = {"m": 1.0, "cm": 0.01, "mm": 0.001, "米": 1.0, "厘米": 0.01, "ft": 0.3048}
SHARE_TO_ONE = {"1": 1.0, "%": 0.01, "percent": 0.01}
_BY_UNIT = {"m/s": SPEED_TO_MPS, "s": TIME_TO_S, "m": LENGTH_TO_M, "1": SHARE_TO_ONE}


def factor_of(measure: str, unit: str, period_s: float) -> float:
    """What one of a stated unit is in the measure's.

    Args:
        measure: A key of `calibration.MEASURES`.
        unit: As a row states it; "" is the measure's own.
        period_s: Length of the row's period (s), for counts told per hour.

    Raises:
        BadInput: Nobody knows that unit of that measure.
    """
    own, said = MEASURES[measure][0], unit.strip().lower()
    known = {own: 1.0, **_BY_UNIT.get(own, {})}
    if measure.endswith("_count"):
        known |= dict.fromkeys(COUNTED, 1.0) | dict.fromkeys(PER_HOUR, period_s / 3600.0)
    if said and said not in known:
        raise BadInput(f"the unit of {measure} is {unit[:40]!r}", place="unit", expected=", ".join(known))
    return known[said or own]
