"""Two dates of one map: every change is told once, and nothing else; what hangs on it is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_towns import LAT, LON, ROAD, STEP, block, town_xml

from networks import BadCity, build_city, compare_city
from networks.osm.extract import Extract, Node, Relation, Tags, Way, read_osm
from networks.osm.objects import OBJECTS_FILE, objects_of, read_objects, write_objects
from networks.updates.change import Change
from networks.updates.comparison import Comparison, compare_maps
from networks.updates.edges import edge_heirs

Write = Callable[..., Path]
Report = set[tuple[str, str, str]]
SIZE = 5
HERE = Path("town.osm")


def place(east: float, north: float) -> tuple[float, float]:
    return LON + east * 2 * STEP, LAT + north * STEP


def town() -> Extract:
    """A grid of streets; in every block a path, a building, a car park, and a signal at one of its corners."""
    grid, streets = block(SIZE)
    lonlat = {ref: place(*at) for ref, at in grid.items()}
    nodes: list[Node] = []
    ways = [Way(osm_id, tuple(refs), dict(tags)) for osm_id, (refs, tags) in sorted(streets.items())]
    for row in range(SIZE - 1):
        for column in range(SIZE - 1):
            base = 10_000 + 100 * (row * SIZE + column)
            corners = [(0.1, 0.1), (0.3, 0.1), (0.3, 0.3), (0.1, 0.3)]
            for i, (east, north) in enumerate(corners):
                lonlat[base + i] = place(column + east, row + north)
            for i in range(3):
                lonlat[base + 10 + i] = place(column + 0.5 + 0.1 * i, row + 0.6 + 0.1 * i)
            lonlat[base + 20] = place(column + 0.8, row + 0.2)
            nodes.append(Node(base + 20, {"amenity": "parking", "capacity": "30"}))
            nodes.append(Node(row * 100 + column + 1, {"highway": "traffic_signals"}))
            ways.append(Way(base, (*range(base, base + 4), base), {"building": "yes", "height": "9"}))
            ways.append(Way(base + 1, tuple(range(base + 10, base + 13)), {"highway": "footway"}))
    rule = Relation(5, (("w", 1001, "from"), ("n", 102, "via"), ("w", 2001, "to")), {"type": "restriction"})
    box = (LON, LAT, *place(SIZE - 1, SIZE - 1))
    return Extract(HERE, lonlat, nodes, ways, [rule], box, "file header", "2025-01-01")


TOWN = town()
BLOCKS = [way.osm_id for way in TOWN.ways if "building" in way.tags]


class Map:
    """A town that is changed, and what should be told of it."""

    def __init__(self) -> None:
        self.lonlat = dict(TOWN.lonlat)
        self.nodes = {node.osm_id: node for node in TOWN.nodes}
        self.ways = {way.osm_id: way for way in TOWN.ways}
        self.told: Report = set()
        self.fresh = 900_000

    def extract(self) -> Extract:
        return replace(TOWN, lonlat=self.lonlat, nodes=list(self.nodes.values()), ways=list(self.ways.values()))

    def new_id(self) -> int:
        self.fresh += 10
        return self.fresh

    def shifted(self, refs: tuple[int, ...], east: float, north: float) -> tuple[int, ...]:
        first = self.new_id()
        for i, ref in enumerate(dict.fromkeys(refs)):
            x, y = self.lonlat[ref]
            self.lonlat[first + i] = (x + east * 2 * STEP, y + north * STEP)
        names = {ref: first + i for i, ref in enumerate(dict.fromkeys(refs))}
        return tuple(names[ref] for ref in refs)

    # One mutation each; `base` is the block where it happens.

    def remove_path(self, base: int) -> None:
        del self.ways[base + 1]
        self.told.add(("path", "removed", f"w{base + 1}"))

    def move_path(self, base: int) -> None:
        way = self.ways[base + 1]
        self.ways[base + 1] = replace(way, nodes=self.shifted(way.nodes, 0.0, -0.2))
        self.told.add(("path", "moved", f"w{base + 1}"))

    def retag_path(self, base: int) -> None:
        self.ways[base + 1] = replace(self.ways[base + 1], tags={"highway": "footway", "name": "Lane"})
        self.told.add(("path", "retagged", f"w{base + 1}"))

    def split_path(self, base: int) -> None:
        way, other = self.ways[base + 1], self.new_id()
        self.ways[base + 1] = replace(way, nodes=way.nodes[:2])
        self.ways[other] = Way(other, way.nodes[1:], dict(way.tags))

    def renumber_path(self, base: int) -> None:
        other = self.new_id()
        self.ways[other] = replace(self.ways.pop(base + 1), osm_id=other)

    def renumber_and_retag_path(self, base: int) -> None:
        other = self.new_id()
        self.ways[other] = replace(self.ways.pop(base + 1), osm_id=other, tags={"highway": "footway", "width": "3"})
        self.told.add(("path", "retagged", f"w{other}"))

    def add_road(self, base: int) -> None:
        other = self.new_id()
        self.ways[other] = Way(other, self.shifted(self.ways[base].nodes[:2], 0.3, 0.2), dict(ROAD))
        self.told.add(("road", "added", f"w{other}"))

    def add_building(self, base: int) -> None:
        other = self.new_id()
        self.ways[other] = Way(other, self.shifted(self.ways[base].nodes, 0.0, 0.4), {"building": "yes"})
        self.told.add(("building", "added", f"w{other}"))

    def remove_building(self, base: int) -> None:
        del self.ways[base]
        self.told.add(("building", "removed", f"w{base}"))

    def move_building(self, base: int) -> None:
        self.ways[base] = replace(self.ways[base], nodes=self.shifted(self.ways[base].nodes, 0.05, 0.0))
        self.told.add(("building", "moved", f"w{base}"))

    def raise_building(self, base: int) -> None:
        self.ways[base] = replace(self.ways[base], tags={"building": "yes", "height": "12"})
        self.told.add(("building", "retagged", f"w{base}"))

    def enlarge_car_park(self, base: int) -> None:
        self.nodes[base + 20] = Node(base + 20, {"amenity": "parking", "capacity": "300"})
        self.told.add(("car_park", "retagged", f"n{base + 20}"))

    def close_car_park(self, base: int) -> None:
        del self.nodes[base + 20]
        self.told.add(("car_park", "removed", f"n{base + 20}"))

    def drop_signal(self, base: int) -> None:
        row, column = divmod((base - 10_000) // 100, SIZE)
        del self.nodes[row * 100 + column + 1]
        self.told.add(("signal", "removed", f"n{row * 100 + column + 1}"))

    def signal_drawn_anew(self, base: int) -> None:
        row, column = divmod((base - 10_000) // 100, SIZE)
        other, was = self.new_id(), row * 100 + column + 1
        self.lonlat[other] = self.lonlat[was]
        self.nodes[other] = replace(self.nodes.pop(was), osm_id=other)

    def open_hospital(self, base: int) -> None:
        other = self.new_id()
        self.lonlat[other] = place(2.5, 2.5)
        x, y = self.lonlat[base]
        self.lonlat[other] = (x + STEP / 3, y + STEP / 3)
        self.nodes[other] = Node(other, {"amenity": "hospital"})
        self.told.add(("facility", "added", f"n{other}"))


MUTATIONS = [name for name, what in vars(Map).items() if callable(what) and not name.startswith("_")]
MUTATIONS = [name for name in MUTATIONS if name not in ("extract", "new_id", "shifted")]


def report(found: Comparison) -> Report:
    told = [(one.kind, one.what, one.osm) for one in found.changes]
    assert len(told) == len(set(told)), "a change is told twice"
    return set(told)


def test_a_map_does_not_differ_from_itself() -> None:
    found = compare_maps(objects_of(TOWN), objects_of(town()))
    assert found.changes == ()
    assert found.renumbered == found.beyond == 0
    assert found.common_km2 > 0.16


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_kind_of_change_is_told_once(name: str) -> None:
    changed = Map()
    getattr(changed, name)(BLOCKS[5])
    assert report(compare_maps(objects_of(TOWN), objects_of(changed.extract()))) == changed.told


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(BLOCKS), st.sampled_from(MUTATIONS), min_size=1, max_size=8),
)
def test_every_mutation_is_told_once_and_backwards_too(plan: Mapping[int, str]) -> None:
    changed = Map()
    for base, name in sorted(plan.items()):
        getattr(changed, name)(base)
    old, new = objects_of(TOWN), objects_of(changed.extract())
    assert report(compare_maps(old, new)) == changed.told
    back = report(compare_maps(new, old))
    assert len(back) == len(changed.told)
    swap = {"added": "removed", "removed": "added"}
    assert sorted((k, swap.get(w, w)) for k, w, _ in changed.told) == sorted((k, w) for k, w, _ in back)


@given(st.sampled_from(("lanes", "maxspeed", "oneway", "turn:lanes", "access", "name")), st.integers(1000, 1004))
def test_every_tag_that_matters_is_told_with_before_and_after(key: str, way: int) -> None:
    tags: Tags = {**ROAD, key: "7"}
    ways = [replace(w, tags=tags) if w.osm_id == way else w for w in TOWN.ways]
    (only,) = compare_maps(objects_of(TOWN), objects_of(replace(TOWN, ways=ways))).changes
    assert (only.osm, only.what) == (f"w{way}", "retagged")
    assert only.before == (f"{key}={ROAD[key]}" if key in ROAD else f"no {key}")
    assert only.after == f"{key}=7"


def test_what_matters_more_comes_first() -> None:
    ways = {way.osm_id: way for way in TOWN.ways}
    ways[1001] = replace(ways[1001], tags={**ROAD, "name": "Other"})
    ways[1002] = replace(ways[1002], tags={**ROAD, "oneway": "yes"})
    ways[1003] = replace(ways[1003], tags={**ROAD, "maxspeed": "30"})
    found = compare_maps(objects_of(TOWN), objects_of(replace(TOWN, ways=list(ways.values())))).changes
    assert [one.osm for one in found] == ["w1002", "w1003", "w1001"]


def test_another_clip_is_no_mass_of_changes() -> None:
    """Twelve more blocks of streets in the west: the maps are compared on what both cover."""
    grid, streets = block(24)
    lonlat = {ref: place(*at) for ref, at in grid.items()}
    ways = [Way(osm_id, tuple(refs), dict(ROAD)) for osm_id, (refs, _) in sorted(streets.items())]
    whole = Extract(HERE, lonlat, [], ways, [], (LON, LAT, *place(23, 23)), "file header", "")
    part = {ref for ref, (east, _) in grid.items() if east <= 11}
    clipped = [replace(way, nodes=tuple(ref for ref in way.nodes if ref in part)) for way in ways]
    half = replace(whole, ways=[w for w in clipped if len(w.nodes) > 1], lonlat={r: lonlat[r] for r in part})
    found = compare_maps(objects_of(whole), objects_of(half))
    assert found.changes == ()
    assert found.beyond == 12
    assert found.common_km2 == pytest.approx(1.1 * 2.3, rel=0.1)


def test_objects_survive_the_file(tmp_path: Path) -> None:
    objects = objects_of(TOWN)
    write_objects(objects, tmp_path / OBJECTS_FILE)
    assert read_objects(tmp_path) == objects
    first = (tmp_path / OBJECTS_FILE).read_bytes()
    write_objects(objects_of(town()), tmp_path / OBJECTS_FILE)
    assert (tmp_path / OBJECTS_FILE).read_bytes() == first
    with pytest.raises(BadCity, match="remembers nothing"):
        read_objects(tmp_path / "nowhere")


def small(
    tags: Mapping[int, Tags], ways: Mapping[int, tuple[list[int], Tags]], nodes: Mapping[int, tuple[float, float]]
) -> str:
    return town_xml(nodes, ways, node_tags=tags)


def test_what_hangs_on_a_change_is_named(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    tags: dict[int, Tags] = {102: {"highway": "traffic_signals"}}
    older = {**ways, 2001: (ways[2001][0], {**ROAD, "highway": "primary"})}
    corrections = write(
        "corrections:\n  - {kind: way_tags, way: 2003, set: {lanes: 3}, why: seen}\n", "corrections.yaml"
    )
    city = build_city(write(small(tags, older, nodes)), tmp_path / "city", corrections=corrections)
    newer = {k: v for k, v in older.items() if k != 2003}
    newer[1001] = (ways[1001][0], {**ROAD, "oneway": "yes"})
    newer[2001] = (ways[2001][0], {**ROAD, "highway": "primary", "lanes": "4"})
    update = compare_city(city, write(small(tags, newer, nodes), "newer.osm"), edges=True)
    assert report(update.comparison) == {
        ("road", "removed", "w2003"), ("road", "retagged", "w1001"), ("road", "retagged", "w2001"),
    }  # fmt: skip
    again = {(one.kind, one.osm) for one in update.rechecks}
    assert ("correction", "w2003") in again
    assert ("signal", "w2001 w1001") in again
    assert any(kind == "sensor" and "w2001" in osm for kind, osm in again)
    states = {name: heir.state for name, heir in update.heirs.items()}
    assert {states[name] for name in states if "1001" in name and name.startswith("-")} == {"gone"}
    assert {states[name] for name in states if "2003" in name} == {"gone"}
    assert {states[name] for name in states if "1000" in name and "#" in name} <= {"same", "renamed"}
    text = update.to_json()
    assert text["edges_compared"] == len(city.layer("edges"))
    assert len(update.to_layer()) == 3


def test_edges_are_found_again_under_other_names(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    old = build_city(write(small({}, ways, nodes)), tmp_path / "old")
    others = {way + 500: what for way, what in ways.items()}
    new = build_city(write(small({}, others, nodes), "newer.osm"), tmp_path / "new")
    heirs = edge_heirs(old.layer("edges"), new.layer("edges"))
    assert {heir.state for heir in heirs.values()} == {"renamed"}
    lines = dict(zip(new.layer("edges").edge_id, new.layer("edges").geometry, strict=True))
    for name, line in zip(old.layer("edges").edge_id, old.layer("edges").geometry, strict=True):
        heir = lines[heirs[name].heirs[0][0]]
        assert heir.distance(line.interpolate(0.5, normalized=True)) < 0.1
        assert heir.coords[0] == pytest.approx(line.coords[0], abs=0.1)
    again = edge_heirs(old.layer("edges"), old.layer("edges"))
    assert all(heir.state == "same" and heir.heirs == ((name, 1.0),) for name, heir in again.items())


DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "osm"


def monaco(name: str) -> Extract:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not here: set CITYTWIN_DATA to the folder of test data")
    return read_osm(DATA / name)


def test_monaco_of_two_years() -> None:
    """Changes that were looked up in both files by hand."""
    old, new = objects_of(monaco("monaco_2025.osm.pbf")), objects_of(monaco("monaco.osm.pbf"))
    found = compare_maps(old, new)
    by_osm: dict[str, Change] = {one.osm: one for one in found.changes}
    assert compare_maps(new, new).changes == ()
    assert by_osm["w448285212"].before == "oneway=yes"
    assert by_osm["w448285212"].after == "no oneway"
    assert (by_osm["n13318583473"].kind, by_osm["n13318583473"].what) == ("signal", "added")
    assert by_osm["n1794111177"].what == "removed"
    assert 400 < len(found.changes) < 700
    assert found.beyond < 20
