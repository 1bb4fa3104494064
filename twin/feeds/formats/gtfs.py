"""A static timetable (GTFS Schedule, gtfs.org/documentation/schedule/reference) as it is fetched: its stops, and a
digest by which a change is seen. The timetable itself goes into a city with `twin import gtfs`, by the same reader.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

import twin.feeds.format
from networks import GtfsFeed, busiest_day
from networks.errors import BadInput
from twin.feeds.formats.checks import Findings, position, text
from twin.feeds.formats.json_in import shown
from twin.feeds.message import Message, Understood
from twin.feeds.records import Place

if TYPE_CHECKING:
    import pandas as pd

_KINDS = {"": "stop", "0": "stop", "1": "station", "2": "entrance"}
_INSIDE = {"3": "node inside a station", "4": "boarding area"}
_MOST_STOPS = 500_000


class Gtfs:
    """Understands a zip of tables."""

    class Options(twin.feeds.format.Options):
        """What a feed may say.

        Attributes:
            within: West, south, east, north: positions outside are faults.
            largest_mb: A larger zip is refused.
            largest_unpacked_mb: So is one that unpacks to more.
        """

        within: tuple[float, float, float, float] | None = None
        largest_mb: float = Field(default=128.0, gt=0, le=2048)
        largest_unpacked_mb: float = Field(default=1024.0, gt=0, le=8192)

    def __init__(self, options: Options) -> None:
        self._options = options

    def understand(self, message: Message) -> Understood:
        """Rows of a feed; raises `BadInput` where it is none."""
        if len(message.payload) > self._options.largest_mb * 1e6:
            expected = f"at most {self._options.largest_mb:g} MB"
            raise BadInput(f"a message of {len(message.payload)} bytes", expected=expected)
        name = Path(shown(message.topic.rpartition("/")[2].partition("?")[0] or "the feed", 100))
        feed = GtfsFeed(name, message.payload, largest_bytes=int(self._options.largest_unpacked_mb * 1e6))
        found = Findings()
        try:
            self._stops(feed, message, found)
            with found.part():
                found.records.append(_digest(feed, message, len(found.records)))
        finally:
            feed.close()
        return found.understood()

    def _stops(self, feed: GtfsFeed, message: Message, found: Findings) -> None:
        columns = ("stop_name", "location_type", "parent_station", "stop_code")
        table = feed.table("stops.txt", ("stop_id", "stop_lat", "stop_lon"), columns)
        if len(table) > _MOST_STOPS:
            raise BadInput(f"{len(table)} stops", place="stops.txt", expected=f"at most {_MOST_STOPS}")
        for line, row in enumerate(table.to_dict("records"), 2):
            sort = row["location_type"].strip()
            if sort in _INSIDE:
                found.left_out[_INSIDE[sort]] += 1
                continue
            with found.part(f"stops.txt, line {line}"):
                found.records.append(self._stop(row, sort, message, found, line))

    def _stop(self, row: dict[str, str], sort: str, message: Message, found: Findings, line: int) -> Place:
        if sort not in _KINDS:
            raise BadInput(f"location_type is {shown(sort)!r}", expected="0 to 4")
        name = text(row["stop_id"], "stop_id")
        lon = lat = None
        with found.part(f"stops.txt, line {line}"):
            lon, lat = position(_degrees(row["stop_lon"]), _degrees(row["stop_lat"]), "", self._options.within)
        details = {key: shown(row[column], 200) for key, column in _MORE.items() if row[column].strip()}
        return Place(
            name, _KINDS[sort], message.received, lon, lat, shown(row["stop_name"].strip(), 300), None, details
        )


_MORE = {"station": "parent_station", "code": "stop_code"}


def _degrees(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _digest(feed: GtfsFeed, message: Message, stops: int) -> Place:
    """What the timetable is, as one row: another `sha256` is another timetable."""
    trips = feed.table("trips.txt", ("route_id", "service_id", "trip_id"))
    day, services = busiest_day(feed, trips)
    agency = _first(feed, "agency.txt", ("agency_name",), ("agency_id", "agency_timezone"))
    version = _first(feed, "feed_info.txt", (), ("feed_version",)).get("feed_version", "")
    details: dict[str, Any] = {
        "sha256": hashlib.sha256(message.payload).hexdigest(),
        "stops": stops,
        "routes": len(feed.table("routes.txt", ("route_id",))),
        "runs": len(trips),
        "busiest_day": day,
        "runs_that_day": int(trips["service_id"].isin(services).sum()),
        "zone": shown(agency.get("agency_timezone", "")),
        "version": shown(version),
    }
    name = shown(agency.get("agency_name", ""), 200)
    place = shown(agency.get("agency_id", ""), 200) or name or "timetable"
    return Place(place, "timetable", message.received, None, None, name, None, {k: v for k, v in details.items() if v})


def _first(feed: GtfsFeed, name: str, needed: tuple[str, ...], other: tuple[str, ...]) -> dict[str, str]:
    """The first row of a table that a feed need not have."""
    if name not in feed:
        return {}
    table: pd.DataFrame = feed.table(name, needed, other)
    return {str(key): str(value).strip() for key, value in table.iloc[0].items()} if len(table) else {}
