"""Queues begin where the way ahead is free, cost what they cost, and are explained by what the network says."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.bottlenecks import Jam, Traffic, cause_of, ends_in, find_jams, more_green, proved, turns_driven
from calibration.counting import Counts
from calibration.flows import Roads, SimulatedCounts, Totals, read_roads
from networks import SignalPhase, SignalPlan

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from small_nets import line_net

PERIOD_S = 300.0


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Roads:
    return read_roads(line_net(tmp_path_factory.mktemp("line"), lanes=(2, 2, 1, 1)))


def standing(roads: Roads, jammed: dict[str, slice], periods: int = 6) -> Traffic:
    """50 vehicles a period everywhere; on jammed streets 30 vehicles stand on the mean."""
    vehicles = np.full((4, periods), 50.0)
    spent = vehicles * roads.free_s[:, None]
    speed = np.tile(roads.speed_mps[:, None], (1, periods))
    for edge, when in jammed.items():
        row = roads.edges.index(edge)
        spent[row, when] += 30.0 * PERIOD_S * roads.lanes[row]
        speed[row, when] = 1.0
    return Traffic(roads.edges, 0.0, PERIOD_S, vehicles, spent, speed)


def test_a_queue_over_two_streets_has_one_head_and_costs_both(roads: Roads) -> None:
    found = find_jams(standing(roads, {"e1": slice(1, 4), "e0": slice(2, 4)}), roads)
    assert [jam.head for jam in found] == ["e1"]
    only = found[0]
    assert (only.begin_s, only.end_s, only.jammed_s) == (300.0, 1200.0, 900.0)
    assert set(only.streets) == {"e0", "e1"}
    assert only.lost_h == pytest.approx((3 + 2) * 30 * 2 * PERIOD_S / 3600)
    assert only.flow_vph == 600.0


def test_two_queues_with_free_street_between_have_two_heads(roads: Roads) -> None:
    found = find_jams(standing(roads, {"e0": slice(0, 6), "e3": slice(0, 2)}), roads)
    assert [jam.head for jam in found] == ["e0", "e3"]


def test_a_slow_street_on_which_nobody_waits_is_no_jam(roads: Roads) -> None:
    calm = standing(roads, {})
    assert find_jams(replace(calm, speed_mps=calm.speed_mps * 0.3), roads) == []


def test_lanes_that_end_are_named_and_a_known_incident_comes_first(tmp_path: Path) -> None:
    ends = ends_in(line_net(tmp_path, lanes=(2, 2, 1, 1)))
    jam = Jam("e1", 0.0, 900.0, 900.0, 200.0, 5.0, ("e1", "e0"), 1500.0, 0.1)
    assert cause_of(jam, ends).name == "lane drop"
    assert cause_of(jam, ends, ["e2"]).name == "incident"
    assert cause_of(replace(jam, beyond=0.8), ends).name == "spill-back"
    unknown = cause_of(replace(jam, head="e0", flow_vph=300.0), ends)
    assert unknown.name == "unknown" and "parking" in unknown.why["en"] and "停车" in unknown.why["zh"]


def test_turns_are_counted_along_the_ways() -> None:
    assert turns_driven([("a", "b", "c"), ("a", "b")], [2.0, 3.0]) == {("a", "b"): 5.0, ("b", "c"): 2.0}


def test_more_green_keeps_the_cycle_yellows_and_least_greens() -> None:
    def phase(seconds: float, state: str) -> SignalPhase:
        return SignalPhase(seconds, state, seconds, seconds)

    plan = SignalPlan("x", "0", 0.0, (phase(40, "Gr"), phase(4, "yr"), phase(12, "rG"), phase(4, "ry")), "imported")
    more = more_green(plan, [1])
    assert more is not None and more.cycle_s == plan.cycle_s and more.program_id != plan.program_id
    assert [one.duration_s for one in more.phases] == [28.0, 4.0, 24.0, 4.0]
    short = replace(plan, phases=(phase(5, "Gr"), phase(4, "yr"), phase(12, "rG"), phase(4, "ry")))
    assert more_green(short, [1]) is None and more_green(plan, []) is None


def test_the_interval_of_what_is_saved_is_students_over_paired_seeds(roads: Roads) -> None:
    """Losses of 10, 12, 14 h against 8, 11, 11 h: differences 2, 1, 3, t(.975, 2) = 4.303."""
    jam = Jam("e0", 0.0, 300.0, 300.0, 100.0, 10.0, ("e0",), 600.0, 0.0)

    def run(lost_h: float) -> SimulatedCounts:
        vehicles, spent = np.zeros((4, 1)), np.zeros((4, 1))
        spent[0] = lost_h * 3600.0
        counts = Counts(roads.edges, roads.edges, 0.0, PERIOD_S, vehicles)
        return SimulatedCounts(counts, np.full((4, 1), 1.0), spent, Totals(0, 0, 0, 0, 0), 0.0)

    proof = proved(jam, roads, [run(h) for h in (10, 12, 14)], [run(h) for h in (8, 11, 11)])
    assert (proof.with_h, proof.saved_h, proof.town_h) == pytest.approx((12.0, 2.0, 2.0))
    assert proof.half_width_h == pytest.approx(4.303 / np.sqrt(3), abs=0.01)
    assert not proof.holds
    with pytest.raises(ValueError, match="as many"):
        proved(jam, roads, [run(1)], [])
