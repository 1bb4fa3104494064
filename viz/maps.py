"""Maps as pydeck decks: styles and order of layers are declared here; the page fills them with blocks by layer id.

A map's JSON is what `pydeck.Deck.to_json()` gives, with empty `data`: pages/map.js unpacks the block of the same name
and clones the layer with it, so that a tick of the clock moves a few bytes and never the view. No tiles, no network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viz.blocks import base_blocks, marker_rows, walk_block
from viz.live_layers import live_layer, live_spec
from viz.palette import AMBER, BLUE, GREEN, ORANGE, PINK, THEMES, Rgb, Theme

if TYPE_CHECKING:
    from pydeck import Deck, Layer

    from viz.story import MapCity, Marker

BLOCKS = "blocks.js"
"""What opens a map's blocks; it needs no deck.gl."""
MAP_SCRIPTS = (BLOCKS, "mesh.js", "mesh_layer.js", "moving.js", "map.js")
"""Files of every page with a map, in their order; deck.gl's bundle stands before them."""
ATTRIBUTION = "© OpenStreetMap contributors"
FONTS = '\'"Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "DejaVu Sans", Arial, sans-serif\''
ROLE_COLOURS: dict[str, Rgb] = {
    "venue": PINK,
    "call": ORANGE,
    "hospital": GREEN,
    "fire_station": AMBER,
    "ambulance_station": BLUE,
    "stop": (90, 98, 112),
}
GLYPHS = {"venue": "★", "call": "!", "hospital": "H", "fire_station": "F", "ambulance_station": "A", "stop": "●"}
BEFORE, AFTER = ORANGE, BLUE

MAPS: dict[str, tuple[str, ...]] = {
    "traffic": ("speed", "closed"),
    "flood": ("depth", "closed"),
    "crowd": ("crowd",),
    "ambulance": ("depth", "before", "after", "units"),
    "live": (
        "areas",
        "queue",
        "speed",
        "hatch",
        "wet",
        "closed",
        "crowd",
        "picked",
        "chosen",
        "cones",
        "units",
        "things",
        "ring",
    ),
    "quality": ("picked", "signs", "rings"),
}
"""Which moving layers each map has, from the lowest to the highest."""


MARKER_KINDS: dict[str, tuple[str, ...]] = {
    "traffic": ("venue",),
    "flood": ("venue",),
    "crowd": ("venue", "stop"),
    "ambulance": ("call", "hospital", "ambulance_station", "fire_station"),
    "live": ("call", "venue", "hospital", "ambulance_station", "fire_station"),
    "quality": (),
}
"""Which markers each map has, the most important first: it keeps its label when two would touch."""


def map_deck(kind: str, city: MapCity, *, theme: str = "light") -> Deck:
    """The pydeck deck of one map of `MAPS`, centred on the city.

    Raises:
        KeyError: No such map or theme.
    """
    import pydeck

    colours = THEMES[theme]
    moving = [_moving(name, colours) for name in MAPS[kind]]
    top = [_street_names(colours), *_marker_layers(colours)]
    if kind == "live":
        top.append(_text("thing_signs", 13, (255, 255, 255), font_weight="'bold'"))
    lon, lat = _center(city)
    return pydeck.Deck(
        layers=[*_base(colours), *(top + moving if kind == "quality" else moving + top)],
        initial_view_state=pydeck.ViewState(longitude=lon, latitude=lat, zoom=13.5, min_zoom=10, max_zoom=19),
        views=[pydeck.View("MapView", controller=_controller(kind))],
        map_provider=None,
        map_style=None,
        tooltip=False,
    )


def map_json(kind: str, city: MapCity, *, theme: str = "light") -> dict[str, Any]:
    """The deck's JSON and what the page needs beside it: colours of the scales and of the page."""
    colours = THEMES[theme]
    more = live_spec(colours) if kind == "live" else {}
    return {
        **more,
        "kind": kind,
        "deck": json.loads(map_deck(kind, city, theme=theme).to_json()),
        "page": list(colours.page),
        "scales": {
            scale.name: {"low": scale.low, "high": scale.high, "stops": [list(stop) for stop in scale.stops]}
            for scale in (colours.speed, colours.depth, colours.density)
        },
        "marker_kinds": list(MARKER_KINDS[kind]),
        "glyphs": GLYPHS,
        "roles": {role: list(colour) for role, colour in ROLE_COLOURS.items()},
    }


def base_layers(city: MapCity, *, theme: str = "dark", markers: Sequence[Marker] = ()) -> dict[str, Any]:
    """Everything the cockpit draws that stands still: answer of GET /api/city, JSON-ready.

    `edge_ids` fixes the order of every per-edge array of the live state; crowd indices are rows of layer `walk_links`.
    """
    edges = city.layer("edges")
    shown = [*markers, *facility_markers(city)]
    return {
        "name": city.name,
        "attribution": attribution(city),
        "digest": city.digest,
        "map": map_json("live", city, theme=theme),
        "maps": {name: map_json("live", city, theme=name) for name in THEMES},
        "blocks": {**base_blocks(city), "walk": walk_block(city), "markers": marker_rows(shown, city.crs)},
        "edge_ids": [str(edge) for edge in edges["edge_id"]],
        "edge_names": [str(name) if name == name and name else "" for name in edges["name"]],
    }


