"""What the cockpit's map has beyond other maps: levels of service, things that stand somewhere, and their signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz.palette import AMBER, BLUE, GREEN, GREY, ORANGE, PINK, SKY, Rgb, Theme

if TYPE_CHECKING:
    from pydeck import Layer

LEVELS_OF_SERVICE: tuple[tuple[str, float], ...] = (
    ("A", 0.85),
    ("B", 0.67),
    ("C", 0.50),
    ("D", 0.40),
    ("E", 0.30),
    ("F", 0.0),
)
"""Letter, and the least share of the free-flow speed that has it (HCM 6th ed., exhibit 16-3: urban streets)."""

SIGNS: dict[str, str] = {
    "ponds": "≈",
    "sites": "◆",
    "parks": "P",
    "units": "A",
    "sensors": "▲",
    "signals": "⋮",
    "cameras": "◉",
}
"""Sign of each layer of things; the page puts another one where a thing is not as it should be."""

TONES: dict[str, Rgb] = {"plain": BLUE, "good": GREEN, "soon": SKY, "watch": AMBER, "bad": ORANGE, "idle": GREY}
"""What the colour of a thing says; its sign says it too."""


def level_colours(theme: Theme) -> list[tuple[str, float, Rgb]]:
    """Each level of service with its least share of the free speed and its colour, the best first."""
    last = len(LEVELS_OF_SERVICE) - 1
    return [(letter, least, theme.speed.at(1.0 - at / last)) for at, (letter, least) in enumerate(LEVELS_OF_SERVICE)]


def live_spec(theme: Theme) -> dict[str, Any]:
    """What the page must know to draw it, JSON-ready."""
    return {
        "theme": theme.name,
        "levels": [[letter, least, list(colour)] for letter, least, colour in level_colours(theme)],
        "signs": SIGNS,
        "tones": {name: list(colour) for name, colour in TONES.items()},
    }


def live_layer(name: str, theme: Theme) -> Layer | None:
    """The empty layer of this name; None: it is none of these."""
    import pydeck

    paths: dict[str, dict[str, Any]] = {
        "areas": {"get_width": 10, "opacity": 0.55},
        "queue": {"get_width": 9, "get_color": list(PINK)},
    }
    if name in paths:
        ends = {"width_units": "'pixels'", "cap_rounded": False, "joint_rounded": False}
        return pydeck.Layer("PathLayer", data=[], id=name, **paths[name], **ends)
    if name == "hatch":
        colour = [*theme.ink, 190]
        return pydeck.Layer("LineLayer", data=[], id=name, get_color=colour, get_width=1.2, width_units="'pixels'")
    if name == "cones":
        return pydeck.Layer("SolidPolygonLayer", data=[], id=name, get_fill_color=[*SKY, 60], extruded=False)
    return None
