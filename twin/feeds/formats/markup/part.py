"""An element of a message that knows its place: values are read from it, and what is wrong with them is noted there."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from twin.feeds.formats.markup import values
from twin.feeds.formats.markup.reading import Reading
from twin.feeds.formats.markup.values import shown

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Part:
    """One element.

    Values that are missing are None or ""; with `need` their absence is a fault. A value that is there and wrong is a
    fault at its place, and None.
    """

    __slots__ = ("_label", "_parent", "element", "reading")

    def __init__(self, element: Element, reading: Reading, label: str = "", parent: Part | None = None) -> None:
        self.element, self.reading = element, reading
        self._label, self._parent = label or element.tag, parent

    @property
    def place(self) -> str:
        """Where it is: names from the message's root, with ids or numbers."""
        return self._label if self._parent is None else f"{self._parent.place}/{self._label}"

    @property
    def name(self) -> str:
        """Its element's name."""
        return self.element.tag

    @property
    def own_text(self) -> str:
        """What stands in it, without space around."""
        return (self.element.text or "").strip()

    @property
    def kind(self) -> str:
        """Its `xsi:type`, without a prefix."""
        return self.element.get(_XSI_TYPE, "").strip().rpartition(":")[2]

    @property
    def language(self) -> str:
        """Its `lang` or `xml:lang`, "" where not told."""
        return values.language_tag(self.element.get("lang") or self.element.get(_XML_LANG) or "")

    def called(self, label: str) -> Part:
        """The same, by another name in places."""
        self._label = label
        return self

    def one(self, name: str) -> Part | None:
        """The one child of a name; a second one is a fault."""
        found = self.element.findall(name) if name[0] != "{" else []
        if len(found) > 1:
            self.reading.fault(f"{self.place}/{name}", f"it stands here {len(found)} times", "once")
        return Part(found[0], self.reading, "", self) if found else None

    def all(self, name: str) -> Iterator[Part]:
        """All children of a name, numbered from 1."""
        for number, element in enumerate(self.element.findall(name), start=1):
            own = element.get("id")
            yield Part(element, self.reading, f"{name} {own}" if own else f"{name}[{number}]", self)

    def at(self, *names: str) -> Part | None:
        """The part at the end of a way of children."""
        part: Part | None = self
        for name in names:
            part = part.one(name) if part is not None else None
        return part

    def deep(self, name: str) -> Iterator[Part]:
        """All descendants of a name, numbered from 1."""
        for number, element in enumerate(self.element.iter(name), start=1):
            yield Part(element, self.reading, f"{name}[{number}]", self)

    def text(self, *names: str, need: bool = False) -> str:
        """What stands in a part, without space around."""
        part = self.at(*names)
        told = part.own_text if part is not None else ""
        if need and not told:
            self.fault("it is missing or empty", "a text", *names)
        return told

    def attribute(self, name: str, *, need: bool = False) -> str:
        """An attribute, without space around."""
        told = (self.element.get(name) or "").strip()
        if need and not told:
            self.fault(f"its attribute {name} is missing or empty", "a text")
        return told

    def word(self, *names: str, among: Collection[str], need: bool = False) -> str:
        """One of some words, "" where it is not; space around it is a fault, but no reason not to know it."""
        part = self.at(*names)
        if part is None:
            if need:
                self.fault("it is missing", _words(among), *names)
            return ""
        told = part.element.text or ""
        if told not in among:
            part.fault(f"{shown(told)} is no word of the standard", _words(among))
        return told.strip() if told.strip() in among else ""

    def moment(self, *names: str, need: bool = False, latest: datetime = values.LATEST) -> datetime | None:
        """A time, UTC."""
        part = self.at(*names)
        expected = "a date and time with its zone, 2026-06-01T12:00:00+08:00"
        if part is None or not part.own_text:
            if need or part is not None:
                self.fault("it is missing or empty", expected, *names)
            return None
        try:
            return values.moment(part.own_text, self.reading.zone, latest)
        except ValueError as error:
            part.fault(str(error), expected)
            return None

    def told(self, *names: str, need: bool = False) -> datetime | None:
        """The time at which something was said: not later than a day after it came."""
        return self.moment(*names, need=need, latest=self.reading.latest_told)

    def number(
        self,
        *names: str,
        low: float = -math.inf,
        high: float = math.inf,
        whole: bool = False,
        need: bool = False,
    ) -> float | None:
        """A number between two bounds."""
        part = self.at(*names)
        if part is None:
            if need:
                self.fault("it is missing", _bounds(low, high, whole), *names)
            return None
        try:
            return values.number(part.own_text, low, high, whole=whole)
        except ValueError as error:
            part.fault(str(error), _bounds(low, high, whole))
            return None

    def duration_s(self, *names: str) -> float | None:
        """A duration (s)."""
        part = self.at(*names)
        if part is None:
            return None
        try:
            return values.duration_s(part.own_text)
        except ValueError as error:
            part.fault(str(error), "a duration as PT2M30S or -PT2M")
            return None

    def flag(self, *names: str) -> bool | None:
        """True or false."""
        part = self.at(*names)
        if part is None:
            return None
        if part.own_text not in {"true", "false", "1", "0"}:
            part.fault(f"{shown(part.own_text)} is neither true nor false", "true or false")
            return None
        return part.own_text in {"true", "1"}

    def fault(self, what: str, expected: str = "", *names: str) -> None:
        """Note what is wrong here, or further in."""
        self.reading.fault("/".join((self.place, *names)), what, expected)


def _words(among: Collection[str]) -> str:
    if len(among) > 12:
        return f"one of {len(among)} words, {', '.join(sorted(among)[:3])}..."
    return "one of " + ", ".join(sorted(among))


def _bounds(low: float, high: float, whole: bool) -> str:
    sort = "a whole number" if whole else "a number"
    if math.isinf(low) and math.isinf(high):
        return sort
    return f"{sort} from {low:g} to {high:g}" if math.isfinite(high) else f"{sort} from {low:g}"
