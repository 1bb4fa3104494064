"""Ways on foot beside roads."""

from __future__ import annotations

from shapely.geometry import LineString

from networks.walking.along import links_along


def test_ways_beside_a_road_are_found_and_those_across_or_far_are_not() -> None:
    road = LineString([(0, 0), (100, 0)])
    roads = [road, LineString(list(road.coords)[::-1]), LineString([(0, 200), (100, 200)])]
    links = [
        LineString([(10, 8), (90, 9)]),
        LineString([(90, -8), (10, -8)]),
        LineString([(50, -10), (50, 10)]),
        LineString([(10, 30), (90, 30)]),
        LineString([(10, 5), (90, 5)]),
        LineString([(0, 190), (100, 191)]),
    ]
    kinds = ["sidewalk", "footway", "footway", "footway", "square", "path"]
    assert links_along(links, kinds, roads).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [5, 2]]
    assert links_along([], [], roads).shape == links_along(links, kinds, []).shape == (0, 2)
