"""Pictures: maps, plots, the report and the cockpit's page. Heavy libraries load when something is drawn."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.bundle import bundle_path, bundle_text
    from viz.cockpit import cockpit_asset, cockpit_page
    from viz.maps import base_layers, map_deck, map_json
    from viz.quality import render_quality
    from viz.report import write_report
    from viz.story import Alternative, Flood, Marker, MeasureText, Story

_HOMES = {
    "Alternative": "story",
    "Flood": "story",
    "Marker": "story",
    "MeasureText": "story",
    "Story": "story",
    "base_layers": "maps",
    "bundle_path": "bundle",
    "bundle_text": "bundle",
    "cockpit_asset": "cockpit",
    "cockpit_page": "cockpit",
    "map_deck": "maps",
    "map_json": "maps",
    "render_quality": "quality",
    "write_report": "report",
}

__all__ = [
    "Alternative",
    "Flood",
    "Marker",
    "MeasureText",
    "Story",
    "base_layers",
    "bundle_path",
    "bundle_text",
    "cockpit_asset",
    "cockpit_page",
    "map_deck",
    "map_json",
    "render_quality",
    "write_report",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'viz' has no attribute {name!r}")
    return getattr(import_module(f"viz.{_HOMES[name]}"), name)
