"""A city of walkers against answers that a pencil gives."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from models import weidmann_speed
from models.crowd.city import CityCrowd
from models.crowd.city.streets import CELLS, FIRST
from models.crowd.city.walkers import HERE
from models.crowd.speed import speed_table
from networks import WalkGraph

sys.path.append(str(Path(__file__).parents[1] / "models" / "crowd"))
from crowd_world import corridor, graph_of, plans_of

CAPACITY_PMS = 1.225


def flow_pms(density: float) -> float:
    """Weidmann's flow at a density, written out (persons/m/s)."""
    return 1.34 * (1 - np.exp(-1.913 * (1 / density - 1 / 5.4))) * density


def walked(graph: WalkGraph, plans, end_s: float, **more) -> CityCrowd:  # type: ignore[no-untyped-def]
    crowd = CityCrowd(graph, plans, **more)
    crowd.advance_to(end_s)
    return crowd


@pytest.mark.parametrize(
    ("density", "speed"), [(0.0, 1.34), (0.5, 1.298), (1.0, 1.058), (2.0, 0.606), (4.0, 0.156), (5.4, 0)]
)
def test_weidmann_1993(density: float, speed: float) -> None:
    assert weidmann_speed(density) == pytest.approx(speed, abs=1e-3)
    assert weidmann_speed(density, 2.68) == pytest.approx(2 * speed, abs=2e-3)


def test_weidmann_never_goes_backwards_or_faster_than_free() -> None:
    speed = weidmann_speed(np.linspace(-1, 20, 2000))
    assert speed.min() == 0 and speed.max() == 1.34
    assert (np.diff(speed) <= 0).all()


@pytest.mark.parametrize("speed_mps", [0.7, 1.34, 1.93])
def test_alone_everybody_walks_at_their_own_speed(speed_mps: float) -> None:
    lengths = [250.0, 0.3, 0.4, 12.0, 1.1, 0.5, 0.6, 99.9]
    crowd = walked(corridor(lengths), plans_of([3.25, 700.0], [0, 8], [8, 0], speed_mps), 1500.0)
    took = crowd.walkers.arrive_s - crowd.plans.depart_s
    assert took == pytest.approx(sum(lengths) / speed_mps, abs=0.05)


@pytest.mark.parametrize("flow", [0.2, 0.5, 0.8, 1.05])
def test_steady_flow_walks_at_the_speed_of_its_density(flow: float) -> None:
    """Travel time in a steady stream is length / v(k), where k v(k) is the flow per metre of width."""
    width, length = 5.0, 400.0
    density = brentq(lambda k: flow_pms(k) - flow, 1e-3, 1.7)
    crowd = walked(corridor([length], width), plans_of(np.arange(0, 1500, 1 / (flow * width)), 0, 1), 3000.0)
    steady = (crowd.plans.depart_s > 700) & (crowd.plans.depart_s < 1000)
    took = (crowd.walkers.arrive_s - crowd.plans.depart_s)[steady].mean()
    assert took == pytest.approx(length / weidmann_speed(density), rel=0.04)


@pytest.mark.parametrize("width_m", [0.8, 1.2, 2.4, 4.0])
def test_bottleneck_lets_through_its_capacity(width_m: float) -> None:
    """Flow through a narrow passage is capacity x width, within the band of laboratory bottlenecks per metre."""
    people = plans_of(np.linspace(0, 100, 1500), 0, 3)
    crowd = walked(corridor([40.0, 10.0, 40.0], [8.0, width_m, 8.0]), people, 3600.0)
    arrive = np.sort(crowd.walkers.arrive_s)
    assert 1000 / (arrive[1200] - arrive[200]) == pytest.approx(CAPACITY_PMS * width_m, rel=0.03)


def test_a_queue_before_a_bridge_is_as_dense_and_grows_as_fast_as_theory_says() -> None:
    """Upstream of a bottleneck the density is the congested k with k v(k) = flow / width; walkers pass at its speed.

    The queue's tail moves back at the speed of the shock, (q1 - q2) / (k1 - k2) (Lighthill and Whitham 1955,
    doi:10.1098/rspa.1955.0089).
    """
    width, narrow, inflow = 4.0, 2.0, 0.9
    queue = brentq(lambda k: flow_pms(k) - CAPACITY_PMS * narrow / width, 1.8, 5.4)
    free = brentq(lambda k: flow_pms(k) - inflow, 1e-3, 1.7)
    shock = (inflow - CAPACITY_PMS * narrow / width) / (queue - free)
    crowd = CityCrowd(corridor([500.0, 20.0], [width, narrow]), plans_of(np.arange(0, 3000, 1 / 3.6), 0, 2))
    cells = {}
    for time in (1200.0, 3000.0):
        crowd.advance_to(time)
        first = int(crowd.streets.links[0, FIRST])
        cells[time] = crowd.walkers.cells[first : first + 50, HERE : HERE + 2].sum(axis=1) / (10 * width)
    assert cells[3000.0][30:48] == pytest.approx(queue, rel=0.06)
    tail = {t: 10.0 * np.argmax(cells[t] > (queue + free) / 2) for t in cells}
    assert (tail[1200.0] - tail[3000.0]) / 1800.0 == pytest.approx(shock, abs=10.0 / 1800.0 + 0.05 * shock)


