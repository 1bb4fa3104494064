"""XML that is written: elements in order, texts without what XML forbids."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from xml.etree.ElementTree import Element, SubElement, tostring

from twin.out.words.written import Written

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A child, with a text where there is one."""
    child = SubElement(parent, name, attributes)
    if text is not None:
        child.text = _FORBIDDEN.sub(" ", text)
    return child


def xml_of(root: Element) -> Written:
    """A document as bytes."""
    return Written(tostring(root, encoding="utf-8", xml_declaration=True), "application/xml", ".xml")


def local(moment: datetime, offset_h: float) -> datetime:
    """A moment by the clocks of a place, to the second."""
    return moment.astimezone(timezone(timedelta(hours=offset_h))).replace(microsecond=0)
