"""Measured and elaborated values of DATEX II (CEN/TS 16157-5; EN 16157-5) as observations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from calibration import Observation
from twin.feeds.formats.datex2.clock import Period, period_of
from twin.feeds.formats.datex2.publication import Publication
from twin.feeds.formats.datex2.words import STATUSES
from twin.feeds.formats.markup import Part


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a sort of data.

    Attributes:
        way: Names of the elements from the data to the figure; the last but one has its quality.
        measure: Of `calibration.MEASURES`.
        factor: From the standard's unit to the measure's.
        highest: In the standard's unit.
        whole: It is a whole number.
    """

    way: tuple[str, ...]
    measure: str
    factor: float
    highest: float
    whole: bool = False


QUANTITIES = {
    "TrafficFlow": Quantity(("vehicleFlow", "vehicleFlowRate"), "vehicle_count", 1 / 3600, 200_000, whole=True),
    "TrafficSpeed": Quantity(("averageVehicleSpeed", "speed"), "speed", 1 / 3.6, 350),
    "TrafficConcentration": Quantity(("occupancy", "percentage"), "occupancy", 0.01, 100),
    "TravelTimeData": Quantity(("travelTime", "duration"), "travel_time", 1, 172_800),
    "PrecipitationInformation": Quantity(
        ("precipitationDetail", "precipitationIntensity", "millimetresPerHourIntensity"), "rain_intensity", 1, 1000
    ),
}
_VEHICLES = {"bicycle": "bicycle_count", "bus": "bus_count"}
_UNTOLD = -1.0
"""Some publishers write this where nobody passed or nothing was measured."""


def read_measured(publication: Publication) -> None:
    """Rows of a MeasuredDataPublication go to its reading."""
    if not _real(publication.part):
        return
    for site in publication.part.all("siteMeasurements"):
        reference = site.one("measurementSiteReference")
        identity = reference.attribute("id", need=True) if reference is not None else ""
        if reference is None:
            site.fault("it is missing", "the site's id", "measurementSiteReference")
        default = period_of(site, "measurementTimeDefault", publication.options, need=True)
        if not identity or default is None:
            continue
        for name in ("measuredValue", "physicalQuantity"):
            for value in site.all(name):
                index = value.attribute("index", need=True)
                inner = value.one(name) or (value if value.element.find("basicData") is not None else None)
                if inner is None or not index:
                    value.fault("it tells nothing", "an index, and a value", name)
                    continue
                suspect = any(
                    inner.element.find(fault) is not None
                    for fault in ("measurementEquipmentFault", "physicalQuantityFault")
                )
                for data in inner.all("basicData"):
                    _observe(data, f"{identity}/{index}", default, publication, suspect=suspect)


def read_elaborated(publication: Publication) -> None:
    """Rows of an ElaboratedDataPublication go to its reading: values of predefined locations, no forecasts."""
    part = publication.part
    if not _real(part):
        return
    usual_s = part.number("periodDefault", low=0, high=86400)
    default = Period(part.moment("timeDefault") if part.one("timeDefault") is not None else publication.told, usual_s)
    forecast = part.flag("forecastDefault")
    for one in part.all("elaboratedData"):
        told = one.flag("forecast")
        for data in _basic(one):
            places = [found.attribute("id") for found in data.deep("predefinedLocationReference")]
            if told if told is not None else forecast:
                part.reading.left_out["forecast"] += 1
            elif len(places) != 1 or not places[0]:
                part.reading.left_out["value of a place without an id"] += 1
            else:
                suspect = one.element.find("elaboratedDataFault") is not None
                _observe(data, places[0], default, publication, suspect=suspect)


def _basic(part: Part) -> Iterator[Part]:
    yield from part.all("basicData")
    for quantity in part.all("physicalQuantity"):
        yield from quantity.all("basicData")


def _real(part: Part) -> bool:
    status = part.one("headerInformation")
    told = status.word("informationStatus", among=STATUSES, need=True) if status is not None else "real"
    if told and told != "real":
        part.reading.left_out["measurement of a test or an exercise"] += 1
    return told == "real"


def _observe(data: Part, sensor: str, default: Period, publication: Publication, *, suspect: bool) -> None:
    reading, sort = data.reading, data.kind
    quantity = QUANTITIES.get(sort)
    if quantity is None:
        reading.left_out[sort or "value of an unknown sort"] += 1
        return
    figure = data.at(*quantity.way[:-1])
    for child in data.element:
        if child.tag not in (quantity.way[0], "noPrecipitation") and child.tag not in _CIRCUMSTANCES:
            reading.left_out[f"{sort}: {child.tag.rpartition('}')[2]}"] += 1
    dry = data.flag("noPrecipitation") if sort == "PrecipitationInformation" else None
    if figure is None and not dry:
        return
    period = period_of(data, "measurementOrCalculationTime", publication.options, default)
    if period is None:
        return
    if sort == "TrafficFlow" and period.length_s is None:
        data.fault("nothing tells how long the flow was measured", "a period here, or `period_s` in the feed's options")
        return
    result, missing = (0.0, False) if figure is None else _result(figure, quantity)
    if result is None and not missing:
        return
    vehicles = [one.own_text for one in data.deep("vehicleType")]
    measure = quantity.measure
    details: dict[str, Any] = {"vehicles": vehicles} if vehicles else {}
    if sort == "TrafficFlow":
        measure = _VEHICLES.get(vehicles[0], measure) if len(vehicles) == 1 else measure
        result = None if result is None else result * (period.length_s or 0)
    if period.length_s is None:
        details["period"] = "not told"
    quality = "missing" if result is None else "suspect" if suspect else "good"
    begin = period.begin(publication.options)
    if begin > publication.told and begin > reading.latest_told:
        data.fault("it is of the future", "a time that has passed")
        return
    reading.records.append(
        Observation(
            sensor,
            measure,
            begin,
            period.length_s or 0.0,
            result,
            quality,
            max(publication.told, begin),
            False,
            details,
        )
    )


_CIRCUMSTANCES = frozenset(
    {
        *("measurementOrCalculationPeriod", "measurementOrCalculationTime", "pertinentLocation", "vehicleType"),
        *("forVehiclesWithCharacteristicsOf", "travelTimeType", "travelTimeTrendType"),
    }
)


def _result(figure: Part, quantity: Quantity) -> tuple[float | None, bool]:
    """The figure in the measure's unit, and whether it is told that there is none."""
    if figure.flag("dataError"):
        return None, True
    told = figure.number(
        quantity.way[-1], low=0 if quantity.whole else _UNTOLD, high=quantity.highest, whole=quantity.whole, need=True
    )
    if told is None:
        return None, False
    if told == _UNTOLD or (
        quantity.measure in {"speed", "travel_time"} and figure.attribute("numberOfInputValuesUsed") == "0"
    ):
        return None, True
    if told < 0:
        figure.fault(f"{told:g} is below zero", "0 or more; -1 where nothing was measured", quantity.way[-1])
        return None, False
    return told * quantity.factor, False
