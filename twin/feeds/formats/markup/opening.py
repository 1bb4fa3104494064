"""Bytes of a message become a tree: within limits, without entities, in any declared encoding."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from xml.etree.ElementTree import Element

from pydantic import Field, field_validator

from networks.errors import BadInput
from networks.safe_xml import xml_in
from twin.feeds.format import Options
from twin.feeds.formats.markup.values import zone_named
from twin.feeds.message import Message

DEEPEST = 100
_GZIP = b"\x1f\x8b"
BYTES_OF_AN_ELEMENT = 16
"""A message has at most one element or attribute for so many of the bytes that are allowed: each takes about 150."""


class MarkupOptions(Options):
    """What all formats in XML may be told.

    Attributes:
        largest_mb: Messages above this size (megabytes, unpacked) are refused.
        zone: Time zone of times that tell none, `Asia/Shanghai` or `+08:00`; "": such times are refused.
    """

    largest_mb: float = Field(default=32, gt=0, le=2000)
    zone: str = ""

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone:
            zone_named(zone)
        return zone

    @property
    def largest_bytes(self) -> int:
        """The same in bytes."""
        return int(self.largest_mb * 1e6)


def plain_bytes(message: Message, options: MarkupOptions) -> bytes:
    """The payload, unpacked where it is gzip.

    Raises:
        BadInput: It is empty, larger than allowed, or gzip that is broken.
    """
    data, most = message.payload, options.largest_bytes
    if data[:2] == _GZIP and len(data) <= most:
        data = _unpacked(data, most, message.topic)
    if len(data) > most:
        raise BadInput(
            f"it is larger than {options.largest_mb:g} MB",
            file=message.topic,
            expected=f"{options.largest_mb:g} MB at most",
            remedy="ask its sender for smaller messages, or set largest_mb in the feed's options",
        )
    if not data.strip():
        raise BadInput("it is empty", file=message.topic, expected="an XML document")
    return data


def _unpacked(packed: bytes, most: int, topic: str) -> bytes:
    """All members of a gzip, up to one byte more than allowed."""
    found = b""
    while packed[:2] == _GZIP and len(found) <= most:
        unpacking = zlib.decompressobj(wbits=31)
        try:
            found += unpacking.decompress(packed, most + 1 - len(found))
        except zlib.error as error:
            raise BadInput(f"it cannot be unpacked: {error}", file=topic, expected="whole gzip") from error
        if not unpacking.eof and len(found) <= most:
            raise BadInput("it breaks off", file=topic, expected="whole gzip")
        packed = unpacking.unused_data
    if packed.strip(b"\0") and len(found) <= most:
        raise BadInput("something that is no gzip follows it", file=topic, expected="whole gzip")
    return found


def opened(message: Message, options: MarkupOptions, spaces: Collection[str]) -> tuple[Element, set[str]]:
    """The root of a message in XML, with local names where the namespace is a known one.

    Args:
        message: As it came.
        options: Its limits.
        spaces: What known namespaces begin with. Elements and attributes in them, or in none, keep their local name;
            others keep theirs with the namespace, so that an extension's part is never taken for the standard's.

    Returns:
        The root, and all namespaces in the message.

    Raises:
        BadInput: As `plain_bytes` and `networks.safe_xml.xml_in`.
    """
    data = plain_bytes(message, options)
    most = max(options.largest_bytes // BYTES_OF_AN_ELEMENT, 10_000)
    root = xml_in(data, name=message.topic, most_elements=most, deepest=DEEPEST)
    known: dict[str, str] = {}
    seen: set[str] = set()

    def local(name: str) -> str:
        if name not in known:
            space, _, short = name[1:].partition("}") if name[0] == "{" else ("", "", name)
            seen.add(space)
            known[name] = short if not space or any(space.startswith(one) for one in spaces) else name
        return known[name]

    for element in root.iter():
        element.tag = local(element.tag)
    return root, seen
