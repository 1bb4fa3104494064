"""A static timetable (GTFS) of a city's owner: stops and routes with their headways.

Source of the format: General Transit Feed Specification, Schedule reference, gtfs.org.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely import STRtree, contains_xy, prepare
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from networks.city import City
from networks.errors import BadInput
from networks.imports.change import changing_city
from networks.imports.following import Following
from networks.imports.gtfs_feed import GtfsFeed
from networks.imports.gtfs_service import busiest_day, departures, seconds_of
from networks.imports.gtfs_timetable import timetable
from networks.places.destinations import NearestNode
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

_BASIC = {
    0: "tram", 1: "subway", 2: "rail", 3: "bus", 4: "ferry", 5: "cable_tram", 6: "aerial_lift", 7: "funicular",
    11: "trolleybus", 12: "monorail",
}  # fmt: skip
_EXTENDED = {
    1: "rail", 2: "bus", 4: "subway", 7: "bus", 8: "trolleybus", 9: "tram", 10: "ferry", 12: "ferry",
    13: "aerial_lift", 14: "funicular",
}  # fmt: skip
_ON_ROADS = ("bus", "trolleybus")
_WHOLE_STOP = ("", "0")


@dataclass(frozen=True)
class TimetableImported:
    """What an import of a timetable did.

    Attributes:
        city: The city as it is now.
        stops: Stops on the map.
        routes: Routes (each direction for itself) that stop there.
        matched: Those of them that were matched to roads.
        day: The busiest day, which the headways are of.
        told: What is guessed in it, or looks odd.
    """

    city: City
    stops: int
    routes: int
    matched: int
    day: str
    told: tuple[Sentence, ...]


def import_gtfs(folder: Path, place: Path) -> TimetableImported:
    """Give a city the stops and routes of a static GTFS feed, in place of what it had, whole or not at all.

    Args:
        folder: The city.
        place: The feed, a .zip or a folder.

    Raises:
        BadInput: Names the table and line of what cannot be used; no stop lies on the map.
        BadCity: `folder` is no city.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    with changing_city(folder) as change:
        feed = GtfsFeed(place)
        try:
            stops = _stops(feed, change.city)
            day = _Timetable(feed, {row["stop_id"] for row in stops})
            routes = day.rows(change.city, stops)
            planned = day.planned()
        finally:
            feed.close()
        origin = "imported: the dataset transit"
        near = {"edge_id": "derived: the nearest", "walk_node": "derived: the nearest"}
        change.put_layer("transit_stops", stops, origin, near)
        derived = {"headway_s": "derived from its departures", "edges": "derived: roads along its shape"}
        change.put_layer("transit_routes", routes, origin, derived)
        change.put_table("timetable", planned, {"day": day.day})
        told = _told(routes, day.day)
        change.tell("transit", told)
        change.put_dataset("transit", Path(place), date=day.day)
    matched = sum(bool(row["edges"]) for row in routes)
    return TimetableImported(City.open(folder), len(stops), len(routes), matched, day.day, tuple(told))


def _stops(feed: GtfsFeed, city: City) -> list[dict[str, Any]]:
    """Rows of the layer `transit_stops`: stops and platforms inside the map's frame, in the feed's order."""
    table = feed.table("stops.txt", ("stop_id", "stop_lat", "stop_lon"), ("stop_name", "location_type"))
    table = table.assign(line=np.arange(len(table)) + 2)
    if not city.georeferenced:
        raise BadInput("the city's road network has no geo reference, so no stop can be placed on it", file=feed.place)
    twice = table[table["stop_id"].duplicated() | (table["stop_id"].str.strip() == "")]
    if len(twice):
        line, name = twice[["line", "stop_id"]].iloc[0]
        raise BadInput(
            f"the stop_id {name!r} is empty, or there twice", file=feed.place, place=f"stops.txt, line {line}"
        )
    table = table[table["location_type"].str.strip().isin(_WHOLE_STOP)]
    lon, lat = (_degrees(table, column, most, feed) for column, most in (("stop_lon", 180), ("stop_lat", 90)))
    x, y = _to_city(city, lon, lat)
    frame = box(*city.bounds)
    prepare(frame)
    inside = contains_xy(frame, x, y)
    if not inside.any():
        raise _elsewhere(feed, city, lon, lat)
    edges = city.layer("edges")
    usable = edges[edges["passenger"] & ~edges["tunnel"]]
    tree, nodes = STRtree(list(usable.geometry)), NearestNode(city.layer("walk_nodes").to_dict("records"))
    rows = []
    for i in np.flatnonzero(inside):
        point = Point(round(float(x[i]), 3), round(float(y[i]), 3))
        edge = str(usable["edge_id"].iloc[int(tree.nearest(point))]) if len(usable) else ""
        name = str(table["stop_name"].iloc[i]).strip()
        rows.append(
            {
                "stop_id": str(table["stop_id"].iloc[i]),
                "name": name,
                "edge_id": edge,
                "walk_node": nodes.to(point),
                "geometry": point,
            }
        )
    return rows


