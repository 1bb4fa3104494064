"""Turn restrictions and arrows of small towns, in the network as built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_towns import ROAD, block, town_xml
from test_net_lanes import roads_of

from networks.roads.arrows import fits, letters
from networks.roads.checks import restrictions_kept, turns_against_tags
from networks.roads.network import Roads

Write = Callable[..., Path]


def relation(kind: str, start: int, via: int, end: int, *, way: bool = False, more: str = "") -> str:
    """A restriction from way to way by a node, or by a way."""
    return (
        f'<relation id="7001" version="1"><member type="way" ref="{start}" role="from"/>'
        f'<member type="{"way" if way else "node"}" ref="{via}" role="via"/>'
        f'<member type="way" ref="{end}" role="to"/>'
        f'<tag k="type" v="restriction"/><tag k="restriction" v="{kind}"/>{more}</relation>'
    )


def town(relations: str) -> str:
    """A block whose streets are parted at node 102: 1001 lies west of it, 3001 east, 2001 south, 3002 north."""
    nodes, ways = block()
    ways[1001] = ([101, 102], ROAD)
    ways[3001] = ([102, 103, 104], ROAD)
    ways[2001] = ([2, 102], ROAD)
    ways[3002] = ([102, 202, 302], ROAD)
    return town_xml(nodes, ways, relations=relations)


def turns(roads: Roads, vclass: str = "passenger") -> set[tuple[int, int]]:
    """(from way, to way) at node 102."""
    ways = {e.edge_id: e.osm_ways[0] for e in roads.net.edges}
    ends = {e.edge_id: e.to_node for e in roads.net.edges}
    return {(ways[a], ways[b]) for a, b in roads.net.pairs(vclass) if ends[a] == "102"}


def test_without_a_restriction_every_turn_is_there(write: Write) -> None:
    assert {(1001, 3001), (1001, 3002), (1001, 2001)} <= turns(roads_of(write(town(""))))


def test_a_forbidden_turn_and_the_only_turn(write: Write) -> None:
    forbidden = roads_of(write(town(relation("no_left_turn", 1001, 102, 3002))))
    assert (1001, 3002) not in turns(forbidden) and (1001, 3001) in turns(forbidden)
    only = roads_of(write(town(relation("only_straight_on", 1001, 102, 3001)), "only.osm"))
    assert {pair for pair in turns(only) if pair[0] == 1001} == {(1001, 3001)}
    for roads in (forbidden, only):
        check = restrictions_kept(roads.net, roads.source)
        assert (check.compared, check.offenders) == (1, ())


def test_bicycles_may_be_excepted(write: Write) -> None:
    more = '<tag k="except" v="bicycle;psv"/>'
    roads = roads_of(write(town(relation("no_left_turn", 1001, 102, 3002, more=more))))
    assert (1001, 3002) not in turns(roads)
    assert (1001, 3002) in turns(roads, "bicycle") & turns(roads, "bus")
    told = [r for r in roads.repairs if r.rule == "restriction_kept"]
    assert [(r.osm, r.after) for r in told] == [("r7001", "for bicycle bus coach taxi")]
    assert restrictions_kept(roads.net, roads.source).offenders == ()


@pytest.mark.parametrize(("hours", "kept"), [("Mo-Fr 07:00-19:00", True), ("22:00-06:00", False)])
def test_a_restriction_at_some_hours_holds_when_they_cover_the_working_day(
    write: Write, hours: str, kept: bool
) -> None:
    plain = relation("no_left_turn", 1001, 102, 3002)
    text = plain.replace(
        'k="restriction" v="no_left_turn"', f'k="restriction:conditional" v="no_left_turn @ ({hours})"'
    )
    assert ((1001, 3002) not in turns(roads_of(write(town(text))))) is kept


def test_a_restriction_for_lorries_does_not_hold_for_cars(write: Write) -> None:
    text = relation("no_left_turn", 1001, 102, 3002).replace('k="restriction"', 'k="restriction:hgv"')
    assert (1001, 3002) in turns(roads_of(write(town(text))))


def test_a_restriction_by_way_of_a_street_is_kept_where_one_way_leads_in(write: Write) -> None:
    nodes, ways = block()
    ways[1001] = ([101, 102], {**ROAD, "oneway": "yes"})
    ways[3001] = ([102, 103], {**ROAD, "oneway": "yes"})
    ways[3003] = ([103, 104], ROAD)
    ways[2001] = ([2, 102], {**ROAD, "oneway": "-1"})
    ways[3002] = ([102, 202, 302], {**ROAD, "oneway": "yes"})
    ways[2002] = ([3, 103], ROAD)
    ways[3004] = ([103, 203, 303], ROAD)
    text = relation("no_left_turn", 1001, 3001, 3004, way=True)
    roads = roads_of(write(town_xml(nodes, ways, relations=text)))
    pairs = {(a.lstrip("-").split("#")[0], b.lstrip("-").split("#")[0]) for a, b in roads.net.pairs("passenger")}
    assert ("3001", "3004") not in pairs and ("3001", "3003") in pairs
    assert restrictions_kept(roads.net, roads.source).compared == 1


def test_arrows_decide_which_lane_turns(write: Write) -> None:
    nodes, ways = block()
    arrows = {"highway": "secondary", "lanes": "3", "oneway": "yes", "turn:lanes": "left|through|right"}
    ways[1001] = ([101, 102], arrows)
    ways[3001] = ([102, 103, 104], ROAD)
    roads = roads_of(write(town_xml(nodes, ways)))
    check = turns_against_tags(roads.net, roads.source)
    assert (check.compared, check.offenders) == (1, ())
    found = {link.from_lane: link.direction for link in roads.net.links if link.from_edge.startswith("1001")}
    assert found == {0: "r", 1: "s", 2: "l"}


def test_the_check_of_turns_and_restrictions_can_fail(write: Write) -> None:
    roads = roads_of(write(town(relation("no_left_turn", 1001, 102, 3002))))
    link = next(k for k in roads.net.links if k.from_edge == "1001" and k.direction == "s")
    target = next(e.edge_id for e in roads.net.edges if e.from_node == "102" and 3002 in e.osm_ways)
    broken = replace(roads.net, links=(*roads.net.links, replace(link, to_edge=target)))
    assert [o.osm for o in restrictions_kept(broken, roads.source).offenders] == ["r7001"]


def test_a_restriction_inside_a_joined_junction_forbids_the_turn_of_the_whole(write: Write) -> None:
    """The cross street's piece between two carriageways is no edge any more, but `no_left_turn` into it still holds."""
    nodes = {1: (0.0, 1.0), 2: (2.0, 1.0), 3: (4.0, 1.0), 4: (0.0, 1.1), 5: (2.0, 1.1), 6: (4.0, 1.1)}
    nodes |= {7: (2.0, 0.0), 8: (2.0, 3.0)}
    one_way = {"highway": "secondary", "lanes": "2", "oneway": "yes"}
    ways = {
        10: ([1, 2], one_way),
        11: ([2, 3], one_way),
        12: ([6, 5], one_way),
        13: ([5, 4], one_way),
        14: ([7, 2], ROAD),
        15: ([2, 5], ROAD),
        16: ([5, 8], ROAD),
        17: ([4, 1], {**ROAD, "oneway": "yes"}),
        18: ([3, 6], {**ROAD, "oneway": "yes"}),
        19: ([8, 4], ROAD),
        20: ([7, 3], ROAD),
    }
    free = roads_of(write(town_xml(nodes, ways), "free.osm"))
    held = roads_of(write(town_xml(nodes, ways, relations=relation("no_left_turn", 10, 2, 15)), "held.osm"))

    def out(roads: Roads) -> set[int]:
        way = {e.edge_id: e.osm_ways[0] for e in roads.net.edges}
        return {way[b] for a, b in roads.net.pairs("passenger") if way[a] == 10}

    assert 16 in out(free) and 15 not in out(free)  # the piece lies inside the junction
    assert out(held) == {11, 14}
    check = restrictions_kept(held.net, held.source)
    assert (check.compared, check.offenders) == (1, ())


