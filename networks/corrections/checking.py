"""The state of each correction of a file, on the map of a city or on another."""

from __future__ import annotations

from pathlib import Path

from networks.city import City
from networks.corrections.judging import Judgement, MapView, judge
from networks.corrections.reading import read_corrections
from networks.osm.extract import read_osm
from networks.osm.objects import objects_of, read_objects


def check_corrections(file: Path, *, city: City | None = None, map_file: Path | None = None) -> list[Judgement]:
    """What became of each correction in `file`: on the map that `city` was built from, or on `map_file`.

    Raises:
        BadCorrections: The file cannot be read, or an entry without a witness names an unknown object.
        BadCity: The city remembers nothing of its map.
        BadMap: The map cannot be read.
        ValueError: Neither a city nor a map is given.
    """
    corrections = read_corrections(file)
    if map_file is not None:
        return judge(corrections, MapView(objects_of(read_osm(map_file))))
    if city is None:
        raise ValueError("give a city or a map")
    return judge(corrections, MapView(read_objects(city.folder)))
