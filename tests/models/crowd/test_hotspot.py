"""Hot spots: nobody is lost or walks through walls, doors hold people back, bad ground is told, runs repeat."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import contains_xy
from shapely.geometry import Polygon, box

from models.crowd.hotspot import Door, HotSpot, LeastTime, SlowGround, Tracks, Walking, ground
from models.crowd.hotspot.jostling import Jostling
from networks import BadInput, EngineFailed

WEST, EAST = Door("west", ((0, 2), (0, 8))), Door("east", ((20, 4), (20, 6)))
STALL = box(9, 3, 11, 7)


def _crossed(seed: int = 1, people: int = 40) -> HotSpot:
    spot = HotSpot(box(0, 0, 20, 10), [STALL], [WEST, EAST], seed=seed)
    spot.enter("west", "east", np.linspace(1.0, 1.6, people))
    spot.advance(45.0)
    spot.close()
    return spot


def test_everybody_comes_in_crosses_round_the_stall_and_leaves() -> None:
    spot = _crossed()
    tracks = spot.tracks()
    assert (spot.waiting("west"), spot.still_there()) == (0, 0)
    assert len(np.unique(tracks.person)) == 40
    assert len(tracks.crossings_s((15, 0), (15, 10))) == 40
    inside = contains_xy(spot.area.buffer(1e-6), tracks.xy_m[:, 0], tracks.xy_m[:, 1])
    assert inside.all()
    speed = np.hypot(*tracks.velocity_mps(over_s=1.0).T)
    wanted = np.array([spot.people[number].speed_mps for number in tracks.person.tolist()])
    assert (speed <= wanted + 1e-6).all(), "nobody is faster than they want to be"


def test_the_same_seed_gives_the_same_tracks_and_another_gives_others() -> None:
    first, again, other = (_crossed(seed, 25).tracks() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.xy_m, again.xy_m)
    assert first.xy_m.shape != other.xy_m.shape or not np.allclose(first.xy_m, other.xy_m)


def test_a_held_door_lets_out_at_its_rate_and_a_closed_one_nobody() -> None:
    with HotSpot(box(0, 0, 10, 6), [], [Door("in", ((0, 1), (0, 5))), Door("out", ((10, 2), (10, 4)), 0.5)]) as spot:
        spot.enter("in", "out", [1.3] * 25)
        spot.advance(30.0)
        left = np.sort([person.left_s for person in spot.people.values() if np.isfinite(person.left_s)])
        np.testing.assert_allclose(np.diff(left), 2.0)
        spot.let_out("out", 0.0)
        before = spot.still_there()
        spot.advance(40.0)
        assert before - spot.still_there() <= 1, "somebody let go in the last frame may still step out"
        assert spot.still_there() > 5


@pytest.mark.parametrize("outflow_ps", [0.7, 1.5, 3.3])
def test_a_held_door_keeps_the_part_of_a_person_that_a_frame_leaves_over(outflow_ps: float) -> None:
    with HotSpot(box(0, 0, 8, 4), [], [Door("out", ((8, 1), (8, 3)), outflow_ps)]) as spot:
        for i in range(60):
            spot.put(3.2 + 0.45 * (i % 10), 0.6 + 0.5 * (i // 10), "out", 1.34)
        spot.advance(20.0)
        left = np.sort([person.left_s for person in spot.people.values() if np.isfinite(person.left_s)])
    began, ended = int(0.3 * len(left)), int(0.8 * len(left))
    assert (ended - began) / (left[ended] - left[began]) == pytest.approx(outflow_ps, rel=0.12)


def test_where_there_is_no_room_people_wait_outside() -> None:
    with HotSpot(box(0, 0, 3, 3), [], [Door("in", ((0, 1), (0, 2))), Door("out", ((3, 1), (3, 2)), 0.0)]) as spot:
        spot.enter("in", "out", [1.3] * 200)
        spot.advance(30.0)
        assert spot.still_there() + spot.waiting("in") == 200
        assert spot.waiting("in") > 100


def test_somebody_who_sets_out_late_stands_until_then() -> None:
    with HotSpot(box(0, 0, 10, 4), [], [Door("out", ((10, 1), (10, 3)))]) as spot:
        assert spot.put(1, 2, "out", 1.2, start_s=3.0) is not None
        assert spot.put(1.1, 2, "out", 1.2) is None, "no room so near to somebody"
        spot.advance(5.0)
        tracks = spot.tracks()
        assert np.ptp(tracks.xy_m[tracks.frame <= 6], axis=0).max() < 1e-3
        assert tracks.xy_m[-1, 0] == pytest.approx(1 + 1.2 * 2.0, abs=0.07)


BOW_TIE = Polygon([(0, 0), (4, 4), (4, 0), (0, 3)])


@pytest.mark.parametrize(
    ("polygon", "obstacles", "words"),
    [
        (Polygon([(0, 0), (1, 0), (2, 0)]), [], "no area"),
        (BOW_TIE, [], "not a simple polygon"),
        (box(0, 0, 4, 4), [box(-1, -1, 5, 5)], "cover all"),
        (box(0, 0, 10, 4), [box(4, -1, 6, 5)], "nobody can walk between"),
    ],
)
def test_bad_ground_is_told(polygon: Polygon, obstacles: list[Polygon], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ground(polygon, obstacles)


@pytest.mark.parametrize(
    ("doors", "words"),
    [
        ([], "without doors"),
        ([WEST, WEST], "two doors are called west"),
        ([Door("d", ((5, 5), (7, 5)))], "off the edge"),
        ([Door("d", ((0, 1), (0, 1.2)))], "0.20 m wide"),
        ([Door("d", ((0, 1), (0, 3)), -1.0)], "outflow -1.0"),
    ],
)
def test_bad_doors_are_told(doors: list[Door], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        HotSpot(box(0, 0, 20, 10), [], doors)


def test_bad_figures_and_names_are_told() -> None:
    for words, figures in (("time_gap_s is 0", {"time_gap_s": 0.0}), ("step_s is 0.2", {"step_s": 0.2})):
        with pytest.raises(BadInput, match=words):
            Walking(**figures)
    with pytest.raises(BadInput, match="whole number of steps"):
        HotSpot(box(0, 0, 4, 4), [], [Door("d", ((0, 1), (0, 3)))], every_s=0.12)
    with HotSpot(box(0, 0, 4, 4), [], [Door("d", ((0, 1), (0, 3)))]) as spot:
        with pytest.raises(BadInput, match="no door x"):
            spot.enter("d", "x", [1.0])
        with pytest.raises(BadInput, match="holds nobody back"):
            spot.let_out("d", 1.0)


def test_a_library_that_reads_our_structures_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.crowd.hotspot.continuum._READ_BACK", {"TimeGap": "speed_mps", "V0": "time_gap_s"})
    with (
        HotSpot(box(0, 0, 4, 4), [], [Door("d", ((0, 1), (0, 3)))]) as spot,
        pytest.raises(EngineFailed, match="differently"),
    ):
        spot.put(2, 2, "d", 1.3)


def test_tracks_know_velocities_and_crossings() -> None:
    frame = np.repeat(np.arange(11), 2)
    person = np.tile([7, 3], 11)
    x = np.where(person == 3, frame * 0.5, 5.0 - frame * 0.25)
    tracks = Tracks(frame, person, np.column_stack([x, np.where(person == 3, 1.0, 2.0)]), 0.5)
    velocity = tracks.velocity_mps()
    np.testing.assert_allclose(velocity[tracks.person == 3], [[1.0, 0.0]] * 11)
    np.testing.assert_allclose(velocity[tracks.person == 7], [[-0.5, 0.0]] * 11)
    np.testing.assert_allclose(tracks.crossings_s((2.75, 0), (2.75, 3)), [2.75, 4.5])
    assert tracks.crossings_s((2.75, 0), (2.75, 1.5)).tolist() == [2.75]
    with pytest.raises(BadInput, match="two places at once"):
        Tracks(np.zeros(2, dtype=int), np.ones(2, dtype=int), np.zeros((2, 2)), 0.5)


def test_slow_ground_takes_its_share_of_the_speed() -> None:
    stair = SlowGround(box(4, 0, 12, 4), 0.5)
    with HotSpot(box(0, 0, 20, 4), [], [Door("out", ((20, 1), (20, 3)))], slow=[stair]) as spot:
        spot.put(0.5, 2, "out", 1.2)
        spot.advance(22.0)
        tracks = spot.tracks()
    speed = np.hypot(*tracks.velocity_mps(over_s=1.0).T)
    on = (tracks.xy_m[:, 0] > 5.5) & (tracks.xy_m[:, 0] < 11)
    off = (tracks.xy_m[:, 0] < 3) | (tracks.xy_m[:, 0] > 14)
    np.testing.assert_allclose(speed[on], 0.6, rtol=1e-3)
    np.testing.assert_allclose(speed[off], 1.2, rtol=1e-3)
    with pytest.raises(BadInput, match="share 0"):
        SlowGround(box(0, 0, 1, 1), 0.0)


def test_a_queue_sends_some_people_to_the_farther_door_and_none_without_one() -> None:
    doors = [Door("near", ((4, 0), (5, 0))), Door("far", ((16, 0), (17, 0)))]
    took = {}
    for people in (6, 120):
        with HotSpot(box(0, 0, 20, 8), [], doors) as spot:
            for i in range(people):
                spot.put(0.4 + 0.55 * (i % 15), 0.5 + 0.9 * (i // 15), "near", 1.3)
            crowd = LeastTime(spot, ["near", "far"])
            crowd.advance(60.0)
            assert spot.still_there() == 0
            took[people] = np.mean([person.to == spot.door("far") for person in spot.people.values()])
    assert took[6] == 0
    assert 0.1 < took[120] < 0.6


def test_people_who_are_wedged_turn_their_shoulders_and_those_who_are_held_do_not() -> None:
    jostling, who, where = Jostling(), np.array([1, 2]), np.zeros((2, 2))
    changes = [jostling.look(t, who, where, np.array([True, False])) for t in np.arange(0.0, 6.0, 0.5)]
    assert [change for change in changes if change] == [{1: 0.75}]
    assert jostling.look(6.0, who, where + 0.3, np.ones(2, dtype=bool)) == {}
    assert jostling.look(6.5, who, where + 0.9, np.ones(2, dtype=bool)) == {1: 1.0}


def test_a_door_is_as_narrow_as_it_is_drawn_for_those_who_leave_by_it() -> None:
    """Those who are through still take up room: a door lets out what a bottleneck of its width does, not more."""
    flow = {}
    for width in (0.8, 1.6):
        with HotSpot(box(0, 0, 8, 6), [], [Door("out", ((8, 3 - width / 2), (8, 3 + width / 2)))]) as spot:
            for i in range(70):
                spot.put(3.0 + 0.45 * (i % 10), 1.0 + 0.55 * (i // 10), "out", 1.34)
            spot.advance(20.0)
            left = np.sort([person.left_s for person in spot.people.values() if np.isfinite(person.left_s)])
            flow[width] = (len(left) - 6) / (left[-1] - left[5]) / width
    assert 1.5 < flow[0.8] < 3.4
    assert flow[1.6] == pytest.approx(flow[0.8], rel=0.3)


def test_whoever_is_through_a_door_does_not_turn_back_for_a_queue_behind_them(monkeypatch: pytest.MonkeyPatch) -> None:
    doors = [Door("near", ((4, 0), (5, 0))), Door("far", ((7, 0), (8, 0)))]
    with HotSpot(box(0, 0, 20, 8), [], doors) as spot:
        who = np.array([spot.put(1 + 0.5 * i, 4, "near", 1.3) for i in range(30)])
        where = np.column_stack([np.linspace(4.3, 4.7, 30), np.full(30, 0.25)])
        where[0] = (4.5, -0.7)
        monkeypatch.setattr(spot, "here", lambda: (who, where))
        LeastTime(spot, ["near", "far"]).look(1.0)
        assert spot.people[int(who[0])].to == spot.door("near")
        took = np.mean([person.to == spot.door("far") for person in spot.people.values()])
        assert 0.1 < took < 0.7, "those in the queue go to the other door one by one, not all at once"


def test_whoever_would_push_along_a_wall_through_one_door_s_queue_to_another_waits_in_it() -> None:
    """Forty who hardly move wait 17 s at the near door; the far one is 9 s away for those whose way is clear."""
    doors = [Door("near", ((12, 0), (13, 0))), Door("far", ((20, 0), (21, 0)))]
    with HotSpot(box(0, 0, 30, 10), [], doors) as spot:
        for i in range(40):
            assert spot.put(10.6 + 0.5 * (i % 8), 0.5 + 0.5 * (i // 8), "near", 0.1) is not None
        along, free = spot.put(8.0, 0.4, "near", 1.34), spot.put(8.0, 6.0, "near", 1.34)
        assert along is not None
        assert free is not None
        LeastTime(spot, ["near", "far"]).look(1.0)
        assert spot.people[free].to == spot.door("far"), "its way leads clear of the queue"
        assert spot.people[along].to == spot.door("near"), "its way leads through the queue"