@pytest.mark.parametrize(
    ("tags", "through"),
    [
        ({"barrier": "bollard"}, False),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, True),
        ({"barrier": "gate"}, True),
        ({"barrier": "gate", "access": "no"}, False),
        ({"barrier": "lift_gate", "access": "private"}, True),
    ],
)
def test_a_street_ends_at_a_barrier_for_cars(write: Write, tags: dict[str, str], through: bool) -> None:
    nodes, ways = block()
    nodes[901] = (1.5, 1.0)
    ways[1001] = ([101, 102, 901, 103, 104], ROAD)
    roads = roads_of(write(town_xml(nodes, ways, node_tags={901: tags})))
    ends = {e.edge_id: (e.from_node, e.to_node) for e in roads.net.edges}
    assert (("102", "103") in ends.values()) is through
    assert any(end[0] == "102" and 1001 in e.osm_ways for e in roads.net.edges for end in [ends[e.edge_id]])
    assert [r.osm for r in roads.repairs if r.rule == "barrier_closed"] == ([] if through else ["n901 w1001"])


def test_a_lane_for_turning_back_turns_back(write: Write) -> None:
    nodes, ways = block()
    tags = {"highway": "secondary", "lanes": "4", "lanes:forward": "3", "name": "Ring"}
    ways[1001] = ([101, 102], tags | {"turn:lanes:forward": "reverse|through|through;right"})
    ways[3001] = ([102, 103, 104], tags)
    roads = roads_of(write(town_xml(nodes, ways)))
    found = {link.from_lane: link.direction for link in roads.net.links if link.from_edge == "1001"}
    assert found[2] == "t" and found[1] == "s"
    assert turns_against_tags(roads.net, roads.source).offenders == ()


