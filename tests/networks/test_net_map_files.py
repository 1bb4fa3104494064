"""Map files as they come: packed, cut, spread, doubled, with histories and impossible objects."""

from __future__ import annotations

import gzip
import random
import re
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from small_towns import ROAD, Tags, block, town_xml

from networks import BadMap, City, build_city, demo_extract
from networks.osm.extract import Extract, read_osm
from networks.osm.flaws import MOST_PER_RULE

Write = Callable[..., Path]
NODES, WAYS = block()
TOWN = town_xml(NODES, WAYS)
LETTERS = list(pairwise("abcdefgh"))
BOMB = '<!DOCTYPE osm [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in LETTERS) + "]>"


def refused(file: Path) -> BadMap:
    with pytest.raises(BadMap) as caught:
        read_osm(file)
    assert caught.value.file == str(file)
    assert caught.value.expected
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("text", "says", "place"),
    [
        (TOWN.replace("<osm ", BOMB + "<osm ", 1), "entities", "line 2"),
        (TOWN.replace("</way>", "</wey>", 1), "mismatched tag", "line 19, column"),
        (TOWN[: len(TOWN) // 2], "no element found", "line 19, column"),
        (TOWN.replace("residential", "a&#1;b", 1), "invalid character", "line 19, column"),
        (TOWN.replace("residential", "x" * 5000, 1), "too long", "line 19"),
        (TOWN.replace('id="1"', 'id="99999999999999999999"', 1), "illegal id", "line 3"),
        (TOWN.replace('lat="60.17', 'lat="north', 1), "wrong format for coordinate", "line 3"),
        (TOWN.replace('lat="60.17', 'lat="95.17'), "has a place on Earth", "node 1: lat 95.17, lon 24.94"),
        (TOWN.replace(' version="0.6"', "", 1), "version", None),
        (TOWN.replace('version="0.6"', 'version="0.5"', 1), "version 0.5", None),
        (re.sub(r'lat="60', 'lat="89', TOWN), "UTM", None),
        ('<osm version="0.6"></osm>', "holds no nodes", None),
        ('<osmChange version="0.6"><create/></osmChange>', "file of changes", None),
        ('{"type": "FeatureCollection"}', "JSON", None),
        ("\n<!DOCTYPE html><html>502</html>", "web page", None),
    ],
)
def test_what_is_no_map_is_named_with_its_place(write: Write, text: str, says: str, place: str | None) -> None:
    error = refused(write(text))
    assert says in error.what
    assert (error.place or "").startswith(place or "")


def test_an_entity_bomb_that_is_packed(tmp_path: Path) -> None:
    file = tmp_path / "bomb.osm.gz"
    file.write_bytes(gzip.compress(TOWN.replace("<osm ", BOMB + "<osm ", 1).encode()))
    assert "entities" in refused(file).what


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("zip.osm.pbf", "unpack"), ("gzip.osm", ".osm.gz"), ("pbf.osm", ".osm.pbf"), ("plain.osm.gz", "end in .osm")],
)
def test_a_file_with_a_wrong_name(tmp_path: Path, name: str, remedy: str) -> None:
    file = tmp_path / name
    if name.startswith("zip"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("town.osm", TOWN)
    else:
        content = {"gzip": gzip.compress(TOWN.encode()), "pbf": demo_extract().read_bytes(), "plain": TOWN.encode()}
        file.write_bytes(content[name.split(".")[0]])
    assert remedy in str(refused(file).remedy)


def test_a_gz_that_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "cut.osm.gz"
    packed = gzip.compress(TOWN.encode())
    for size in (len(packed) // 2, len(packed) - 4):
        file.write_bytes(packed[:size])
        assert "truncated" in str(refused(file).remedy)


def test_a_road_on_the_other_side_of_the_world_is_named(write: Write) -> None:
    nodes = {**NODES, 7001: (-1000.0, -90_000.0), 7002: (-1000.0, -90_001.0)}
    error = refused(write(town_xml(nodes, {**WAYS, 9000: ([7001, 7002], ROAD)})))
    assert error.place is not None
    assert re.match(r"node 700\d of way 9000 at 23\.1400, -20\.83", error.place)
    assert "km" in error.what


def test_a_node_elsewhere_that_nothing_uses_changes_nothing(write: Write) -> None:
    far = read_osm(write(town_xml({**NODES, 7001: (-1000.0, -90_000.0)}, WAYS)))
    assert far.box == read_osm(write(TOWN)).box
    assert set(far.lonlat) == set(NODES)


def rules(extract: Extract) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for flaw in extract.flaws:
        found.setdefault(flaw.rule, []).append(flaw.osm)
    return found


def test_a_node_without_a_place_is_left_out_and_told(write: Write) -> None:
    extract = read_osm(write(TOWN.replace('lat="60.17', 'lat="95.17', 1)))
    assert rules(extract) == {"place_impossible": ["n1"]}
    assert "95.17" in extract.flaws[0].before
    assert 1 not in extract.lonlat
    assert not extract.whole(extract.ways[0])


def test_the_last_of_two_objects_with_one_id_counts(write: Write) -> None:
    later = '<node id="1" version="2" lat="60.1701" lon="24.94"/><way id="1000" version="2"><nd ref="1"/><nd ref="2"/>'
    extract = read_osm(write(TOWN.replace("</osm>", later + '<tag k="highway" v="primary"/></way></osm>')))
    assert rules(extract) == {"object_twice": ["n1", "w1000"]}
    assert extract.lonlat[1] == (24.94, 60.1701)
    assert [way.tags["highway"] for way in extract.ways if way.osm_id == 1000] == ["primary"]


def test_deleted_objects_of_a_history_are_gone(write: Write) -> None:
    gone = '<node id="1" version="2" visible="false"/><way id="1000" version="2" visible="false"/></osm>'
    extract = read_osm(write(TOWN.replace("</osm>", gone)))
    assert rules(extract) == {"object_deleted": ["n1", "w1000"]}
    assert 1 not in extract.lonlat
    assert 1000 not in {way.osm_id for way in extract.ways}


def test_more_flaws_than_anybody_reads_are_counted(write: Write) -> None:
    many = "".join(f'<node id="{5000 + i}" version="1" lat="91" lon="0"/>' for i in range(MOST_PER_RULE + 30))
    extract = read_osm(write(TOWN.replace("</osm>", many + "</osm>")))
    assert len(extract.flaws) == MOST_PER_RULE + 1
    assert extract.flaws[-1].before == "30 more objects"


def test_control_characters_of_a_pbf_are_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "odd.osm.pbf"
    write_pbf(file, {"name": "a\x01b\x1f", "note": "tab\tline\n\u202eRTL 🚦"})
    extract = read_osm(file)
    tags = extract.ways[0].tags
    assert tags["name"] == "a b"
    assert tags["note"] == "tab\tline\n\u202eRTL 🚦"
    assert rules(extract)["tag_cleaned"] == [f"w{way}" for way in sorted(WAYS)]
    assert "\\x01" in extract.flaws[0].before
    assert len(build_city(file, tmp_path / "city").layer("edges")) > 20


def write_pbf(file: Path, more: Tags, long_way: int = 0) -> None:
    import osmium
    from osmium.osm.mutable import Node, Way

    with osmium.SimpleWriter(str(file)) as writer:
        for ref, (east, north) in sorted(NODES.items()):
            writer.add_node(Node(id=ref, version=1, location=(24.94 + east / 550, 60.17 + north / 1100)))
        for way, (refs, tags) in sorted(WAYS.items()):
            writer.add_way(Way(id=way, version=1, nodes=refs, tags={**tags, **more}))
        if long_way:
            writer.add_way(Way(id=9999, version=1, nodes=[1, 2] * (long_way // 2), tags=dict(ROAD)))


def test_a_way_of_a_million_nodes_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "endless.osm.pbf"
    write_pbf(file, {}, long_way=1_000_000)
    extract = read_osm(file)
    assert rules(extract) == {"way_endless": ["w9999"]}
    assert len(extract.ways) == len(WAYS)


ODD_WAYS = {
    3000: ([1], ROAD),
    3001: ([], ROAD),
    3002: ([1, 1], ROAD),
    3003: ([1, 2, 2, 3, 2, 1], ROAD),
    4000: ([900, 901, 902, 903, 900], {"building": "yes"}),  # crosses itself
    4001: ([900, 901, 900], {"building": "yes"}),
    4002: ([900, 901, 901, 900], {"building": "yes"}),
}
CORNERS = {900: (0.1, 0.1), 901: (0.4, 0.4), 902: (0.4, 0.1), 903: (0.1, 0.4)}
LOOPS = (
    '<relation id="7" version="1"><member type="relation" ref="7" role="outer"/><member type="relation" ref="8" '
    'role="outer"/><tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation>'
    '<relation id="8" version="1"><member type="relation" ref="7" role=""/><tag k="type" v="restriction"/>'
    '<tag k="restriction" v="no_left_turn"/></relation>'
    '<relation id="9" version="1"><tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation>'
)


def test_degenerate_ways_and_relations_still_make_a_city(write: Write, tmp_path: Path) -> None:
    odd = build_city(write(town_xml({**NODES, **CORNERS}, {**WAYS, **ODD_WAYS}, relations=LOOPS)), tmp_path / "odd")
    assert odd.layer("buildings").osm_id.tolist() == ["w4000"]
    assert odd.layer("buildings").is_valid.all()
    plain = build_city(write(TOWN), tmp_path / "plain")
    assert set(plain.layer("edges").edge_id) <= {e.split("#")[0] for e in odd.layer("edges").edge_id} | set(
        odd.layer("edges").edge_id
    )


def moved(text: str, lon: float) -> str:
    """The town with its west edge at `lon`."""

    def there(match: re.Match[str]) -> str:
        east = float(match[1]) - 24.94 + lon
        return f'lon="{east - 360 if east > 180 else east:.7f}"'

    return re.sub(r'lon="([\d.]+)"', there, text)


def test_a_town_across_the_180th_meridian_is_like_any_other(write: Write, tmp_path: Path) -> None:
    across = build_city(write(moved(TOWN, 179.999)), tmp_path / "across")
    beside = build_city(write(moved(TOWN, 179.9)), tmp_path / "beside")
    assert -180 <= across.center_lonlat[0] <= -179.99
    assert across.manifest["frame_lonlat"][0] < across.manifest["frame_lonlat"][2]
    assert len(across.layer("edges")) == len(beside.layer("edges"))
    assert across.layer("edges").length_m.sum() == pytest.approx(beside.layer("edges").length_m.sum(), rel=0.05)


def test_negative_ids_of_an_editor(write: Write, tmp_path: Path) -> None:
    text = re.sub(r'(id|ref)="(\d+)"', r'\1="-\2"', TOWN)
    assert len(build_city(write(text), tmp_path / "new").layer("edges")) == len(
        build_city(write(TOWN), tmp_path / "old").layer("edges")
    )


def test_flaws_are_repairs_of_the_city(write: Write, tmp_path: Path) -> None:
    city = City.open(build_city(write(TOWN.replace('lat="60.17', 'lat="95.17', 1)), tmp_path / "city").folder)
    repairs = city.layer("repairs").query("rule == 'place_impossible'")
    assert repairs.osm.tolist() == ["n1"]
    assert repairs.after.tolist() == ["left out"]
    west, south, east, north = city.bounds
    assert repairs.geometry.x.between(west, east).all()
    assert repairs.geometry.y.between(south, north).all()


def test_the_date_is_of_the_newest_way_where_the_header_has_none(write: Write) -> None:
    dated = TOWN.replace('<way id="1000" version="1"', '<way id="1000" version="1" timestamp="2024-05-06T07:08:09Z"')
    assert read_osm(write(dated)).data_date == "2024-05-06T07:08:09Z"
    assert read_osm(write(TOWN)).data_date == ""


def flipped(content: bytes, seed: int) -> bytes:
    """One to eight bytes set at random, or a piece cut out or doubled."""
    draw = random.Random(seed)
    changed = bytearray(content)
    if seed % 10 == 0:
        at, size = draw.randrange(len(changed)), draw.randrange(1, 400)
        changed[at : at + size] = changed[at : at + size] * draw.randrange(3)
    letters = bytes(range(48, 123)) if seed % 2 else bytes(range(256))
    for _ in range(draw.randrange(1, 9) if seed % 3 else 1):
        changed[draw.randrange(len(changed))] = draw.choice(letters)
    return bytes(changed)


def survives(file: Path, content: bytes, seeds: range) -> int:
    """How many of the damaged files are still maps; the others are refused in words."""
    read = 0
    for seed in seeds:
        file.write_bytes(flipped(content, seed))
        try:
            read_osm(file)
            read += 1
        except BadMap as error:
            assert error.remedy
    return read


@pytest.mark.parametrize("count", [60, pytest.param(2000, marks=pytest.mark.full)])
def test_damaged_bytes_end_in_a_map_or_in_words(tmp_path: Path, count: int) -> None:
    write_pbf(tmp_path / "whole.osm.pbf", {"name": "Straße 大街"})
    assert survives(tmp_path / "bad.osm.pbf", (tmp_path / "whole.osm.pbf").read_bytes(), range(count)) < count
    assert 0 < survives(tmp_path / "bad.osm", TOWN.encode(), range(count)) < count
