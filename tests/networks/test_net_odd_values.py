"""Odd numbers of buildings, paths and car parks are told as repairs, plain ones are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from small_towns import block, town_xml

from networks.coordinates.projection import Plane, utm_epsg
from networks.osm.extract import read_osm
from networks.osm.odd_values import odd_values


def test_odd_numbers_are_told_and_plain_ones_are_not(write: Callable[..., Path]) -> None:
    nodes, ways = block()
    ways[3001] = ([1, 2, 102, 101, 1], {"building": "yes", "height": "12'6''", "building:levels": "yes"})
    ways[3002] = ([2, 3, 103, 102, 2], {"building": "yes", "height": "12", "building:levels": "3"})
    ways[3003] = ([3, 4, 104, 103, 3], {"amenity": "parking", "capacity": "about 200"})
    ways[3004] = ([101, 202], {"highway": "footway", "width": "1,5", "layer": "-1"})
    extract = read_osm(write(town_xml(nodes, ways)))
    told = odd_values(extract, Plane(extract.lonlat, utm_epsg(*extract.center_lonlat)))
    assert {(r.osm, r.before, r.after) for r in told} == {
        ("w3001", "height=12'6''", "height=3.81"),
        ("w3001", "building:levels=yes", "building:levels left out"),
        ("w3003", "capacity=about 200", "capacity=200"),
        ("w3004", "width=1,5", "width=1.5"),
    }
    assert all(r.why["en"] and r.why["zh"] for r in told)
