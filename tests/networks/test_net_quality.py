"""The quality report: checks that see what is wrong, doubts ranked by the trips that meet them, the strict gate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box
from small_towns import block, town_xml

from networks import City, build_city
from networks.city import described
from networks.doubts import Doubt
from networks.errors import BadCity, QualityFailed
from networks.quality.check import found
from networks.quality.evidence import Evidence
from networks.quality.inspection import inspect
from networks.quality.load import _gathered, estimate_load
from networks.quality.naming import with_streets
from networks.quality.ranking import ranked
from networks.quality.report import changed_since, quality_report, read_quality, require_passed, with_thresholds
from networks.quality.roads import covered
from networks.quality.rules import RULES
from networks.roads.net_file import Net, NetEdge, NetLink
from networks.roads.source import RoadSource
from networks.roads.statement import state_way
from networks.sentence import say

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "quality.schema.json").read_text(encoding="utf-8"))
CARS = frozenset({"passenger", "bus", "emergency"})
PLAIN = say("doubtful", "存疑")


def edge(name: str, start: str, end: str, line: list[tuple[float, float]], **more: Any) -> NetEdge:
    """A street of one lane, 10 m/s, made of way 1 unless told otherwise."""
    length = float(np.hypot(*np.diff(np.array(line), axis=0).T).sum())
    told: dict[str, Any] = {"kind": "residential", "name": "", "lanes": 1, "speed_mps": 10.0, "osm_ways": (1,)} | more
    lanes = more.pop("lane_allows", (CARS,) * told["lanes"])
    return NetEdge(name, start, end, length_m=length, shape=tuple(line), allows=CARS, lane_allows=lanes, **told)


def link(a: str, b: str, tls: str | None = None, lane: int = 0) -> NetLink:
    return NetLink(a, b, CARS, False, tls, None, None, lane)


def fork() -> Net:
    """One road in, which parts into a left and a right one."""
    edges = (
        edge("in", "a", "b", [(0, 0), (100, 0)]),
        edge("trunk", "b", "c", [(100, 0), (200, 0)]),
        edge("left", "c", "d", [(200, 0), (300, 100)]),
        edge("right", "c", "e", [(200, 0), (300, -100)]),
    )
    nodes = {"a": (0.0, 0.0, ""), "b": (100.0, 0.0, ""), "c": (200.0, 0.0, ""), "d": (300.0, 100.0, "")}
    nodes["e"] = (300.0, -100.0, "")
    return Net(edges, (link("in", "trunk"), link("trunk", "left", "t1"), link("trunk", "right", "t1")), nodes)


def zone(name: str, people: float, shape: Any) -> dict[str, Any]:
    return {"zone_id": name, "population": people, "jobs": 0.0, "geometry": shape}


FORKED_ZONES = [zone("z0", 30.0, box(201, 1, 400, 400)), zone("z1", 10.0, box(201, -400, 400, -1))]


def values(evidence: Evidence) -> dict[str, float | None]:
    return {check.rule.name: check.value for check in inspect(evidence).checks}


def ring(size: int = 4) -> tuple[tuple[NetEdge, ...], tuple[NetLink, ...]]:
    """A one-way ring of `size` edges 100 m long, r0, r1, ..."""
    corner = [(100.0 * np.cos(2 * np.pi * i / size), 100.0 * np.sin(2 * np.pi * i / size)) for i in range(size + 1)]
    edges = tuple(
        edge(f"r{i}", f"n{i}", f"n{(i + 1) % size}", [corner[i], corner[i + 1]], osm_ways=(i,)) for i in range(size)
    )
    return edges, tuple(link(f"r{i}", f"r{(i + 1) % size}") for i in range(size))


def test_load_of_a_fork_is_what_arithmetic_says() -> None:
    load = estimate_load(fork(), FORKED_ZONES, frozenset({"in"}), frozenset())
    assert load.share["trunk"] == pytest.approx(1.0)
    assert load.share["left"] == pytest.approx(0.75) and load.share["right"] == pytest.approx(0.25)
    assert load.at_node["t1"] == pytest.approx(1.0) and load.at_node["d"] == pytest.approx(0.75)


def test_ranking_follows_the_load() -> None:
    load = estimate_load(fork(), FORKED_ZONES, frozenset({"in"}), frozenset())
    same = [Doubt("k", "w1", net, PLAIN, PLAIN, 0.5, 0.0, 0.0) for net in ("right", "left", "t1")]
    order = ranked(same, load)
    assert [one.net for one in order] == ["t1", "left", "right"]
    assert [one.influence for one in order] == pytest.approx([0.5, 0.375, 0.125])
    sure = [replace(same[2], influence=0.1), same[1]]
    assert [one.net for one in ranked(sure, load)] == ["left", "t1"], "how wrong it is counts too"


def test_a_doubt_without_an_edge_is_met_by_the_roads_around_it() -> None:
    load = estimate_load(fork(), FORKED_ZONES, frozenset({"in"}), frozenset())
    beside, far = (Doubt("k", "n1", "", PLAIN, PLAIN, 1.0, x, y) for x, y in ((290.0, 70.0), (290.0, 900.0)))
    city = Doubt("k", "", "", PLAIN, PLAIN, 0.3, 290.0, 900.0)
    assert [one.influence for one in ranked([beside, city, far], load)] == pytest.approx([0.75, 0.3, 0.0])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60), st.integers(0, 2**31))
def test_gathering_along_a_tree_is_the_plain_sum_over_what_lies_beyond(picks: list[int], seed: int) -> None:
    parent = np.array([-9999] + [pick % (i + 1) for i, pick in enumerate(picks)])
    ends = np.random.default_rng(seed).random(len(parent))
    plain = ends.copy()
    for i in range(len(parent) - 1, 0, -1):
        plain[parent[i]] += plain[i]
    assert _gathered(ends[None, :], parent[None, :])[0] == pytest.approx(plain)


def test_roads_that_lead_nowhere_and_lanes_that_lead_nowhere_are_seen() -> None:
    edges, links = ring()
    stub = edge("stub", "n1", "dead", [(0.0, 100.0), (0.0, 200.0)], lanes=1)
    wide = replace(edges[0], lanes=2, lane_allows=(CARS, CARS))
    net = Net((wide, *edges[1:], stub), (*links, link("r0", "stub")), {})
    seen = {check.rule.name: check for check in inspect(Evidence(net, {})).checks}
    around = sum(e.length_m for e in edges)
    assert seen["strongly_connected"].value == pytest.approx(around / (around + 100.0), abs=1e-4)
    assert [one.net for one in seen["strongly_connected"].offenders] == ["stub"]
    assert seen["dead_lanes"].value == pytest.approx(1 / 5) and seen["dead_lanes"].offenders[0].words == "lane 1"


def test_connectors_through_the_outside_carry_paths_and_no_length() -> None:
    edges, links = ring()
    outside = replace(edges[3], kind="outside", edge_id="outside_0", osm_ways=())
    tied = (*links[:2], link("r2", "outside_0"), link("outside_0", "r0"))
    checks = {check.rule.name: check for check in inspect(Evidence(Net((*edges[:3], outside), tied, {}), {})).checks}
    assert checks["strongly_connected"].value == 1.0 and not checks["strongly_connected"].offenders
    assert values(Evidence(Net(edges[:3], links[:2], {}), {}))["strongly_connected"] == pytest.approx(1 / 3, abs=1e-3)
    apart = replace(outside, edge_id="outside_1", from_node="x", to_node="y")
    beside = Evidence(Net((*edges, apart), links, {}), {})
    assert values(beside)["strongly_connected"] == 1.0, "a connector that leads nowhere is no road that is lost"


def test_an_edge_upon_another_is_seen() -> None:
    edges, links = ring()
    twin = replace(edges[0], edge_id="twin")
    assert values(Evidence(Net(edges, links, {}), {}))["doubled_edges"] == 0.0
    assert values(Evidence(Net((*edges, twin), links, {}), {}))["doubled_edges"] == 1.0


def test_lanes_and_speeds_are_held_against_their_tags() -> None:
    edges, links = ring()
    tags = {
        0: {"lanes": "1", "maxspeed": "36"},
        1: {"lanes": "2", "maxspeed": "50"},
        2: {"lanes": "2;3", "maxspeed": "signals"},
        3: {},
    }
    source = RoadSource(
        file=Path("roads.osm"),
        ways=tags,
        way_nodes={i: (i, (i + 1) % 4) for i in range(4)},
        cut_nodes=frozenset(),
        signal_nodes=(),
        osm_way={i: i for i in range(4)},
        said={i: state_way({"highway": "residential", "oneway": "yes", **pairs}) for i, pairs in tags.items()},
        xy={i: one.shape[0] for i, one in enumerate(edges)},
    )
    evidence = Evidence(Net(edges, links, {}), {}, source=source, xy=source.xy)
    seen = {check.rule.name: check for check in inspect(evidence).checks}
    assert seen["lanes_as_tagged"].value == pytest.approx(1 / 3, abs=1e-3)
    assert [one.net for one in seen["lanes_as_tagged"].offenders] == ["r1", "r2"]
    assert seen["speed_as_tagged"].value == 0.5 and seen["speed_as_tagged"].offenders[0].net == "r1"
    assert seen["directions_as_tagged"].value == 1.0 and seen["turns_as_tagged"].value is None


def test_a_signal_that_holds_back_one_road_needs_people_who_cross() -> None:
    edges, links = ring()
    net = Net(edges, (link("r0", "r1", "t"), *links[1:]), {})
    row = {"tls_id": "t", "plan_source": "guessed", "osm_nodes": "7", "geometry": Point(edges[0].shape[-1])}
    alone = Evidence(net, {"signals": [row]})
    assert values(alone)["signals_one_entry"] == 1.0
    assert values(replace(alone, crossings=((row["geometry"].x, row["geometry"].y),)))["signals_one_entry"] == 0.0


def test_signals_of_the_map_without_one_nearby_are_seen() -> None:
    edges, links = ring()
    near, far = edges[0].shape[0], (5000.0, 0.0)
    source = RoadSource(Path("roads.osm"), {}, {}, frozenset(), (1, 2))
    net = Net(edges, links, {"n0": (*near, "traffic_light")})
    evidence = Evidence(net, {}, source=source, xy={1: near, 2: far})
    check = next(c for c in inspect(evidence).checks if c.rule.name == "signals_matched")
    assert check.value == 0.5 and [one.net for one in check.offenders] == ["n2"]


def test_the_part_of_a_road_that_was_left_out_is_measured() -> None:
    net = Net((edge("e", "a", "b", [(0, 0), (300, 0)]),), (), {})
    ways = {1: {"highway": "residential"}, 2: {"highway": "service"}}
    source = RoadSource(Path("roads.osm"), ways, {1: (1, 2), 2: (3, 4)}, frozenset(), ())
    xy = {1: (0.0, 0.0), 2: (400.0, 0.0), 3: (0.0, 10.0), 4: (100.0, 10.0)}
    half, other = covered(source, xy, net)
    assert half.length_m == 400.0 and half.lost_m == pytest.approx(80.0, abs=20.0)
    assert other.lost_m == 100.0, "an edge nearby that is made of another way does not count"
    joined = replace(net, node_parts={"j": (3, 4)})
    assert covered(source, xy, joined)[1].lost_m == 0.0, "what lies within a joined junction is not lost"
    assert covered(source, xy, replace(net, node_parts={"j": (3,), "k": (4,)}))[1].lost_m == 100.0


def test_nothing_to_check_is_neither_passed_nor_failed() -> None:
    edges, links = ring()
    inspection = inspect(Evidence(Net(edges, links, {}), {}))
    told = {check.rule.name: check.passed for check in inspection.checks}
    assert sorted(told) == sorted(RULES), "every check is in every report"
    assert told["signals_matched"] is None and told["hospitals_reachable"] is None and told["terrain_error"] is None
    assert told["strongly_connected"] is True


def test_every_rule_says_why_and_what_to_do_in_both_languages() -> None:
    for rule in RULES.values():
        assert (rule.threshold is None) == (rule.direction == "told")
        for sentence in (rule.title, rule.why, rule.fix):
            assert sentence["en"] and any("一" <= letter <= "鿿" for letter in sentence["zh"]), rule.name


def small_report() -> dict[str, Any]:
    edges, links = ring()
    stub = edge("stub", "n1", "dead", [(0.0, 100.0), (0.0, 200.0)])
    inspection = inspect(Evidence(Net((*edges, stub), (*links, link("r0", "stub")), {}), {"zones": FORKED_ZONES}))
    return quality_report(inspection, [], epsg="EPSG:32635", data_date="", attribution="©")


def test_the_report_keeps_its_published_form() -> None:
    report = small_report()
    jsonschema.validate({**report, "looked_at": {}}, SCHEMA)
    assert report["failed"] == 1 and report == small_report()


def test_the_gate_names_what_failed_and_has_its_own_exit_status(tmp_path: Path) -> None:
    report = small_report()
    with pytest.raises(QualityFailed, match="strongly_connected") as failed:
        require_passed(report, tmp_path)
    assert failed.value.exit_status == 6
    require_passed(with_thresholds(report, {"strongly_connected": 0.5}), tmp_path)
    with pytest.raises(KeyError):
        with_thresholds(report, {"no_such_check": 1.0})
    with pytest.raises(KeyError):
        with_thresholds(report, {"plans_guessed": 0.5})


def test_nan_is_nothing_measured() -> None:
    assert found("terrain_error", float("nan")).value is None and found("terrain_error", None).passed is None


@pytest.fixture()
def town(write: Callable[..., Path], tmp_path: Path) -> City:
    nodes, ways = block()
    nodes[900] = (9.0, 9.0)
    nodes[901] = (9.0, 10.0)
    ways[3000] = ([900, 901], {"highway": "residential", "name": "Lost Lane"})
    ways[1000] = (ways[1000][0], {"highway": "residential", "name": "Plain Street"})
    return build_city(write(town_xml(nodes, ways)), tmp_path / "town")


def test_a_built_city_carries_its_report_and_runs_do_not_hang_on_it(town: City) -> None:
    report = read_quality(town.folder)
    jsonschema.validate(report, SCHEMA)
    assert "quality.json" in town.manifest["files"]
    assert len(town.layer("doubts")) == report["doubts"]["count"] > 0
    lost = next(doubt for doubt in report["doubts"]["top"] if doubt["kind"] == "left_out_road")
    assert lost["osm"] == "w3000" and "Lost Lane" in lost["what"]["zh"]
    kinds = report["doubts"]["by_kind"]
    assert kinds["guessed_lanes"] >= 1 and kinds["guessed_population"] == 1
    again = dict(town.manifest, files={**town.manifest["files"], "quality.json": {"sha256": "0", "bytes": 1}})
    assert described(again) == described(town.manifest)
    assert changed_since(report, town.manifest) == []
    zones = {**town.manifest["files"], "layers/zones.parquet": {"sha256": "0", "bytes": 1}}
    assert changed_since(report, {"files": zones}) == ["layers/zones.parquet"]


def test_the_same_map_gives_the_same_report(helsinki: City, tmp_path: Path) -> None:
    from networks import demo_extract

    again = build_city(demo_extract(), tmp_path / "again", name="Helsinki")
    assert (again.folder / "quality.json").read_bytes() == (helsinki.folder / "quality.json").read_bytes()
    jsonschema.validate(read_quality(helsinki.folder), SCHEMA)


def test_a_city_without_a_report_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadCity, match="no quality report"):
        read_quality(tmp_path)
    (tmp_path / "quality.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadCity, match="cannot be read"):
        read_quality(tmp_path)


def test_a_doubt_says_at_which_streets_it_is() -> None:
    names = {"in": "Long Road", "trunk": "Long Road", "left": "Left Lane", "right": ""}
    told = [
        Doubt("k", "", "t1", say("its plan is guessed", "方案为推测"), PLAIN, 1.0, 200.0, 0.0),
        Doubt("k", "w1", "", say("odd", "异常"), PLAIN, 1.0, 290.0, 80.0),
        Doubt("k", "w1", "left", say("Left Lane: odd", "异常"), PLAIN, 1.0, 290.0, 80.0),
        Doubt("k", "", "right", PLAIN, PLAIN, 1.0, 290.0, -80.0),
        Doubt("k", "", "", PLAIN, PLAIN, 1.0, 200.0, 0.0),
    ]
    said = [one.what["en"] for one in with_streets(told, fork(), names)]
    assert said == ["Long Road: its plan is guessed", "Left Lane: odd", "Left Lane: odd", "doubtful", "doubtful"]


def test_an_unsafe_plan_fails_the_check() -> None:
    edges, links = ring()
    row = {"tls_id": "t", "plan_source": "guessed", "osm_nodes": "", "geometry": Point(0, 0)}
    source = RoadSource(Path("roads.osm"), {}, {}, frozenset(), ())
    evidence = Evidence(Net(edges, links, {}), {"signals": [row]}, source=source)
    assert values(evidence)["plans_unsafe"] == 0.0
    doubt = Doubt("unsafe_plan", "", "t", PLAIN, PLAIN, 1.0, 0.0, 0.0)
    assert values(replace(evidence, doubts=(doubt,)))["plans_unsafe"] == 1.0


def test_each_road_that_leaves_a_network_without_names_is_a_doubt_of_its_own() -> None:
    edges, links = ring()
    bare = tuple(replace(one, osm_ways=()) for one in edges)
    gates = frozenset({"r0", "r2"})
    doubts = inspect(Evidence(Net(bare, links, {}), {}, gateways_into=gates)).doubts
    assert sorted((one.net, one.osm) for one in doubts if one.kind == "border_flow") == [("r0", ""), ("r2", "")]


def test_the_reference_lists_every_check_with_its_threshold() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        unit = " m" if rule.unit == "m" else ""
        must = "" if rule.threshold is None else f"{rule.direction.replace('_', ' ')} {rule.threshold:g}{unit}"
        assert f"| `{rule.name}` | {must} | {rule.title['en']} |" in reference
