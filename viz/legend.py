"""What the colours of a map mean: scales with ticks, and keys. Built from the same palette as the map."""

from __future__ import annotations

from typing import Any

from viz.live_layers import TONES, level_colours
from viz.maps import AFTER, BEFORE, GLYPHS, ROLE_COLOURS
from viz.palette import LIGHT, PINK, Rgb, Theme, hex_of
from viz.text import words

SCALES = {
    "traffic": "speed",
    "flood": "depth",
    "crowd": "density",
    "live_wet": "depth",
    "live_crowd": "density",
}
MARKERS: dict[str, tuple[str, ...]] = {
    "traffic": ("venue",),
    "flood": ("venue",),
    "crowd": ("venue", "stop"),
    "ambulance": ("call", "hospital", "fire_station", "ambulance_station"),
    "live_units": ("call", "venue", "hospital", "fire_station", "ambulance_station"),
}


def legend(kind: str, theme: Theme = LIGHT) -> list[dict[str, Any]]:
    """Entries of a map's legend.

    A scale is {words, gradient (CSS), ticks [(label, place in %)], unit}; a key is {words, colour, shape, glyph}.
    """
    found: list[dict[str, Any]] = []
    if kind == "live_speed":
        found = [_key(f"los.{letter}", colour, "line") for letter, _, colour in level_colours(theme)]
        found.append(_key("los.no_skill", theme.ink, "hatched"))
    if kind == "live_queue":
        found.append(_key("legend.queue", PINK, "line"))
    if kind == "live_areas":
        tones = ("good", "soon", "watch", "bad")
        found = [_key(f"legend.area_{at}", TONES[tone], "line") for at, tone in enumerate(tones)]
    if kind in SCALES:
        found.append(_scale(SCALES[kind], theme))
    if kind in ("traffic", "flood", "live_speed"):
        found.append(_key("legend.closed", theme.closed, "line"))
    if kind == "ambulance":
        found += [_key("legend.before", BEFORE, "wide"), _key("legend.after", AFTER, "line")]
    if kind == "live_units":
        found.append(_key("legend.unit", AFTER, "disc"))
    return found + [_key(f"marker.{role}", ROLE_COLOURS[role], "disc", GLYPHS[role]) for role in MARKERS.get(kind, ())]


def _scale(name: str, theme: Theme) -> dict[str, Any]:
    scale = {"speed": theme.speed, "depth": theme.depth, "density": theme.density}[name]
    span = scale.high - scale.low
    ticks = [(f"{tick:g}", round(100 * (tick - scale.low) / span, 1)) for tick in scale.ticks]
    unit = scale.unit if name == "depth" else ""
    return {"words": words(f"legend.{name}"), "gradient": scale.css(), "ticks": ticks, "unit": unit}


def _key(key: str, colour: Rgb, shape: str, glyph: str = "") -> dict[str, Any]:
    return {"words": words(key), "colour": hex_of(colour), "shape": shape, "glyph": glyph}