def test_arrows_for_a_junction_further_on_are_not_judged_where_the_street_only_goes_on(write: Write) -> None:
    nodes, ways = block()
    nodes[901] = (0.5, 1.0)
    one_way = {"highway": "secondary", "oneway": "yes", "maxspeed": "50"}
    ways[1001] = ([101, 901], one_way | {"lanes": "3", "turn:lanes": "reverse|through|through"})
    ways[3001] = ([901, 102], one_way | {"lanes": "4"})
    ways[3002] = ([102, 103, 104], ROAD)
    roads = roads_of(write(town_xml(nodes, ways)))
    assert turns_against_tags(roads.net, roads.source).compared == 0


def test_lanes_follow_their_arrows_where_the_converter_chose_others(write: Write) -> None:
    nodes, ways = block()
    arrows = {"highway": "secondary", "lanes": "2", "oneway": "yes", "turn:lanes": "left;through;right|right"}
    ways[1001] = ([101, 102], arrows)
    ways[3001] = ([102, 103, 104], {**ROAD, "lanes": "1", "oneway": "yes"})
    roads = roads_of(write(town_xml(nodes, ways)))
    assert turns_against_tags(roads.net, roads.source).offenders == ()
    found = {(link.from_lane, link.direction) for link in roads.net.links if link.from_edge == "1001"}
    assert found == {(1, "l"), (1, "s"), (0, "r")} or found == {(1, "l"), (1, "s"), (1, "r"), (0, "r")}
    told = [r for r in roads.repairs if r.rule == "arrows_followed"]
    assert all(r.osm == "w1001" and r.before != r.after for r in told)


def test_arrows_at_a_fork_mean_its_left_and_right_branch() -> None:
    fork = letters({"a": "s", "b": "s"}, {"a": 10.0, "b": -20.0})
    assert fork == {"a": "<", "b": ">"}
    assert fits("left", "<") and fits("right", ">") and not fits("left", ">") and fits("", ">")
    cross = letters({"a": "l", "b": "s", "c": "r"}, {"a": 90.0, "b": 0.0, "c": -90.0})
    assert cross == {"a": "l", "b": "s", "c": "r"}
    assert fits("left;through", "s") and not fits("right", "s") and fits("merge_to_left", "s")
