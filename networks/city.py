"""A city as a folder on disk: everything that stands still."""

from __future__ import annotations

import difflib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.digest import digest_file, digest_json
from networks.errors import BadCity, NotThere
from networks.graphs import RoadGraph, Turns, WalkGraph, read_road_graph, read_turns
from networks.ground.terrain import Terrain, read_terrain
from networks.layers import LAYERS, TABLES
from networks.sentence import Sentence

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

FORMAT = 3
_OLDER = (2,)
MANIFEST = "city.json"
NET_FILE = "roads.net.xml"
TERRAIN_FILE = "terrain.tif"
REPORTS = ("quality.json", "quality.html")
"""Files that tell about a city and are no part of it: its digest, by which runs are addressed, leaves them out."""
_NAMES = ("name", "source", "dem", "datasets", "digest", "made_with")
_FIELDS = (
    "name",
    "crs",
    "left_hand",
    "bounds_m",
    "center_lonlat",
    "digest",
    "attribution",
    "guesses",
    "terrain",
    "files",
)
_REBUILD = "build the city again with: twin build FILE"
_PATH_REMEDY = "check the path, or build a city with: twin build FILE --out FOLDER"


class City:
    """Everything that stands still, read from a folder that `build_city` wrote.

    Attributes:
        folder: Where it lies.
        manifest: What `city.json` says: hashes, licences, provenance, counts.
        name: Its name.
        crs: Its plane, e.g. `EPSG:32635`, metres.
        left_hand: Whether traffic keeps left.
        bounds: (min x, min y, max x, max y) of the map's frame, metres.
        center_lonlat: The middle of the map, degrees.
        digest: SHA-256 of its content; the same map gives the same digest.
        net_file: SUMO's network.
        georeferenced: False for a network without geo reference: longitude and latitude mean nothing in it.
        plan_source: Where signal plans come from that do not say so themselves.
        attribution: What every map of this city must show.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest
        self.name: str = manifest["name"]
        self.crs: str = manifest["crs"]
        self.left_hand: bool = manifest["left_hand"]
        self.bounds: tuple[float, float, float, float] = tuple(manifest["bounds_m"])
        self.center_lonlat: tuple[float, float] = tuple(manifest["center_lonlat"])
        self.digest: str = manifest["digest"]
        self.net_file = folder / NET_FILE
        self.georeferenced: bool = manifest.get("georeferenced", True)
        self.plan_source: str = manifest.get("plan_source", "guessed")
        self.attribution: str = manifest["attribution"]
        self._layers: dict[str, gpd.GeoDataFrame] = {}
        self._tables: dict[str, pd.DataFrame] = {}

    @property
    def lonlat_range(self) -> str:
        """What longitude and latitude are on the map, degrees, for whoever gave others."""
        from pyproj import Transformer

        to_degrees = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(*self.bounds)
        return f"{west:.3f} to {east:.3f} and {south:.3f} to {north:.3f}"

    @classmethod
    def open(cls, folder: Path, *, verify: bool = False) -> City:
        """Open a city's folder; with `verify`, every file is read and compared with its hash.

        Raises:
            BadCity: It is no city, incomplete, of another format, or (with `verify`) changed since it was built.
        """
        folder = Path(folder)
        manifest = _read_manifest(folder)
        check_files(folder, manifest, verify=verify)
        lacking = [name for name in LAYERS if f"layers/{name}.parquet" not in manifest["files"]]
        if lacking:
            raise BadCity(
                f"this city was made before there were the layers {', '.join(lacking)}",
                file=folder,
                remedy=f"bring it up to date with: twin migrate {folder}",
            )
        return cls(folder, manifest)

    @property
    def guesses(self) -> tuple[Sentence, ...]:
        """What in this city is guessed, a sentence each in both languages."""
        return tuple(self.manifest["guesses"])

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """A layer's table with all its columns, perhaps without rows; do not change it in place.

        Raises:
            NotThere: No layer has this name.
            BadCity: The city was made by an older version, and not migrated.
        """
        import geopandas as gpd

        if name not in LAYERS:
            near = difflib.get_close_matches(name, LAYERS, n=1)
            remedy = f"did you mean {near[0]}?" if near else None
            raise NotThere(f"there is no layer {name!r}", expected=", ".join(LAYERS), remedy=remedy)
        if name not in self._layers:
            file = self.folder / "layers" / f"{name}.parquet"
            table = gpd.read_parquet(file)
            if list(table.columns) != [*LAYERS[name], "geometry"]:
                raise BadCity(
                    f"the layer {name} has the columns of an older version",
                    file=file,
                    remedy=f"bring the city up to date with: twin migrate {self.folder}",
                )
            self._layers[name] = table
        return self._layers[name]

    def table(self, name: str) -> pd.DataFrame:
        """A table that was imported into the city, such as `od`; do not change it in place.

        Raises:
            NotThere: No table has this name, or nobody has imported it.
        """
        import pandas as pd

        if name not in TABLES:
            raise NotThere(f"there is no table {name!r}", expected=", ".join(TABLES))
        if name not in self.manifest.get("tables", {}):
            raise NotThere(
                f"this city has no table {name!r}", file=self.folder, remedy=f"twin import {name} {self.folder} FILE"
            )
        if name not in self._tables:
            self._tables[name] = pd.read_parquet(self.folder / "tables" / f"{name}.parquet")
        return self._tables[name]

    def terrain(self) -> Terrain:
        """The terrain.

        Raises:
            NotThere: The map has too few spot heights and no terrain was given.
        """
        stated = self.manifest["terrain"]
        if stated is None:
            raise NotThere(
                "this city has no terrain: its map has too few spot heights",
                file=self.folder,
                remedy="build it again with a GeoTIFF of heights: twin build FILE --dem TIF",
            )
        return _terrain(self.folder / TERRAIN_FILE, json.dumps(stated, sort_keys=True))

    def walk_graph(self) -> WalkGraph:
        """The walk graph as arrays."""
        nodes, links = self.layer("walk_nodes"), self.layer("walk_links")
        return WalkGraph(
            node_x=nodes.geometry.x.to_numpy(dtype=float),
            node_y=nodes.geometry.y.to_numpy(dtype=float),
            link_from=links["from_node"].to_numpy(dtype=np.int32),
            link_to=links["to_node"].to_numpy(dtype=np.int32),
            length_m=links["length_m"].to_numpy(dtype=float),
            width_m=links["width_m"].to_numpy(dtype=float),
            kind=tuple(links["kind"]),
            crossing_edges=tuple(tuple(text.split()) for text in links["crossing_edges"]),
        )

    def road_graph(self, vclass: str = "passenger") -> RoadGraph:
        """The road network as an edge graph for `passenger`, `bus`, `emergency` or `bicycle`."""
        return _road_graph(self.net_file, vclass)

    def turns(self, vclass: str = "passenger") -> Turns:
        """What the connections of `road_graph(vclass)` are: where they turn, which signal they pass."""
        return read_turns(self.net_file, vclass)


@lru_cache(maxsize=8)
def _road_graph(net_file: Path, vclass: str) -> RoadGraph:
    return read_road_graph(net_file, vclass)


@lru_cache(maxsize=4)
def _terrain(file: Path, stated: str) -> Terrain:
    return read_terrain(file, json.loads(stated))


def described(manifest: dict[str, Any]) -> dict[str, Any]:
    """The part of a manifest that the city's digest is of: all but names, sources, programs and reports."""
    told = {key: value for key, value in manifest.items() if key not in _NAMES}
    return told | {"files": {name: stated for name, stated in manifest["files"].items() if name not in REPORTS}}


