"""Numbers in tags of buildings, paths, car parks and spot heights that were read by rule or could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from networks.coordinates.projection import Plane
from networks.osm.extract import Extract, Tags
from networks.osm.values import Reading, read_altitude, read_layer, read_length, read_number
from networks.repairs import Repair
from networks.sentence import say

_READERS: Mapping[str, tuple[tuple[str, ...], Callable[[str], Reading]]] = {
    "height": (("building", "building:part"), read_length),
    "building:levels": (("building", "building:part"), lambda text: read_number(text, least=0.5, most=200.0)),
    "width": (("highway",), lambda text: read_length(text, least=0.499, most=50.0)),
    "capacity": (("parking", "amenity"), lambda text: read_number(text, least=1, most=20000)),
    "ele": (("ele",), read_altitude),
    "layer": (("highway", "building"), read_layer),
}
"""Key -> (keys of the objects that it is used of, its reader)."""


def odd_values(extract: Extract, plane: Plane) -> list[Repair]:
    """A repair for each number that was not written plainly, with what was read; lanes and speeds are told by roads."""
    return [
        Repair(
            "odd_value",
            osm,
            "",
            say("the number is read by rule", "按规则解读该数值")
            if read.value is not None
            else say("no number can be read: it counts as missing", "无法读出数值，按缺失处理"),
            f"{key}={tags[key]}",
            f"{key}={read.value:g}" if read.value is not None else f"{key} left out",
            *plane.xy[node],
        )
        for osm, node, tags in _objects(extract)
        for key, (users, reader) in _READERS.items()
        if key in tags and any(user in tags for user in users) and (read := reader(tags[key])).repaired
    ]


def _objects(extract: Extract) -> Iterator[tuple[str, int, Tags]]:
    """(name, a node of it that the extract has, tags) of nodes and ways."""
    for node in extract.nodes:
        yield f"n{node.osm_id}", node.osm_id, node.tags
    for way in extract.ways:
        here = next((ref for ref in way.nodes if ref in extract.lonlat), None)
        if here is not None and way.tags:
            yield f"w{way.osm_id}", here, way.tags
