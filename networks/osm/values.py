"""Values of OSM tags as numbers: every way in which people write them, and whether one had to be repaired.

How the keys are meant to be written: OpenStreetMap wiki, "Map features/Units", "Key:lanes", "Key:maxspeed",
"Key:height".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

KMH = 1.0 / 3.6
"""One km/h in m/s."""

MOST_LANES = 24
"""More lanes than this on one way are taken for a slip of the hand."""

UNLIMITED_KMH = 130.0
"""`maxspeed=none`: no limit on the sign; the advisory speed of German motorways, km/h."""

WALK_KMH = 7.0
"""`maxspeed=walk`: walking speed as German courts read it (4-7 km/h), km/h."""


@dataclass(frozen=True)
class Reading:
    """What a tag's text says.

    Attributes:
        value: The number in SI units; None where the text says none that can be used.
        repaired: The text was not a plain number of the expected kind: it was read with a rule, or could not be read.
    """

    value: float | None
    repaired: bool

    @property
    def whole(self) -> int | None:
        """The number as an integer, rounded down."""
        return None if self.value is None else math.floor(self.value)


NOTHING = Reading(None, False)
_LOST = Reading(None, True)

_NUMBER = r"[-+]?(?:\d+(?:[.,]\d+)*|[.,]\d+)"
_AMOUNT = re.compile(rf"\s*({_NUMBER})\s*(.*)", re.S)
_FEET = re.compile(r"\s*(\d+(?:\.\d+)?)\s*'\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|'')?)?\s*$")
_RANGE = re.compile(rf"\s*({_NUMBER}\s*[^\d\s-]*)\s*-\s*(\d.*)", re.S)
_TIMES = re.compile(r"\s*(\d{1,2})\s*[x*]\s*(\d{1,2})\s*$")
_SUM = re.compile(r"\s*(\d{1,2})\s*\+\s*(\d{1,2})\s*$")
_ABOUT = re.compile(r"^\s*(?:~|≈|<|>|=|c\.|ca\.?|circa|approx\.?|about|约)\s*")
_ZONE = re.compile(r"[a-z]{2}(?:-[a-z0-9]+)?:(?:zone:?)?(\d+(?:\.\d+)?)$")
_COUNTRY_ROLE = re.compile(r"([a-z]{2})(?:-[a-z0-9]+)?:([a-z_]+)$")

_WEIGHTS: Mapping[str, float] = {"t": 1.0, "吨": 1.0, "kg": 0.001, "st": 0.90718474, "lbs": 0.00045359237}
_LENGTHS: Mapping[str, float] = {
    "m": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "米": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "km": 1000.0,
    "mi": 1609.344,
    "ft": 0.3048,
    "feet": 0.3048,
    "foot": 0.3048,
    "'": 0.3048,
    "in": 0.0254,
    '"': 0.0254,
}
_SPEEDS: Mapping[str, float] = {
    "km/h": KMH,
    "kmh": KMH,
    "kph": KMH,
    "kmph": KMH,
    "km/hr": KMH,
    "公里/小时": KMH,
    "公里": KMH,
    "mph": 0.44704,
    "mp/h": 0.44704,
    "knots": 1852.0 / 3600.0,
    "m/s": 1.0,
}
_NO_SPEED = ("signals", "sign", "variable", "implicit", "unposted", "unknown", "default", "national", "fixme", "nan")
_ROLE_KMH: Mapping[str, float] = {
    "urban": 50.0,
    "rural": 90.0,
    "trunk": 100.0,
    "motorway": 120.0,
    "living_street": 20.0,
    "bicycle_road": 30.0,
    "school": 30.0,
    "nsl_single": 60 * 1.609344,
    "nsl_dual": 70 * 1.609344,
    "nsl_restricted": 30 * 1.609344,
    "nsl": 60.0,
    "express": 100.0,
}
"""Implicit limits by the second word of `CC:role`, km/h, as most countries have them (OSM wiki, "Speed limits")."""

_COUNTRY_KMH: Mapping[str, float] = {
    "de:motorway": UNLIMITED_KMH,
    "at:motorway": 130.0,
    "cz:motorway": 130.0,
    "dk:motorway": 130.0,
    "fr:motorway": 130.0,
    "hu:motorway": 130.0,
    "it:motorway": 130.0,
    "ro:motorway": 130.0,
    "gb:motorway": 70 * 1.609344,
    "uk:motorway": 70 * 1.609344,
    "ru:motorway": 110.0,
    "at:rural": 100.0,
    "de:rural": 100.0,
    "dk:rural": 80.0,
    "fi:rural": 80.0,
    "fr:rural": 80.0,
    "no:rural": 80.0,
    "cn:rural": 70.0,
    "ru:urban": 60.0,
    "by:urban": 60.0,
    "kz:urban": 60.0,
    "uz:urban": 70.0,
    "de:living_street": WALK_KMH,
    "at:living_street": WALK_KMH,
}


def tidy(text: str | None) -> str:
    """A tag's text in plain lower case: full-width digits, odd minus signs, quotes and blanks made ordinary."""
    plain = unicodedata.normalize("NFKC", text or "")
    plain = plain.translate({0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2032: "'", 0x2019: "'", 0x2033: '"', 0x201D: '"'})
    plain = plain.translate({0x00D7: "x", 0xFF1B: ";", 0x3001: ";"})
    return " ".join(plain.casefold().split())


