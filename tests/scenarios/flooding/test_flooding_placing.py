"""Where pumps go: lost time by hand, the screen against the balance itself, the search against all placements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from square_town import square

from models.assignment import UserClass
from models.flood import uniform_rain
from models.flood.underpass import Sump, run_sump
from networks import StorageCurve, say
from networks.errors import BadInput
from scenarios.flooding.placing.answer import manned_places
from scenarios.flooding.placing.harm import Harm
from scenarios.flooding.placing.lost_time import LostTime
from scenarios.flooding.placing.pumps import Depot, Ways, flow_like, from_moment, mobile_pump
from scenarios.flooding.placing.screen import pumped_course
from scenarios.flooding.placing.search import all_counts, alternatives, best_counts
from scenarios.planning import HourlyTrips
from scenarios.planning.city_network import edge_doors

CURVE = StorageCurve(np.array([0.0, 1.0, 2.0]), np.array([0.0, 100.0, 400.0]))
RAIN = uniform_rain(depth_mm=40.0, duration_s=1800.0, source="test")


def hundred() -> HourlyTrips:
    """100 cars an hour from `in` to `out`."""
    trips = UserClass("car", np.array([[0.0, 100.0], [0.0, 0.0]]))
    return HourlyTrips(edge_doors({"in": 0, "out": 2}), (trips,), 8.0, (say("test", "测试"),))


def test_vehicle_hours_that_closures_cost() -> None:
    lost = LostTime(square(), hundred())
    shut = np.zeros(6, bool)
    assert lost.rate(shut) == 0.0
    shut[1] = True  # 200 m more at 10 m/s
    assert lost.rate(shut) == pytest.approx(100 * 20 / 3600, rel=1e-3)
    shut[4] = True  # no way is left: an hour each
    assert lost.rate(shut) == pytest.approx(100.0)
    begins, ends = np.full(6, np.inf), np.zeros(6)
    begins[1], ends[1] = 600.0, 1200.0
    assert lost.vehicle_h(begins, ends, 3600.0) == pytest.approx(100 * 20 / 3600 / 6, rel=1e-3)
    assert lost.flow_veh_h[1] == pytest.approx(100.0)


@pytest.mark.parametrize(("flow", "count"), [(0.005, 1), (0.02, 1), (0.01, 3), (0.5, 1)])
def test_the_screen_is_the_balance_with_the_pumps_in_it(flow: float, count: int) -> None:
    pump = mobile_pump(flow, "test")
    dry = run_sump(Sump("u", CURVE, 8000.0), RAIN, duration_s=3600.0)
    together = pump.model_copy(update={"curve": ((0.0, flow * count),)})
    wet = run_sump(Sump("u", CURVE, 8000.0, pump=together), RAIN, duration_s=3600.0)
    supply = np.minimum(dry.times_s / 1800, 1) * 0.04 * 8000
    course = pumped_course(dry.times_s, dry.depth_m, supply, CURVE, pump, count)
    assert course == pytest.approx(wet.depth_m, abs=0.06)
    late = pumped_course(dry.times_s, dry.depth_m, supply, CURVE, from_moment(pump, 1800.0), count)
    assert late[:30] == pytest.approx(dry.depth_m[:30]) and late[-1] < dry.depth_m[-1]


def test_a_pump_does_not_empty_what_goes_on_filling() -> None:
    brim = StorageCurve(np.array([0.0, 1.0]), np.array([0.0, 100.0]))
    dry = run_sump(Sump("u", brim, 50_000.0), RAIN, duration_s=1800.0)  # full after 90 s, 1.1 m3/s runs over
    supply = dry.times_s / 1800 * 0.04 * 50_000
    course = pumped_course(dry.times_s, dry.depth_m, supply, brim, mobile_pump(0.5, "test"), 1)
    assert course[5:].min() > 0.9


def cost_of(rng: np.random.Generator) -> tuple[list[str], Any]:
    """Six places with storages, floods of three members and worths of their own; closed above 0.3 m."""
    courses, worth = {}, {}
    for number in range(6):
        curve = StorageCurve(np.array([0.0, 1.0]), np.array([0.0, float(rng.uniform(30, 400))]))
        area = float(rng.uniform(1000, 12_000))
        sump = run_sump(Sump("u", curve, area), RAIN, duration_s=3600.0, step_s=60.0)
        supply, name = np.minimum(sump.times_s / 1800, 1) * 0.04 * area, f"p{number}"
        worth[name] = float(rng.uniform(1, 100))
        for count in range(4):
            for member, factor in enumerate((0.7, 1.0, 1.3)):
                pump = mobile_pump(0.02, "test")
                depth = sump.depth_m * factor
                courses[name, count, member] = pumped_course(sump.times_s, depth, supply, curve, pump, count)

    def cost(counts: Any) -> float:
        return sum(
            worth[name] * float((courses[name, counts.get(name, 0), member] > 0.3).mean())
            for name in worth
            for member in range(3)
        )

    return list(worth), cost


def test_the_search_comes_near_the_best_of_all_placements() -> None:
    rng, shares = np.random.default_rng(7), []
    for _ in range(15):
        places, cost = cost_of(rng)
        none, least = cost({}), min(cost(one) for one in all_counts(places, 3))
        found = best_counts(places, 3, cost)
        assert sum(found.values()) <= 3
        shares.append((none - cost(found)) / (none - least) if none > least else 1.0)
    assert np.mean(shares) >= 0.98 and min(shares) >= 0.9


def test_what_saves_nothing_is_not_sent_and_two_go_where_one_is_too_few() -> None:
    def cost(counts: Any) -> float:
        return 10.0 - 4.0 * (counts.get("a", 0) >= 2) - 1.0 * (counts.get("b", 0) >= 1)

    assert best_counts(["a", "b"], 2, cost) == {"a": 2}
    assert best_counts(["a", "b"], 5, cost) == {"a": 2, "b": 1}
    assert best_counts([], 2, cost) == {} and best_counts(["c"], 2, cost) == {}
    assert alternatives(["a", "b"], {"a": 2}, cost, 5) == [{"a": 1, "b": 1}]
    assert len(list(all_counts(["a", "b", "c"], 2))) == 6


def test_crews_go_where_most_would_be_caught() -> None:
    harm = Harm(np.array([1.0, 3.0]), np.array([10.0, 10.0]), np.array([[0.0, 2.0, 4.0], [0.0, 2.0, 0.0]]))
    assert manned_places(harm, 1) == [1] and manned_places(harm, 5) == [1, 2]
    assert harm.people().tolist() == [19.0, 13.0] and harm.people([1]).tolist() == [16.0, 10.0]
    assert harm.total(2.0).tolist() == [39.0, 29.0]


def test_pumps_come_from_the_depot_that_is_nearest() -> None:
    router = LostTime(square(), hundred()).router
    ways = Ways(router, (Depot("North", 3), Depot("West", 0)))
    trip = ways.to(210.0, 95.0)  # the road `over` ends there
    assert trip.depot == "North" and trip.travel_s == pytest.approx(10.0)
    assert "from North, 1 min away" in trip.told(2, 0.1)["en"] and "2 of 100 l/s" in trip.told(2, 0.1)["en"]
    assert Ways(router, ()).to(0, 0).travel_s == 0.0 and ways.to(float("nan"), 0).depot == ""


def test_a_pump_like_that_of_a_structures_file(tmp_path: Path) -> None:
    file = tmp_path / "structures.yaml"
    entry = (
        "{kind: pump, id: P, source: maker, at: [1, 2], curve: [[0, 0.4], [8, 0]], start_depth_m: 0.1, stop_depth_m: 0}"
    )
    file.write_text(f"structures:\n  - {entry}\n", encoding="utf-8")
    assert flow_like(file, 2.0) == (pytest.approx(0.3), "maker")
    with pytest.raises(BadInput, match="lifts nothing"):
        flow_like(file, 9.0)
    with pytest.raises(BadInput, match="positive flow"):
        mobile_pump(-1.0, "test")