def test_a_blocked_bridge_fills_the_street_before_it_back_to_where_people_come_from() -> None:
    """With the bridge closed the tail of those who stand at jam density moves back at q / (k_jam - k)."""
    width, inflow = 4.0, 0.5
    free = brentq(lambda k: flow_pms(k) - inflow, 1e-3, 1.7)
    shock = inflow / (5.4 - free)
    crowd = CityCrowd(corridor([300.0, 0.3, 30.0], [width, 0.001, width]), plans_of(np.arange(0, 2400, 0.5), 0, 3))
    cells = {}
    for time in (900.0, 1800.0):
        crowd.advance_to(time)
        first = int(crowd.streets.links[0, FIRST])
        cells[time] = crowd.walkers.cells[first : first + 30, HERE : HERE + 2].sum(axis=1) / (10 * width)
    assert crowd.summary["arrived"] < 30
    tail = {t: 10.0 * np.argmax(cells[t] > 2.7) for t in cells}
    assert (tail[900.0] - tail[1800.0]) / 900.0 == pytest.approx(shock, abs=10.0 / 900.0 + 0.05 * shock)


def test_two_streams_that_merge_share_the_capacity_of_what_follows() -> None:
    graph = graph_of([(0, 50), (0, -50), (50, 0), (55, 0)], [(0, 2), (1, 2), (2, 3)], width_m=3.0)
    plans = plans_of(np.repeat(np.linspace(0, 300, 700), 2), np.tile([0, 1], 700), 3, group=np.tile([0, 1], 700))
    crowd = walked(graph, plans, 1200.0)
    at = (crowd.walkers.arrive_s > 200) & (crowd.walkers.arrive_s < 350)
    assert at.sum() / 150 == pytest.approx(CAPACITY_PMS * 3.0, rel=0.05)
    assert crowd.plans.group[at].mean() == pytest.approx(0.5, abs=0.1)


def test_opposing_streams_share_the_width() -> None:
    """Density counts both directions: two streams of 0.4 persons/m/s walk as slowly as one of 0.8."""
    depart = np.arange(0, 1200, 1 / (0.4 * 4))
    both = plans_of(np.repeat(depart, 2), np.tile([0, 1], len(depart)), np.tile([1, 0], len(depart)))
    crowd = walked(corridor([200.0], 4.0), both, 2400.0)
    steady = (crowd.plans.depart_s > 500) & (crowd.plans.depart_s < 900)
    density = brentq(lambda k: flow_pms(k) - 0.8, 1e-3, 1.7)
    took = (crowd.walkers.arrive_s - crowd.plans.depart_s)[steady].mean()
    assert took == pytest.approx(200 / weidmann_speed(density), rel=0.04)


def test_a_long_link_does_not_hide_a_crush() -> None:
    """The same queue before the same gate, on one link of 100 m or on ten of 10 m, is as dense for as long."""
    people = plans_of(np.linspace(0, 60, 400), 0, -1)
    seconds = []
    for lengths in ([100.0], [10.0] * 10):
        graph = corridor([*lengths, 5.0, 30.0], [*[4.0] * len(lengths), 0.8, 4.0])
        crowd = walked(graph, plans_of(people.depart_s, 0, len(lengths) + 2), 1800.0)
        seconds.append(crowd.person_seconds_above(3.5).sum())
    assert seconds[0] > 10_000
    assert seconds[0] == pytest.approx(seconds[1], rel=0.1)


def test_a_calibrated_curve_is_walked() -> None:
    """With another jam density people in the same stream walk at that curve's speed."""
    flow, width, length = 0.9, 5.0, 400.0

    def other(k: float) -> float:
        return float(weidmann_speed(k, 1.34, 4.0))

    density = brentq(lambda k: k * other(k) - flow, 1e-3, 1.2)
    plans = plans_of(np.arange(0, 1500, 1 / (flow * width)), 0, 1)
    table = speed_table(4.0)
    crowd = walked(corridor([length], width), plans, 3000.0, table=table, capacity_pms=1.34 * table.peak)
    steady = (crowd.plans.depart_s > 700) & (crowd.plans.depart_s < 1000)
    took = (crowd.walkers.arrive_s - crowd.plans.depart_s)[steady].mean()
    assert took == pytest.approx(length / other(density), rel=0.04)
    assert int(crowd.streets.links[0, CELLS]) == 40
