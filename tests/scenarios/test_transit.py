"""Public transport: the timetable's buses run on the roads, at the headway and with the fleet that a scenario says."""

from __future__ import annotations

import csv
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from networks import City, import_gtfs
from networks.errors import BadScenario
from scenarios import Run, Scenario, Store, check_scenario, run_member
from scenarios.travel import transit
from scenarios.travel.bus_ways import BusWays
from scenarios.travel.transit import DWELL_S, changed, draw_transit, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

BASE = {
    "name": "buses",
    "period": {"begin": "2026-07-17T17:02:00+03:00", "end": "2026-07-17T17:12:00+03:00", "warm_up_s": 120},
    "demand": {"scale": 0.3},
}
EVERY_S = 240


def write_feed(folder: Path, tables: dict[str, Sequence[Sequence[Any]]]) -> Path:
    folder.mkdir()
    for name, rows in tables.items():
        with (folder / f"{name}.txt").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
    return folder


def clock(second: float) -> str:
    return f"{int(second) // 3600}:{int(second) // 60 % 60:02d}:{int(second) % 60:02d}"


@pytest.fixture(scope="module")
def served(helsinki: City, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The demo city with a bus every four minutes past three stops of its longest main street, and a tram."""
    from pyproj import Transformer

    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(helsinki.folder, folder / "city")
    edges = helsinki.layer("edges")
    good = edges[edges["bus"] & edges["highway"].isin(("primary", "secondary", "tertiary")) & (edges["length_m"] > 60)]
    to_lonlat = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True)
    named = good.groupby("name")["length_m"].sum().drop("", errors="ignore").idxmax()
    lines = sorted(good[good["name"] == named].geometry, key=lambda line: line.coords[0])
    picked = [lines[0], lines[len(lines) // 2], lines[-1]]
    places = [to_lonlat.transform(*line.interpolate(0.5, normalized=True).coords[0]) for line in picked]
    stops = [[f"s{k}", f"Stop {k}", round(lat, 7), round(lon, 7)] for k, (lon, lat) in enumerate(places)]
    trips = [(f"b{i}", 16 * 3600 + EVERY_S * i) for i in range(30)]
    calls = [[trip, clock(at + 90 * k), clock(at + 90 * k), f"s{k}", k] for trip, at in trips for k in range(3)]
    feed = {
        "stops": [["stop_id", "stop_name", "stop_lat", "stop_lon"], *stops],
        "routes": [
            ["route_id", "route_short_name", "route_long_name", "route_type"],
            ["B", "18", "", 3],
            ["T", "4", "", 0],
        ],
        "trips": [
            ["route_id", "service_id", "trip_id", "direction_id"],
            *(["B", "w", trip, 0] for trip, _ in trips),
            ["T", "w", "t", 0],
        ],
        "stop_times": [
            ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
            *calls,
            ["t", "17:05:00", "17:05:00", "s0", 0],
            ["t", "17:09:00", "17:09:00", "s2", 1],
        ],
        "calendar_dates": [["service_id", "date", "exception_type"], ["w", "20260717", 1]],
    }
    return import_gtfs(folder / "city", write_feed(folder / "feed", feed)).city


def asked(*interventions: dict[str, Any], **fields: Any) -> Scenario:
    return Scenario.model_validate({**BASE, "interventions": list(interventions), **fields})


@pytest.fixture(scope="module")
def run(served: City, store: Store) -> Run:
    return run_member(served.folder, asked(), 1, store.root)


def test_buses_leave_by_the_timetable_and_pass_their_stops_in_order(served: City, run: Run) -> None:
    transit = draw_transit(served, asked(), 1)
    assert [trip.depart_s for trip in transit.trips] == [0.0, 240.0, 480.0]
    edges = served.layer("edges").set_index("edge_id")
    for trip in transit.trips:
        assert trip.line == "B/0" and [call.stop_id for call in trip.stops] == ["s0", "s1", "s2"]
        places = [trip.route.index(call.edge_id) for call in trip.stops]
        assert places == sorted(places) and edges.loc[list(trip.route), "bus"].all()
        assert all(0 < call.place_m < edges.loc[call.edge_id, "length_m"] for call in trip.stops)
    table = run.table("transit")
    first = table[table["vehicle_id"] == transit.trips[0].vehicle_id]
    assert first["stop_id"].tolist() == ["s0", "s1", "s2"] and first["arrived_s"].is_monotonic_increasing
    left = table.dropna(subset=["departed_s"])
    assert (left["departed_s"] >= left["planned_s"] - 1e-6).all() and (left["dwell_s"] >= DWELL_S - 1.01).all()
    assert run.manifest["transit"]["trips"] == 3 and any(
        "timetable of 2026-07-17" in g["en"] for g in run.manifest["guesses"]
    )
    assert set(run.table("trips")["kind"]) >= {"bus", "car"}


def test_a_city_without_timetable_and_a_scenario_without_buses_have_none(helsinki: City, served: City) -> None:
    assert draw_transit(helsinki, asked(), 1).trips == () == draw_transit(served, asked(transit="none"), 1).trips


@pytest.mark.parametrize("line", ["B/0", "B", "18"])
def test_a_headway_is_stretched_between_the_first_and_the_last(served: City, line: str) -> None:
    def departures(*changes: dict[str, Any]) -> list[float]:
        bus = next(one for one in lines_of(served, asked(*changes)) if one.route_id == "B/0")
        return [one.planned_s for one in changed(bus, asked(*changes)).departures]

    assert departures() == [0.0, 240.0, 480.0]
    assert departures({"kind": "transit_headway", "line": line, "factor": 2}) == [0.0, 480.0]
    assert departures({"kind": "transit_headway", "line": line, "factor": 0.5}) == [0.0, 120.0, 240.0, 360.0, 480.0]
    assert departures({"kind": "transit_headway", "line": line, "minutes": 3}) == [0.0, 180.0, 360.0]
    for vehicles, layover_s in ((1, 0.0), (2, 0.0), (2, 600.0)):
        kept = departures({"kind": "transit_fleet", "line": line, "vehicles": vehicles, "layover_s": layover_s})
        back_s = 2 * 180 + layover_s
        assert all(sum(at - back_s < one <= at for one in kept) <= vehicles for at in kept)
        assert kept[0] == 0.0 and len(kept) == {(1, 0.0): 2, (2, 0.0): 3, (2, 600.0): 2}[vehicles, layover_s]


def test_buses_that_stay_keep_their_names_and_drivers(served: City) -> None:
    base = {trip.vehicle_id: trip for trip in draw_transit(served, asked(), 1).trips}
    more = {
        trip.vehicle_id: trip
        for trip in draw_transit(served, asked({"kind": "transit_headway", "line": "B", "factor": 0.5}), 1).trips
    }
    assert base.items() <= more.items() and len(more) == 5
    assert len({trip.speed_factor for trip in more.values()}) > 1
    gaps = np.diff(sorted(trip.depart_s for trip in more.values()))
    assert np.allclose(gaps, EVERY_S / 2) and all(a < b for a, b in pairwise(sorted(more)) if len(a) == len(b))


@pytest.mark.parametrize(
    ("change", "fields", "words"),
    [
        ({"kind": "transit_headway", "line": "19", "factor": 2}, {}, "no line '19' in the timetable"),
        ({"kind": "transit_headway", "line": "4", "factor": 2}, {}, "line '4' is a tram"),
        ({"kind": "transit_fleet", "line": "18", "vehicles": 1}, {"transit": "none"}, "runs no public transport"),
        ({"kind": "bus_priority", "signals": ["none"]}, {}, "there are no lights 'none'"),
        ({"kind": "bus_priority"}, {"transit": "none"}, "no buses run"),
    ],
)
def test_what_is_not_there_is_told(served: City, change: Any, fields: Any, words: str) -> None:
    with pytest.raises(BadScenario, match=words) as told:
        check_scenario(asked(change, **fields), served)
    assert told.value.place == (
        "interventions.0.signals" if change["kind"] == "bus_priority" else "interventions.0.line"
    )


def test_buses_go_first_in_a_run_that_asks_for_it(served: City, store: Store, run: Run) -> None:
    wish = asked({"kind": "bus_priority", "bound_s": 8}, outputs=["emissions", "safety"])
    first = run_member(served.folder, wish, 1, store.root)
    done = first.table("priority")
    assert len(done) and set(done["action"]) <= {"held", "cut", "given back"}
    assert set(done["vehicle_id"]) - {""} <= set(run.table("transit")["vehicle_id"])
    assert not {"priority", "emissions", "conflicts"} & set(run.digests)
    assert first.measures["co2_kg"] > 0 and "co2_kg" not in run.measures
    assert len(first.table("emissions")) and {"ego", "foe", "min_ttc_s"} <= set(first.table("conflicts").columns)
    told = " ".join(guess["en"] for guess in first.manifest["guesses"])
    assert "European vehicles" in told and "count no crashes" in told


def test_a_city_without_timetable_says_how_to_get_one(helsinki: City) -> None:
    with pytest.raises(BadScenario, match="has no timetable") as told:
        check_scenario(asked({"kind": "transit_headway", "line": "18", "factor": 2}), helsinki)
    assert "twin import gtfs" in str(told.value.remedy)


def test_a_stop_that_no_road_passes_is_told(served: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.travel.bus_ways.REACH_M", 1e-3)
    monkeypatch.setattr(transit, "_bus_ways", lambda key: BusWays(key.city))
    with pytest.raises(BadScenario, match="no road for buses passes its stop"):
        check_scenario(asked({"kind": "transit_headway", "line": "18", "factor": 2}), served)


def test_a_headway_needs_one_figure() -> None:
    with pytest.raises(ValidationError, match="exactly one of: factor, minutes"):
        asked({"kind": "transit_headway", "line": "18"})