def says_yes(text: str | None) -> bool | None:
    """Whether a tag says yes, no, or neither (None)."""
    word = tidy(text)
    if word in ("yes", "true", "1", "designated", "permissive", "official"):
        return True
    return False if word in ("no", "false", "0", "none") else None


def read_lanes(text: str | None) -> Reading:
    """Lanes, 1 to `MOST_LANES`: `2;3` is the smaller, `2 x 2` the product, `2+1` the sum, `1.5` one lane."""
    word = tidy(text)
    for pattern, join in ((_TIMES, int.__mul__), (_SUM, int.__add__)):
        if found := pattern.match(word):
            return _within(float(join(int(found[1]), int(found[2]))), 1, MOST_LANES, repaired=True)
    read = _smallest(word, lambda part: _with_unit(part, {"lanes": 1.0, "lane": 1.0, "车道": 1.0}, 1.0))
    if read.value is None:
        return read
    return _within(float(math.floor(read.value)), 1, MOST_LANES, repaired=read.repaired or read.value % 1 > 0)


def read_speed(text: str | None) -> Reading:
    """A speed limit, m/s, 1 to 180 km/h; of several the smallest.

    `none` is 130 km/h, `walk` 7 km/h; `signals` and the like say nothing. A zone (`DE:zone30`) says its number; what is
    implied by a place (`RO:urban`) comes from the country's rule.
    """
    read = _smallest(tidy(text), _one_speed)
    if read.value is None:
        return read
    return _within(read.value, KMH, 180.5 * KMH, repaired=read.repaired)


def read_length(text: str | None, *, least: float = 0.0, most: float = 1000.0) -> Reading:
    """A length, m, above `least` and up to `most`; metres unless a unit says otherwise (`12'6"`, `3,5 m`, `350 cm`)."""
    read = _smallest(tidy(text), _one_length)
    if read.value is None or read.value <= least:
        return _LOST if read.value is not None else read
    return _within(read.value, least, most, repaired=read.repaired)


def read_weight(text: str | None, *, most: float = 200.0) -> Reading:
    """A weight, t, above 0 and up to `most`; tonnes unless a unit says otherwise (`7.5`, `3.5 t`, `7500 kg`)."""
    read = _smallest(tidy(text), lambda part: _with_unit(part, _WEIGHTS, 1.0))
    if read.value is None or read.value <= 0.0:
        return _LOST if read.value is not None else read
    return _within(read.value, 0.0, most, repaired=read.repaired)


