"""Hand corrections: applied before everything else, and judged again on every later map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from small_towns import ROAD, block, town_xml

from networks import BadCorrections, City, build_city, check_corrections
from networks.corrections.applying import SOURCE, Corrected, correct
from networks.corrections.judging import Judgement
from networks.corrections.reading import read_corrections
from networks.osm.extract import Extract, read_osm
from networks.osm.objects import objects_of

Write = Callable[..., Path]
NODES, WAYS = block()
NODES |= {900: (0.1, 0.1), 901: (0.4, 0.1), 902: (0.4, 0.4), 903: (0.1, 0.4)}
WAYS |= {
    4000: ([900, 901, 902, 903, 900], {"building": "yes", "name": "Town hall"}),
    1500: ([1, 102], {"highway": "service"}),
}
TAGS: dict[int, Mapping[str, str]] = {
    102: {"highway": "traffic_signals"},
    700: {"amenity": "parking", "capacity": "12"},
}
NODES |= {700: (1.5, 1.5)}
RULE = (
    '<relation id="50" version="1"><member type="way" ref="1001" role="from"/>'
    + '<member type="node" ref="102" role="via"/>'
    + '<member type="way" ref="2001" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/>'
    + "</relation>"
)


def town(
    nodes: Mapping[int, tuple[float, float]] = NODES,
    ways: Mapping[int, tuple[list[int], Mapping[str, str]]] = WAYS,
    tags: Mapping[int, Mapping[str, str]] = TAGS,
) -> str:
    return town_xml(nodes, ways, node_tags=tags, relations=RULE)


def entry(kind: str, **fields: object) -> str:
    lines = [f"  - kind: {kind}", "    why: counted on site", *(f"    {key}: {said}" for key, said in fields.items())]
    return "\n".join(lines)


def corrected(write: Write, *entries: str, text: str = "") -> Corrected:
    extract = read_osm(write(text or town()))
    file = write("\n".join(["# ours", "corrections:", *entries, ""]), "corrections.yaml")
    return correct(extract, objects_of(extract), read_corrections(file))


def tags_of(extract: Extract, osm: str) -> dict[str, str]:
    items = {"n": extract.nodes, "w": extract.ways, "r": extract.relations}[osm[0]]
    return next((item.tags for item in items if item.osm_id == int(osm[1:])), {})


def test_tags_of_a_way_are_set_and_taken_away(write: Write) -> None:
    said = "{lanes: 3, oneway: yes, maxspeed: null, 'turn:lanes': 'left|through|through;right'}"
    done = corrected(write, entry("way_tags", way=1001, set=said, source="measured"))
    assert tags_of(done.extract, "w1001") == {
        "highway": "residential",
        "lanes": "3",
        "oneway": "yes",
        "turn:lanes": "left|through|through;right",
        SOURCE + "lanes": "measured",
        SOURCE + "oneway": "measured",
        SOURCE + "turn:lanes": "measured",
    }
    (_, _, before, after) = done.changes[0]
    assert before == "lanes=2; no oneway; maxspeed=40; no turn:lanes"
    assert after.startswith("lanes=3; oneway=yes; no maxspeed")
    assert tags_of(done.extract, "w1002") == ROAD


def test_signals_come_and_go(write: Write) -> None:
    done = corrected(write, entry("signal", node=102, present="no"), entry("signal", node=2, present="yes"))
    assert tags_of(done.extract, "n102") == {}
    assert tags_of(done.extract, "n2") == {"highway": "traffic_signals"}
    assert done.extract.forced_signals == {102: False, 2: True}


def test_a_signal_that_the_map_has_is_still_forced(write: Write) -> None:
    done = corrected(write, entry("signal", node=102, present="yes"))
    assert [found.state for found in done.judgements] == ["said"]
    assert done.changes == []
    assert done.extract.forced_signals == {102: True}


def test_turns_are_forbidden_and_allowed(write: Write) -> None:
    turn = {"from": 1001, "via": 102, "to": 2001}
    assert corrected(write, entry("turn", **turn, allowed="yes")).extract.relations == []
    done = corrected(write, entry("turn", **{"from": 1500, "via": 102, "to": 1001}, allowed="no"))
    fresh = done.extract.relations[-1]
    assert fresh.osm_id == 51
    assert fresh.members == (("w", 1500, "from"), ("n", 102, "via"), ("w", 1001, "to"))
    assert fresh.tags["restriction"].startswith("no_")


@pytest.mark.parametrize(
    ("to", "name"), [(2102, "no_left_turn"), (1101, "no_straight_on"), (2002, "no_right_turn"), (1001, "no_u_turn")]
)
def test_a_forbidden_turn_has_the_name_of_its_direction(write: Write, to: int, name: str) -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (1.0, 1.0), 5: (1.0, -1.0)}
    ways = {1001: ([1, 2], ROAD), 1101: ([2, 3], ROAD), 2102: ([2, 4], ROAD), 2002: ([2, 5], ROAD)}
    turn = entry("turn", **{"from": 1001, "via": 2, "to": to}, allowed="no")
    assert corrected(write, turn, text=town_xml(nodes, ways)).extract.relations[-1].tags["restriction"] == name


def test_the_other_kinds(write: Write) -> None:
    done = corrected(
        write,
        entry("building_height", building="w4000", height_m=31.5, levels=9),
        entry("car_park_capacity", car_park="n700", capacity=80),
        entry("new_facility", facility="fire_station", at="[24.9412, 60.1709]", name="Volunteers"),
        entry("delete_way", way=1500),
        entry("underpass", way=2003, lowest_m=-4.5, pump_m3s=0.3),
    ).extract
    assert tags_of(done, "w4000")["height"] == "31.5"
    assert tags_of(done, "w4000")["building:levels"] == "9"
    assert tags_of(done, "n700")["capacity"] == "80"
    assert tags_of(done, "n-1") == {"amenity": "fire_station", "name": "Volunteers"}
    assert done.lonlat[-1] == (24.9412, 60.1709)
    assert tags_of(done, "w1500") == {}
    assert tags_of(done, "w2003")["citytwin:lowest_m"] == "-4.5"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (entry("way_tags", way=1001, set="{maxpseed: 50}"), 5, "maxpseed is no tag that can be corrected"),
        (entry("way_tags", way=1001, set="{lanes: many}"), 5, "not a whole number from 1 to"),
        (entry("way_tags", way=1001, set="{maxspeed: 5o}"), 5, "not a speed such as 50"),
        (entry("way_tags", way=1001, set="{oneway: perhaps}"), 5, "not yes, no, -1"),
        (entry("way_tags", way=1001, set="{'turn:lanes': 'left|links'}"), 5, "not lanes such as"),
        (entry("way_tags", way=1001, set="{lanes: 2, oneway: yes, 'turn:lanes': left}"), 5, "turn:lanes has 1"),
        (entry("way_tags", way="high street", set="{lanes: 2}"), 4, "way: Input should be a valid integer"),
        (entry("way_tags", way=1001, tags="{lanes: 2}"), 2, "set: this field is missing"),
        (entry("lanes", way=1001), 2, "unknown kind lanes"),
        (entry("building_height", building="4000", height_m=3), 4, "building: Input should be a valid string"),
        (entry("building_height", building="w4000", height_m=-3), 5, "greater than 0"),
        (entry("car_park_capacity", car_park="n700", capacity=2.5), 5, "capacity"),
        (entry("new_facility", facility="school", at="[24.9, 60.1]"), 4, "facility"),
        (entry("new_facility", facility="police", at="[24.9, 95]"), 5, "at.1"),
        ("  - {kind: delete_way, way: 1500}", 2, "why: this field is missing"),
        (entry("delete_way", way=1) + "\n    way: 2", 5, "way is written twice"),
        (
            entry("signal", node=2, present="yes") + "\n" + entry("signal", node=2, present="no"),
            6,
            "which entry 1 says too",
        ),
        (entry("delete_way", way=1) + "\n" + entry("way_tags", way=1, set="{lanes: 1}"), 5, "which entry 1 deletes"),
    ],
)
def test_a_mistake_is_told_with_its_line(write: Write, text: str, line: int, says: str) -> None:
    file = write(f"corrections:\n{text}\n", "corrections.yaml")
    with pytest.raises(BadCorrections) as caught:
        read_corrections(file)
    assert caught.value.place == f"line {line}", caught.value
    assert says in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (entry("way_tags", way=77, set="{lanes: 2}"), "w77 is not on this map"),
        (entry("way_tags", way=4000, set="{lanes: 2}"), "w4000: it is no road"),
        (entry("signal", node=900, present="yes"), "n900 is not on this map"),
        (entry("signal", node=700, present="yes"), "n700: no road passes it"),
        (entry("turn", **{"from": 1001, "via": 1, "to": 2001}, allowed="no"), "w1001 does not pass n1"),
        (entry("building_height", building="w1001", height_m=5), "w1001: it is no building"),
        (entry("car_park_capacity", car_park="w4000", capacity=5), "w4000: it is no car park"),
    ],
)
def test_an_object_that_never_was_there_is_a_slip(write: Write, text: str, says: str) -> None:
    with pytest.raises(BadCorrections) as caught:
        corrected(write, text)
    assert caught.value.what == says
    assert caught.value.place == "line 3, corrections.0"
    assert caught.value.expected


def kept(write: Write, folder: Path, *entries: str) -> City:
    """The town, built with corrections."""
    file = write("\n".join(["# by hand", "corrections:", *entries, ""]), "mine.yaml")
    return build_city(write(town()), folder, corrections=file)


def test_a_city_keeps_its_corrections_with_witnesses(write: Write, tmp_path: Path) -> None:
    lanes = entry("way_tags", way=1001, set="{lanes: 4, maxspeed: 30}", source="measured")
    park = "  - {kind: car_park_capacity, why: counted, car_park: n700, capacity: 80}"
    tall = entry("building_height", building="w4000", height_m=31.5) + "  # the tower"
    city = kept(write, tmp_path / "city", lanes, park, tall)
    edges = city.layer("edges")
    mine = edges[edges.edge_id.str.contains("1001#")]
    assert (mine.lanes == 2).all()
    assert set(mine.lanes_source) == set(mine.speed_source) == {"measured"}
    assert mine.speed_mps.round(1).eq(8.3).all()
    assert "measured" not in set(edges[edges.edge_id.str.contains("1002#")].lanes_source)
    assert city.layer("buildings").height_m.tolist() == [31.5]
    assert city.layer("buildings").height_source.tolist() == ["corrected"]
    assert city.layer("car_parks").capacity.tolist() == [80]
    repairs = city.layer("repairs").query("rule == 'correction'")
    assert repairs.osm.tolist() == ["n700", "w1001", "w4000"]
    assert repairs.before.tolist()[1] == "lanes=2; maxspeed=40"
    assert City.open(city.folder, verify=True).manifest["notes"]["corrections"] == {"applies": 3}
    copy = read_corrections(city.folder / "corrections.yaml")
    assert copy.text.startswith("# by hand")
    assert "# the tower" in copy.text
    assert [one.witness is not None for one in copy.items] == [True] * 3
    assert copy.items[0].witness is not None
    assert copy.items[0].witness.tags == {"highway": "residential", "lanes": "2", "maxspeed": "40"}


def states(file: Path, city: City) -> list[tuple[str, str, str]]:
    return [(found.osm, found.state, found.successor) for found in check_corrections(file, city=city)]


def test_corrections_live_on_through_a_newer_map(write: Write, tmp_path: Path) -> None:
    city = kept(
        write,
        tmp_path / "city",
        entry("way_tags", way=1001, set="{lanes: 4}"),
        entry("way_tags", way=1002, set="{lanes: 3}"),
        entry("way_tags", way=2001, set="{lanes: 3}"),
        entry("building_height", building="w4000", height_m=31.5),
        entry("signal", node=2, present="yes"),
        entry("delete_way", way=1500),
    )
    copy = city.folder / "corrections.yaml"
    assert {state for _, state, _ in states(copy, city)} == {"applies"}
    ways = {k: v for k, v in WAYS.items() if k not in (1002, 4000)}
    ways[1902] = WAYS[1002]  # drawn anew
    ways[2001] = (WAYS[2001][0], {**ROAD, "lanes": "3"})
    ways[1001] = (WAYS[1001][0], {**ROAD, "name": "New Street"})
    newer = write(town(ways=ways), "newer.osm")
    rebuilt = build_city(newer, city.folder)
    assert states(copy, rebuilt) == [
        ("w1001", "changed", ""),
        ("w1002", "gone", "w1902"),
        ("w2001", "said", ""),
        ("w4000", "gone", ""),
        ("n2", "applies", ""),
        ("w1500", "applies", ""),
    ]
    doubts = rebuilt.layer("doubts").query("kind.str.startswith('correction')")
    assert sorted(zip(doubts.kind, doubts.osm, strict=True)) == [
        ("correction_aged", "w1001"), ("correction_lost", "w1002"), ("correction_lost", "w4000"),
    ]  # fmt: skip
    assert doubts.remedy_en.str.contains("w1902").any()
    assert not rebuilt.layer("edges").edge_id.str.contains("1500").any()
    assert rebuilt.manifest["notes"]["corrections"] == {"applies": 2, "changed": 1, "gone": 2, "said": 1}


def test_a_moved_node_is_told_with_its_distance(write: Write, tmp_path: Path) -> None:
    city = kept(write, tmp_path / "city", entry("car_park_capacity", car_park="n700", capacity=80))
    moved = write(town(nodes={**NODES, 700: (2.0, 1.5)}), "newer.osm")
    found: list[Judgement] = check_corrections(city.folder / "corrections.yaml", map_file=moved)
    assert found[0].state == "changed"
    assert " 50 m" in found[0].what["en"]
    assert found[0].applied


def test_a_city_with_corrections_has_the_same_bytes_again(write: Write, tmp_path: Path) -> None:
    lanes = entry("way_tags", way=1001, set="{lanes: 4}")
    assert kept(write, tmp_path / "a", lanes).digest == kept(write, tmp_path / "b", lanes).digest
