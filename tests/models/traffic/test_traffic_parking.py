"""Car parks: they fill, the rest waits on the street, who follows the signs drives on, and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.clock import Clock, Exchange
from models.traffic import CarPark, Closure, Depart, Parked, Traffic, VehicleTrip, Wish
from networks import digest_table
from networks.errors import BadInput

END_S = 900.0
BOTTOM = ("A0", "B0", "C0", "D0")


class Listener:
    """Takes the place of the visits: notes who parked, and answers each with commands for the traffic."""

    name = "visits"
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()

    def __init__(self, answer: Callable[[Parked], list[Depart]] = lambda _: []) -> None:
        self._answer, self.heard = answer, list[Parked]()

    def start(self, exchange: Exchange) -> None:
        pass

    def advance(self, until: float, exchange: Exchange) -> None:  # noqa: ARG002
        for message in exchange.take(self.name):
            self.heard.append(message)
            for command in self._answer(message):
                exchange.post("traffic", command)

    def close(self) -> None:
        pass


def park(name: str, edge: str, capacity: int, **more: Any) -> CarPark:
    return CarPark(name, edge, 120.0, capacity, **more)


def comers(town: Any, cars: int, **wish: Any) -> list[VehicleTrip]:
    """Cars along the bottom of the town, one every ten seconds."""
    return [VehicleTrip(f"car{k:02d}", 10.0 * k, "car", town.way(*BOTTOM), parking=Wish(**wish)) for k in range(cars)]


def driven(
    town: Any, folder: Path, trips: Sequence[VehicleTrip], parks: Sequence[CarPark], listener: Listener | None = None,
    end_s: float = END_S,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    traffic = Traffic(
        town.net_file, town.edge_ids, trips, seed=1, end_s=end_s, folder=folder, water=False, walkers=False,
        car_parks=parks,
    )  # fmt: skip
    Clock([listener or Listener(), traffic], step_s=5.0).run(end_s)
    assert not traffic.validity().shut_in
    return traffic.tables()


def balanced(tables: dict[str, pd.DataFrame], there: int = 0) -> None:
    """Cars in = parked + left; everybody who came is in, on the road, or lost, at every look."""
    table = tables["car_parks"]
    assert (table["entered"] + there == table["parked"] + table["left"]).all()
    assert (table["parked"] <= table["capacity"]).all()
    trips, seekers = tables["trips"].set_index("vehicle_id"), tables["seekers"].set_index("vehicle_id")
    for now, rows in table.groupby("time_s"):
        inserted = (trips.loc[trips.index.isin(seekers.index), "depart_s"] < now).sum()
        assert abs(rows["entered"].sum() + rows["coming"].sum() - inserted) <= 1, now  # one may enter in this very step


@pytest.mark.parametrize("cars", [5, 12, 30])
def test_where_nobody_leaves_it_takes_what_it_holds_and_the_rest_stands_before_it(
    town: Any, tmp_path: Path, cars: int
) -> None:
    tables = driven(town, tmp_path, comers(town, cars, parks=("P",)), [park("P", "C0D0", 12)])
    last = tables["car_parks"].iloc[-1]
    assert (last["parked"], last["queue"], last["coming"]) == (min(12, cars), *[max(0, cars - 12)] * 2)
    assert tables["seekers"]["parked_s"].notna().sum() == min(12, cars)
    assert tables["trips"]["finished"].sum() == min(12, cars) and not tables["trips"]["teleports"].any()
    balanced(tables)


def test_a_queue_stands_in_the_way_of_others(town: Any, tmp_path: Path) -> None:
    passing = VehicleTrip("passing", 85.0, "car", town.way(*BOTTOM, "E0"))
    free, full = (
        driven(town, tmp_path / str(places), [*comers(town, 12, parks=("P",)), passing], [park("P", "C0D0", places)])
        for places in (12, 2)
    )
    lost = [tables["trips"].set_index("vehicle_id").loc["passing", "delay_s"] for tables in (free, full)]
    assert lost[0] < 30 and lost[1] > 150
    assert full["car_parks"]["caught"].max() == 1 and not free["car_parks"]["caught"].any()


def test_who_waits_too_long_tries_the_next_and_who_follows_the_signs_does_not_queue(town: Any, tmp_path: Path) -> None:
    parks = [park("P", "C0D0", 8), park("Q", "C1D1", 20)]
    told: dict[str, pd.DataFrame] = {}
    for name, wish in {"stubborn": {}, "patient": {"patience_s": 120.0}, "guided": {"follows": True}}.items():
        tables = driven(town, tmp_path / name, comers(town, 24, parks=("P", "Q"), **wish), parks)
        balanced(tables)
        told[name] = tables["seekers"].assign(queue=tables["car_parks"]["queue"].max())
    assert told["stubborn"]["parked_s"].notna().sum() == 8
    assert told["patient"]["parked_s"].notna().sum() > told["stubborn"]["parked_s"].notna().sum()
    assert told["guided"]["parked_s"].notna().all() and (told["guided"]["car_park"] == "Q").sum() == 16
    queue = {name: table["queue"].iloc[0] for name, table in told.items()}
    assert queue["guided"] < queue["patient"] <= queue["stubborn"]
    turned = told["guided"]["sent_on"] > 0
    assert (turned == (told["guided"]["car_park"] == "Q")).all()


def homes(town: Any, trips: Sequence[VehicleTrip]) -> list[VehicleTrip]:
    back = town.way("C0", "D0", "E0")
    return [VehicleTrip(f"{trip.vehicle_id}.home", 0.0, "car", back, reroutes=True, held=True) for trip in trips]


def test_a_held_car_leaves_when_told_and_its_place_is_taken_by_who_waits(town: Any, tmp_path: Path) -> None:
    trips = comers(town, 9, parks=("P",))
    listener = Listener(lambda p: [Depart(f"{p.vehicle_id}.home", 400.0, p.park_id)] if p.vehicle_id < "car03" else [])
    tables = driven(town, tmp_path, [*trips, *homes(town, trips)], [park("P", "C0D0", 6)], listener)
    table = tables["trips"].set_index("vehicle_id")
    assert [name for name in table.index if name.endswith("home")] == ["car00.home", "car01.home", "car02.home"]
    assert (table.loc[["car00.home", "car01.home", "car02.home"], "depart_planned_s"] == 400.0).all()
    parked = tables["seekers"].set_index("vehicle_id")["parked_s"]
    assert (parked[:6] < 400).all() and (parked[6:] > 400).all() and parked.notna().all()
    assert table.loc["car06", "delay_s"] > 250 and table.loc["car06", "waited_s"] > 200
    assert [message.vehicle_id for message in listener.heard] == sorted(parked.index)
    balanced(tables)


def test_a_car_that_stands_elsewhere_finds_its_way_home_from_there(town: Any, tmp_path: Path) -> None:
    trips = comers(town, 4, parks=("P", "Q"), patience_s=20.0)
    listener = Listener(lambda p: [Depart(f"{p.vehicle_id}.home", 300.0, p.park_id)] * (p.park_id == "Q"))
    parks = [park("P", "C0D0", 1), park("Q", "C1D1", 5, parked=2)]
    tables = driven(town, tmp_path, [*trips, *homes(town, trips)], parks, listener)
    table = tables["trips"].set_index("vehicle_id")
    back = table[table.index.str.endswith("home")]
    assert len(back) == 3 and back["finished"].all() and (back["length_m"] > 250).all()
    last = tables["car_parks"].groupby("car_park").last()
    assert last.loc["Q", "parked"] == 2 and last.loc["Q", "left"] == 3


def test_a_car_whose_street_is_shut_drives_off_when_it_opens(town: Any, tmp_path: Path) -> None:
    trips = comers(town, 1, parks=("P",))
    listener = Listener(lambda p: [Depart(f"{p.vehicle_id}.home", 100.0, p.park_id)])
    traffic = Traffic(
        town.net_file, town.edge_ids, [*trips, *homes(town, trips)], seed=1, end_s=END_S, folder=tmp_path, water=False,
        walkers=False, car_parks=[park("P", "C0D0", 3)], closures=[Closure("C0D0", 80.0, 400.0)],
    )  # fmt: skip
    Clock([listener, traffic], step_s=5.0).run(END_S)
    home = traffic.tables()["trips"].set_index("vehicle_id").loc["car00.home"]
    assert home["depart_planned_s"] == 100.0 and 400.0 <= home["depart_s"] <= 410.0 and home["delay_s"] > 295


def test_the_same_seed_gives_the_same_bytes(town: Any, tmp_path: Path) -> None:
    trips = [
        VehicleTrip(t.vehicle_id, t.depart_s, "car", t.route, parking=Wish(("P", "Q"), k % 2 == 0, 60.0))
        for k, t in enumerate(comers(town, 20, parks=("P", "Q")))
    ]
    parks = [park("P", "C0D0", 5), park("Q", "C1D1", 9)]
    first, again = (driven(town, tmp_path / name, trips, parks) for name in ("first", "again"))
    for name in ("trips", "edges", "car_parks", "seekers"):
        assert digest_table(first[name]) == digest_table(again[name])


def test_bad_input_is_told(town: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="3 cars in 2 places"):
        park("P", "C0D0", 2, parked=3)
    with pytest.raises(BadInput, match="there is no car park 'X'"):
        driven(town, tmp_path, comers(town, 1, parks=("X",)), [park("P", "C0D0", 2)])
    with pytest.raises(BadInput, match="ends at another road"):
        driven(town, tmp_path, comers(town, 1, parks=("Q",)), [park("Q", "C1D1", 2)])
    with pytest.raises(BadInput, match="two car parks have the same id"):
        driven(town, tmp_path, [], [park("P", "C0D0", 2), park("P", "C1D1", 2)])
    listener = Listener(lambda p: [Depart(p.vehicle_id, 100.0, "P")])
    with pytest.raises(BadInput, match="not held back"):
        driven(town, tmp_path, comers(town, 1, parks=("P",)), [park("P", "C0D0", 2)], listener)
