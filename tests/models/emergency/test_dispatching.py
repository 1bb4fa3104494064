"""The control room: who goes, who waits, who is taken, who comes to help, and what is said when nobody can."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_dispatch import TableTravel, fleet, index

from models.emergency import Call, Unit
from models.emergency.dispatching import (
    Answered,
    Delays,
    Demand,
    Dmexclp,
    LeastLost,
    LiveRoads,
    Outlook,
    Policy,
    RoadTimes,
    expected_coverage,
    marginal_coverage,
    simulate,
)
from models.emergency.resources import Hospital
from networks import RoadGraph
from networks.errors import BadInput

LINE = np.abs(np.arange(6)[:, None] - np.arange(6)[None, :]) * 60.0  # six places, a minute apart
QUICK = Delays(handling_s=10, turnout_s=20, access_s=5, handover_s=30, hold_s=40)


def run(units: list[Unit], calls: list[Call], *, shut: dict[int, float] | None = None, **more: Any) -> Answered:
    more.setdefault("delays", QUICK)
    return simulate(TableTravel(LINE, shut), index(6), units, calls, **more)


def call(name: str, when: float, place: int, **more: Any) -> Call:
    return Call(name, when, f"p{place}", on_scene_s=more.pop("stay", 100.0), **more)


def test_every_clock_of_a_call() -> None:
    ward = Hospital("H", "", 0, 0, "p5", 0, "t", beds=1, specialities=("burns",))
    full = Hospital("F", "", 0, 0, "p4", 0, "t", beds=0, specialities=("burns",))
    (one,) = run(fleet(1), [call("c", 100, 3, off_road_m=13.0, speciality="burns")], hospitals=[ward, full]).records
    assert (one.order_s, one.rolling_s, one.arrival_s) == (110, 130, 130 + 120)
    assert one.contact_s == 250 + 5 + 10 and one.leave_s == 265 + 100
    assert (one.hospital_id, one.hospital_s, one.free_s) == ("H", 365 + 120, 485 + 30)
    assert one.clock_s("order_to_rolling") == 20 and one.clock_s("call_to_contact") == 165
    assert one.answered and not one.notes and one.station_id == "s1"


def test_the_nearest_goes_also_on_its_way_home_and_the_urgent_first() -> None:
    done = run(fleet(0, 5), [call("a", 0, 2), call("b", 1, 2, priority=2), call("c", 2, 1, priority=3)])
    a, b, c = done.records
    assert (a.unit_id, b.unit_id) == ("u0", "u1")
    # u0 leaves p2 at 10 + 20 + 120 + 5 + 100 = 255 and is sent on at once, from where it is
    assert c.unit_id == "u0" and c.order_s == 255 and c.arrival_s == 255 + 20 + 60
    assert "no ambulance is free: the call waits" in c.notes[0]["en"]
    later = run(fleet(0), [call("a", 0, 4), call("d", 0 + 30 + 240 + 105 + 30, 2)]).records[1]
    # on the road home from p4 there is no turnout; its edge is the one it left, as the table's drives have two
    assert later.rolling_s == later.order_s


def test_a_less_urgent_call_gives_its_unit_and_is_served_later() -> None:
    calls = [call("low", 0, 5, priority=3), call("high", 60, 1, priority=1)]
    units = fleet(0)
    kept = run(units, calls).records
    assert kept[0].diverted == 0 and kept[1].arrival_s > kept[0].arrival_s
    low, high = run(units, calls, policy=Policy(divert_gain_s=60)).records
    assert low.diverted == 1 and high.arrival_s < kept[1].arrival_s and low.answered
    assert low.arrival_s > high.contact_s and low.order_s >= high.free_s


@pytest.mark.parametrize(("aid", "who"), [("never", "u0"), ("last", "u0"), ("late", "n")])
def test_neighbours_come_when_the_policy_says_so(aid: Any, who: str) -> None:
    units = [*fleet(0), Unit("n", "ambulance", "p5", station_id="next", mutual_aid=True, request_s=30)]
    one = run(units, [call("c", 0, 4)], policy=Policy(aid=aid, late_s=200)).records[0]
    assert one.unit_id == who and one.mutual_aid == (who == "n")
    assert one.rolling_s - one.order_s == (50 if who == "n" else 20)
    both = run(units, [call("a", 0, 0), call("b", 1, 0)], policy=Policy(aid=aid)).records[1]
    assert both.mutual_aid == (aid != "never")


def test_nobody_can_come_is_an_answer_with_the_next_best_thing() -> None:
    cut = run(fleet(0), [call("c", 0, 3)], shut={3: 0.0}).records[0]
    assert not cut.answered and "next best: to p0, 100 m from it" in cut.notes[0]["en"] and "次优" in cut.notes[0]["zh"]
    odd = run(fleet(0), [call("c", 0, 3, needs=("diving",)), Call("d", 0, "p1", "fire")]).records
    assert "there is no ambulance with diving" in odd[0].notes[0]["en"]
    assert "there is no fire_engine / ladder" in odd[1].notes[0]["en"]
    asleep = run(fleet(0, duty_s=((900.0, 1800.0),)), [call("c", 0, 1)]).records[0]
    assert "on duty" in asleep.notes[0]["en"] and asleep.order_s == 900
    late = run(fleet(0), [call("c", 0, 5)], end_s=100.0)
    assert "still on its way" in late.records[0].notes[-1]["en"] and late.busy_s == {("u0", 0): 90.0}
    assert late.utilisation == 0.9


def test_a_hospital_cut_off_is_said_and_the_patient_is_treated() -> None:
    only = Hospital("H", "North", 0, 0, "p5", 0, "t")
    one = run(fleet(0), [call("c", 0, 1)], hospitals=[only], shut={5: 0.0}).records[0]
    told = " ".join(note["en"] for note in one.notes)
    assert "cut off by then: North" in told and "treated on the spot" in told and one.free_s == one.leave_s + 40
    odd = run(fleet(0), [call("c", 0, 1, speciality="burns")], hospitals=[only]).records[0]
    assert odd.hospital_id == "H" and "no hospital within reach treats burns" in odd.notes[0]["en"]


def test_two_calls_of_one_name_and_places_that_are_none() -> None:
    with pytest.raises(BadInput, match="same name"):
        run(fleet(0), [call("a", 0, 1), call("a", 1, 1)])
    with pytest.raises(BadInput, match="p9"):
        run(fleet(0), [Call("a", 0, "p9")])


def test_standby_moves_to_where_coverage_is_lost_and_keeps_what_is_covered() -> None:
    demand = Demand(np.array([0, 5]), np.array([1.0, 3.0]))
    rule = Dmexclp(demand, np.array([0, 5]), limit_s=80.0, busy=0.3)
    done = run(fleet(0, 0, 5), [call("a", 0, 4), call("b", 500, 5)], policy=Policy(wait=rule))
    first, second = done.records
    assert first.unit_id == "u2" and done.moves == 0 and second.unit_id == "u2"
    gone = run(fleet(0, 0), [call("a", 0, 2)], policy=Policy(wait=rule))
    assert gone.moves == 1  # p5 is worth three times p0, where the other still waits


def test_least_lost_spares_the_only_one_for_a_call_that_is_not_urgent() -> None:
    demand = Demand(np.array([0, 5]), np.array([1.0, 3.0]))
    rule = LeastLost(demand, limit_s=260.0, busy=0.3)
    units = fleet(0, 0, 3)
    low = run(units, [call("c", 0, 2, priority=2)], policy=Policy(send=rule)).records[0]
    high = run(units, [call("c", 0, 2)], policy=Policy(send=rule)).records[0]
    assert (low.unit_id, high.unit_id) == ("u0", "u2")


@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_whatever_the_calls_nothing_is_done_twice_or_before_its_time(seed: int, diverts: bool, waits: bool) -> None:
    rng = np.random.default_rng(seed)
    calls = [
        call(
            f"c{i}", float(t), int(rng.integers(6)), stay=float(rng.exponential(300)), priority=int(rng.integers(1, 4))
        )
        for i, t in enumerate(rng.uniform(0, 4000, 25).tolist())
    ]
    demand = Demand(np.arange(6), np.ones(6))
    rule = Dmexclp(demand, np.array([0, 2, 5]), limit_s=120.0, busy=0.4)
    policy = Policy(divert_gain_s=30 if diverts else None, **({"wait": rule} if waits else {}))
    ward = Hospital("H", "", 0, 0, "p2", 0, "t")
    done = run(fleet(0, 3, 5), calls, policy=policy, hospitals=[ward])
    again = run(fleet(0, 3, 5), calls, policy=policy, hospitals=[ward])
    assert done.table().equals(again.table())
    spans = dict[str, list[tuple[float, float]]]()
    for one in done.records:
        assert one.answered and one.diverted <= (24 if diverts else 0)
        clocks = [one.call.time_s + 10, one.order_s, one.rolling_s, one.arrival_s, one.contact_s, one.leave_s]
        assert clocks == sorted(clocks) and one.leave_s <= one.hospital_s <= one.free_s
        spans.setdefault(one.unit_id, []).append((one.order_s, one.free_s))
    for taken in spans.values():
        taken.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(taken))
    assert sum(done.busy_s.values()) >= sum(b - a for taken in spans.values() for a, b in taken) - 1e-6


@given(st.lists(st.integers(0, 5), min_size=4, max_size=4), st.floats(0.05, 0.95))
def test_marginal_coverage_is_the_difference_of_expected_coverage(counts: list[int], busy: float) -> None:
    reach = np.array([[True, False, True, True], [False, True, False, False]])
    weights, before = np.array([1.0, 2.0, 0.5, 4.0]), np.array(counts, dtype=float)
    added = marginal_coverage(before, reach, weights, busy)
    for base in range(2):
        after = expected_coverage(before + reach[base], weights, busy)
        assert added[base] == pytest.approx(after - expected_coverage(before, weights, busy), abs=1e-12)


def ring() -> RoadGraph:
    """Six edges round a ring, one way: 0 -> 1 -> ... -> 5 -> 0, and a short cut 0 -> 3; each takes 10 s."""
    angle = np.arange(7) * np.pi / 3
    xy = np.column_stack([np.cos(angle), np.sin(angle)]) * 100
    return RoadGraph(
        tuple(f"e{i}" for i in range(6)), np.full(6, 100.0), np.full(6, 10.0), xy[:6], xy[1:],
        np.array([0, 1, 2, 3, 4, 5, 0]), np.array([1, 2, 3, 4, 5, 0, 3]), np.ones(6, dtype=bool),
    )  # fmt: skip


def closing(edge: int, when: float) -> RoadTimes:
    shut = np.full(6, np.inf)
    shut[edge] = when
    return RoadTimes.closing(np.full(6, 10.0), shut, step_s=1.0)


def test_a_crew_meets_a_road_that_nobody_knew_was_shut_and_goes_round_it() -> None:
    dry = closing(0, np.inf)
    names = {f"e{i}": i for i in range(6)}
    units, calls = [Unit("u", "ambulance", "e0")], [Call("c", 0.0, "e4", on_scene_s=1)]
    straight = simulate(LiveRoads(ring(), dry, places=[0, 4]), names, units, calls, delays=Delays(0, 0, 0, 0, 0))
    assert straight.records[0].arrival_s == pytest.approx(20.0, abs=1e-3)  # 0, 3, 4
    graph = ring()
    wet = closing(3, 5.0)
    met = LiveRoads(graph, dry, wet).drive(0, 4, 0.0)
    assert met is not None and met.shut == 3 and met.edges == (0,)
    blind = simulate(LiveRoads(graph, dry, wet), names, units, calls, delays=Delays(0, 0, 0, 0, 0))
    assert blind.records[0].turned_round == 1 and not blind.records[0].answered
    assert "finds no open way" in blind.records[0].notes[0]["en"]
    outlook = Outlook(np.array([[np.inf] * 3 + [5.0] + [np.inf] * 2]), step_s=1.0)
    seen = simulate(LiveRoads(graph, wet, outlook=outlook), names, units, calls, delays=Delays(0, 0, 0, 0, 0))
    assert seen.records[0].turned_round == 0 and any("next best" in note["en"] for note in seen.records[0].notes)


def earliest(graph: RoadGraph, true: RoadTimes, start: int, depart: float) -> np.ndarray:
    """Earliest moments of entering each edge, by trying all in order of time."""
    entered, todo = np.full(6, np.inf), {start: depart}
    while todo:
        edge = min(todo, key=lambda one: todo[one])
        entered[edge] = now = todo.pop(edge)
        for tail, head in zip(graph.conn_from.tolist(), graph.conn_to.tolist(), strict=True):
            there = now + 10.0
            if tail == edge and not np.isfinite(entered[head]) and np.isfinite(true.edge_s[true.slot(there), head]):
                todo[head] = min(there, todo.get(head, np.inf))
    return entered


@given(st.lists(st.floats(0, 300), min_size=6, max_size=6), st.floats(0, 300), st.integers(0, 5), st.integers(0, 5))
def test_who_foresees_meets_no_water_and_refuses_only_what_cannot_be(
    shut: list[float], depart: float, start: int, end: int
) -> None:
    graph, true = ring(), RoadTimes.closing(np.full(6, 10.0), np.array(shut), step_s=7.0)
    drive = LiveRoads(graph, true, outlook=Outlook(np.array([shut]), step_s=7.0)).drive(start, end, depart)
    soonest = earliest(graph, true, start, depart)[end]
    if not np.isfinite(true.edge_s[true.slot(depart), start]):
        return  # a station in the water: not sent at all
    if drive is None:
        assert start != end and not np.isfinite(soonest)
        return
    assert drive.shut < 0 and drive.edges[-1] == end and drive.entered_s[-1] == pytest.approx(soonest, abs=1e-3)
    for edge, entered in zip(drive.edges[1:], drive.entered_s[1:], strict=True):
        assert np.isfinite(true.edge_s[true.slot(entered), edge])


def test_a_drive_takes_what_each_edge_takes_when_it_is_entered() -> None:
    slow = RoadTimes(np.array([0.0, 15.0]), np.array([[10.0] * 6, [30.0] * 6]))
    drive = LiveRoads(ring(), slow).drive(1, 5, 0.0)
    assert drive is not None and drive.entered_s == pytest.approx([0.0, 10.0, 20.0, 50.0, 80.0])
    assert drive.where(49.0) == 3 and drive.where(-1.0) == 1
