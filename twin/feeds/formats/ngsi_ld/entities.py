"""A city's context as NGSI-LD (ETSI GS CIM 009) in Smart Data Models: entities, arrays, notifications (5.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, field_validator

import twin.feeds.format
from calibration import Observation
from networks.errors import BadInput
from twin.feeds.formats.checks import Findings, items, members, moment, number, zone_named
from twin.feeds.formats.json_in import finite, json_in, shown
from twin.feeds.formats.ngsi_ld.attributes import Box, Entity, middle
from twin.feeds.formats.ngsi_ld.models import COUNTS, ITEMS, MODELS, SEVERITY, Model, in_measure
from twin.feeds.formats.ranges import observed
from twin.feeds.message import Message, Understood
from twin.feeds.records import Place, Situation

LONGEST_BYTES = 8 << 20
_MOST = 20_000


class NgsiLd:
    """Understands entities of the models that this twin uses; others are left out, and counted."""

    class Options(twin.feeds.format.Options):
        """What a feed may say.

        Attributes:
            zone: Of times without one, like Europe/Madrid; without it they are faults.
            period_s: Of counts and rain that tell a moment only.
            within: West, south, east, north: positions outside are faults.
        """

        zone: str | None = None
        period_s: float = Field(default=0.0, ge=0, le=86_400)
        within: Box | None = None

        @field_validator("zone")
        @classmethod
        def _there(cls, value: str | None) -> str | None:
            zone_named(value)
            return value

    def __init__(self, options: Options) -> None:
        self._options, self._zone = options, zone_named(options.zone)

    def understand(self, message: Message) -> Understood:
        """Rows of a message; raises `BadInput` where nothing of it can be used."""
        document = json_in(message.payload, longest_bytes=LONGEST_BYTES)
        told, found = message.received, Findings()
        if isinstance(document, dict) and "data" in document:
            if document.get("notifiedAt") is not None:
                told = moment(document["notifiedAt"], "notifiedAt", message.received, self._zone)
            document = items(document["data"], "data", _MOST)
        entities = items(document, "payload", _MOST) if isinstance(document, list) else [document]
        for count, said in enumerate(entities):
            place = f"[{count}]" if isinstance(document, list) else ""
            with found.part(place):
                entity = Entity(members(said, "payload"), message.received, self._zone)
                self._entity(entity, place, told, found)
        return found.understood()

    def _entity(self, entity: Entity, place: str, told: datetime, found: Findings) -> None:
        sort = next((one for one in entity.types if one in (*MODELS, "ItemFlowObserved", "WeatherAlert")), "")
        told = entity.time("modifiedAt") or entity.time("dateModified") or told
        if sort == "WeatherAlert":
            self._alert(entity, place, told, found)
            return
        model = MODELS.get(sort)
        if sort == "ItemFlowObserved":
            item = str(entity.value("itemType")).lower()
            model = ITEMS.get(item, ITEMS.get(item.removesuffix("s"), Model("counter")))
        if model is None:
            found.left_out[shown(entity.types[0])] += 1
            return
        with found.part(place):
            self._observations(entity, model, place, told, found)
        if entity.has("location") or model.place != "detector" or entity.has("name"):
            found.records.append(self._place(entity, model, place, told, found))
        for name in entity.left():
            found.left_out[f"{sort}.{name}"] += 1

    def _observations(self, entity: Entity, model: Model, place: str, told: datetime, found: Findings) -> None:
        entity.read.update(model.kept, (model.rain,))
        details = {name: _flat(entity.value(name)) for name in model.details if entity.has(name)}
        begin, period_s = entity.period(model.when)
        for name, (measure, stated) in model.kept.items():
            if not entity.has(name):
                continue
            with found.part(place):
                row = (entity.sensor, measure, *self._span(measure, begin, period_s))
                value = number(entity.value(name), name)
                result = observed(
                    measure, in_measure(measure, value, entity.member(name, "unitCode"), stated, name), name
                )
                quality = "good" if _agrees(entity, name, result) else "suspect"
                found.records.append(Observation(*row, result, quality, told, False, details))
        if model.rain and entity.has(model.rain):
            self._rain(entity, model.rain, begin, period_s or self._options.period_s, place, told, found)

    def _span(self, measure: str, begin: datetime, period_s: float) -> tuple[datetime, float]:
        if measure not in COUNTS or period_s:
            return begin, period_s
        if not self._options.period_s:
            raise BadInput(
                "a count of no period",
                place="dateObserved",
                expected="dateObservedFrom and dateObservedTo, or `period_s` under `options:` of the feed",
            )
        return begin - timedelta(seconds=self._options.period_s), self._options.period_s

    def _rain(
        self, entity: Entity, name: str, begin: datetime, period_s: float, place: str, told: datetime, found: Findings
    ) -> None:
        """Rain (mm) of a period as intensity (mm/h); what fell since nobody knows when is left out."""
        if not period_s:
            found.left_out[f"{shown(entity.types[0])}.{name} of no period"] += 1
            return
        with found.part(place):
            depth_mm = number(entity.value(name), name, 0.0, 2000.0, "mm")
            result = observed("rain_intensity", depth_mm / (period_s / 3600.0), name)
            if not entity.has("dateObservedFrom"):
                begin -= timedelta(seconds=period_s)
            found.records.append(Observation(entity.sensor, "rain_intensity", begin, period_s, result, "good", told))

    def _place(self, entity: Entity, model: Model, place: str, told: datetime, found: Findings) -> Place:
        details: dict[str, Any] = {}
        lon = lat = None
        with found.part(place):
            geometry = entity.geometry(self._options.within)
            if geometry is not None:
                lon, lat = middle(geometry)
                if geometry["type"] != "Point":
                    details["geometry"] = geometry
        called = entity.value("name")
        return Place(entity.sensor, model.place, told, lon, lat, shown(called, 300) if called else "", None, details)

    def _alert(self, entity: Entity, place: str, told: datetime, found: Findings) -> None:
        made = entity.time("dateIssued") or told
        begin, end = self._when(entity, "validFrom") or made, self._when(entity, "validTo")
        if end is not None and end < begin:
            raise BadInput("it ends before it begins", place="validTo", expected="later than validFrom")
        severity = SEVERITY.get(str(entity.value("severity")).lower(), "unknown")
        area = None
        with found.part(place):
            area = entity.geometry(self._options.within)
        details: dict[str, Any] = {}
        for name in ("category", "subCategory", "address", "alertSource"):
            if entity.has(name):
                details[name] = _flat(entity.value(name))
        said = entity.value("description") or entity.value("subCategory")
        words = {"": shown(said, 4000)} if said else {}
        found.records.append(
            Situation(entity.id, "", made, "weather", begin, end, "actual", severity, area, words, details)
        )
        for name in entity.left():
            found.left_out[f"WeatherAlert.{name}"] += 1

    def _when(self, entity: Entity, name: str) -> datetime | None:
        """A time of an alert: it may lie ahead."""
        return entity.time(name, ahead=timedelta(days=366))


def _agrees(entity: Entity, name: str, level_m: float) -> bool:
    """A FloodMonitoring's level is its reference less the distance that was measured (its model): within 10 cm."""
    told = [entity.value(other) for other in ("referenceLevel", "measuredDistance")] if name == "currentLevel" else []
    if len(told) < 2 or not all(finite(one) for one in told):
        return True
    return abs(told[0] - told[1] - level_m) <= 0.1


def _flat(value: object) -> object:
    """A value as one may keep it: a number, a text, or texts by name, cut."""
    if isinstance(value, Mapping):
        return {shown(key): shown(one, 200) for key, one in list(value.items())[:20]}
    return value if isinstance(value, bool) or finite(value) else shown(value, 500)