def _degrees(table: pd.DataFrame, column: str, most: float, feed: GtfsFeed, name: str = "stops.txt") -> np.ndarray:
    import pandas as pd

    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    wrong = ~(np.abs(values) <= most)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        found, line = table[column].iloc[at], int(table["line"].iloc[at])
        raise BadInput(
            f"{column} is {found!r}", file=feed.place, place=f"{name}, line {line}", expected=f"degrees within {most:g}"
        )
    return values


def _to_city(city: City, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True).transform(lon, lat)
    return np.asarray(x), np.asarray(y)


def _elsewhere(feed: GtfsFeed, city: City, lon: np.ndarray, lat: np.ndarray) -> BadInput:
    where = "it has none"
    if len(lon):
        where = f"they lie at {lon.min():.2f} to {lon.max():.2f} E, {lat.min():.2f} to {lat.max():.2f} N"
    return BadInput(
        f"no stop of the feed lies on the map of {city.name}: {where}",
        file=feed.place,
        place="stops.txt",
        expected=f"stops around {city.center_lonlat[0]:.4f} E, {city.center_lonlat[1]:.4f} N",
        remedy="give the feed of this city",
    )


class _Timetable:
    """The feed's trips of its busiest day that stop on the map.

    Args:
        feed: The feed.
        here: Ids of the stops on the map.
    """

    def __init__(self, feed: GtfsFeed, here: set[str]) -> None:
        self._feed = feed
        trips = feed.table("trips.txt", ("route_id", "service_id", "trip_id"), ("direction_id", "shape_id"))
        self._routes = feed.table("routes.txt", ("route_id", "route_type"), ("route_short_name", "route_long_name"))
        self._refuse(trips, "trip_id", "trips.txt", None)
        self._refuse(trips, "route_id", "trips.txt", set(self._routes["route_id"]))
        self.day, services = busiest_day(feed, trips)
        running = trips[trips["service_id"].isin(services)]
        self._trips = running.set_index("trip_id")
        times = feed.table(
            "stop_times.txt", ("trip_id", "stop_id", "stop_sequence"), ("departure_time", "arrival_time")
        )
        self._refuse(times, "trip_id", "stop_times.txt", set(trips["trip_id"]))
        self._calls = self._read_calls(times, here)

    def _refuse(self, table: pd.DataFrame, column: str, name: str, known: set[str] | None) -> None:
        """A name that is there twice (`known` is None), or that nothing has."""
        wrong = table[column].duplicated() if known is None else ~table[column].isin(known)
        if wrong.any():
            at = int(np.flatnonzero(wrong.to_numpy())[0])
            what = "is there twice" if known is None else "is nowhere else in the feed"
            place = f"{name}, line {at + 2}"
            raise BadInput(f"the {column} {table[column].iloc[at]!r} {what}", file=self._feed.place, place=place)

    def _read_calls(self, times: pd.DataFrame, here: set[str]) -> pd.DataFrame:
        """Stops on the map, in the order of each trip of the day, with `second` of the departure."""
        import pandas as pd

        told = times["departure_time"].where(times["departure_time"].str.strip() != "", times["arrival_time"])
        second = seconds_of(told, self._feed, "stop_times.txt")
        order = pd.to_numeric(times["stop_sequence"], errors="coerce")
        if order.isna().any():
            at = int(np.flatnonzero(order.isna().to_numpy())[0])
            place = f"stop_times.txt, line {at + 2}"
            raise BadInput("stop_sequence is no number", file=self._feed.place, place=place)
        calls = times.assign(second=second, order=order)
        calls = calls[calls["trip_id"].isin(self._trips.index)]
        start = calls.groupby("trip_id")["second"].min()
        calls = calls.sort_values(["trip_id", "order"], kind="stable")
        calls["second"] = calls["second"].interpolate(
            limit_area="inside"
        )  # the first and last call of a trip have times
        calls = calls[calls["stop_id"].isin(here)]
        return calls.assign(second=calls["second"].fillna(calls["trip_id"].map(start)))

    def rows(self, city: City, stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Rows of the layer `transit_routes`, by route and direction."""
        places = {row["stop_id"]: row["geometry"] for row in stops}
        patterns = {str(trip): tuple(ids) for trip, ids in self._calls.groupby("trip_id")["stop_id"]}
        leaving = self._leaving()
        about = self._routes.set_index("route_id")
        trips = self._trips.loc[sorted(patterns)]
        names = self._names(trips)
        shapes = _Shapes(self._feed, city, set(trips["shape_id"]))
        following = Following(city)
        rows = []
        for name, group in trips.groupby(names):
            route = about.loc[group["route_id"].iloc[0]]
            course = _most_frequent(patterns[trip] for trip in group.index)
            same = [trip for trip in group.index if patterns[trip] == course]
            shape = _most_frequent(group.loc[same, "shape_id"])
            mode = _mode(route["route_type"])
            line = shapes.line(shape)
            edges = following.edges(line) if line is not None and mode in _ON_ROADS else []
            rows.append(
                {
                    "route_id": str(name),
                    "name": str(route["route_short_name"]).strip() or str(route["route_long_name"]).strip(),
                    "mode": mode,
                    "headway_s": _headway([s for trip in group.index for s in leaving.get(trip, [])]),
                    "day": self.day,
                    "stops": json.dumps(course, ensure_ascii=False),
                    "edges": " ".join(edges),
                    "geometry": line if line is not None else _through([places[stop] for stop in course]),
                }
            )
        return rows

    def planned(self) -> pd.DataFrame:
        """Rows of the table `timetable`."""
        names = self._names(self._trips)
        return timetable(self._calls, {str(trip): str(name) for trip, name in names.items()}, self._leaving())

    def _leaving(self) -> dict[str, list[float]]:
        first = {str(t): float(s) for t, s in self._calls.groupby("trip_id")["second"].min().items() if s == s}
        return departures(self._feed, first)

    @staticmethod
    def _names(trips: pd.DataFrame) -> pd.Series:
        """Id of the route with its direction, by trip."""
        return trips["route_id"] + "/" + trips["direction_id"].where(trips["direction_id"].str.strip() != "", "0")


def _most_frequent(values: Any) -> Any:
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], value))


def _headway(moments: list[float]) -> float:
    """3600 s over the most departures in a clock hour; -1 without any."""
    if not moments:
        return -1.0
    return round(3600.0 / max(Counter(int(moment // 3600) for moment in moments).values()), 1)


def _mode(text: str) -> str:
    number = int(text) if text.strip().isdigit() else -1
    return _BASIC.get(number) or _EXTENDED.get(number // 100, "other")


def _through(points: list[Point]) -> BaseGeometry:
    return LineString(points) if len({(p.x, p.y) for p in points}) > 1 else points[0]


class _Shapes:
    """The ways that trips take, in the city's plane, cut at the map's frame."""

    def __init__(self, feed: GtfsFeed, city: City, wanted: set[str]) -> None:
        import pandas as pd

        self._lines: dict[str, np.ndarray] = {}
        self._frame = box(*city.bounds)
        if "shapes.txt" not in feed or not wanted - {""}:
            return
        needed = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
        table = feed.table("shapes.txt", needed)
        table = table.assign(line=np.arange(len(table)) + 2)[table["shape_id"].isin(wanted)]
        columns = (("shape_pt_lon", 180), ("shape_pt_lat", 90))
        lon, lat = (_degrees(table, column, most, feed, "shapes.txt") for column, most in columns)
        x, y = _to_city(city, lon, lat)
        order = pd.to_numeric(table["shape_pt_sequence"], errors="coerce").fillna(0.0)
        points = table.assign(x=np.round(x, 3), y=np.round(y, 3), order=order)
        for shape, group in points.sort_values("order", kind="stable").groupby("shape_id"):
            self._lines[str(shape)] = group[["x", "y"]].to_numpy(dtype=float)

    def line(self, shape: str) -> BaseGeometry | None:
        """A shape's part on the map, None where there is none."""
        points = self._lines.get(shape)
        if points is None or len(points) < 2:
            return None
        part = LineString(points).intersection(self._frame)
        return part if part.length > 0 else None


def _told(routes: list[dict[str, Any]], day: str) -> list[Sentence]:
    told = [
        say(
            f"timetable: headways are those of the busiest hour of {day}, as planned, not as driven",
            f"时刻表：发车间隔取{day}最繁忙小时的计划值，并非实际运行值",
        )
    ]
    roads = [row for row in routes if row["mode"] in _ON_ROADS]
    lost = sum(not row["edges"] for row in roads)
    if lost:
        told.append(
            say(
                f"timetable: {lost} of {len(roads)} bus routes were not matched to roads",
                f"时刻表：{len(roads)}条公交线路方向中有{lost}条未匹配到道路",
            )
        )
    return told
