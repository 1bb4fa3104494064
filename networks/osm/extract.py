"""One pyosmium pass over an OSM file of any kind, clipped extracts included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from networks.errors import BadMap
from networks.osm.extent import covered_box
from networks.osm.file_kind import refuse_other_files, told
from networks.osm.flaws import Flaw, Flaws

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
        lonlat: Node id -> (longitude, latitude) in degrees, of nodes with tags or on a way.
        nodes: Tagged nodes, in file order.
        ways: All ways, in file order.
        relations: All relations, in file order.
        box: (west, south, east, north) in degrees that the map covers.
        box_source: "file header" or "streets and buildings".
        data_date: The replication or edit date that the header states, else that of the way edited last, or "".
        flaws: What could not be taken as it stands.
        forced_signals: Node id -> whether a signal is there, whatever the map or a rule says: corrections by hand.
    """

    file: Path
    lonlat: dict[int, tuple[float, float]]
    nodes: list[Node]
    ways: list[Way]
    relations: list[Relation]
    box: tuple[float, float, float, float]
    box_source: str
    data_date: str
    flaws: tuple[Flaw, ...] = ()
    forced_signals: dict[int, bool] = field(default_factory=dict)

    @property
    def border_known(self) -> bool:
        """Whether the file itself says where the map ends."""
        return self.box_source == "file header"

    @property
    def center_lonlat(self) -> tuple[float, float]:
        """The middle of the box, degrees."""
        west, south, east, north = self.box
        lon = (west + east) / 2
        return lon - 360.0 if lon > 180.0 else lon, (south + north) / 2

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

    An object that is there twice (a history, or files put together) counts as the file has it last; deleted ones do
    not count. What had to be mended is in `flaws`.

    Raises:
        BadMap: It is missing, not OSM, truncated, holds no nodes, or is spread wider than a city.
    """
    import osmium

    refuse_other_files(file)
    reading = _Reading()
    try:
        with osmium.io.Reader(str(file)) as reader:
            header = reader.header()
        for item in osmium.FileProcessor(str(file)):
            reading.take(item)
    except (RuntimeError, ValueError, UnicodeDecodeError, osmium.InvalidLocationError) as error:
        raise told(error, file, reading.last) from error
    if not reading.lonlat:
        wrong = reading.flaws.first("place_impossible")
        raise BadMap(
            "none of its nodes has a place on Earth"
            if wrong
            else "it holds no nodes: there is nothing to place on a map",
            file=file,
            place=f"node {wrong.osm[1:]}: {wrong.before}" if wrong else None,
            expected="an extract with roads",
            remedy="check the area that was exported",
        )
    date = header.get("osmosis_replication_timestamp") or header.get("timestamp") or reading.newest
    return reading.extract(file, header.box(), date)


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
_MOST_NODES = 20_000
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_NO_COORDINATE = 2**31 - 1  # libosmium's mark of a coordinate that was not given


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.lonlat: dict[int, tuple[float, float]] = {}
        self.nodes: dict[int, Node] = {}
        self.ways: dict[int, Way] = {}
        self.relations: dict[int, Relation] = {}
        self.flaws = Flaws()
        self._newest = _NO_TIME

    @property
    def newest(self) -> str:
        """When the way that was edited last was edited; "" where the file does not say."""
        return self._newest.strftime("%Y-%m-%dT%H:%M:%SZ") if self._newest > _NO_TIME else ""

    @property
    def last(self) -> str:
        """The last object that was read."""
        for kind, known in (("relation", self.relations), ("way", self.ways), ("node", self.lonlat)):
            if known:
                return f"{kind} {next(reversed(known))}"
        return ""

    def take(self, item: Any) -> None:
        """One object of the file."""
        if item.is_node():
            self._node(item)
        elif item.is_way():
            self._newest = max(self._newest, item.timestamp)
            if self._counts("w", item, self.ways):
                self._way(item)
        elif item.is_relation() and self._counts("r", item, self.relations):
            members = tuple((m.type, m.ref, m.role) for m in item.members)
            self.relations[item.id] = Relation(item.id, members, self._tags("r", item))

    def _node(self, item: Any) -> None:
        osm_id = item.id
        if not item.visible or osm_id == 0 or osm_id in self.lonlat:
            self.nodes.pop(osm_id, None)
            if not self._counts("n", item, self.lonlat):
                return
        place = item.location
        if not place.valid():
            given = place.x != _NO_COORDINATE and place.y != _NO_COORDINATE
            said = f"lat {place.lat_without_check()}, lon {place.lon_without_check()}" if given else "no coordinates"
            self.flaws.add("place_impossible", f"n{osm_id}", said, "left out")
            return
        self.lonlat[osm_id] = (place.lon_without_check(), place.lat_without_check())
        if item.tags:
            self.nodes[osm_id] = Node(osm_id, self._tags("n", item))

    def _way(self, item: Any) -> None:
        count = len(item.nodes)
        if count > _MOST_NODES:
            self.flaws.add("way_endless", f"w{item.id}", f"{count} nodes", "left out")
            return
        self.ways[item.id] = Way(item.id, tuple([n.ref for n in item.nodes]), self._tags("w", item))

    def _counts(self, kind: str, item: Any, known: dict[int, Any]) -> bool:
        """Whether the object is to be kept; an older one of the same id is forgotten."""
        osm_id = item.id
        if osm_id == 0:
            self.flaws.add("id_missing", f"{kind}0", "id 0 or none", "left out")
            return False
        if item.visible and osm_id not in known:
            return True
        name = f"{kind}{osm_id}"
        if not item.visible:
            self.flaws.add("object_deleted", name, f"version {item.version}, not visible", "left out")
        else:
            self.flaws.add("object_twice", name, "an earlier one", f"version {item.version}")
        known.pop(osm_id, None)
        return bool(item.visible)

    def _tags(self, kind: str, item: Any) -> Tags:
        tags = dict(item.tags)
        for key, value in tags.items():
            if not (value.isprintable() and key.isprintable()) and _NOT_IN_XML.search(key + value):
                return self._cleaned(f"{kind}{item.id}", tags)
        return tags

    def _cleaned(self, name: str, tags: Tags) -> Tags:
        cleaned = {
            _NOT_IN_XML.sub(" ", key).strip(): _NOT_IN_XML.sub(" ", value).strip() for key, value in tags.items()
        }
        for key, value in tags.items():
            if cleaned.get(key) != value:
                after = f"{_NOT_IN_XML.sub(' ', key).strip()}={_NOT_IN_XML.sub(' ', value).strip()}"
                self.flaws.add("tag_cleaned", name, ascii(f"{key}={value}")[1:-1], after)
        return cleaned

    def extract(self, file: Path, stated_box: Any, date: str) -> Extract:
        """All of it, without the nodes that nothing needs."""
        ways = list(self.ways.values())
        needed = {ref for way in ways for ref in way.nodes} | self.nodes.keys()
        needed.update(ref for relation in self.relations.values() for kind, ref, _ in relation.members if kind == "n")
        lonlat = {ref: place for ref, place in self.lonlat.items() if ref in needed} or self.lonlat
        box, source = covered_box(stated_box, lonlat, ways, file)
        nodes, relations = list(self.nodes.values()), list(self.relations.values())
        return Extract(file, lonlat, nodes, ways, relations, box, source, date, self.flaws.all())
