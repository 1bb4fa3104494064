"""Tables of measurement sites (MeasurementSiteTablePublication): a place for each thing that a site measures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from twin.feeds.formats.datex2.locations import location_of
from twin.feeds.formats.datex2.publication import Publication
from twin.feeds.formats.datex2.texts import texts_of
from twin.feeds.formats.markup import Part
from twin.feeds.records import Place

_MEASURES = {
    "trafficFlow": "vehicle_count",
    "trafficSpeed": "speed",
    "trafficConcentration": "occupancy",
    "travelTimeInformation": "travel_time",
    "precipitationInformation": "rain_intensity",
}
"""What a site may measure -> name of the measure."""
_WEATHER = (
    *("humidity", "pollution", "precipitation", "pressure", "radiation", "roadSurface", "temperature"),
    *("visibility", "wind"),
)


def read_sites(publication: Publication) -> None:
    """Rows of a MeasurementSiteTablePublication go to its reading."""
    for table in publication.part.all("measurementSiteTable"):
        for name in ("measurementSiteRecord", "measurementSite"):
            for site in table.all(name):
                _site(site, publication)


def _site(site: Part, publication: Publication) -> None:
    faulty = site.reading.faulty
    identity = site.attribute("id", need=True)
    told: datetime | None = publication.told
    if site.one("measurementSiteRecordVersionTime") is not None:
        told = site.told("measurementSiteRecordVersionTime")
    area, details = location_of(site, publication, need=publication.version == 2)
    lanes = site.number("measurementSiteNumberOfLanes", low=0, high=99, whole=True)
    if told is None or not identity or site.reading.faulty > faulty:
        return
    names = texts_of([site.one("measurementSiteName")], publication.part.language)
    lon, lat = _first(area)
    common: dict[str, Any] = {"site": identity, "version": site.attribute("version"), "lanes": lanes, **details}
    if area is not None and area["type"] != "Point":
        common["area"] = area
    indexed = list(site.all("measurementSpecificCharacteristics"))
    sensors = [(f"{identity}/{own['index']}", own) for part in indexed if (own := _measured(part)) is not None]
    for sensor, own in sensors if indexed else [(identity, {})]:
        said = {name: value for name, value in (common | own).items() if value not in ("", None, [])}
        kind = "weather station" if str(own.get("measures", "")).startswith(_WEATHER) else "detector"
        site.reading.records.append(Place(sensor, kind, told, lon, lat, next(iter(names.values()), ""), None, said))


def _measured(part: Part) -> dict[str, Any] | None:
    index = part.attribute("index", need=True)
    inner = part.one("measurementSpecificCharacteristics")
    if inner is None or not index:
        part.fault("it tells nothing", "an index, and what is measured", "measurementSpecificCharacteristics")
        return None
    sort = inner.text("specificMeasurementValueType", need=True)
    return {
        "index": index,
        "measures": sort,
        "measure": _MEASURES.get(sort, ""),
        "period_s": inner.number("period", low=0, high=86400),
        "lane": inner.text("specificLane"),
        "vehicles": [one.own_text for one in inner.deep("vehicleType")],
    }


def _first(area: dict[str, Any] | None) -> tuple[float | None, float | None]:
    """The first corner of a geometry: where a detector on a line or an area is shown."""
    found = area
    if found is not None and found["type"] == "GeometryCollection":
        found = found["geometries"][0]
    place: Any = found["coordinates"] if found is not None else [None, None]
    while isinstance(place[0], list):
        place = place[0]
    return place[0], place[1]
