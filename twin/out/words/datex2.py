"""DATEX II 2.3 (CEN/TS 16157:2011): measures on roads as a situation, and texts of variable message signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from xml.etree.ElementTree import Element

from pydantic import Field

from networks.errors import BadInput
from twin.out.assets import assets_of
from twin.out.message import OutMessage
from twin.out.words.markup import add, xml_of
from twin.out.words.notice import Notice, interventions_told, notice_of, sentence
from twin.out.words.written import Text, Written

SPACE = "http://datex2.eu/schema/2/2_0"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
SEVERITY = {"I": "highest", "II": "high", "III": "medium", "IV": "low"}


class Publisher(Text):
    """Who publishes.

    Attributes:
        country: As DATEX II writes it: "de", "fi", "other".
        name: The national identifier.
    """

    country: str = Field("other", pattern=r"^[a-z]{2,5}$")
    name: str = Field(min_length=1)


class SituationWords(Text):
    """Closures, limits, diversions and messages to road users, a record each."""

    format: Literal["datex2"]
    publisher: Publisher
    language: Literal["en", "zh"] = "en"

    def written(self, message: OutMessage) -> Written:
        """One situation; a rollback cancels the records of what it undoes.

        Raises:
            BadInput: It has no time, or a measure has no place (`places`: a longitude and latitude by asset).
        """
        told = notice_of(message)
        root, publication = _publication("SituationPublication", self.publisher, told, self.language)
        name = str(message.body.get("undoes") or message.rec_id)
        undone = "2" if message.body.get("undoes") else "1"
        situation = add(publication, "situation", id=name, version=undone)
        if told.level in SEVERITY:
            add(situation, "overallSeverity", SEVERITY[told.level])
        _header(situation, told)
        for number, one in enumerate(message.body.get("interventions") or ({"kind": "message"},), start=1):
            self._record(situation, f"{name}-{number}", undone, one, told)
        return xml_of(root)

    def _record(self, parent: Element, name: str, version: str, one: Mapping[str, Any], told: Notice) -> None:
        kind, element, words = _RECORDS.get(str(one.get("kind")), _MESSAGE)
        record = add(parent, "situationRecord", id=name, version=version)
        record.set("xsi:type", kind)
        add(record, "situationRecordCreationTime", _time(told.at))
        add(record, "situationRecordVersionTime", _time(told.at))
        add(record, "probabilityOfOccurrence", "certain")
        validity = add(record, "validity")
        add(validity, "validityStatus", "definedByValidityTimeSpec")
        times = add(validity, "validityTimeSpecification")
        add(times, "overallStartTime", _time(told.begins))
        if told.ends is not None:
            add(times, "overallEndTime", _time(told.ends))
        said = interventions_told([one])[self.language] or told.title[self.language]
        _text(add(add(record, "generalPublicComment"), "comment"), said, self.language)
        _place(record, one, told)
        if version != "1":
            add(add(add(record, "management"), "lifeCycleManagement"), "cancel", "true")
        add(record, "complianceOption", "mandatory" if kind != _MESSAGE[0] else "advisory")
        if kind == "SpeedManagement":
            add(record, element, f"{float(one.get('speed_mps') or 0.0) * 3.6:g}")
        elif words:
            add(record, element, words)
        else:
            _text(add(record, element), said, self.language)


class VmsWords(Text):
    """Texts of signs; each intervention names its `signs` (or `sign`) and the `lines` or the `text` to show.

    Attributes:
        table: Id of the table of signs, agreed with the receiver.
        version: Of that table.
        columns: Characters in a line.
        lines: Lines of a sign.
    """

    format: Literal["datex2-vms"]
    publisher: Publisher
    table: str = Field(min_length=1)
    version: str = "1"
    language: Literal["en", "zh"] = "en"
    columns: int = Field(24, ge=4, le=120)
    lines: int = Field(4, ge=1, le=12)

    def written(self, message: OutMessage) -> Written:
        """The setting of each sign.

        Raises:
            BadInput: It has no time, no sign, or a text that its sign cannot show whole.
        """
        told = notice_of(message)
        root, publication = _publication("VmsPublication", self.publisher, told, self.language)
        _header(publication, told)
        for one in message.body.get("interventions") or ():
            signs = [one["sign"]] if one.get("sign") else list(one.get("signs") or ())
            if not signs:
                raise BadInput(f"{one.get('kind')} names no sign", place="interventions", expected="sign or signs")
            for sign in signs:
                self._unit(publication, str(sign), self._fitted(one), message, told)
        return xml_of(root)

    def _unit(self, parent: Element, sign: str, lines: list[str], message: OutMessage, told: Notice) -> None:
        unit = add(parent, "vmsUnit")
        add(unit, "vmsUnitTableReference", targetClass="VmsUnitTable", id=self.table, version=self.version)
        add(unit, "vmsUnitReference", targetClass="VmsUnitRecord", id=sign, version=self.version)
        vms = add(add(unit, "vms", vmsIndex="1"), "vms")
        add(vms, "vmsWorking", "true")
        shown = add(add(vms, "vmsMessage", messageIndex="1"), "vmsMessage")
        add(shown, "associatedManagementOrDiversionPlan", message.rec_id)
        add(shown, "setBySystem", "true")
        add(shown, "timeLastSet", _time(told.at))
        if not lines:
            return
        text = add(add(shown, "textPage", pageNumber="1"), "vmsText")
        for number, line in enumerate(lines, start=1):
            written = add(add(text, "vmsTextLine", lineIndex=str(number)), "vmsTextLine")
            add(written, "vmsTextLine", line)
            add(written, "vmsTextLineLanguage", self.language)

    def _fitted(self, one: Mapping[str, Any]) -> list[str]:
        given = [str(line) for line in one.get("lines") or ()]
        lines = given or _wrapped(sentence(one.get("text") or "")[self.language], self.columns)
        if not lines and one.get("avoid") == []:
            return []  # nothing is to be avoided any more: the sign is blank
        if not lines or len(lines) > self.lines or max(map(len, lines)) > self.columns:
            what = f"{' / '.join(lines)[:80]!r} does not fit"
            raise BadInput(
                what, place="interventions", expected=f"1 to {self.lines} lines of {self.columns} characters"
            )
        return lines


_RECORDS = {
    "road_closure": ("RoadOrCarriagewayOrLaneManagement", "roadOrCarriagewayOrLaneManagementType", "roadClosed"),
    "lanes_closed": ("RoadOrCarriagewayOrLaneManagement", "roadOrCarriagewayOrLaneManagementType", "laneClosures"),
    "diversion": ("ReroutingManagement", "reroutingManagementType", "followDiversionSigns"),
    "speed_limit": ("SpeedManagement", "temporarySpeedLimit", ""),
}
_MESSAGE = ("GeneralInstructionOrMessageToRoadUsers", "generalMessageToRoadUsers", "")


def _publication(kind: str, publisher: Publisher, told: Notice, language: str) -> tuple[Element, Element]:
    root = Element("d2LogicalModel", {"xmlns": SPACE, "xmlns:xsi": _XSI, "modelBaseVersion": "2"})
    _identity(add(add(root, "exchange"), "supplierIdentification"), publisher)
    publication = add(root, "payloadPublication", lang=language)
    publication.set("xsi:type", kind)
    add(publication, "publicationTime", _time(told.at))
    _identity(add(publication, "publicationCreator"), publisher)
    return root, publication


def _identity(parent: Element, publisher: Publisher) -> None:
    add(parent, "country", publisher.country)
    add(parent, "nationalIdentifier", publisher.name)


def _header(parent: Element, told: Notice) -> None:
    header = add(parent, "headerInformation")
    add(header, "confidentiality", "noRestriction")
    add(header, "informationStatus", "technicalExercise" if told.exercise else "real")


def _place(record: Element, one: Mapping[str, Any], told: Notice) -> None:
    names = [name for name in sorted(assets_of(one)) if name in told.places]
    at = told.places[names[0]] if names else next(iter(told.places.values()), None)
    if at is None:
        raise BadInput(f"nobody can say where {one.get('kind')} is", place="places", expected="[lon, lat] by asset")
    group = add(record, "groupOfLocations")
    group.set("xsi:type", "Point")
    point = add(add(group, "pointByCoordinates"), "pointCoordinates")
    add(point, "latitude", f"{at[1]:.6f}")
    add(point, "longitude", f"{at[0]:.6f}")


def _text(parent: Element, said: str, language: str) -> None:
    add(add(parent, "values"), "value", said[:1024], lang=language)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def _wrapped(text: str, columns: int) -> list[str]:
    """Lines broken between words; Chinese has none, and is broken anywhere."""
    import textwrap

    if " " in text.strip():
        return textwrap.wrap(text, columns, break_long_words=False)
    return [text[at : at + columns] for at in range(0, len(text), columns)]
