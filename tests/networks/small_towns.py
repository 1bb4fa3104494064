"""Small towns as OSM files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Tags = Mapping[str, str]
LON, LAT = 24.94, 60.17
STEP = 0.0009  # about 100 m north, 50 m east at this latitude


def town_xml(
    nodes: Mapping[int, tuple[float, float]],
    ways: Mapping[int, tuple[Sequence[int], Tags]],
    *,
    node_tags: Mapping[int, Tags] | None = None,
    relations: str = "",
    bounds: tuple[float, float, float, float] | None = None,
) -> str:
    """OSM XML; nodes are (east, north) in steps from (24.94, 60.17); `bounds` likewise."""

    def tags(pairs: Tags) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in pairs.items())

    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="test">']
    if bounds:
        west, south, east, north = bounds
        lines.append(
            f'<bounds minlat="{LAT + south * STEP}" minlon="{LON + west * STEP * 2}"'
            f' maxlat="{LAT + north * STEP}" maxlon="{LON + east * STEP * 2}"/>'
        )
    for ref, (east, north) in sorted(nodes.items()):
        lines.append(
            f'<node id="{ref}" version="1" lat="{LAT + north * STEP:.7f}" lon="{LON + east * STEP * 2:.7f}">'
            f"{tags((node_tags or {}).get(ref, {}))}</node>"
        )
    for way, (refs, pairs) in sorted(ways.items()):
        lines.append(
            f'<way id="{way}" version="1">' + "".join(f'<nd ref="{r}"/>' for r in refs) + tags(pairs) + "</way>"
        )
    return "\n".join([*lines, relations, "</osm>"])


ROAD = {"highway": "residential", "maxspeed": "40", "lanes": "2"}


def block(size: int = 4) -> tuple[dict[int, tuple[float, float]], dict[int, tuple[list[int], Tags]]]:
    """A grid of `size` x `size` junctions 100 m apart, ids row * 100 + column + 1, as streets across and up."""
    nodes = {row * 100 + column + 1: (float(column), float(row)) for row in range(size) for column in range(size)}
    ways: dict[int, tuple[list[int], Tags]] = {}
    for i in range(size):
        ways[1000 + i] = ([i * 100 + column + 1 for column in range(size)], ROAD)
        ways[2000 + i] = ([row * 100 + i + 1 for row in range(size)], ROAD)
    return nodes, ways
