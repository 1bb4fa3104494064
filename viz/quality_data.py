"""What the quality page's script needs: the base map, and doubts and repairs as packed columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from viz.blocks import base_blocks, lonlat
from viz.maps import map_json
from viz.pack import Packed, pack
from viz.palette import AMBER, BLUE, GREEN, GREY, ORANGE, PINK, SKY, Rgb, hex_of
from viz.text import for_page, words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from viz.story import MapCity


@dataclass(frozen=True)
class Group:
    """Doubts that share a sign; `kinds` are words in their kind, the first group that has one takes it."""

    key: str
    colour: Rgb
    shape: str
    kinds: tuple[str, ...]


_BROWN: Rgb = (122, 78, 44)

GROUPS = (
    Group("signals", ORANGE, "diamond", ("signal", "plan", "stage", "intergreen")),
    Group("border", SKY, "triangle", ("border", "clipped", "gateway", "outside")),
    Group("left_out", PINK, "square", ("left_out", "pruned", "loose", "disconnected", "island", "dead_end")),
    Group(
        "ground",
        _BROWN,
        "drop",
        ("terrain", "underpass", "drain", "pit", "sump", "flood", "dem", "water", "deck", "bridge", "coast"),
    ),
    Group("places", GREEN, "pentagon", ("height", "population", "capacity", "building", "car_park", "jobs", "zone")),
    Group(
        "roads",
        BLUE,
        "circle",
        ("lane", "speed", "turn", "road", "way", "restriction", "bus", "cycl", "bicycle", "edge", "ramp", "roundabout"),
    ),
    Group("other", GREY, "star", ()),
    Group("repairs", AMBER, "cross", ()),
)
"""Each has its own shape and its own colour of Okabe and Ito's (brown and grey beside them)."""


def group_of(kind: str) -> int:
    """The group of a doubt's kind, as its place in `GROUPS`."""
    for index, group in enumerate(GROUPS):
        if any(word in kind for word in group.kinds):
            return index
    return [group.key for group in GROUPS].index("other")


def quality_data(city: MapCity, report: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page's script needs, JSON-ready."""
    doubts, repairs = city.layer("doubts"), city.layer("repairs")
    groups = [group_of(str(kind)) for kind in doubts["kind"]]
    counts = np.bincount(groups, minlength=len(GROUPS)).tolist()
    counts[-1] = len(repairs)
    return {
        "map": map_json("quality", city),
        "blocks": {**base_blocks(city), "markers": []},
        "text": for_page("quality", "map", "language"),
        "data_date": report["data_date"],
        "checks": {check["name"]: check["offenders"] for check in report["checks"]},
        "groups": [
            {
                "key": group.key,
                "words": words(f"quality.group.{group.key}"),
                "colour": hex_of(group.colour),
                "shape": group.shape,
                "count": count,
            }
            for group, count in zip(GROUPS, counts, strict=True)
        ],
        "doubts": _packed(_doubts(doubts, groups, list(city.layer("edges")["edge_id"]))),
        "repairs": _packed(_repairs(repairs)),
    }


def _doubts(layer: GeoDataFrame, groups: Sequence[int], edge_ids: Sequence[str]) -> dict[str, Any]:
    row_of = {str(edge): row for row, edge in enumerate(edge_ids)}
    remedies, remedy = _told_once(layer["remedy_en"], layer["remedy_zh"])
    return {
        "group": list(groups),
        "kind": [str(kind) for kind in layer["kind"]],
        "en": list(layer["what_en"]),
        "zh": list(layer["what_zh"]),
        "remedies": remedies,
        "remedy": remedy,
        "influence": [round(float(value), 4) for value in layer["influence"]],
        "osm": list(layer["osm"]),
        "city": [not osm and not net for osm, net in zip(layer["osm"], layer["net"], strict=True)],
        "edges": [[row_of[one] for one in str(net).split() if one in row_of] for net in layer["net"]],
        "at": _places(layer),
    }


def _repairs(layer: GeoDataFrame) -> dict[str, Any]:
    whys, why = _told_once(layer["why_en"], layer["why_zh"])
    columns = {name: list(layer[name]) for name in ("rule", "osm", "net", "before", "after")}
    return {**columns, "whys": whys, "why": why, "at": _places(layer)}


def _told_once(english: Iterable[str], chinese: Iterable[str]) -> tuple[list[list[str]], list[int]]:
    """Distinct sentences, and for each row which one is its own."""
    place: dict[tuple[str, str], int] = {}
    rows = [place.setdefault(pair, len(place)) for pair in zip(english, chinese, strict=True)]
    return [list(pair) for pair in place], rows


def _places(layer: GeoDataFrame) -> list[list[float]]:
    return lonlat(list(zip(layer.geometry.x, layer.geometry.y, strict=True)), layer.crs) if len(layer) else []


def _packed(columns: Mapping[str, Any]) -> Packed:
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return pack(np.frombuffer(text.encode(), dtype=np.uint8))
