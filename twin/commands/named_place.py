"""A named place as it is typed: NAME=LON,LAT, or NAME=LON,LAT=NUMBER."""

from __future__ import annotations


def named_place(text: str, option: str, *, counted: bool = False) -> tuple[str, float, float, int]:
    """Name, longitude, latitude, and the number (1 where none is asked for).

    Raises:
        BadInput: It is not of that form, or the number is not a whole one above zero.
    """
    from networks.errors import BadInput

    parts = text.split("=")
    try:
        if len(parts) != 2 + counted or not parts[0].strip():
            raise ValueError(text)
        lon, lat = (float(part) for part in parts[1].split(","))
        number = int(parts[2]) if counted else 1
        if number < 1:
            raise ValueError(text)
    except ValueError:
        expected = "NAME=LON,LAT=NUMBER" if counted else "NAME=LON,LAT"
        raise BadInput(f"{text!r} is no place", place=option, expected=expected) from None
    return parts[0].strip(), lon, lat, number
