"""A small timetable as GTFS tables."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Tables = dict[str, str]


def feed_tables(places: Sequence[tuple[str, float, float]], *, shape: Sequence[tuple[float, float]] = ()) -> Tables:
    """A bus that calls at `places` (stop id, lon, lat), every 10 minutes from 7:00 to 9:00 on weekdays, and one night
    tram that leaves at 24:30; and a stop far away, where only the night tram calls.
    """
    stops = "\n".join(f"{name},Stop {name},{lat},{lon}" for name, lon, lat in places)
    moments = [7 * 3600 + 600 * i for i in range(12)]
    trips = "\n".join(f"B,week,b{i},0,{'s' if shape else ''}" for i in range(len(moments)))
    times = [
        f"b{i},{_time(at + 60 * k)},{_time(at + 60 * k)},{name},{k + 1}"
        for i, at in enumerate(moments)
        for k, (name, _, _) in enumerate(places)
    ]
    first = places[0][0]
    tables = {
        "agency.txt": "agency_name,agency_url,agency_timezone\nTest,http://example.org,Europe/Helsinki\n",
        "stops.txt": f"stop_id,stop_name,stop_lat,stop_lon\n{stops}\nfar,Far away,10.0,10.0\n",
        "routes.txt": "route_id,route_short_name,route_long_name,route_type\nB,18,,3\nT,,Night tram,900\n",
        "trips.txt": f"route_id,service_id,trip_id,direction_id,shape_id\n{trips}\nT,week,t0,,\n",
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        + "\n".join([*times, f"t0,24:30:00,24:30:00,{first},1", "t0,25:10:00,25:10:00,far,2"])
        + "\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260706,20260719\n",
    }
    if shape:
        points = "\n".join(f"s,{lat},{lon},{i}" for i, (lon, lat) in enumerate(shape))
        tables["shapes.txt"] = f"shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n{points}\n"
    return tables


def zipped(tables: Mapping[str, str | bytes], file: Path) -> Path:
    """The tables as a zip."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in tables.items():
            book.writestr(name, text)
    return file


def _time(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
