"""What can be measured at all, by measure: what lies outside is a broken device, not the city."""

from __future__ import annotations

from calibration import MEASURES
from networks.errors import BadInput
from twin.feeds.formats.checks import FASTEST_MPS, number

_RANGES: dict[str, tuple[float, float]] = {
    "air_temperature": (-90.0, 60.0),
    "rain_intensity": (0.0, 2000.0),
    "speed": (0.0, FASTEST_MPS),
    "water_level": (-500.0, 10_000.0),
    "wind_speed": (0.0, 120.0),
}


def observed(measure: str, value: object, place: str) -> float:
    """A result as a number in its measure's unit, which it can be.

    Args:
        measure: A key of `calibration.MEASURES`.
        value: What was said.
        place: Where it stands in the message.

    Raises:
        BadInput: It is no number, or no device measures it: a share above 1, a count below 0, rain above 2000 mm/h (the
            most seen in a minute was 1870 mm/h, WMO), air beyond -90 to 60 degrees Celsius, wind above 120 m/s.
    """
    unit = MEASURES[measure][0]
    lowest, highest = _RANGES.get(measure, (0.0, 1.0) if unit == "1" else (0.0, 1e15))
    if highest == 1e15 and isinstance(value, (int, float)) and value < lowest:
        raise BadInput(f"{value:g} cannot be", place=place, expected=f"at least {lowest:g} {unit}")
    return number(value, place, lowest, highest, unit)
