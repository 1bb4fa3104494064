"""Signals of the map and the controllers that they become: small towns of which the answer is known, and real ones."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_towns import ROAD, block, dual_crossroads, town_xml

from networks import City, build_city, demo_extract, sumo_home
from networks.osm.extract import Extract, Node, Way, read_osm
from networks.osm.signal_nodes import read_evidence
from networks.osm.signal_search import SignalSite
from networks.osm.signal_sites import find_sites
from networks.osm.streets import Streets

Tags = Mapping[str, str]
Nodes = Mapping[int, tuple[float, float]]
Ways = Mapping[int, tuple[Sequence[int], Tags]]
SIGNAL = {"highway": "traffic_signals"}
LIT_CROSSING = {"highway": "crossing", "crossing": "traffic_signals"}
ONE_WAY = {**ROAD, "oneway": "yes"}


def sites_of(
    nodes: Nodes, ways: Ways, node_tags: Mapping[int, Tags], *, forced: Mapping[int, bool] | None = None
) -> list[SignalSite]:
    """The controllers of a town with nodes in steps of 100 m; footways and rails are no roads."""
    roads = {w: refs for w, (refs, tags) in ways.items() if tags.get("highway", "footway") != "footway"}
    extract = Extract(
        file=Path("town.osm"),
        lonlat={},
        nodes=[Node(n, dict(tags)) for n, tags in sorted(node_tags.items())],
        ways=[Way(w, tuple(refs), dict(tags)) for w, (refs, tags) in sorted(ways.items())],
        relations=[],
        box=(0.0, 0.0, 1.0, 1.0),
        box_source="",
        data_date="",
    )
    xy = {n: (x * 100.0, y * 100.0) for n, (x, y) in nodes.items()}
    streets = Streets({w: ways[w][1] for w in roads}, {w: tuple(refs) for w, refs in roads.items()}, xy)
    return find_sites(streets, read_evidence(extract, streets.arms, forced or {}))


def cross() -> tuple[dict[int, tuple[float, float]], dict[int, tuple[list[int], Tags]]]:
    """Two two-way streets that cross at node 1, with a node 20 m out on each arm: 2 east, 3 north, 4 west, 5 south."""
    nodes = {1: (0.0, 0.0), 2: (0.2, 0.0), 3: (0.0, 0.2), 4: (-0.2, 0.0), 5: (0.0, -0.2)}
    nodes |= {12: (2.0, 0.0), 13: (0.0, 2.0), 14: (-2.0, 0.0), 15: (0.0, -2.0)}
    return nodes, {101: ([14, 4, 1, 2, 12], ROAD), 102: ([15, 5, 1, 3, 13], ROAD)}


def test_eight_stop_lines_of_a_dual_carriageway_crossing_are_one_controller() -> None:
    nodes, ways, stops = dual_crossroads()
    found = sites_of(nodes, ways, dict.fromkeys(stops, SIGNAL))
    assert [(s.kind, s.nodes, s.anchors) for s in found] == [("junction", (31, 32, 33, 34), (1, 2, 3, 4))]
    each_lane = dict.fromkeys([*stops, 1, 2, 3, 4], SIGNAL)
    assert [s.anchors for s in sites_of(nodes, ways, each_lane)] == [(1, 2, 3, 4)]


@pytest.mark.parametrize("half", [0.04, 0.1, 0.2])
def test_the_width_of_the_median_does_not_matter(half: float) -> None:
    nodes, ways, stops = dual_crossroads(half)
    assert len(sites_of(nodes, ways, dict.fromkeys(stops, SIGNAL))) == 1


@settings(max_examples=30)
@given(
    shifts=st.lists(st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03)), min_size=20, max_size=20),
    kept=st.sets(st.sampled_from([31, 32, 33, 34]), min_size=2),
)
def test_nodes_drawn_a_little_off_or_forgotten_change_nothing(
    shifts: list[tuple[float, float]], kept: set[int]
) -> None:
    nodes, ways, _ = dual_crossroads()
    moved = {n: (x + dx, y + dy) for (n, (x, y)), (dx, dy) in zip(sorted(nodes.items()), shifts, strict=False)}
    found = sites_of(moved, ways, dict.fromkeys(kept, SIGNAL))
    assert len(found) == 1
    assert found[0].nodes == tuple(sorted(kept))
    assert {1, 2, 3, 4} >= set(found[0].anchors) and len(found[0].anchors) >= 2


def test_a_signal_on_the_junction_and_signals_ahead_of_it_say_the_same() -> None:
    nodes, ways = cross()
    assert [s.anchors for s in sites_of(nodes, ways, {1: SIGNAL})] == [(1,)]
    ahead = {2: SIGNAL, 3: SIGNAL, 4: SIGNAL, 5: SIGNAL}
    assert [(s.anchors, s.notes) for s in sites_of(nodes, ways, ahead)] == [((1,), ())]


def test_the_direction_of_a_signal_decides_between_two_junctions() -> None:
    nodes = {1: (0.0, 0.0), 2: (0.2, 0.0), 3: (0.5, 0.0), 14: (-1.0, 0.0), 15: (1.5, 0.0)}
    nodes |= {21: (0.0, 1.0), 22: (0.5, 1.0)}
    ways = {101: ([14, 1, 2, 3, 15], ROAD), 102: ([1, 21], ROAD), 103: ([3, 22], ROAD)}
    assert sites_of(nodes, ways, {2: SIGNAL})[0].anchors == (1,)
    assert sites_of(nodes, ways, {2: {**SIGNAL, "traffic_signals:direction": "forward"}})[0].anchors == (3,)
    assert sites_of(nodes, ways, {2: {**SIGNAL, "direction": "backward"}})[0].anchors == (1,)


def test_neighbouring_junctions_keep_their_own_controllers() -> None:
    nodes, ways = block()
    assert len(sites_of(nodes, ways, {102: SIGNAL, 103: SIGNAL, 202: SIGNAL})) == 3


def test_crossings_around_a_signalised_junction_are_its_own() -> None:
    nodes, ways = cross()
    found = sites_of(nodes, ways, {1: SIGNAL, 2: LIT_CROSSING, 4: LIT_CROSSING})
    assert [(s.kind, s.nodes, s.anchors) for s in found] == [("junction", (1, 2, 4), (1,))]


def test_crossings_alone_make_a_junction_from_two_arms_on() -> None:
    nodes, ways = cross()
    (site,) = sites_of(nodes, ways, {2: LIT_CROSSING, 4: LIT_CROSSING})
    assert (site.kind, site.anchors) == ("junction", (1,)) and "crosswalks_only" in site.notes
    (alone,) = sites_of(nodes, ways, {2: LIT_CROSSING})
    assert (alone.kind, alone.anchors) == ("crossing", (2,))


def test_a_crossing_between_junctions_is_one_small_signal_at_the_crossing() -> None:
    nodes = {1: (0.0, 0.0), 2: (0.95, 0.0), 3: (1.0, 0.0), 4: (1.05, 0.0), 5: (2.0, 0.0)}
    ways = {101: ([1, 2, 3, 4, 5], ROAD)}
    tags = {2: {**SIGNAL, "direction": "forward"}, 3: LIT_CROSSING, 4: {**SIGNAL, "direction": "backward"}}
    (site,) = sites_of(nodes, ways, tags)
    assert (site.kind, site.nodes, site.anchors, site.notes) == ("crossing", (2, 3, 4), (3,), ("walked",))


def test_a_crossing_of_two_carriageways_is_one_controller_with_two_places() -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (0.0, 0.2), 5: (1.0, 0.2), 6: (2.0, 0.2)}
    ways = {101: ([1, 2, 3], ONE_WAY), 102: ([6, 5, 4], ONE_WAY)}
    (site,) = sites_of(nodes, ways, {2: LIT_CROSSING, 5: LIT_CROSSING})
    assert (site.kind, site.anchors) == ("crossing", (2, 5))


def test_a_tram_that_crosses_a_street_is_a_crossing() -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 8: (1.0, -1.0), 9: (1.0, 1.0)}
    ways: dict[int, tuple[list[int], Tags]] = {101: ([1, 2, 3], ROAD), 102: ([8, 2, 9], {"railway": "tram"})}
    (site,) = sites_of(nodes, ways, {2: SIGNAL})
    assert (site.kind, site.anchors, site.notes) == ("crossing", (2,), ())
    (bare,) = sites_of(nodes, {101: ways[101]}, {2: SIGNAL})
    assert bare.notes == ("nothing_crossed",)


def test_signals_of_a_roundabout_are_one_controller_of_a_large_circle_several() -> None:
    for size, controllers in ((0.25, 1), (1.2, 4)):
        nodes = {1: (size, 0.0), 2: (0.0, size), 3: (-size, 0.0), 4: (0.0, -size)}
        nodes |= {n + 10: (x * (1 + 0.15 / size), y * (1 + 0.15 / size)) for n, (x, y) in nodes.items()}
        nodes |= {n + 20: (x * (1 + 2 / size), y * (1 + 2 / size)) for n, (x, y) in nodes.items() if n < 10}
        ways: dict[int, tuple[list[int], Tags]] = {101: ([1, 2, 3, 4, 1], {**ROAD, "junction": "roundabout"})}
        ways |= {200 + n: ([n + 20, n + 10, n], ROAD) for n in (1, 2, 3, 4)}
        found = sites_of(nodes, ways, {11: SIGNAL, 12: SIGNAL, 13: SIGNAL, 14: SIGNAL})
        assert len(found) == controllers
        assert sorted(a for s in found for a in s.anchors) == [1, 2, 3, 4]


def test_a_yard_or_a_slip_road_between_stop_line_and_junction_is_passed() -> None:
    nodes, ways = cross()
    nodes |= {6: (0.1, 0.0), 7: (0.1, 0.5)}
    ways[101] = ([14, 4, 1, 6, 2, 12], ROAD)
    ways[103] = ([6, 7], {"highway": "service"})
    assert sites_of(nodes, ways, {2: SIGNAL, 3: SIGNAL})[0].anchors == (1,)
    ways[103] = ([6, 7], {"highway": "primary_link", "oneway": "yes"})
    assert sites_of(nodes, ways, {2: SIGNAL, 3: SIGNAL})[0].anchors == (1,)


def test_ramp_meters_are_ramps_and_merges_are_not_signalised() -> None:
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (0.0, -0.5), 5: (0.8, -0.1)}
    ways = {101: ([1, 2, 3], {"highway": "motorway"}), 102: ([4, 5, 2], {"highway": "motorway_link", "oneway": "yes"})}
    (site,) = sites_of(nodes, ways, {5: {**SIGNAL, "traffic_signals": "ramp_meter"}})
    assert (site.kind, site.anchors) == ("ramp", (5,))


def test_beacons_control_nothing() -> None:
    nodes, ways = cross()
    assert sites_of(nodes, ways, {1: {**SIGNAL, "traffic_signals": "blinker"}}) == []


def test_corrections_force_and_forbid() -> None:
    nodes, ways = cross()
    assert [s.anchors for s in sites_of(nodes, ways, {}, forced={1: True})] == [(1,)]
    assert sites_of(nodes, ways, {1: SIGNAL}, forced={1: False}) == []
    assert sites_of(nodes, ways, {1: {**SIGNAL, "traffic_signals": "blinker"}}, forced={1: True})[0].anchors == (1,)


def test_each_signal_node_belongs_to_exactly_one_controller() -> None:
    extract = read_osm(demo_extract())
    xy = {n: (lon * 55_600.0, lat * 111_200.0) for n, (lon, lat) in extract.lonlat.items()}
    roads = {w.osm_id: w for w in extract.ways if w.tags.get("highway", "") in ("primary", "secondary", "residential")}
    runs = {w: next(extract.runs(way), ()) for w, way in roads.items()}
    streets = Streets({w: roads[w].tags for w in roads}, {w: run for w, run in runs.items() if run}, xy)
    seen = read_evidence(extract, streets.arms, {})
    told = [n for site in find_sites(streets, seen) for n in site.nodes]
    assert sorted(told) == sorted({*seen.signals, *seen.crossings})
    backwards = Streets(streets.ways, dict(reversed([(w, run) for w, run in runs.items() if run])), xy)
    assert find_sites(backwards, seen) == find_sites(streets, seen)


def controlled(city: City) -> dict[str, tuple[set[str], set[int], int]]:
    """Controller -> (edges that lead in from outside it, link indices, length of its states)."""
    root = ET.parse(city.net_file).getroot()
    ends = {e.get("id"): (e.get("from"), e.get("to")) for e in root.iter("edge") if e.get("from")}
    states = {t.get("id"): len(t.find("phase").get("state")) for t in root.iter("tlLogic")}  # type: ignore[union-attr,arg-type]
    links: dict[str, list[tuple[str, int]]] = {}
    for c in root.iter("connection"):
        if c.get("tl") and c.get("from") in ends:
            links.setdefault(c.attrib["tl"], []).append((c.attrib["from"], int(c.attrib["linkIndex"])))
    found = {}
    for tls, of in links.items():
        inside = {ends[e][1] for e, _ in of}
        found[tls] = ({e for e, _ in of if ends[e][0] not in inside}, {i for _, i in of}, states[tls])
    return found


def warnings_of(city: City) -> str:
    command = [str(sumo_home() / "bin" / "sumo"), "-n", str(city.net_file), "-e", "1", "--no-step-log"]
    done = subprocess.run([*command, "--xml-validation=never"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    known = ("SUMO_HOME", "proj", "no controlling detector")  # the last: short edges inside an actuated controller
    return "\n".join(line for line in done.stderr.splitlines() if not any(word in line for word in known))


@pytest.mark.parametrize("at", [(24.94, 60.17), (-0.12, 51.5)], ids=["right", "left"])
def test_a_dual_carriageway_crossing_is_built_with_one_controller(tmp_path: Path, at: tuple[float, float]) -> None:
    nodes, ways, stops = dual_crossroads()
    if at[0] < 0:  # the same in a mirror
        nodes = {n: (-x, y) for n, (x, y) in nodes.items()}
    file = tmp_path / "town.osm"
    file.write_text(town_xml(nodes, ways, node_tags=dict.fromkeys(stops, SIGNAL), at=at), encoding="utf-8")
    city = build_city(file, tmp_path / "city")
    assert city.left_hand == (at[0] < 0)
    ((tls, (entries, indices, length)),) = controlled(city).items()
    assert len(entries) == 4 and indices == set(range(length))
    signals = city.layer("signals")
    assert signals.tls_id.tolist() == [tls] and signals.kind.tolist() == ["junction"]
    assert signals.osm_nodes.tolist() == ["31 32 33 34"]
    repairs = city.layer("repairs")
    assert "signals_grouped" in set(repairs[repairs.net == tls].rule)
    assert warnings_of(city) == ""


def test_crossings_and_the_border_in_the_built_net(tmp_path: Path) -> None:
    nodes, ways = block()
    nodes |= {501: (0.5, 1.0), 502: (1.5, 2.0), 601: (1.0, -0.4), 602: (1.0, -0.8)}
    ways[1001] = ([101, 501, 102, 103, 104], ROAD)
    ways[1002] = ([201, 202, 502, 203, 204], ONE_WAY)
    ways[2001] = ([602, 601, 2, 102, 202, 302], {**ROAD, "oneway": "no"})
    tags = {102: SIGNAL, 501: LIT_CROSSING, 502: LIT_CROSSING, 602: SIGNAL}
    file = tmp_path / "town.osm"
    file.write_text(town_xml(nodes, ways, node_tags=tags), encoding="utf-8")
    city = build_city(file, tmp_path / "city")
    signals = city.layer("signals").set_index("tls_id").kind.to_dict()
    assert signals == {"signal_102": "junction", "signal_501": "crossing", "signal_502": "crossing"}
    entries = {tls: len(into) for tls, (into, _, _) in controlled(city).items()}
    assert entries == {"signal_102": 4, "signal_501": 2, "signal_502": 1}
    doubts = city.layer("doubts")
    assert doubts[doubts.kind == "signal_unmatched"].osm.tolist() == ["n602"]
    assert warnings_of(city) == ""


def test_the_demo_city_has_a_signal_at_nearly_every_node_and_few_without_sense(helsinki: City) -> None:
    found = controlled(helsinki)
    kinds = helsinki.layer("signals").set_index("tls_id").kind
    assert set(found) == set(kinds.index)
    single = [tls for tls, (entries, _, _) in found.items() if len(entries) < 2]
    assert all(kinds[tls] == "crossing" for tls in single) and len(single) <= 3
    for tls, (entries, indices, length) in found.items():
        assert entries and indices == set(range(length)), tls
    nodes = {int(n) for text in helsinki.layer("signals").osm_nodes for n in text.split()}
    mapped = {n.osm_id for n in read_osm(demo_extract()).nodes if n.tags.get("highway") == "traffic_signals"}
    assert len(mapped & nodes) >= 0.98 * len(mapped)
    assert warnings_of(helsinki) == ""
