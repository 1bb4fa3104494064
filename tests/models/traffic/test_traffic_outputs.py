"""Emissions and conflicts on request: sums agree, clean vehicles are clean, and watching changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.clock import Clock
from models.traffic import VEHICLE_TYPES, Traffic, VehicleTrip
from models.traffic.conflicts import conflict_table
from models.traffic.emissions import GASES, emission_table, with_emissions

END_S = 400.0
USUAL = ["vehicle_id", "kind", "depart_s", "arrival_s", "time_loss_s", "delay_s", "length_m"]


@pytest.fixture(scope="module")
def runs(signal_town: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, pd.DataFrame]]:
    along, across = signal_town.way("A2", "B2", "C2", "D2", "E2"), signal_town.way("C0", "C1", "C2", "C3", "C4")
    trips = [
        VehicleTrip(f"{kind}{i}", 30.0 * i + 5 * k, kind, along)
        for k, kind in enumerate(("car", "truck", "bus", "bicycle", "ebike"))
        for i in range(4)
    ]
    trips += [VehicleTrip(f"across{i}", 6.0 * i, "car", across) for i in range(30)]
    trips.append(VehicleTrip("never", END_S - 0.5, "car", along))
    tables = {}
    for name, outputs in (("usual", ()), ("asked", ("emissions", "safety"))):
        traffic = Traffic(
            signal_town.net_file, signal_town.edge_ids, trips, seed=1, end_s=END_S, water=False, walkers=False,
            folder=tmp_path_factory.mktemp(name), outputs=outputs,
        )  # fmt: skip
        Clock([traffic], step_s=5.0).run(END_S)
        tables[name] = traffic.tables()
    return tables


def test_nothing_is_there_unless_asked_for_and_watching_changes_nothing(runs: dict[str, Any]) -> None:
    assert not {"emissions", "conflicts"} & set(runs["usual"]) and not set(GASES) & set(runs["usual"]["trips"].columns)
    assert set(runs["asked"]) - set(runs["usual"]) == {"emissions", "conflicts"}
    assert runs["asked"]["trips"][USUAL].equals(runs["usual"]["trips"][USUAL])
    assert runs["asked"]["edges"].equals(runs["usual"]["edges"])


def test_what_the_edges_hold_is_what_the_vehicles_emitted(runs: dict[str, Any]) -> None:
    trips, edges = runs["asked"]["trips"], runs["asked"]["emissions"]
    assert list(edges.columns) == ["time_s", "edge_id", *GASES] and (edges["time_s"] % 60 == 0).all()
    for gas in GASES:
        assert 0.6 * trips[gas].sum() < edges[gas].sum() < trips[gas].sum()  # the rest: inside junctions
    mean = trips[trips["finished"]].groupby("kind")["co2_g"].mean()
    assert mean["bicycle"] == mean["ebike"] == 0.0 < mean["car"] < mean["truck"] < mean["bus"]
    per_km = mean["car"] / (trips.loc[trips["kind"] == "car", "length_m"].max() / 1000.0)
    assert 100 < per_km < 400  # g CO2 per km of a petrol car in town
    assert trips.set_index("vehicle_id").loc["never", "co2_g"] == 0.0
    burnt = trips.loc[trips["kind"] == "car", ["co2_g", "fuel_g"]].sum()
    assert burnt["co2_g"] / burnt["fuel_g"] == pytest.approx(3.1, abs=0.15)  # petrol: about 3.1 kg CO2 per kg


def test_a_conflict_is_one_row_with_its_worst(runs: dict[str, Any]) -> None:
    table, trips = runs["asked"]["conflicts"], runs["asked"]["trips"]
    assert len(table) and not table.duplicated(["begin_s", "end_s", "ego", "foe"]).any()
    assert set(table["ego"]) <= set(trips["vehicle_id"]) and (table["end_s"] >= table["begin_s"]).all()
    past = (table["min_ttc_s"] < 3.0) | (table["max_drac_mps2"] > 3.0) | (table["pet_s"] < 2.0)
    assert past.all()


def test_a_run_that_never_drove_has_tables_without_rows(tmp_path: Path) -> None:
    nowhere = tmp_path / "nothing.csv"
    assert len(emission_table(nowhere, ["e"])) == 0 and list(conflict_table(nowhere).columns)[2:4] == ["ego", "foe"]
    trips = with_emissions(pd.DataFrame({"vehicle_id": ["v"]}), nowhere)
    assert trips["co2_g"].tolist() == [0.0]


def test_every_type_says_what_it_emits() -> None:
    assert {kind.emission_class.split("/")[0] for kind in VEHICLE_TYPES.values()} == {"HBEFA4", "Zero"}
    assert VEHICLE_TYPES["ebike"].emission_class == "Zero"
