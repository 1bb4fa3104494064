"""How high or deep a mapped thing lies against others: OSM's layer."""

from __future__ import annotations

from collections.abc import Sequence

from networks.osm.extract import Tags
from networks.osm.values import read_layer


def level_of(tags: Tags) -> int:
    """The layer that is stated; else -1 in a tunnel, 1 on a bridge, 0 on the ground (passages through houses too)."""
    stated = read_layer(tags.get("layer")).whole
    if stated is not None:
        return stated
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        return -1
    return int(tags.get("bridge", "no") != "no")


def usual_level(several: Sequence[Tags]) -> int:
    """The layer of most of an edge's ways; of equals the one nearest to the ground."""
    found = [level_of(tags) for tags in several]
    return max(found, key=lambda level: (found.count(level), -abs(level), level)) if found else 0
