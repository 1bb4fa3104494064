"""What drivers do who meet a shut road, hear of it, or know a better way: counted, and nobody else's way is touched."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from models.clock import Clock
from models.traffic import Closure, Traffic, VehicleTrip

END_S = 700.0
CLOSED_S = 100.0


def drive(town: Any, trips: list[VehicleTrip], folder: Path, **options: Any) -> Any:
    closures = [Closure("C2C3", CLOSED_S, 1e9)]
    traffic = Traffic(
        town.net_file, town.edge_ids, trips, seed=1, end_s=END_S, folder=folder,
        water=False, walkers=False, closures=closures, **options,
    )  # fmt: skip
    Clock([traffic], step_s=5.0).run(END_S)
    return traffic.tables()["trips"].set_index("vehicle_id")


def through(town: Any, **options: Any) -> list[VehicleTrip]:
    way = town.way("C0", "C1", "C2", "C3", "C4")
    return [VehicleTrip(f"v{i}", i * 10.0, "car", way, **options) for i in range(20)]


def elsewhere(town: Any) -> list[VehicleTrip]:
    return [VehicleTrip(f"w{i}", i * 10.0, "car", town.way("A0", "A1", "A2", "A3", "A4")) for i in range(20)]


@pytest.mark.parametrize("at_closure", ["wait", "give_up"])
def test_nobody_changes_a_way_who_waits_or_gives_up(town: Any, tmp_path: Path, at_closure: str) -> None:
    trips = drive(town, through(town) + elsewhere(town), tmp_path, at_closure=at_closure, hear_of_jams=False)
    assert not trips.shifted.any()
    caught = trips[trips.gave_up]
    assert len(caught) >= 10 and not caught.finished.any() and caught.index.str.startswith("v").all()
    assert trips[~trips.gave_up].finished.all()
    if at_closure == "give_up":
        assert (caught.waited_s == 0).all() and (caught.delay_s < 60).all()
    else:
        assert (caught.waited_s > 0).all()


def test_those_who_turn_at_the_closure_are_shifted_and_nobody_else(town: Any, tmp_path: Path) -> None:
    trips = drive(town, through(town) + elsewhere(town), tmp_path, hear_of_jams=False)
    assert trips.finished.all() and not trips.gave_up.any()
    turned = trips[trips.shifted]
    assert len(turned) >= 10 and (turned.length_m > 700).all() and turned.index.str.startswith("v").all()
    assert (trips[~trips.shifted].length_m < 620).all()


def test_the_informed_keep_their_way_until_they_hear(town: Any, tmp_path: Path) -> None:
    way = town.way("A0", "A1", "A2", "B2", "C2", "C3", "C4")
    at_400 = [
        VehicleTrip("v", 395.0, "car", way, reroutes=True, reroutes_from_s=moment) for moment in (0.0, 410.0, 1e6)
    ]
    lengths = []
    for k, trip in enumerate(at_400):
        trips = drive(town, [trip], tmp_path / str(k), hear_of_jams=False)
        assert trips.loc["v"].finished and trips.loc["v"].shifted
        lengths.append(trips.loc["v"].length_m)
    before, on_the_way, at_the_closure = lengths
    assert before == pytest.approx(890, abs=40) and on_the_way == pytest.approx(890, abs=40)
    assert at_the_closure == pytest.approx(1190, abs=40)


def test_a_trip_given_up_before_departure_is_counted_and_never_drives(town: Any, tmp_path: Path) -> None:
    way = town.way("A0", "A1", "A2", "A3", "A4")
    made = VehicleTrip("made", 10.0, "car", way)
    known = town.way("A0", "B0", "B1", "A1", "A2", "A3", "A4")
    trips = drive(
        town,
        [
            made,
            dataclasses.replace(made, vehicle_id="not", made=False),
            dataclasses.replace(made, vehicle_id="new", planned=known),
        ],
        tmp_path,
    )
    assert trips.gave_up.to_dict() == {"made": False, "not": True, "new": False}
    assert trips.inserted.to_dict() == {"made": True, "not": False, "new": True}
    assert trips.shifted.to_dict() == {"made": False, "not": False, "new": True}
    assert trips.delay_s.isna().to_dict() == {"made": False, "not": True, "new": False}


def test_a_closure_is_met_where_one_can_still_turn_off(town: Any, tmp_path: Path) -> None:
    """C1C2 leads to C2 alone: with every other road out of C2 shut as well, they must turn at C1."""
    out_of_c2 = [Closure(edge, 0.0, 1e9) for edge in ("C2C3", "C2B2", "C2D2", "C2C1")]
    traffic = Traffic(
        town.net_file, town.edge_ids, through(town), seed=1, end_s=END_S, folder=tmp_path, water=False, walkers=False,
        closures=out_of_c2, hear_of_jams=False,
    )  # fmt: skip
    Clock([traffic], step_s=5.0).run(END_S)
    tables = traffic.tables()
    assert tables["trips"].finished.all() and not tables["trips"].gave_up.any()
    assert "C1C2" not in set(tables["edges"].query("entered > 0").edge_id)
