"""Traffic on the clock: closed forms on a small grid, and honesty about those who do not get through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.clock import Clock, Exchange
from models.crowd.speed import weidmann_speed
from models.flood import road_speed_mps
from models.traffic import Closure, Traffic, VehicleTrip
from models.traffic.crossings import TAU_S, VEHICLE_M, driven_mps
from networks.digest import digest_table

ROUND_THE_CORNER = ("A0", "A1", "A2", "A3", "A4")


def drive(
    town: Any, trips: list[VehicleTrip], folder: Path, *others: Any, end_s: float = 600.0, **options: Any
) -> Traffic:
    options = {"seed": 1, "water": bool(others), "walkers": False} | options
    traffic = Traffic(town.net_file, town.edge_ids, trips, end_s=end_s, folder=folder, **options)
    Clock([*others, traffic], step_s=10.0).run(end_s)
    return traffic


def stream_of(route: tuple[str, ...], number: int, every_s: float, **options: Any) -> list[VehicleTrip]:
    return [VehicleTrip(f"v{i}", i * every_s, "car", route, **options) for i in range(number)]


def test_a_lone_car_needs_the_time_of_its_way(town: Any, tmp_path: Path) -> None:
    tables = drive(town, [VehicleTrip("v", 7.0, "car", town.way(*ROUND_THE_CORNER))], tmp_path).tables()
    trip = tables["trips"].iloc[0]
    assert trip.finished and trip.inserted and trip.depart_s == 7.0
    assert trip.length_m == pytest.approx(600, abs=15)
    assert trip.arrival_s - 7.0 == pytest.approx(trip.length_m / 13.9, rel=0.2)
    assert trip.delay_s == pytest.approx(trip.time_loss_s) and trip.delay_s < 15
    entered = tables["edges"].groupby("edge_id").entered.sum()
    assert {edge: int(entered.get(edge, 0)) for edge in town.way("A1", "A2", "A3", "A4")} == {
        "A1A2": 1,
        "A2A3": 1,
        "A3A4": 1,
    }
    assert (tables["edges"].time_s % 60 == 0).all() and tables["edges"].occupancy.between(0, 1).all()


def test_the_same_seed_gives_the_same_tables_and_another_does_not(town: Any, tmp_path: Path) -> None:
    trips = stream_of(town.way(*ROUND_THE_CORNER), 60, 2.0) + [
        VehicleTrip(f"w{i}", 2.0 * i, "car", town.way("C0", "B0", "A0", "A1", "A2", "B2", "C2")) for i in range(60)
    ]
    runs = [drive(town, trips, tmp_path / str(k), end_s=300, seed=seed) for k, seed in enumerate((1, 1, 2))]
    digests = [(digest_table(r.tables()["edges"]), digest_table(r.tables()["trips"])) for r in runs]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_those_who_never_enter_and_never_arrive_are_counted(town: Any, tmp_path: Path) -> None:
    traffic = drive(town, stream_of(town.way(*ROUND_THE_CORNER), 300, 0.1), tmp_path, end_s=120)
    trips, verdict = traffic.tables()["trips"], traffic.validity()
    assert len(trips) == 300 and trips.vehicle_id.is_unique
    never = trips[~trips.inserted]
    assert 150 < len(never) < 299
    assert (never.delay_s - (120 - never.depart_planned_s)).abs().max() < 1e-6
    assert never.depart_s.isna().all() and not never.finished.any()
    late = trips[trips.inserted]
    assert (late.delay_s - late.time_loss_s - (late.depart_s - late.depart_planned_s)).abs().max() < 1e-6
    assert verdict.waiting_to_enter == len(never) and not verdict.valid
    assert any("found no room" in reason["en"] for reason in verdict.reasons)


def test_a_flowing_run_is_valid(town: Any, tmp_path: Path) -> None:
    verdict = drive(town, stream_of(town.way(*ROUND_THE_CORNER), 40, 6.0), tmp_path).validity()
    assert verdict.valid and verdict.reasons == () and verdict.teleports == 0


@pytest.mark.parametrize("reroutes", [False, True])
def test_drivers_turn_away_from_a_closed_road(town: Any, tmp_path: Path, reroutes: bool) -> None:
    trips = stream_of(town.way("C0", "C1", "C2", "C3", "C4"), 30, 10.0, reroutes=reroutes)
    traffic = drive(town, trips, tmp_path, closures=[Closure("C2C3", 100.0, 1e9)], end_s=700)
    tables = traffic.tables()
    inside = tables["edges"].query("edge_id == 'C2C3' and time_s >= 120")
    assert inside.entered.sum() == 0 and inside.closed.all() and len(inside) == 10
    assert tables["trips"].finished.all() and traffic.validity().teleports == 0
    assert tables["trips"].length_m.max() > 700 > tables["trips"].length_m.min()


def test_without_another_way_they_pull_over_and_go_on_when_it_opens(town: Any, weather: Any, tmp_path: Path) -> None:
    ends = {edge: lambda t: 0.4 if 50 <= t < 500 else 0.0 for edge in ("A3A4", "B4A4")}
    traffic = drive(town, stream_of(town.way(*ROUND_THE_CORNER), 12, 8.0), tmp_path, weather(**ends), end_s=1000)
    trips = traffic.tables()["trips"]
    assert trips.finished.all() and traffic.validity().teleports == 0
    waited = trips[trips.waited_s > 0]
    assert len(waited) >= 6
    assert (waited.arrival_s > 500).all() and (waited.delay_s > waited.waited_s).all()
    assert (waited.arrival_s - waited.depart_s - waited.waited_s < 200).all()


def test_those_who_wait_until_the_end_are_unfinished_not_gone(town: Any, weather: Any, tmp_path: Path) -> None:
    shut = {edge: lambda t: 0.5 * (t >= 30) for edge in ("A3A4", "B4A4")}
    traffic = drive(town, stream_of(town.way(*ROUND_THE_CORNER), 5, 8.0), tmp_path, weather(**shut), end_s=600)
    trips = traffic.tables()["trips"]
    assert trips.inserted.all() and not trips.finished.any() and traffic.validity().teleports == 0
    assert (trips.waited_s > 300).all() and (trips.delay_s > 300).all()


def test_lorries_ford_what_stops_cars(town: Any, weather: Any, tmp_path: Path) -> None:
    way = town.way("C0", "C1", "C2", "C3", "C4")
    trips = [VehicleTrip(f"{kind}{i}", 60 + 10.0 * i, kind, way) for kind in ("car", "truck") for i in range(5)]
    traffic = drive(town, trips, tmp_path, weather(C2C3=0.4), end_s=600)
    trips_table = traffic.tables()["trips"].set_index("kind")
    assert trips_table.finished.all()
    assert (trips_table.loc["truck"].length_m < 620).all() and (trips_table.loc["car"].length_m > 700).all()


def test_water_slows_cars_to_the_curve(town: Any, weather: Any, tmp_path: Path) -> None:
    trips = stream_of(town.way(*ROUND_THE_CORNER), 20, 20.0)
    edges = drive(town, trips, tmp_path, weather(A2A3=0.12), end_s=600).tables()["edges"]
    wet = edges.query("edge_id == 'A2A3' and time_s >= 60 and entered > 0")
    expected = float(road_speed_mps(0.12, 13.9))
    assert expected < 6
    assert expected - 0.8 < wet.speed_mps.mean() <= expected  # Krauss's drivers dawdle by up to sigma x accel
    assert wet.depth_m.unique() == pytest.approx([0.12]) and not wet.closed.any()


def test_cars_caught_by_the_water_crawl_out(town: Any, weather: Any, tmp_path: Path) -> None:
    trips = [VehicleTrip("v", 6.0, "car", town.way(*ROUND_THE_CORNER))]
    traffic = drive(town, trips, tmp_path, weather(A1A2=lambda t: 0.4 * (t >= 30)), end_s=400)
    trip = traffic.tables()["trips"].iloc[0]
    assert trip.finished and trip.length_m < 620
    assert 6 + 43 + 45 < trip.arrival_s < 6 + 43 + 120  # 105 m at a dawdling 1.5 m/s, the rest at full speed


def test_an_engine_that_dies_in_deep_water_blocks_its_lane(town: Any, weather: Any, tmp_path: Path) -> None:
    trips = [VehicleTrip(f"v{i}", 6.0 + 20 * i, "car", town.way(*ROUND_THE_CORNER)) for i in range(2)]
    water = weather(A1A2=lambda t: 0.5 * (t >= 30))
    trips = drive(town, trips, tmp_path, water, end_s=400).tables()["trips"].set_index("vehicle_id")
    first = trips.loc["v0"]
    assert first.trapped and not first.finished and not first.gave_up and first.teleports == 0
    assert first.trapped_on == "A1A2" and trips.loc["v1"].trapped_on == ""
    assert not trips.loc["v1"].trapped  # it met the closed road and turned
    bus = [VehicleTrip("b", 6.0, "bus", town.way(*ROUND_THE_CORNER))]
    assert not drive(town, bus, tmp_path / "bus", water, end_s=200).tables()["trips"].trapped.any()


def test_travel_times_answer_a_closing_and_stay_positive(town: Any, weather: Any, tmp_path: Path) -> None:
    traffic = Traffic(town.net_file, town.edge_ids, [], seed=1, end_s=3000, folder=tmp_path, walkers=False)
    clock = Clock([weather(A1A2=0.2), traffic], step_s=30.0)
    fields = clock.run(3000).fields
    free = town.graph.length_m / town.graph.speed_mps
    place = town.edge_ids.index("A1A2")
    others = np.delete(np.arange(len(free)), place)
    np.testing.assert_allclose(fields["edge_travel_time_s"][others], free[others], rtol=1e-6)
    assert fields["edge_speed_mps"][place] == pytest.approx(float(road_speed_mps(0.2, 13.9)), rel=0.2)


class Crowd:
    name, reads, writes = "crowd", (), ("crossing_walkers",)

    def __init__(self, edge_ids: tuple[str, ...], edge: str, walkers: float) -> None:
        self.walkers = np.where(np.array(edge_ids) == edge, walkers, 0.0)

    def start(self, exchange: Exchange) -> None:
        exchange.fields["crossing_walkers"] = self.walkers

    def advance(self, _until: float, exchange: Exchange) -> None:
        exchange.fields["crossing_walkers"] = self.walkers

    def close(self) -> None: ...


def test_walkers_on_a_crossing_take_the_capacity_that_the_rule_says(town: Any, tmp_path: Path) -> None:
    trips = stream_of(town.way(*ROUND_THE_CORNER), 600, 1.0)
    passed = {}
    for walkers in (0.0, 1.0, 2.0):
        crowd = Crowd(town.edge_ids, "A1A2", walkers)
        traffic = drive(
            town, trips, tmp_path / str(walkers), crowd, walkers=True, water=False, end_s=720, teleport_s=-1
        )
        edges = traffic.tables()["edges"]
        passed[walkers] = int(edges.query("edge_id == 'A2A3' and time_s >= 120").entered.sum())
    most = 600 / (TAU_S + VEHICLE_M / driven_mps(13.9))
    for walkers in (1.0, 2.0):
        assert passed[walkers] / most == pytest.approx(np.exp(-walkers), rel=0.15)
    assert passed[0.0] > 2 * passed[1.0]


class Roadside(Crowd):
    """People beside one road, as dense as told."""

    writes = ("crossing_walkers", "roadside_pm2")

    def __init__(self, edge_ids: tuple[str, ...], edge: str, density_pm2: float) -> None:
        super().__init__(edge_ids, edge, 0.0)
        self.density = np.where(np.array(edge_ids) == edge, density_pm2, 0.0)

    def advance(self, until: float, exchange: Exchange) -> None:
        super().advance(until, exchange)
        exchange.fields["roadside_pm2"] = self.density if until < 900.0 else np.zeros_like(self.density)

    def start(self, exchange: Exchange) -> None:
        self.advance(0.0, exchange)


@pytest.mark.parametrize("vtype", ["car", "ambulance"])
def test_vehicles_go_at_the_pace_of_a_crowd_that_has_no_room_beside_the_road(
    town: Any, tmp_path: Path, vtype: str
) -> None:
    trips = [VehicleTrip(f"v{at:.0f}", at, vtype, town.way(*ROUND_THE_CORNER)) for at in (0.0, 1000.0)]
    took = {}
    for density in (0.0, 1.7, 2.5, 6.0):
        beside = Roadside(town.edge_ids, "A1A2", density)
        traffic = drive(
            town, trips, tmp_path / str(density), beside, walkers=True, water=False, end_s=1200, teleport_s=-1
        )
        took[density] = traffic.tables()["trips"].eval("arrival_s - depart_s").tolist()
    length = float(town.graph.length_m[town.edge_ids.index("A1A2")])
    for density, pace in ((2.5, weidmann_speed(2.5)), (6.0, 0.3)):
        slow, after = took[density]
        spared = length / 13.9
        assert slow - took[0.0][0] == pytest.approx(length / float(pace) - spared, rel=0.1), density
        assert after == pytest.approx(took[0.0][1], abs=1.0), "when the crowd has gone all is as before"
    assert took[1.7] == took[0.0]


class Watched:
    """Writes down what the traffic says of the lights after each coupling step."""

    name, reads, writes = "watched", ("exit_green", "entry_green"), ()

    def __init__(self) -> None:
        self.seen: dict[float, tuple[np.ndarray, np.ndarray]] = {}

    def start(self, exchange: Exchange) -> None: ...

    def advance(self, until: float, exchange: Exchange) -> None:
        self.seen[until] = (exchange.fields["exit_green"].copy(), exchange.fields["entry_green"].copy())

    def close(self) -> None: ...


def test_the_lights_at_both_ends_of_a_road_are_told_as_they_run(signal_town: Any, tmp_path: Path) -> None:
    from networks import read_signal_plans
    from networks.roads.net_file import read_net

    plan, links = read_signal_plans(signal_town.net_file)["B2"], read_net(signal_town.net_file).links
    out = [link.tls_index for link in links if link.from_edge == "A2B2" and not link.turnaround]
    onto = [link.tls_index for link in links if link.to_edge == "B2C2" and link.direction == "s"]
    watched, ids = Watched(), signal_town.edge_ids
    crowd = Crowd(ids, "A1A2", 0.0)
    traffic = Traffic(signal_town.net_file, ids, [], end_s=180, folder=tmp_path, seed=1, water=False, walkers=True)
    Clock([crowd, traffic, watched], step_s=5.0).run(180)
    phases = [(phase.state, phase.duration_s) for phase in plan.phases]
    changes = 0
    for now, (exits, entries) in watched.seen.items():
        at = (now - 1.0 - plan.offset_s) % plan.cycle_s  # what is shown in the second that ends now
        state = next(
            s for s, end in zip([p[0] for p in phases], np.cumsum([p[1] for p in phases]), strict=True) if at < end
        )
        assert exits[ids.index("A2B2")] == any(state[k] in "Ggy" for k in out), now
        assert entries[ids.index("B2C2")] == any(state[k] in "Ggy" for k in onto), now
        changes += exits[ids.index("A2B2")] != 1
    assert 0 < changes < len(watched.seen)


def test_a_signal_plan_replaces_the_nets(signal_town: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from networks import read_signal_plans

    plan = read_signal_plans(signal_town.net_file)["A2"]
    red = replace(plan, phases=tuple(replace(p, state="r" * len(p.state)) for p in plan.phases))
    trips = stream_of(signal_town.way(*ROUND_THE_CORNER), 10, 5.0)
    entered: Callable[[Traffic], int] = lambda t: int(  # noqa: E731
        t.tables()["edges"].query("edge_id == 'A2A3'").entered.sum()
    )
    assert entered(drive(signal_town, trips, tmp_path / "as", end_s=400, teleport_s=-1)) == 10
    assert entered(drive(signal_town, trips, tmp_path / "red", end_s=400, teleport_s=-1, plans=[red])) == 0
