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
    at: tuple[float, float] = (LON, LAT),
) -> str:
    """OSM XML; nodes are (east, north) in steps from `at` (longitude, latitude); `bounds` likewise."""
    lon, lat = at

    def tags(pairs: Tags) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in pairs.items())

    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="test">']
    if bounds:
        west, south, east, north = bounds
        lines.append(
            f'<bounds minlat="{lat + south * STEP}" minlon="{lon + west * STEP * 2}"'
            f' maxlat="{lat + north * STEP}" maxlon="{lon + east * STEP * 2}"/>'
        )
    for ref, (east, north) in sorted(nodes.items()):
        lines.append(
            f'<node id="{ref}" version="1" lat="{lat + north * STEP:.7f}" lon="{lon + east * STEP * 2:.7f}">'
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


def dual_crossroads(
    half: float = 0.1, reach: float = 3.0, stop: float = 0.15
) -> tuple[dict[int, tuple[float, float]], dict[int, tuple[list[int], Tags]], list[int]]:
    """Two streets of two carriageways each, 2 x `half` steps apart, that cross at (0, 0); right-hand traffic.

    Returns nodes, ways, and one stop-line node on each of the four carriageways that lead in, `stop` steps ahead of the
    first carriageway that it meets. The junction's own nodes are 1 to 4.
    """
    a, r, s = half, reach, half + stop
    nodes = {1: (-a, -a), 2: (a, -a), 3: (a, a), 4: (-a, a)}
    nodes |= {11: (-r, -a), 12: (r, -a), 13: (r, a), 14: (-r, a)}
    nodes |= {21: (-a, -r), 22: (a, -r), 23: (a, r), 24: (-a, r)}
    nodes |= {31: (-s, -a), 32: (s, a), 33: (a, -s), 34: (-a, s)}
    tags = {**ROAD, "highway": "primary", "oneway": "yes", "lanes": "2"}
    ways: dict[int, tuple[list[int], Tags]] = {
        501: ([11, 31, 1, 2, 12], {**tags, "name": "East Street"}),
        502: ([13, 32, 3, 4, 14], {**tags, "name": "East Street"}),
        503: ([22, 33, 2, 3, 23], {**tags, "name": "North Street"}),
        504: ([24, 34, 4, 1, 21], {**tags, "name": "North Street"}),
    }
    # the ends are joined around, so that every road leads to every other
    loop = {**ROAD, "highway": "tertiary", "oneway": "yes"}
    ways |= {601: ([12, 13], loop), 602: ([14, 11], loop), 603: ([23, 24], loop), 604: ([21, 22], loop)}
    ways |= {605: ([12, 23], ROAD), 606: ([14, 21], ROAD)}
    return nodes, ways, [31, 32, 33, 34]
