"""What the tags of a way say, case by case, without building anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.osm.values import KMH
from networks.roads.restrictions import holds_by_day
from networks.roads.statement import Statement, signal_end, state_way
from networks.roads.tags import road_tags

ROAD = {"highway": "secondary"}


def lanes(**tags: str) -> tuple[int | None, int | None]:
    """Lanes (forward, backward); -1 for a direction that is not there. `_` in keys stands for `:`."""
    said = state(**tags)
    return tuple(-1 if side is None else side.lanes for side in (said.forward, said.backward))  # type: ignore[return-value]


def state(left_hand: bool = False, signal_end: str = "", **tags: str) -> Statement:
    named = {key.replace("_", ":") if key != "motor_vehicle" else key: value for key, value in tags.items()}
    named = {key.replace("both:ways", "both_ways"): value for key, value in named.items()}
    return state_way(ROAD | named, left_hand=left_hand, signal_end=signal_end)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"lanes": "2"}, (1, 1)),
        ({"lanes": "1"}, (1, 1)),
        ({"lanes": "3"}, (2, 1)),
        ({"lanes": "5"}, (3, 2)),
        ({"lanes": "3", "signal_end": "backward"}, (1, 2)),
        ({"lanes": "3", "lanes_forward": "1"}, (1, 2)),
        ({"lanes": "3", "lanes_backward": "2"}, (1, 2)),
        ({"lanes": "4", "lanes_forward": "3", "lanes_backward": "1"}, (3, 1)),
        ({"lanes": "5", "lanes_forward": "2", "lanes_backward": "2", "lanes_both_ways": "1"}, (2, 2)),
        ({"lanes": "3", "lanes_both_ways": "1"}, (1, 1)),
        ({"lanes": "3", "turn_lanes_backward": "left|through;right"}, (1, 2)),
        ({"turn_lanes_forward": "left|through", "turn_lanes_backward": "through"}, (2, 1)),
        ({"lanes_forward": "2"}, (2, None)),
        ({}, (None, None)),
        ({"lanes": "yes"}, (None, None)),
        ({"lanes": "99"}, (None, None)),
        ({"lanes": "2;3", "oneway": "yes"}, (2, -1)),
        ({"lanes": "3", "oneway": "yes"}, (3, -1)),
        ({"lanes": "3", "oneway": "-1"}, (-1, 3)),
        ({"lanes": "2", "oneway": "reversible"}, (2, -1)),
        ({"lanes": "1", "oneway": "alternating"}, (1, 1)),
        ({"lanes": "2", "junction": "roundabout"}, (2, -1)),
        ({"lanes": "2", "junction": "roundabout", "oneway": "no"}, (2, -1)),
        ({"lanes": "2", "highway": "motorway"}, (2, -1)),
        ({"lanes": "2", "highway": "motorway", "oneway": "no"}, (1, 1)),
        ({"lanes": "2", "oneway": "what"}, (1, 1)),
        ({"lanes": "2", "oneway": "yes", "oneway_bus": "no"}, (1, -1)),
        ({"lanes": "2", "oneway": "yes", "turn_lanes": "left|through|right"}, (2, -1)),
        ({"oneway": "yes", "turn_lanes": "left|through|right"}, (3, -1)),
    ],
)
def test_lanes_of_each_direction(tags: dict[str, str], expected: tuple[int | None, int | None]) -> None:
    assert lanes(**tags) == expected


def test_a_bus_lane_against_the_traffic_counts_among_the_lanes() -> None:
    said = state(lanes="2", oneway="yes", oneway_bus="no")
    assert said.bus_contraflow and said.lanes == 2
    against = said.side(forward=False)
    assert against is not None and against.bus == (True,)


def test_bus_lanes_by_list_by_count_and_by_side() -> None:
    assert state(lanes="3", oneway="yes", bus_lanes="||designated").forward.bus == (False, False, True)  # type: ignore[union-attr]
    counted = state(lanes="3", oneway="yes", lanes_psv="1").forward
    assert counted is not None and counted.bus == (False, False, True) and counted.bus_with == {"taxi"}
    kerb = state(left_hand=True, lanes="3", oneway="yes", lanes_bus="1").forward
    assert kerb is not None and kerb.bus == (True, False, False)
    middle = state(lanes="3", oneway="yes", busway_left="lane").forward
    assert middle is not None and middle.bus == (True, False, False)


def test_a_bus_lane_never_closes_a_street_to_cars() -> None:
    said = state(lanes="2", busway="lane")
    assert said.forward is not None and said.forward.bus == ()
    assert [q.kind for q in said.questions] == ["bus_lane_unplaced", "bus_lane_unplaced"]


def test_arrows_are_kept_where_they_fit_the_lanes() -> None:
    said = state(lanes="3", oneway="yes", turn_lanes="left|through|through;right")
    assert said.forward is not None and said.forward.turns == ("left", "through", "through;right")
    other = state(lanes="2", oneway="yes", turn_lanes="left|through|through;right")
    assert other.forward is not None and other.forward.turns == ()
    assert [q.kind for q in other.questions] == ["lanes_contradict"]


def test_a_cycle_lane_in_the_lists_is_no_motor_lane() -> None:
    said = state(
        lanes="2",
        oneway="yes",
        turn_lanes="left|through|through",
        bicycle_lanes="no|no|designated",
        vehicle_lanes="yes|yes|no",
    )
    assert said.forward is not None
    assert (said.forward.lanes, said.forward.turns) == (2, ("left", "through"))
    counted = state(lanes="3", oneway="yes", bicycle_lanes="no|no|designated", vehicle_lanes="yes|yes|no")
    assert counted.lanes == 2
    assert [c.rule for c in counted.changes] == ["cycle_lane_counted"]


@pytest.mark.parametrize(
    ("tags", "ahead", "back", "contraflow"),
    [
        ({"cycleway": "lane"}, "lane", "lane", False),
        ({"cycleway_both": "lane"}, "lane", "lane", False),
        ({"cycleway_right": "track"}, "track", "", False),
        ({"cycleway_left": "lane"}, "", "lane", False),
        ({"cycleway_both": "lane", "cycleway_both_lane": "advisory"}, "", "", False),
        ({"cycleway": "shared_lane"}, "", "", False),
        ({"cycleway": "separate"}, "", "", False),
        ({"cycleway": "lane", "oneway": "yes"}, "lane", "-", False),
        ({"cycleway": "opposite_lane", "oneway": "yes"}, "", "-", True),
        ({"cycleway_left": "opposite_lane", "cycleway_right": "lane", "oneway": "yes"}, "lane", "-", True),
        ({"oneway": "yes", "oneway_bicycle": "no"}, "", "-", True),
    ],
)
def test_cycle_lanes(tags: dict[str, str], ahead: str, back: str, contraflow: bool) -> None:
    said = state(lanes="2", **tags)
    found = [side.cycle if side is not None else "-" for side in (said.forward, said.backward)]
    assert (found, said.contraflow) == ([ahead, back], contraflow)


def test_where_traffic_keeps_left_the_left_side_is_along_the_way() -> None:
    said = state(left_hand=True, lanes="2", cycleway_left="lane")
    assert said.forward is not None and said.forward.cycle == "lane"
    assert said.backward is not None and said.backward.cycle == ""


def test_speeds_of_each_direction_and_what_implies_them() -> None:
    said = state(maxspeed="50", maxspeed_backward="30 mph")
    assert said.forward is not None and said.forward.speed_mps == pytest.approx(50 * KMH)
    assert said.backward is not None and said.backward.speed_mps == pytest.approx(30 * 0.44704)
    assert [c.rule for c in said.changes] == ["maxspeed_value"]
    implied = state(maxspeed="signals", zone_maxspeed="DE:30").forward
    assert implied is not None and implied.speed_mps == pytest.approx(30 * KMH)
    source = state(maxspeed_type="sign").forward
    assert source is not None and source.speed_mps is None


def test_odd_values_are_told() -> None:
    said = state(lanes="2;3", maxspeed="walk", oneway="perhaps")
    assert {c.rule for c in said.changes} == {"lanes_value", "maxspeed_value", "oneway_unreadable"}
    assert all(c.before and c.after and c.why["en"] and c.why["zh"] for c in said.changes)


def test_the_larger_half_goes_towards_the_signal() -> None:
    assert signal_end([1, 2, 3, 4], frozenset([3])) == "forward"
    assert signal_end([1, 2, 3, 4], frozenset([1])) == "backward"
    assert signal_end([1, 2, 3, 4], frozenset([1, 4])) == ""
    assert signal_end([1, 2, 3, 4], frozenset()) == ""


@pytest.mark.parametrize(
    ("hours", "holds"),
    [
        ("", True),
        ("(Mo-Fr 07:00-19:00)", True),
        ("07:00-09:00,16:00-19:00", True),
        ("(22:00-06:00)", False),
        ("Sa,Su", False),
        ("weight>3.5", False),
        ("Monday Friday 07:30 18:30", True),
    ],
)
def test_which_conditions_hold_on_a_working_day(hours: str, holds: bool) -> None:
    assert holds_by_day(hours) is holds


_KEYS = [
    "lanes",
    "lanes:forward",
    "lanes:backward",
    "lanes:both_ways",
    "lanes:bus",
    "lanes:psv:backward",
    "turn:lanes",
    "turn:lanes:forward",
    "bus:lanes",
    "bicycle:lanes",
    "vehicle:lanes",
    "oneway",
    "oneway:bus",
    "oneway:bicycle",
    "busway",
    "busway:left",
    "cycleway",
    "cycleway:left",
    "maxspeed",
    "maxspeed:backward",
    "junction",
    "width",
    "layer",
    "bicycle",
]
_WORDS = [
    "1",
    "2",
    "3",
    "7",
    "-1",
    "0",
    "yes",
    "no",
    "lane",
    "left|through",
    "|designated|",
    "opposite_lane",
    "track",
    "",
]


@given(
    st.dictionaries(st.sampled_from(_KEYS), st.one_of(st.sampled_from(_WORDS), st.text(max_size=12))),
    st.booleans(),
)
def test_no_tags_break_the_reading_and_what_is_written_is_plain(tags: dict[str, str], left_hand: bool) -> None:
    said = state_way(ROAD | tags, left_hand=left_hand)
    written = road_tags(ROAD | tags, said, left_hand=left_hand)
    assert said.forward is not None or said.backward is not None
    assert written["oneway"] in ("yes", "no", "-1")
    for side in (said.forward, said.backward):
        if side is not None and side.lanes is not None:
            assert 1 <= side.lanes <= 24
            assert len(side.turns) in (0, side.lanes) and len(side.bus) in (0, side.lanes)
            assert not side.bus or not all(side.bus)  # a bus lane never shuts out cars
    if "lanes" in written and "lanes:forward" in written and written["oneway"] == "no":
        assert int(written["lanes"]) > int(written["lanes:forward"]) > 0
