"""Visits: walks begin where the car really stands, cars leave when all of their people are back, and nobody is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crowd_world import Water, corridor, plans_of

from models import Clock, CoupledCrowd, Exchange, VisitorPlans
from models.crowd.setting_out import LATER_S, SetOut
from models.traffic import CarPark, Depart, Parked, Traffic, VehicleTrip, Wish
from models.visits import PARK_S, TO_THE_CAR_S, Party, Visits
from networks import BadInput, digest_table

SITE, NEAR, FAR = 2, 1, 0
PARKS = {"near": NEAR, "far": FAR}
GRAPH = corridor([200.0, 100.0])


class Cars:
    """Takes the place of the traffic: cars park as told, and departures are noted."""

    name = "traffic"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()

    def __init__(self, *parked: Parked) -> None:
        self._parked, self.told = list(parked), list[Depart]()

    def start(self, exchange: Exchange) -> None:
        pass

    def advance(self, until: float, exchange: Exchange) -> None:
        self.told += exchange.take(self.name)
        for message in [one for one in self._parked if one.time_s <= until]:
            self._parked.remove(message)
            exchange.post("visits", message)

    def close(self) -> None:
        pass


def there_and_back(people: int, *, leave_s: float, speed_mps: Any = 1.25) -> VisitorPlans:
    """So many walks from the near car park to the site, and then as many back, all planned for early."""
    speed = np.tile(np.broadcast_to(speed_mps, (people,)), 2)
    ends = [[NEAR] * people + [SITE] * people, [SITE] * people + [NEAR] * people]
    return plans_of([10.0] * people + [leave_s] * people, *ends, speed)


def visited(
    plans: VisitorPlans, visits: Visits, traffic: Any, end_s: float = 1500.0, shut: tuple[float, float] | None = None
) -> CoupledCrowd:
    def depth_m(time_s: float) -> np.ndarray:
        return np.full(2, 1.0 if shut and shut[0] <= time_s < shut[1] else 0.0)

    crowd = CoupledCrowd(GRAPH, plans, edge_ids=(), held=visits.held, goals=visits.goals)
    Clock([Water(depth_m), crowd, visits, traffic], step_s=5.0).run(end_s)
    return crowd


def family(people: int = 2, leave_s: float = 300.0, speed_mps: Any = 1.25) -> tuple[VisitorPlans, Visits]:
    plans = there_and_back(people, leave_s=leave_s, speed_mps=speed_mps)
    rows = np.arange(2 * people)
    party = Party("car.in", "car", tuple(rows[:people].tolist()), tuple(rows[people:].tolist()))
    return plans, Visits(plans, [party], after=np.where(rows < people, -1, rows - people), park_node=PARKS)


def by_leg(crowd: CoupledCrowd) -> tuple[Any, Any]:
    """Walkers there and back, in the order of the plans."""
    table = crowd.tables()["walkers"]
    table = table.assign(row=crowd.city.order).sort_values("row").drop(columns="row")
    half = len(table) // 2
    return table.iloc[:half].reset_index(drop=True), table.iloc[half:].reset_index(drop=True)


def test_walks_begin_when_and_where_the_car_stands_and_the_car_leaves_when_the_last_is_back() -> None:
    plans, visits = family(speed_mps=[1.5, 0.75])
    cars = Cars(Parked("car.in", "far", 203.0))
    there, back = by_leg(visited(plans, visits, cars))
    assert (there["depart_s"] == 203 + PARK_S).all() and (there["origin_node"] == FAR).all()
    assert there["arrive_s"].to_numpy() == pytest.approx(203 + PARK_S + 300 / np.array([1.5, 0.75]), abs=3)
    assert (back["destination_node"] == FAR).all()
    assert (back["depart_s"] >= there["arrive_s"]).all()  # the time when they wanted to leave had gone by
    assert len(cars.told) == 1 and cars.told[0].park_id == "far" and cars.told[0].vehicle_id == "car"
    assert cars.told[0].time_s == pytest.approx(back["arrive_s"].max() + TO_THE_CAR_S)
    row = visits.table().iloc[0]
    assert (row["car_park"], row["parked_s"], row["people"]) == ("far", 203.0, 2)
    assert row["there_s"] == there["arrive_s"].max() and row["due_s"] == cars.told[0].time_s


def test_who_is_there_in_time_leaves_when_planned() -> None:
    plans, visits = family(leave_s=900.0)
    _, back = by_leg(visited(plans, visits, Cars(Parked("car.in", "near", 100.0))))
    assert (back["depart_s"] == 900.0).all()


def test_a_car_whose_people_are_held_up_leaves_later_by_as_much() -> None:
    due = []
    for shut in (None, (900.0, 1200.0)):
        plans, visits = family(leave_s=905.0)
        cars = Cars(Parked("car.in", "near", 100.0))
        visited(plans, visits, cars, shut=shut)
        due.append(cars.told[0].time_s)
    assert due[1] - due[0] == pytest.approx(295.0, abs=10.0)


def test_nobody_walks_from_a_car_that_never_came_and_it_never_leaves() -> None:
    plans, visits = family()
    cars = Cars()
    crowd = visited(plans, visits, cars)
    assert crowd.tables()["walkers"][["depart_s", "arrive_s"]].isna().all(axis=None) and not cars.told
    assert crowd.summary["walking"] == crowd.summary["waiting"] == crowd.summary["arrived"] == 0


def test_a_car_that_stands_there_from_the_start_waits_for_its_driver_alone() -> None:
    plans = plans_of([50.0, 50.0], SITE, [NEAR, FAR], 1.25)
    visits = Visits(plans, [Party("", "car", (), (0,))], after=np.array([-1, -1]), park_node={})
    cars = Cars()
    crowd = visited(plans, visits, cars)
    assert not visits.held.any()
    assert [one.time_s for one in cars.told] == pytest.approx([50 + 100 / 1.25 + TO_THE_CAR_S], abs=2)
    alone = CoupledCrowd(GRAPH, plans, edge_ids=())
    Clock([Water(lambda _: np.zeros(2)), alone], step_s=5.0).run(1500.0)
    assert digest_table(alone.tables()["walkers"]) == digest_table(crowd.tables()["walkers"])


def test_bad_input_is_told() -> None:
    plans = there_and_back(1, leave_s=300.0)
    with pytest.raises(BadInput, match="belongs to two cars"):
        Visits(plans, [Party("a", "b", (0,), (1,)), Party("c", "d", (0,), ())], after=np.full(2, -1), park_node=PARKS)
    with pytest.raises(BadInput, match="two come after one"):
        Visits(there_and_back(2, leave_s=1.0), [], after=np.array([-1, -1, 0, 0]), park_node=PARKS)
    with pytest.raises(BadInput, match="held has the shape"):
        CoupledCrowd(GRAPH, plans, edge_ids=(), held=np.zeros(3, dtype=bool))
    crowd = CoupledCrowd(GRAPH, plans, edge_ids=(), held=np.array([True, False]))
    exchange = Exchange(fields={name: np.zeros(2) for name in ("link_depth_m", "link_force_m2s")})
    assert crowd.city.plans.depart_s.max() == LATER_S
    exchange.commands["crowd"] = [SetOut(np.array([0]), np.array([3.0]))] * 2
    with pytest.raises(BadInput, match="told to set out twice"):
        crowd.advance(5.0, exchange)


def test_with_sumo_every_party_is_somewhere_and_the_same_seed_gives_the_same_bytes(town: Any, tmp_path: Path) -> None:
    cars, people = 14, 2
    rows = np.arange(2 * cars * people)
    plans = plans_of(
        [0.0] * (cars * people) + [400.0] * (cars * people),
        [NEAR] * (cars * people) + [SITE] * (cars * people), [SITE] * (cars * people) + [NEAR] * (cars * people),
    )  # fmt: skip
    parties = [
        Party(f"car{k:02d}.in", f"car{k:02d}", tuple(rows[2 * k : 2 * k + 2].tolist()),
              tuple(rows[2 * (cars + k) : 2 * (cars + k) + 2].tolist()))
        for k in range(cars)
    ]  # fmt: skip
    wish = Wish(("near", "far"), patience_s=60.0)
    way = town.way("A0", "B0", "C0", "D0")
    come = [VehicleTrip(f"car{k:02d}.in", 12.0 * k, "car", way, parking=wish) for k in range(cars)]
    leave = [VehicleTrip(f"car{k:02d}", 600.0, "car", town.way("C0", "D0", "E0"), held=True) for k in range(cars)]
    after = np.where(rows < cars * people, -1, rows - cars * people)

    def run(name: str) -> tuple[Any, Any, dict[str, Any]]:
        visits = Visits(plans, parties, after=after, park_node=PARKS)
        parks = [CarPark("near", "C0D0", 120.0, 5), CarPark("far", "C1D1", 120.0, 20)]
        traffic = Traffic(
            town.net_file, town.edge_ids, [*come, *leave], seed=1, end_s=900.0, folder=tmp_path / name, water=False,
            walkers=False, car_parks=parks,
        )  # fmt: skip
        crowd = visited(plans, visits, traffic, end_s=900.0)
        return crowd, visits.table(), traffic.tables()

    crowd, table, tables = run("first")
    assert table["parked_s"].notna().all() and set(table["car_park"]) == {"near", "far"}
    there, _ = by_leg(crowd)
    assert (there["depart_s"].to_numpy() == np.repeat(table["parked_s"].to_numpy(), 2) + PARK_S).all()
    trips = tables["trips"].set_index("vehicle_id")
    home = table[table["due_s"] < 900.0]
    assert len(home) and (trips.loc[home["leaves"], "depart_planned_s"].to_numpy() == home["due_s"].to_numpy()).all()
    last = tables["car_parks"].groupby("car_park").last()
    left = (trips.loc[home["leaves"], "depart_s"] < last["time_s"].max()).sum()
    assert last["entered"].sum() == cars == last["parked"].sum() + last["left"].sum()
    assert last["left"].sum() == left
    _, table_again, tables_again = run("again")
    assert digest_table(table) == digest_table(table_again)
    assert digest_table(tables["trips"]) == digest_table(tables_again["trips"])