def check_files(folder: Path, manifest: dict[str, Any], *, verify: bool) -> None:
    """Compare a city's files with what its manifest states of them; with `verify`, their hashes too.

    Raises:
        BadCity: A file is missing or was changed.
    """
    for name, stated in sorted(manifest["files"].items()):
        file = folder / name
        if not file.is_file() or file.stat().st_size != stated["bytes"]:
            raise BadCity("a file of the city is missing or was changed", file=file, remedy=_REBUILD)
        if verify and digest_file(file) != stated["sha256"]:
            raise BadCity("the file was changed since the city was built", file=file, remedy=_REBUILD)
    if verify and digest_json(described(manifest)) != manifest["digest"]:
        raise BadCity("it was changed since the city was built", file=folder / MANIFEST, remedy=_REBUILD)


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if not folder.is_dir():
            what = "this is a file, not a city" if folder.exists() else "there is no such folder"
            raise BadCity(what, file=folder, expected="a folder that twin build made", remedy=_PATH_REMEDY) from None
        raise BadCity("this folder is no city", file=folder, expected=f"a {MANIFEST} inside", remedy=_REBUILD) from None
    except (OSError, ValueError) as error:
        raise BadCity(f"its manifest cannot be read: {error}", file=file, remedy=_REBUILD) from error
    if isinstance(manifest, dict) and manifest.get("format") in _OLDER:
        raise BadCity(
            f"the city is of the older format {manifest['format']}",
            file=file,
            expected=f"format {FORMAT}",
            remedy=f"bring it up to date with: twin migrate {folder}",
        )
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadCity("the city is of another format", file=file, expected=f"format {FORMAT}", remedy=_REBUILD)
    missing = [field for field in _FIELDS if field not in manifest]
    if missing:
        raise BadCity(f"its manifest lacks {', '.join(missing)}", file=file, remedy=_REBUILD)
    return manifest
