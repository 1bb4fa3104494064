"""A city against a newer map: the comparison, what must be checked again, and where its edges went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from networks.build import build_city
from networks.city import MANIFEST, City
from networks.corrections.sources import remembered
from networks.errors import BadCity
from networks.osm.extract import read_osm
from networks.osm.objects import objects_of, read_objects
from networks.updates.change import Change
from networks.updates.comparison import Comparison, compare_maps
from networks.updates.edges import EdgeHeir, edge_heirs
from networks.updates.recheck import Recheck, rechecks

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Update:
    """What a newer map means for a city.

    Attributes:
        city: The city.
        newer: The newer map's file, or a city that was built from it.
        old_date, new_date: The dates of both maps, "" where a file does not say.
        comparison: What changed.
        rechecks: What must be checked again, the most important first.
        heirs: Edge of the city -> what became of it; empty when nobody asked for it.
    """

    city: City
    newer: Path
    old_date: str
    new_date: str
    comparison: Comparison
    rechecks: tuple[Recheck, ...]
    heirs: dict[str, EdgeHeir]

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        lost = {name: asdict(heir) for name, heir in self.heirs.items() if heir.state != "same"}
        return {
            "city": self.city.name,
            "city_digest": self.city.digest,
            "older_map_date": self.old_date,
            "newer_map": self.newer.name,
            "newer_map_date": self.new_date,
            "common_km2": self.comparison.common_km2,
            "renumbered": self.comparison.renumbered,
            "beyond_the_common_cover": self.comparison.beyond,
            "counts": self.comparison.counts(),
            "changes": [asdict(one) for one in self.comparison.changes],
            "rechecks": [asdict(one) for one in self.rechecks],
            "edges_compared": len(self.heirs),
            "edges_not_the_same": lost,
        }

    def to_layer(self) -> gpd.GeoDataFrame:
        """The changes as points, degrees."""
        import geopandas as gpd
        import pandas as pd

        rows = [asdict(one) for one in self.comparison.changes]
        table = pd.DataFrame(rows, columns=[column.name for column in fields(Change)])
        kept = table.drop(columns=["lon", "lat"])
        return gpd.GeoDataFrame(kept, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=4326)


def compare_city(
    city: City, newer: Path, *, edges: bool = False, progress: Callable[[str], None] | None = None
) -> Update:
    """Compare the map that a city was built from with a newer one.

    Args:
        city: A city that was built from a map.
        newer: An OpenStreetMap file, or the folder of a city that was built from it.
        edges: Also find the city's edges again in the newer network; from a file, the newer city is built for that.
        progress: Told the name of each step as it begins.

    Raises:
        BadCity: A city remembers nothing of its map.
        BadMap: The newer map cannot be read, or (with `edges`) no city can be built from it.
    """
    tell = progress or (lambda _: None)
    tell("reading both maps")
    old, newer = read_objects(city.folder), Path(newer)
    other = City.open(newer) if (newer / MANIFEST).is_file() else None
    if other is None and newer.is_dir():
        raise BadCity("this folder is no city", file=newer, expected="a city, or an OpenStreetMap file")
    if other is not None:
        new, date = read_objects(other.folder), _date(other)
    else:
        extract = read_osm(newer)
        new, date = objects_of(extract), extract.data_date
    tell("comparing them")
    comparison = compare_maps(old, new)
    found = rechecks(city, comparison, old, new)
    heirs = {}
    if edges:
        tell("finding the edges again")
        heirs = edge_heirs(city.layer("edges"), _edges_of(other, newer, city))
    return Update(city, newer, _date(city), date, comparison, tuple(found), heirs)


def _date(city: City) -> str:
    return str((city.manifest.get("source") or {}).get("data_date", ""))


def _edges_of(other: City | None, newer: Path, city: City) -> gpd.GeoDataFrame:
    if other is not None:
        return other.layer("edges")
    with TemporaryDirectory() as folder:
        built = build_city(newer, Path(folder) / "newer", corrections=remembered(city.folder))
        return built.layer("edges")
