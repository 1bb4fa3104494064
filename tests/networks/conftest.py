"""Writes small towns for the networks room."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_towns import block, town_xml

from networks import City, build_city


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a town to a file and gives its path."""

    def writer(xml: str, name: str = "town.osm") -> Path:
        file = tmp_path / name
        file.write_text(xml, encoding="utf-8")
        return file

    return writer


@pytest.fixture(scope="session")
def _built_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A block of streets with a road that leaves it in the west, a bus stop, and two houses."""
    folder = tmp_path_factory.mktemp("own")
    nodes, ways = block()
    nodes |= {9001: (-0.5, 1.0), 9002: (-1.5, 1.0)}
    ways[3001] = ([101, 9001, 9002], {"highway": "primary", "lanes": "2"})
    for i, east in enumerate((0.4, 2.4)):
        place = {9100 + 10 * i + k: (east + dx, 1.4 + dy) for k, (dx, dy) in enumerate(((0, 0), (0.2, 0), (0.2, 0.2)))}
        nodes |= place
        ways[4000 + i] = ([*place, min(place)], {"building": "apartments", "building:levels": "4"})
    file = folder / "town.osm"
    file.write_text(town_xml(nodes, ways, bounds=(-0.6, -0.4, 3.6, 3.4)), encoding="utf-8")
    return build_city(file, folder / "town").folder


@pytest.fixture
def town(_built_town: Path, tmp_path: Path) -> City:
    """A small city of one's own to change."""
    return City.open(shutil.copytree(_built_town, tmp_path / "cities" / "town"))
