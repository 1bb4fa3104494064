"""Tracks: driven roads are found again from noisy positions, and what they broke is told with road, rule and moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from shapely.geometry import Point

from models.routing import Restriction, read_restrictions, vehicle
from networks import City
from networks.errors import BadInput
from networks.osm.objects import MapObject, read_objects
from networks.roads.net_file import Net, NetEdge, read_net
from networks.roads.turn_bans import BannedTurns, turn_bans
from scenarios.emergency.compliance import EXCEPT, breaches, moves
from scenarios.emergency.drivable import Drivable
from scenarios.emergency.ends import find_end
from scenarios.emergency.journey import Journey, Roads
from scenarios.emergency.matching import Driven, match_track
from scenarios.emergency.moment import Moment, read_moment
from scenarios.emergency.track import Track, read_track
from twin.cli import run

NOON = datetime.fromisoformat("2026-07-17T12:00:00+03:00")


@pytest.fixture(scope="module")
def trip(helsinki: City) -> Journey:
    ends = find_end(helsinki, "24.9384,60.1699"), find_end(helsinki, "24.9487,60.1677")
    return Roads(helsinki, vehicle("tanker")).plan(*ends, Moment(0.0, None)).journeys[0]


def driven_along(city: City, one: Journey, noise_m: float, every_s: float = 8.0) -> Track:
    """Positions along the middle of its roads, off by `noise_m`."""
    edges = city.layer("edges").set_index("edge_id")
    ends = np.append(one.entered_s, one.entered_s[-1] + 5.0)
    noise, places, moments = np.random.default_rng(3), [], []
    for at in np.arange(0.5, ends[-1], every_s):
        k = int(np.searchsorted(ends, at, side="right")) - 1
        share = (at - ends[k]) / max(ends[k + 1] - ends[k], 1e-9)
        place = edges.geometry[one.edges[k]].interpolate(share, normalized=True)
        places.append(np.array([place.x, place.y]) + noise.normal(0.0, noise_m, 2))
        moments.append(NOON + timedelta(seconds=float(at)))
    return Track(tuple(moments), np.array(places))


def names(city: City, driven: Driven) -> list[str]:
    ids = city.road_graph("bus").edge_ids
    return [ids[edge] for edge in driven.edges]


@pytest.mark.parametrize("noise_m", [0.0, 6.0])
def test_the_roads_that_were_driven_are_found_in_their_order(helsinki: City, trip: Journey, noise_m: float) -> None:
    driven = match_track(helsinki, driven_along(helsinki, trip, noise_m), "bus")
    found, inner = names(helsinki, driven), trip.edges[2:-2]  # ends with one position are anybody's guess under noise
    assert not driven.off and list(driven.entered) == sorted(driven.entered)
    assert len(set(inner) & set(found)) >= 0.9 * len(inner)
    assert len(set(found) - set(trip.edges)) <= 0.3 * len(found)
    if noise_m == 0.0:
        assert [edge for edge in found if edge in trip.edges] == list(trip.edges)
        entered = dict(zip(found, driven.entered, strict=True))
        for edge, expected in zip(trip.edges[1:], trip.entered_s[1:], strict=True):
            assert abs((entered[edge] - NOON).total_seconds() - expected) < 20.0


def test_positions_off_the_roads_are_told_and_the_rest_is_kept(helsinki: City, trip: Journey) -> None:
    track = driven_along(helsinki, trip, 2.0)
    xy = track.xy.copy()
    xy[3] += 5000.0
    assert match_track(helsinki, Track(track.moments, xy), "bus").off == (3,)
    nowhere = match_track(helsinki, Track(track.moments, xy + 50_000.0), "bus")
    assert nowhere.edges == () and len(nowhere.off) == len(xy)


def test_what_was_broken_is_told_with_road_rule_and_hour(helsinki: City, trip: Journey) -> None:
    driven = match_track(helsinki, driven_along(helsinki, trip, 0.0), "bus")
    ids, middle = helsinki.road_graph("bus").edge_ids, trip.edges[len(trip.edges) // 2]
    rules = [Restriction(middle, kind, value, *hours, "test") for kind, value, hours in (
        ("weight_t", 7.5, (0.0, 24.0)), ("hazmat", 0.0, (11.0, 13.0)), ("closed", 0.0, (7.0, 9.0)),
        ("height_m", 4.2, (0.0, 24.0)),
    )]  # fmt: skip
    found = breaches(driven, ids, vehicle("tanker"), rules)
    assert [one.told(vehicle("tanker")) for one in found] == ["up to 7.5 t, tanker has 40", "no hazardous goods"]
    assert all(one.edge_id == middle and one.at.hour == 12 for one in found)
    assert [one.rule.kind for one in breaches(driven, ids, vehicle("truck"), rules)] == ["weight_t"]
    assert breaches(driven, ids, vehicle("car"), rules) == []


def along(city: City, edges: list[tuple[str, bool]], every_m: float = 25.0) -> Track:
    """Positions along roads, some of them driven backward; a position every 3 s."""
    shapes, places, begin_m = city.layer("edges").set_index("edge_id").geometry, [], 10.0
    for edge, backward in edges:
        line = shapes[edge].reverse() if backward else shapes[edge]
        places += [line.interpolate(at).coords[0] for at in np.arange(begin_m, line.length, every_m)]
        begin_m = 10.0
    return Track(tuple(NOON + timedelta(seconds=3.0 * n) for n in range(len(places))), np.array(places))


def driven_against(net: Net, ways: Drivable) -> tuple[str, str]:
    """An edge, and the longest one-way edge that ends where it ends."""
    for state in sorted(np.flatnonzero(ways.backward), key=lambda s: -ways.length_m[s]):
        edge = net.edges[ways.edge[state]]
        before = [e for e in net.edges if e.to_node == edge.to_node and e != edge and "bus" in e.allows]
        if before and max(e.length_m for e in before) > 60 and edge.kind != "outside":
            return max(before, key=lambda e: e.length_m).edge_id, edge.edge_id
    raise AssertionError("no one-way road")


def test_a_one_way_road_against_its_direction_is_told_by_the_map_s_own_word(helsinki: City) -> None:
    net, ways = read_net(helsinki.net_file), Drivable(helsinki, "bus")
    before, edge = driven_against(net, ways)
    driven = match_track(helsinki, along(helsinki, [(before, False), (edge, True)]), "bus")
    found, _ = moves(driven, helsinki, vehicle("tanker"))
    assert [(one.edge_id, one.told(vehicle("tanker"))) for one in found] == [(edge, "against its one-way direction")]
    assert found[0].rule.source.startswith("OpenStreetMap, w") and found[0].at > NOON
    once = replace(driven, points=tuple(0 for _ in driven.edges))
    found, unknown = moves(once, helsinki, vehicle("tanker"))  # nobody was seen there
    assert not found and [at_edge for _, at_edge in unknown] == [edge]


def test_who_drives_as_one_may_has_broken_nothing(helsinki: City, trip: Journey) -> None:
    for noise_m in (0.0, 6.0):
        driven = match_track(helsinki, driven_along(helsinki, trip, noise_m), "bus")
        assert moves(driven, helsinki, vehicle("tanker")) == ([], [])


@pytest.mark.parametrize(
    ("tags", "vclass", "broken"),
    [
        ({"restriction": "no_left_turn"}, "passenger", True),
        ({"restriction": "no_left_turn", "except": "psv;motorcar"}, "passenger", False),
        ({"restriction": "no_left_turn", "except": "psv;motorcar"}, "bus", True),
        ({"restriction": "no_left_turn", "except": "emergency"}, "emergency", False),
        ({"restriction": "only_straight_on"}, "bus", False),
        ({"restriction": "no_u_turn"}, "bus", True),
        ({}, "bus", False),
    ],
)
def test_a_turn_is_forbidden_to_whom_the_relation_means(tags: dict[str, str], vclass: str, broken: bool) -> None:
    ban = map_relation(tags, "w1:from n7:via w2:to")
    net = crossroads(("a", "s", "m", (1,)), ("b", "m", "t", (2,)), ("c", "m", "u", (3,)), ("d", "m", "s", (1,)))
    banned = BannedTurns(net, turn_bans({"r5": ban}))
    assert (banned.ban("a", "b", EXCEPT[vclass]) is not None) == broken
    assert (banned.ban("a", "c", EXCEPT[vclass]) is not None) == (tags.get("restriction") == "only_straight_on")
    assert banned.ban("a", "d", EXCEPT[vclass]) is None


def test_of_a_junction_of_many_nodes_only_a_turn_that_is_named_is_forbidden() -> None:
    net = crossroads(("a", "s", "m", (1,)), ("b", "m", "t", (2,)), ("c", "m", "u", (3,)), parts=(7, 8))
    only = turn_bans({"r5": map_relation({"restriction": "only_right_turn"}, "w1:from n7:via w2:to")})
    never = turn_bans({"r6": map_relation({"restriction": "no_right_turn"}, "w1:from n8:via w3:to")})
    assert BannedTurns(net, only).ban("a", "c", ()) is None  # the road it leaves open may lie inside
    assert BannedTurns(net, never).ban("a", "c", ()) == never[0]
    back = turn_bans({"r7": map_relation({"restriction": "no_u_turn"}, "w1:from n7:via w1:to")})
    loop = crossroads(("a", "s", "m", (1,)), ("d", "m", "s", (1,)), ("on", "m", "t", (1,)))
    assert BannedTurns(loop, back).ban("a", "d", ()) == back[0] and BannedTurns(loop, back).ban("a", "on", ()) is None


def test_a_turn_that_is_forbidden_at_some_hours_is_free_at_others() -> None:
    net = crossroads(("a", "s", "m", (1,)), ("b", "m", "t", (2,)))
    tags = {"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}
    banned = BannedTurns(net, turn_bans({"r5": map_relation(tags, "w1:from n7:via w2:to")}))
    at = [banned.ban("a", "b", (), NOON.replace(day=day, hour=hour)) for day, hour in ((17, 8), (17, 12), (18, 8))]
    assert [one is not None for one in at] == [True, False, False]
    assert banned.ban("a", "b", ()) is not None  # at no known moment it holds


def test_a_ban_of_some_days_binds_on_them_alone(tmp_path: Path) -> None:
    file = tmp_path / "rules.csv"
    file.write_text("edge_id,kind,value,from_h,to_h,source,when\ne,hazmat,,,,town order,Mo-Fr 07:00-19:00\n")
    one = read_restrictions(file)[0]
    friday, saturday = NOON, NOON + timedelta(days=1)
    told = [one.shuts_out(vehicle("tanker"), 12.0, at) for at in (friday, saturday, None)]
    assert told == [True, False, True]
    file.write_text("edge_id,kind,value,from_h,to_h,source,when\ne,hazmat,,,,town order,whenever\n")
    with pytest.raises(BadInput, match=r"line 2.*whenever|whenever"):
        read_restrictions(file)
    assert read_moment("08:00", None).day is None and read_moment("2026-07-17T08:00", None).day is not None


def map_relation(tags: dict[str, str], members: str) -> MapObject:
    return MapObject("r5", "restriction", {**tags, "members": members}, (), Point(0, 0), 0.0)


def crossroads(*edges: tuple[str, str, str, tuple[int, ...]], parts: tuple[int, ...] = (7,)) -> Net:
    every = frozenset({"bus"})
    made = [NetEdge(e, a, b, "", "", 1, 10.0, 100.0, ((0, 0), (1, 0)), every, ways) for e, a, b, ways in edges]
    return Net(tuple(made), (), {}, {"m": parts})


def test_a_forbidden_turn_is_told_with_its_relation(helsinki: City) -> None:
    net, ways = read_net(helsinki.net_file), Drivable(helsinki, "bus")
    index, banned = (
        {e.edge_id: n for n, e in enumerate(net.edges)},
        BannedTurns(net, turn_bans(read_objects(helsinki.folder))),
    )
    pair = next((a, b) for a in net.edges for b in net.edges if a.to_node == b.from_node
                and {"bus"} <= a.allows & b.allows and banned.ban(a.edge_id, b.edge_id, ("hgv",)))  # fmt: skip
    places = tuple(index[edge.edge_id] for edge in pair)
    driven = Driven(places, (NOON, NOON), (), 0.0, (False, False), (not ways.turns_as_allowed(*places),), (1, 1))
    found, unknown = moves(driven, helsinki, vehicle("tanker"))
    assert [one.edge_id for one in found] == [pair[1].edge_id] and not unknown
    assert found[0].told(vehicle("tanker")) == "a turn into it that is forbidden"
    assert "OpenStreetMap, r" in found[0].rule.source


def test_the_command_says_which_road_which_rule_when(
    helsinki: City, trip: Journey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    track = driven_along(helsinki, trip, 0.0)
    lon, lat = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True).transform(*track.xy.T)
    rows = [f"{at.isoformat()},{x:.7f},{y:.7f}" for at, x, y in zip(track.moments, lon, lat, strict=True)]
    file, rules = tmp_path / "track.csv", tmp_path / "rules.csv"
    file.write_text("time,lon,lat\n" + "\n".join(rows) + "\n")
    middle = trip.edges[len(trip.edges) // 2]
    rules.write_text(f"edge_id,kind,value,from_h,to_h,source\n{middle},hazmat,,,,town order\n")
    words = ["emergency", "comply", str(helsinki.folder), str(file), "--restrictions", str(rules)]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert f"(edge {middle}): no hazardous goods; town order" in told and "12:0" in told
    assert run([*words, "--strict"]) == 6
    np.testing.assert_allclose(read_track(file, helsinki).xy, track.xy, atol=0.05)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "columns are missing"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,60.1\n", "two positions"),
        ("time,lon,lat\nnoon,24.9,60.1\n", "line 2"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,north\n", "line 2"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,60.1\n2026-07-17T11:00:00,24.9,60.1\n", "line 3"),
        ("time,lon,lat\n2026-07-17T12:00:00,190,60.1\n", "no degrees"),
    ],
)
def test_a_track_that_makes_no_sense_is_refused_with_its_line(
    helsinki: City, tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "track.csv").write_text(text)
    assert run(["emergency", "comply", str(helsinki.folder), str(tmp_path / "track.csv")]) == 2
    assert says in capsys.readouterr().err
