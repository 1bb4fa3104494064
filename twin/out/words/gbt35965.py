"""Warnings after GB/T 35965.1-2018 (emergency information exchange, part 1), a declared subset.

The standard's text is not open. Elements, their order and the form of times are those of one message of a provincial
bureau that stands in a public repository (2020, <alert> without namespace); the identifier of 31 characters and the
words of status follow a published table of values. Written: identifier, sender, senderCode, sendTime, status, msgType,
scope, secClassification, note, references, and of info: language, eventType, urgency, severity (Red, Orange, Yellow,
Blue), certainty, effective, onset, expires, senderName, headline, description, instruction, web, areaDesc, geocode.
Empty, since nothing open says how they are written: polygon, circle. Left out: code (channels, audiences), resources.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from xml.etree.ElementTree import Element

from pydantic import Field

from networks.errors import BadInput
from twin.out.message import OutMessage
from twin.out.words.markup import add, local, xml_of
from twin.out.words.notice import notice_of
from twin.out.words.written import Text, Written

COLOUR = {"I": "Red", "II": "Orange", "III": "Yellow", "IV": "Blue"}
_WORDS = {"I": "红色", "II": "橙色", "III": "黄色", "IV": "蓝色"}
_BEIJING_H = 8.0


class Gbt35965Words(Text):
    """How warnings are told.

    Attributes:
        sender: The unit that warns.
        sender_code: Its code of 14 digits: place (GB/T 2260), trade (GB/T 4657), unit, extension.
        person: Who answers for it.
        event_types: Kind of trouble -> code of GB/T 35561, of five characters; a kind without one is refused.
        geocode: Code of the place warned, 12 digits.
        area: Its name.
        scope: As in CAP.
    """

    format: Literal["gbt35965"]
    sender: str = Field(min_length=1)
    sender_code: str = Field(pattern=r"^[0-9]{14}$")
    person: str = ""
    event_types: dict[str, str]
    geocode: str = Field(pattern=r"^[0-9]{12}$")
    area: str = Field(min_length=1)
    scope: Literal["Public", "Restricted", "Private"] = "Public"

    def written(self, message: OutMessage) -> Written:
        """One alert.

        Raises:
            BadInput: It has no time or no level, or its kind of trouble has no code here.
        """
        told = notice_of(message)
        if told.level not in COLOUR:
            raise BadInput(f"a warning of level {told.level!r}", place="level", expected=f"one of {', '.join(COLOUR)}")
        if told.event not in self.event_types:
            raise BadInput(f"no code for {told.event!r}", place="words.event_types", expected="a code of GB/T 35561")
        root = Element("alert")
        add(root, "identifier", self._name(message.key, told.at))
        add(root, "sender", self.sender)
        add(root, "senderCode", self.sender_code)
        add(root, "sendTime", _time(told.at))
        add(root, "status", "Exercise" if told.exercise else "Actual")
        add(root, "msgType", told.message)
        add(root, "scope", self.scope)
        add(root, "secClassification", "None")
        add(root, "note", "演练" if told.exercise else "")
        add(root, "references", ",".join(self._name(key, at) for key, at in told.replaces))
        info = add(root, "info")
        add(info, "language", "zh-CN")
        add(info, "eventType", self.event_types[told.event])
        add(info, "urgency", "Immediate" if told.begins <= told.at else "Expected")
        add(info, "severity", COLOUR[told.level])
        add(info, "certainty", "Observed" if told.probability == 1.0 else "Likely" if told.probability else "Unknown")
        for name, moment in (("effective", told.at), ("onset", told.begins), ("expires", told.ends)):
            add(info, name, _time(moment) if moment is not None else "")
        add(info, "senderName", self.person)
        add(info, "headline", f"{'【演练】' if told.exercise else ''}{told.title['zh']}{_WORDS[told.level]}预警")
        add(info, "description", told.text["zh"])
        for name in ("instruction", "web"):
            add(info, name, "")
        area = add(info, "area")
        add(area, "areaDesc", self.area)
        for name in ("polygon", "circle"):
            add(area, name, "")
        add(area, "geocode", self.geocode)
        return xml_of(root)

    def _name(self, key: str, at: datetime) -> str:
        """Unit, second, and a digit that tells apart what is sent within one second (taken from the key)."""
        return f"{self.sender_code}_{local(at, _BEIJING_H):%Y%m%d%H%M%S}_{sum(key.encode()) % 10}"


def _time(moment: datetime) -> str:
    return local(moment, _BEIJING_H).isoformat(sep=" ")
