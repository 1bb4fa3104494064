"""Which attributes of which Smart Data Model (smartdatamodels.org) are kept, as which measure, and in which units.

Units are UN/CEFACT codes (Recommendation 20); where an attribute has none, the one that its model states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.errors import BadInput
from twin.feeds.formats.json_in import shown

COUNTS = frozenset({"vehicle_count", "person_count", "bicycle_count"})
"""Measures that mean nothing without a period."""

_ONE = {"C62": (1.0, 0.0), "1": (1.0, 0.0)}
_LENGTH = {"MTR": (1.0, 0.0), "CMT": (0.01, 0.0), "MMT": (0.001, 0.0), "FOT": (0.3048, 0.0)}
_SPEED = {"KMH": (1 / 3.6, 0.0), "MTS": (1.0, 0.0), "KNT": (1852 / 3600, 0.0), "HM": (0.44704, 0.0)}
_SHARE = _ONE | {"P1": (0.01, 0.0)}
_WARMTH = {"CEL": (1.0, 0.0), "KEL": (1.0, -273.15), "FAH": (5 / 9, -160 / 9)}
_CODES: dict[str, Mapping[str, tuple[float, float]]] = {
    "vehicle_count": _ONE, "person_count": _ONE, "bicycle_count": _ONE, "speed": _SPEED, "wind_speed": _SPEED,
    "occupancy": _SHARE, "relative_humidity": _SHARE, "air_temperature": _WARMTH, "water_level": _LENGTH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """What is kept of one type of entity.

    Attributes:
        place: What kind of place it tells.
        kept: Attribute -> measure and the unit that the model states.
        when: Attributes with the time, the best first.
        details: Attributes that go with each observation, as they are.
        rain: The attribute with rain (mm) of its period, "" for none.
    """

    place: str
    kept: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    when: tuple[str, ...] = ("dateObserved",)
    details: tuple[str, ...] = ()
    rain: str = ""


_WEATHER = {
    "temperature": ("air_temperature", "CEL"), "relativeHumidity": ("relative_humidity", "C62"),
    "windSpeed": ("wind_speed", "MTS"),
}  # fmt: skip
_LOOP = {
    "intensity": ("vehicle_count", "C62"), "averageVehicleSpeed": ("speed", "KMH"), "occupancy": ("occupancy", "C62"),
}  # fmt: skip
_LANE = ("laneId", "laneDirection", "congested")
MODELS: dict[str, Model] = {
    "TrafficFlowObserved": Model(
        "detector",
        _LOOP,
        details=(*_LANE, "vehicleType"),
    ),
    "CrowdFlowObserved": Model(
        "counter",
        {"peopleCount": ("person_count", "C62")},
        details=("peopleCountTowards", "peopleCountAway", "direction", "congested"),
    ),
    "WeatherObserved": Model("weather station", _WEATHER, rain="precipitation"),
    "AirQualityObserved": Model("air quality station", _WEATHER, rain="precipitation"),
    "WaterObserved": Model("water gauge", {"height": ("water_level", "MTR")}),
    "FloodMonitoring": Model(
        "water gauge", {"currentLevel": ("water_level", "MTR")}, ("observationDateTime", "dateObserved"),
        ("stationID", "alertLevel", "dangerLevel", "floodLevelStatus"),
    ),
    "RainFallRadarObserved": Model("rain radar"),
}  # fmt: skip
ITEMS: dict[str, Model] = {
    "vehicle": Model(
        "detector",
        {"intensity": ("vehicle_count", "C62"), "averageSpeed": ("speed", "KMH"), "occupancy": ("occupancy", "C62")},
        details=_LANE,
    ),
    "people": Model("counter", {"intensity": ("person_count", "C62")}, details=_LANE),
    "bicycle": Model("counter", {"intensity": ("bicycle_count", "C62")}, details=_LANE),
}  # fmt: skip
"""What an ItemFlowObserved counts -> what is kept of it; ships and yachts are not."""

SEVERITY = {
    "informational": "minor", "low": "minor", "minor": "minor", "medium": "moderate", "moderate": "moderate",
    "high": "severe", "severe": "severe", "critical": "extreme", "extreme": "extreme",
}  # fmt: skip
"""Words of the models -> those of CAP 1.2."""


def in_measure(measure: str, value: float, code: object, stated: str, place: str) -> float:
    """A value in its measure's unit.

    Args:
        measure: A key of `calibration.MEASURES`.
        value: As told.
        code: UN/CEFACT code of its unit; None: not told.
        stated: The model's.
        place: Where it stands.

    Raises:
        BadInput: The unit is not one of this measure.
    """
    codes = _CODES[measure]
    told = stated if code is None else code
    if not isinstance(told, str) or told not in codes:
        raise BadInput(f"the unit is {shown(told)!r}", place=f"{place}.unitCode", expected=", ".join(codes))
    factor, offset = codes[told]
    return value * factor + offset
