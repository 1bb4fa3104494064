"""Static timetables as feeds: their stops and a digest; bombs and broken zips are refused."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from fuzzing import RECEIVED, check_sound, fuzz, real

from networks.errors import BadInput
from twin.feeds import Message, Place, Understood, format_named
from twin.feeds.formats.gtfs import Gtfs

TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Town Buses,http://example.org,Europe/Helsinki\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "A,North,60.18,24.94,,S\nB,South,60.16,24.95,0,\nS,Station,60.17,24.94,1,\nN,Stairs,,,3,S\n",
    "routes.txt": "route_id,route_short_name,route_type\n18,18,3\n",
    "trips.txt": "route_id,service_id,trip_id\n18,week,r1\n18,week,r2\n18,never,r3\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nr1,8:00:00,8:00:00,A,1\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "week,1,1,1,1,1,0,0,20260706,20260719\n",
}


def zipped(**changed: str) -> bytes:
    """The tables as a zip; `stops="..."` replaces one."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in (
            TABLES
            | {
                name if name.endswith("/") or not name.isprintable() else f"{name}.txt": table
                for name, table in changed.items()
            }
        ).items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), table, zipfile.ZIP_DEFLATED)
    return book.getvalue()


def understood(payload: bytes, topic: str = "https://example.org/feed.zip?key=1", **options: Any) -> Understood:
    result = Gtfs(Gtfs.Options.model_validate(options)).understand(Message(payload, topic, RECEIVED))
    check_sound(result)
    return result


def test_stops_become_places_and_the_timetable_a_digest() -> None:
    assert format_named("gtfs") is Gtfs
    payload = zipped()
    result = understood(payload)
    *stops, digest = result.records
    assert stops == [
        Place("A", "stop", RECEIVED, 24.94, 60.18, "North", None, {"station": "S"}),
        Place("B", "stop", RECEIVED, 24.95, 60.16, "South"),
        Place("S", "station", RECEIVED, 24.94, 60.17, "Station"),
    ]
    assert digest == Place(
        "X", "timetable", RECEIVED, None, None, "Town Buses", None,
        {
            "sha256": hashlib.sha256(payload).hexdigest(), "stops": 3, "routes": 1, "runs": 3,
            "busiest_day": "2026-07-06", "runs_that_day": 2, "zone": "Europe/Helsinki",
        },
    )  # fmt: skip
    assert result.left_out == {"node inside a station": 1} and not result.faults


def test_a_stop_without_a_position_is_kept_and_told() -> None:
    stops = "stop_id,stop_name,stop_lat,stop_lon\nA,North,60.18,east\n,Nameless,60.1,24.9\nC,Cape,0,0\n"
    result = understood(zipped(stops=stops))
    assert [row.place for row in result.records if row.kind == "stop"] == ["A", "C"]  # type: ignore[union-attr]
    assert all(row.lon is None for row in result.records)  # type: ignore[union-attr]
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("stops.txt, line 2.longitude", "east is no number"),
        ("stops.txt, line 3.stop_id", "'' is no name"),
        ("stops.txt, line 4.position", "the position 0, 0"),
    ]


@pytest.mark.parametrize(
    ("name", "stops", "runs", "day"),
    [
        ("bullrunner-gtfs", 125, 15, "2015-01-01"),
        ("caltrain_gtfs", 31, 252, "2009-03-02"),
        ("car-jaune_gtfs", 458, 5195, "2025-12-01"),
        ("kcm_gtfs", 56, 282, "2016-04-13"),
    ],
)
def test_real_timetables(name: str, stops: int, runs: int, day: str) -> None:
    result = understood(real(f"gtfsrt/{name}.zip"))
    assert len(result.records) == stops + 1 and not result.faults
    details = result.records[-1].details  # type: ignore[union-attr]
    assert (details["stops"], details["runs"], details["busiest_day"]) == (stops, runs, day)


def test_a_table_that_lacks_a_column_leaves_the_stops() -> None:
    result = understood(zipped(trips="route_id,service_id\n1,2\n"))
    assert len(result.records) == 3
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("trips.txt", "the table lacks the column trip_id")
    ]


def test_a_zip_may_list_its_own_folder() -> None:
    assert understood(zipped(**{"./": ""})).records  # as "zip -r feed.zip ./" writes it


def bomb() -> bytes:
    return zipped(shapes="0" * 30_000_000)


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"<html>not found</html>", "no whole zip"),
        (zipped()[:-30], "no whole zip"),
        (zipped(**{"../../etc/passwd": "x"}), "leads out"),
        (zipped(**{"\0": "x"}), "no name"),
        (zipped(stops="nothing"), "lacks the column"),
    ],
)
def test_what_is_none_is_refused(payload: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(payload)


def test_bombs_are_refused_unpacked_by_nobody() -> None:
    with pytest.raises(BadInput, match="far more than it is"):
        understood(bomb())
    with pytest.raises(BadInput, match="far more than a feed holds"):
        understood(zipped(shapes="".join(map(str, range(300_000)))), largest_unpacked_mb=1)
    with pytest.raises(BadInput, match=r"at most 0\.001 MB"):
        understood(zipped(), largest_mb=0.001)


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, table in TABLES.items():
            archive.writestr(name, table)
    kept, refused = fuzz(Gtfs(Gtfs.Options()), [zipped(), stored.getvalue()], n=n)
    assert refused > n // 3, kept
