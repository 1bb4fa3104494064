"""Colours that colour-blind people can tell apart: one scale per quantity, light and dark, and the fixed roles.

Scales are samples of viridis (speed), a white-to-navy blue (depth) and magma (density), all of them monotone in
lightness: the worse end stands out from the background. Roles are from Okabe and Ito (2008), "Color Universal Design".
"""

from __future__ import annotations

from dataclasses import dataclass

Rgb = tuple[int, int, int]

BLUE: Rgb = (0, 114, 178)
ORANGE: Rgb = (213, 94, 0)
AMBER: Rgb = (230, 159, 0)
SKY: Rgb = (86, 180, 233)
GREEN: Rgb = (0, 158, 115)
PINK: Rgb = (204, 121, 167)
GREY: Rgb = (128, 128, 128)

BETTER, WORSE, CANNOT_TELL = BLUE, ORANGE, GREY


@dataclass(frozen=True)
class Scale:
    """A scale from `low` to `high` in `unit`; `stops` are evenly spaced colours from low to high."""

    name: str
    low: float
    high: float
    unit: str
    ticks: tuple[float, ...]
    stops: tuple[Rgb, ...]

    def css(self) -> str:
        """The scale as a CSS gradient, low at the left."""
        colours = ", ".join(hex_of(stop) for stop in self.stops)
        return f"linear-gradient(to right, {colours})"

    def at(self, value: float) -> Rgb:
        """The colour of a value; outside the scale it is the colour of the end."""
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0) * (len(self.stops) - 1)
        left = min(int(share), len(self.stops) - 2)
        part = share - left
        a, b = self.stops[left], self.stops[left + 1]
        mixed = [round(x + (y - x) * part) for x, y in zip(a, b, strict=True)]
        return mixed[0], mixed[1], mixed[2]


@dataclass(frozen=True)
class Theme:
    """Colours of the quiet base map and the three scales for one background."""

    name: str
    page: Rgb
    land: Rgb
    water: Rgb
    green: Rgb
    building: Rgb
    street: Rgb
    ink: Rgb
    halo: Rgb
    closed: Rgb
    picked: Rgb
    speed: Scale
    depth: Scale
    density: Scale


_VIRIDIS: tuple[Rgb, ...] = (
    (68, 1, 84),
    (64, 67, 135),
    (41, 120, 142),
    (34, 167, 132),
    (132, 208, 130),
    (198, 222, 176),
)
_DEPTHS: tuple[Rgb, ...] = ((138, 190, 224), (96, 165, 212), (49, 130, 189), (8, 81, 156), (8, 38, 97))
_MAGMA: tuple[Rgb, ...] = (
    (252, 207, 160),
    (251, 135, 97),
    (229, 80, 100),
    (183, 55, 121),
    (114, 31, 129),
    (44, 17, 95),
)

_SPEED_TICKS, _DEPTH_TICKS, _DENSITY_TICKS = (
    (0.0, 0.25, 0.5, 0.75, 1.0),
    (0.05, 0.3, 0.6, 1.0),
    (0.0, 1.0, 2.0, 3.5, 5.0),
)

LIGHT = Theme(
    name="light",
    page=(255, 255, 255),
    land=(244, 243, 239),
    water=(208, 218, 226),
    green=(226, 235, 218),
    building=(222, 219, 213),
    street=(200, 198, 194),
    ink=(34, 38, 46),
    halo=(255, 255, 255),
    closed=(213, 94, 0),
    picked=(240, 200, 40),
    speed=Scale("speed", 0.0, 1.0, "", _SPEED_TICKS, _VIRIDIS),
    depth=Scale("depth", 0.05, 1.0, "m", _DEPTH_TICKS, _DEPTHS),
    density=Scale("density", 0.0, 5.0, "/m²", _DENSITY_TICKS, _MAGMA),
)

DARK = Theme(
    name="dark",
    page=(14, 18, 25),
    land=(27, 33, 43),
    water=(20, 46, 76),
    green=(27, 42, 41),
    building=(43, 50, 62),
    street=(66, 74, 88),
    ink=(236, 240, 246),
    halo=(14, 18, 25),
    closed=(240, 120, 30),
    picked=(255, 225, 90),
    speed=Scale(
        "speed",
        0.0,
        1.0,
        "",
        _SPEED_TICKS,
        ((253, 231, 37), (160, 218, 57), (53, 183, 121), (33, 145, 140), (49, 104, 142), (62, 80, 130)),
    ),
    depth=Scale(
        "depth", 0.05, 1.0, "m", _DEPTH_TICKS, ((70, 120, 190), (86, 160, 225), (120, 200, 250), (190, 235, 255))
    ),
    density=Scale(
        "density",
        0.0,
        5.0,
        "/m²",
        _DENSITY_TICKS,
        ((114, 50, 135), (183, 65, 121), (229, 90, 100), (251, 145, 97), (252, 207, 160), (255, 245, 210)),
    ),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def hex_of(colour: Rgb) -> str:
    """#rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
