"""Demand from a city's own trip table."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from models.routing import Router
from networks import City, import_od, import_zones
from networks.errors import BadScenario
from scenarios import Scenario, Store, check_scenario, draw_demand
from scenarios.travel.timed_trips import timed_trips, trips_at

if TYPE_CHECKING:
    from models.traffic import VehicleTrip

HOURLY = "origin,destination,trips,begin,end,class\nwest,east,240,16:00,19:00,car\nwest,east,60,16:00,19:00,truck\n"
HOURLY += "east,far,90,17:00,18:00,car\nfar,west,90,00:00,24:00,car\neast,west,500,16:00,19:00,bicycle\n"
HOURLY += "west,west,24,16:00,19:00,car\n"


@pytest.fixture(scope="module")
def owned(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Helsinki with the zones west, east, and one far in the north."""
    folder = tmp_path_factory.mktemp("owned")
    city = shutil.copytree(helsinki.folder, folder / "helsinki")
    west, south, east, north = helsinki.bounds
    middle = (west + east) / 2
    far = box(west, north + 5e3, east, north + 6e3)
    shapes = [box(west, south, middle, north), box(middle, south, east, north), far]
    zones = gpd.GeoDataFrame({"zone": ["west", "east", "far"]}, geometry=shapes, crs=helsinki.crs)
    zones.to_file(folder / "zones.gpkg")
    import_zones(city, folder / "zones.gpkg")
    (folder / "od.csv").write_text(HOURLY, encoding="utf-8")
    return import_od(city, folder / "od.csv").city


def driven(city: City, scenario: Scenario, store: Store, seed: int = 1) -> dict[str, VehicleTrip]:
    return {trip.vehicle_id: trip for trip in draw_demand(city, scenario, seed, store).trips}


@pytest.fixture
def from_table(short: Scenario) -> Scenario:
    return short.replacing(demand={**short.demand.model_dump(), "source": "od", "scale": 1.0})


def test_every_trip_of_the_table_is_there_once(owned: City, from_table: Scenario) -> None:
    kernel = Router(owned.road_graph("passenger"))
    timed = timed_trips(owned, kernel, from_table)
    assert [(one.begin_h, one.end_h, one.truck) for one in timed] == [
        (0.0, 24.0, False), (16.0, 19.0, False), (16.0, 19.0, True), (17.0, 18.0, False),
    ]  # fmt: skip
    hours = np.arange(1440) / 60.0 + 1 / 120
    driven = [float(one.table.veh_h.sum() * one.level(hours).sum() / 60.0) for one in timed]
    assert driven == pytest.approx([90, 264, 60, 90], rel=0.01)
    assert sum(one.lost for one in timed) == pytest.approx(0.0, abs=1e-6)
    assert trips_at(timed, 17.5).veh_h.sum() == pytest.approx(88 + 20 + 90 + 90 / 13, rel=0.02)
    assert trips_at(timed, 3.0).veh_h.sum() < 1.0


def test_trips_begin_and_end_in_their_zones(owned: City, from_table: Scenario, store: Store) -> None:
    zones = owned.layer("zones").set_index("zone_id").connectors.str.split()
    gates = owned.layer("gateways")
    into, out = (set(gates.edge_id[gates.direction == way]) for way in ("in", "out"))
    trips = driven(owned, from_table, store)
    assert len(trips) > 5

    def zone(edge: str) -> str:
        return next((name for name in zones.index if edge in zones[name]), "?")

    ends = {(zone(trip.route[0]), zone(trip.route[-1])) for trip in trips.values()}
    assert ends <= {("west", "east"), ("east", "far"), ("far", "west"), ("west", "west")}
    for trip in trips.values():
        assert trip.route[0] not in zones["far"] or trip.route[0] in into
        assert trip.route[-1] not in zones["far"] or trip.route[-1] in out
    assert set(Counter(trip.vtype for trip in trips.values())) <= {"car", "truck"}


def test_scale_and_factors_hold_for_the_table_too(owned: City, from_table: Scenario, store: Store) -> None:
    base = driven(owned, from_table, store)
    assert driven(owned, from_table, store) == base
    half = from_table.replacing(demand={**from_table.demand.model_dump(), "scale": 0.5})
    assert set(driven(owned, half, store)) <= set(base)
    origin = Counter(trip.route[0] for trip in base.values()).most_common(1)[0][0]
    none = from_table.replacing(demand={**from_table.demand.model_dump(), "factors": {origin: 0.0}})
    left = driven(owned, none, store)
    assert set(left) == {name for name, trip in base.items() if trip.route[0] != origin}
    assert "own trip table" in draw_demand(owned, from_table, 1, store).summary["provenance"]["en"]


def test_a_city_without_a_table_or_of_other_hours_is_refused(
    owned: City, helsinki: City, from_table: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(BadScenario, match="no trip table") as caught:
        check_scenario(from_table, helsinki)
    assert "twin import od" in str(caught.value.remedy) and caught.value.place == "demand.source"
    check_scenario(from_table, owned)
    city = shutil.copytree(owned.folder, tmp_path / "city")
    file = tmp_path / "od.csv"
    file.write_text("origin,destination,trips,begin,end\nwest,east,9,07:00,09:00\n", encoding="utf-8")
    with pytest.raises(BadScenario, match="says nothing of 100% of the time"):
        check_scenario(from_table, import_od(city, file).city)
    file.write_text("origin,destination,trips,class\nwest,east,9,bicycle\n", encoding="utf-8")
    with pytest.raises(BadScenario, match="none of the classes"):
        check_scenario(from_table, import_od(city, file).city)
