"""One pyosmium pass over an OSM file of any kind, clipped extracts included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from networks.errors import BadMap

SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")
Tags = dict[str, str]


@dataclass(frozen=True)
class Node:
    """A tagged node."""

    osm_id: int
    tags: Tags


@dataclass(frozen=True)
class Way:
    """A way with the node ids it names, also those that the extract lacks."""

    osm_id: int
    nodes: tuple[int, ...]
    tags: Tags


@dataclass(frozen=True)
class Relation:
    """A relation; a member is (type `n|w|r`, id, role)."""

    osm_id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Tags


@dataclass(frozen=True)
class Extract:
    """What one pass over an OSM file found.

    Attributes:
        file: Where it was read from.
        lonlat: Node id -> (longitude, latitude) in degrees.
        nodes: Tagged nodes, in file order.
        ways: All ways, in file order.
        relations: All relations, in file order.
        box: (west, south, east, north) in degrees that the map covers.
        box_source: "file header" or "streets and buildings".
        data_date: The newest replication or edit date that the header states, else "".
    """

    file: Path
    lonlat: dict[int, tuple[float, float]]
    nodes: list[Node]
    ways: list[Way]
    relations: list[Relation]
    box: tuple[float, float, float, float]
    box_source: str
    data_date: str

    @property
    def border_known(self) -> bool:
        """Whether the file itself says where the map ends."""
        return self.box_source == "file header"

    @property
    def center_lonlat(self) -> tuple[float, float]:
        """The middle of the box, degrees."""
        west, south, east, north = self.box
        return (west + east) / 2, (south + north) / 2

    def runs(self, way: Way) -> Iterator[tuple[int, ...]]:
        """The stretches of a way whose nodes the extract has, at least two nodes each."""
        run: list[int] = []
        for ref in way.nodes:
            if ref in self.lonlat:
                if not run or run[-1] != ref:
                    run.append(ref)
                continue
            if len(run) > 1:
                yield tuple(run)
            run = []
        if len(run) > 1:
            yield tuple(run)

    def whole(self, way: Way) -> bool:
        """Whether the extract has every node of the way."""
        return all(ref in self.lonlat for ref in way.nodes)


def read_osm(file: Path) -> Extract:
    """Read nodes, ways and relations of `file` in one pass.

    Raises:
        BadMap: It is missing, not OSM, truncated, or holds no nodes.
    """
    if not file.is_file():
        raise BadMap("there is no such file", file=file, remedy="give the path of an OSM file")
    if not file.name.lower().endswith(SUFFIXES):
        raise BadMap(
            "this is not an OSM file by its name",
            file=file,
            expected="a file ending in .osm, .osm.gz, .osm.bz2 or .osm.pbf",
            remedy="export the area from OpenStreetMap, or use: twin build --place NAME",
        )
    try:
        return _pass(file)
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        raise BadMap(
            f"it cannot be read as OpenStreetMap data: {error}",
            file=file,
            expected="a complete .osm, .osm.gz, .osm.bz2 or .osm.pbf file",
            remedy="download or copy it again; a truncated download is the usual cause",
        ) from error


def _pass(file: Path) -> Extract:
    import osmium

    with osmium.io.Reader(str(file)) as reader:
        header = reader.header()
    date = header.get("osmosis_replication_timestamp") or header.get("timestamp") or ""
    lonlat: dict[int, tuple[float, float]] = {}
    nodes: list[Node] = []
    ways: list[Way] = []
    relations: list[Relation] = []
    for item in osmium.FileProcessor(str(file)):
        if item.is_node():
            if item.location.valid():
                lonlat[item.id] = (item.location.lon, item.location.lat)
                if item.tags:
                    nodes.append(Node(item.id, dict(item.tags)))
        elif item.is_way():
            ways.append(Way(item.id, tuple(n.ref for n in item.nodes), dict(item.tags)))
        elif item.is_relation():
            members = tuple((m.type, m.ref, m.role) for m in item.members)
            relations.append(Relation(item.id, members, dict(item.tags)))
    if not lonlat:
        raise BadMap(
            "it holds no nodes, so there is nothing to place on a map",
            file=file,
            expected="an extract with roads",
            remedy="check the area that was exported",
        )
    box, source = _box(header.box(), lonlat, ways)
    return Extract(file, lonlat, nodes, ways, relations, box, source, date)


def _box(
    stated: object, lonlat: dict[int, tuple[float, float]], ways: list[Way]
) -> tuple[tuple[float, float, float, float], str]:
    """The header's box where it is sane, else the box of the streets and buildings.

    Ferry lines, boundaries and the sea reach far beyond what an extract covers, so they do not count.
    """
    settled = {ref for way in ways if "highway" in way.tags or "building" in way.tags for ref in way.nodes}
    points = np.array([lonlat[ref] for ref in sorted(settled) if ref in lonlat] or list(lonlat.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    if stated.valid():  # type: ignore[attr-defined]
        lower, upper = stated.bottom_left, stated.top_right  # type: ignore[attr-defined]
        box = (lower.lon, lower.lat, upper.lon, upper.lat)
        inside = (points >= [box[0], box[1]]).all(axis=1) & (points <= [box[2], box[3]]).all(axis=1)
        if inside.mean() > 0.5:
            return box, "file header"
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1])), "streets and buildings"
