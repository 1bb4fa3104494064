"""Warnings in CAP 1.2 (OASIS, 2010; ITU-T X.1303bis)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from xml.etree.ElementTree import Element

from pydantic import Field, model_validator

from networks.errors import BadInput
from twin.out.message import OutMessage
from twin.out.words.markup import add, local, xml_of
from twin.out.words.notice import Corner, Notice, notice_of
from twin.out.words.written import Text, Written

SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SEVERITY = {"I": "Extreme", "II": "Severe", "III": "Moderate", "IV": "Minor"}
CATEGORY = {"ponding": "Met", "coverage": "Rescue", "site": "Safety", "crowd": "Safety"}
"""Event -> category; all others are Transport."""
_LANGUAGES = {"en": "en-US", "zh": "zh-CN"}


class CapWords(Text):
    """How warnings are told.

    Attributes:
        sender: Who warns, without spaces, commas, < and & (section 3.2.1).
        sender_name: For people.
        languages: An info each.
        scope: Public, or Restricted with the rule in `restriction`.
        restriction: Who may see it.
        utc_offset_h: Of the clocks there.
        radius_km: Of the circle around each place, where there is no outline.
        web: Where more is told.
        contact: Whom to ask.
    """

    format: Literal["cap"]
    sender: str = Field(pattern=r"^[^\s,<&]{1,200}$")
    sender_name: str = ""
    languages: tuple[Literal["en", "zh"], ...] = Field(("zh", "en"), min_length=1)
    scope: Literal["Public", "Restricted"] = "Public"
    restriction: str = ""
    utc_offset_h: float = Field(0.0, ge=-12.0, le=14.0)
    radius_km: float = Field(0.2, gt=0.0, le=500.0)
    web: str = ""
    contact: str = ""

    @model_validator(mode="after")
    def _restricted(self) -> CapWords:
        if (self.scope == "Restricted") != bool(self.restriction):
            raise ValueError("restriction says who may see a warning whose scope is Restricted, and only of such")
        return self

    def written(self, message: OutMessage) -> Written:
        """One alert; its identifier is the message's key.

        Raises:
            BadInput: It has no time, or no area.
        """
        told = notice_of(message)
        root = Element("alert", {"xmlns": SPACE})
        add(root, "identifier", message.key)
        add(root, "sender", self.sender)
        add(root, "sent", self._time(told.at))
        add(root, "status", "Exercise" if told.exercise else "Actual")
        add(root, "msgType", told.message)
        add(root, "scope", self.scope)
        if self.restriction:
            add(root, "restriction", self.restriction)
        if told.exercise:
            add(root, "note", "Exercise 演练")
        if told.replaces:
            said = (f"{self.sender},{key},{self._time(at)}" for key, at in told.replaces)
            add(root, "references", " ".join(said))
        elif told.message != "Alert":
            raise BadInput(f"an {told.message} that names no message", place="replaces", expected="key and at of each")
        for language in self.languages:
            self._info(root, told, language)
        return xml_of(root)

    def _info(self, root: Element, told: Notice, language: str) -> None:
        info = add(root, "info")
        add(info, "language", _LANGUAGES[language])
        add(info, "category", CATEGORY.get(told.event, "Transport"))
        add(info, "event", told.event)
        add(info, "urgency", _urgency(told))
        add(info, "severity", SEVERITY.get(told.level, "Unknown"))
        add(info, "certainty", _certainty(told.probability))
        add(info, "effective", self._time(told.at))
        add(info, "onset", self._time(told.begins))
        if told.ends is not None:
            add(info, "expires", self._time(told.ends))
        if self.sender_name:
            add(info, "senderName", self.sender_name)
        add(info, "headline", told.title[language])
        add(info, "description", told.text[language])
        if self.web:
            add(info, "web", self.web)
        if self.contact:
            add(info, "contact", self.contact)
        self._area(info, told, language)

    def _area(self, info: Element, told: Notice, language: str) -> None:
        if not (told.rings or told.places or told.area[language]):
            raise BadInput("nobody can say where it is", place="body", expected="polygon, places or area")
        area = add(info, "area")
        add(area, "areaDesc", told.area[language] or ", ".join(told.places) or told.title[language])
        for ring in told.rings:
            add(area, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in _closed(ring)))
        if not told.rings:
            for lon, lat in told.places.values():
                add(area, "circle", f"{lat:.6f},{lon:.6f} {self.radius_km:g}")

    def _time(self, moment: datetime) -> str:
        text = local(moment, self.utc_offset_h).isoformat()
        return text.replace("+00:00", "-00:00")  # section 3.3.2


def _urgency(told: Notice) -> str:
    wait = told.begins - told.at
    return "Immediate" if wait <= timedelta(0) else "Expected" if wait <= timedelta(hours=1) else "Future"


def _certainty(probability: float | None) -> str:
    if probability is None:
        return "Unknown"
    return "Observed" if probability >= 1.0 else "Likely" if probability > 0.5 else "Possible"


def _closed(ring: tuple[Corner, ...]) -> tuple[Corner, ...]:
    if len(set(ring)) < 3:
        raise BadInput(f"an outline of {len(set(ring))} corners", place="polygon", expected="three at least")
    return ring if ring[0] == ring[-1] else (*ring, ring[0])