def map_script() -> str:
    """The script of a map, for inlining."""
    pages = Path(__file__).parent / "pages"
    return "".join((pages / name).read_text(encoding="utf-8") for name in MAP_SCRIPTS)


def attribution(city: MapCity) -> str:
    """The line on every map: the city's own, or OpenStreetMap's contributors where it has none."""
    return str(city.attribution or "") or ATTRIBUTION


def facility_markers(
    city: MapCity, kinds: Sequence[str] = ("hospital", "fire_station", "ambulance_station")
) -> list[Marker]:
    """Hospitals and stations of the city as markers, with their names in the city's own language."""
    from viz.story import Marker

    layer = city.layer("facilities")
    chosen = layer[layer["kind"].isin(list(kinds))] if len(layer) else layer
    points = chosen.geometry.centroid if len(chosen) else chosen.geometry
    names = [str(name) if name == name and name else "" for name in chosen["name"]]
    return [
        Marker(str(kind), float(point.x), float(point.y), name)
        for kind, point, name in zip(chosen["kind"], points, names, strict=True)
    ]


def _center(city: MapCity) -> tuple[float, float]:
    from viz.blocks import lonlat

    minx, miny, maxx, maxy = city.bounds
    lon, lat = lonlat([((minx + maxx) / 2, (miny + maxy) / 2)], city.crs)[0]
    return lon, lat


def _controller(kind: str) -> dict[str, Any]:
    wheel = kind in ("live", "quality")  # in a report the wheel scrolls the page; the buttons and a pinch zoom
    return {"scrollZoom": wheel, "doubleClickZoom": True, "touchZoom": True, "dragRotate": False, "keyboard": True}


def _base(theme: Theme) -> list[Layer]:
    import pydeck

    def area(name: str, colour: Rgb) -> Layer:
        return pydeck.Layer("SolidPolygonLayer", data=[], id=name, get_fill_color=list(colour), extruded=False)

    streets = pydeck.Layer(
        "PathLayer",
        data=[],
        id="streets",
        get_color=list(theme.street),
        width_min_pixels=1,
        cap_rounded=True,
        joint_rounded=True,
    )
    return [
        area("land", theme.land),
        area("green", theme.green),
        area("water", theme.water),
        area("buildings", theme.building),
        streets,
    ]


def _line(name: str, width_px: float, colour: Rgb | None = None, *, pickable: bool = False) -> Layer:
    import pydeck

    style: dict[str, Any] = {"get_color": list(colour)} if colour else {}
    return pydeck.Layer(
        "PathLayer",
        data=[],
        id=name,
        get_width=width_px,
        width_units="'pixels'",
        cap_rounded=True,
        joint_rounded=True,
        pickable=pickable,
        **style,
    )


def _moving(name: str, theme: Theme) -> Layer:
    import pydeck

    if name == "depth":
        nearest = {"minFilter": "nearest", "magFilter": "nearest"}
        return pydeck.Layer("BitmapLayer", id=name, bounds=[0, 0, 0, 0], texture_parameters=nearest)
    if (live := live_layer(name, theme)) is not None:
        return live
    if name in ("units", "things"):
        return _discs(name, 9)
    if name == "ring":
        return _discs(name, 15, filled=False)
    if name == "signs":
        return pydeck.Layer("IconLayer", data=[], id=name, size_units="'pixels'", pickable=True, alpha_cutoff=0.3)
    if name == "rings":
        return _discs(name, 13, filled=False)
    lines = {
        "speed": _line("speed", 3, pickable=True),
        "crowd": _line("crowd", 4, pickable=True),
        "wet": _line("wet", 7, pickable=False),
        "closed": _line("closed", 4.5, theme.closed),
        "picked": _line("picked", 9, theme.picked),
        "chosen": _line("chosen", 9, theme.picked),
        "before": _line("before", 8, BEFORE, pickable=True),
        "after": _line("after", 4, AFTER, pickable=True),
    }
    return lines[name]


def _discs(name: str, radius_px: float, *, filled: bool = True) -> Layer:
    import pydeck

    return pydeck.Layer(
        "ScatterplotLayer",
        data=[],
        id=name,
        get_radius=radius_px,
        radius_units="'pixels'",
        stroked=True,
        filled=filled,
        get_line_color=[255, 255, 255] if filled else [20, 20, 20],
        get_line_width=2,
        line_width_units="'pixels'",
        pickable=True,
    )


def _text(name: str, size_px: float, colour: Rgb, **more: Any) -> Layer:
    import pydeck

    return pydeck.Layer(
        "TextLayer",
        data=[],
        id=name,
        get_size=size_px,
        get_color=list(colour),
        character_set="'auto'",
        font_family=FONTS,
        **more,
    )


def _street_names(theme: Theme) -> Layer:
    paper = {"background": True, "get_background_color": [*theme.land, 190], "background_padding": [3, 0, 3, 0]}
    return _text("street_names", 12, theme.ink, **paper)


def _marker_layers(theme: Theme) -> list[Layer]:
    labels = _text(
        "marker_labels",
        13,
        theme.ink,
        font_weight="'bold'",
        background=True,
        get_background_color=[*theme.halo, 215],
        background_padding=[5, 2, 5, 2],
        get_pixel_offset=[0, -22],
    )
    return [_discs("markers", 10), _text("marker_glyphs", 13, (255, 255, 255), font_weight="'bold'"), labels]