def read_number(text: str | None, *, least: float, most: float) -> Reading:
    """A plain number from `least` to `most`; of several the smallest."""
    read = _smallest(tidy(text), lambda part: _with_unit(part, {}, 1.0))
    return read if read.value is None else _within(read.value, least, most, repaired=read.repaired)


def read_layer(text: str | None) -> Reading:
    """The layer of a way, -10 to 10, a whole number."""
    read = read_number(text, least=-10, most=10)
    if read.value is None:
        return read
    return Reading(float(math.trunc(read.value)), read.repaired or read.value % 1 > 0)


def read_altitude(text: str | None) -> Reading:
    """A height above the sea, m, between the Dead Sea's shore and Everest's top."""
    read = _smallest(tidy(text), _one_length)
    return read if read.value is None else _within(read.value, -430.0, 8900.0, repaired=read.repaired)


def _within(value: float, least: float, most: float, *, repaired: bool) -> Reading:
    return Reading(value, repaired) if least <= value <= most else _LOST


def _smallest(word: str, read: Callable[[str], Reading]) -> Reading:
    """One value, or the smallest of a list (`;`, `|`, `/` between numbers) or a range."""
    if not word:
        return NOTHING
    alone = read(word)
    if alone.value is not None and not alone.repaired:
        return alone
    parts = [part for part in re.split(r"[;|]|(?<=\d)\s*/\s*(?=\d)", word) if part.strip()]
    if len(parts) == 1 and (found := _RANGE.match(parts[0])):
        parts = [found[1], found[2]]
    if len(parts) < 2:
        return alone
    values = [one.value for one in map(read, parts) if one.value is not None]
    return Reading(min(values), True) if values else _LOST


def _one_speed(word: str) -> Reading:
    word = word.strip()
    if word in ("none", "no", "unlimited"):
        return Reading(UNLIMITED_KMH * KMH, True)
    if word in ("walk", "walking"):
        return Reading(WALK_KMH * KMH, True)
    if word in _NO_SPEED:
        return _LOST
    if found := _ZONE.match(word):
        per_hour = 0.44704 if word[:2] in ("gb", "uk", "us") else KMH
        return Reading(float(found[1]) * per_hour, True)
    if found := _COUNTRY_ROLE.match(word):
        limit = _COUNTRY_KMH.get(f"{found[1]}:{found[2]}") or _ROLE_KMH.get(found[2].removeprefix("urban_"))
        return Reading(limit * KMH, True) if limit else _LOST
    return _with_unit(word, _SPEEDS, KMH)


def _one_length(word: str) -> Reading:
    if found := _FEET.match(word):
        return Reading(float(found[1]) * 0.3048 + float(found[2] or 0) * 0.0254, True)
    return _with_unit(word, _LENGTHS, 1.0)


def _with_unit(word: str, units: Mapping[str, float], default: float) -> Reading:
    """A number and its unit; words that are no unit are left out, and that is a repair."""
    plain = _ABOUT.sub("", word)
    found = _AMOUNT.match(plain)
    if found is None:
        return _LOST
    value, odd = _decimal(found[1])
    unit = found[2].strip().rstrip(".")
    if value is None:
        return _LOST
    factor = units.get(unit, units.get(unit.split(" ")[0].split("(")[0], default) if unit else default)
    return Reading(value * factor, odd or bool(unit) or plain != word)


def _decimal(text: str) -> tuple[float | None, bool]:
    """(the number, whether it was written oddly): a comma is a decimal sign but before groups of three digits."""
    if len(text) > 40:
        return None, True
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", text):
        return float(text.replace(",", "")), True
    if text.count(",") + text.count(".") > 1:
        return None, True
    return float(text.replace(",", ".")), "," in text or text[0] in "+.,"
