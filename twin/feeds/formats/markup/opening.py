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
BYTES_OF_AN_ELEMENT = 16
"""A message has at most one element for so many of the bytes that are allowed: an element takes ten times its bytes."""


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
    if data[:2] == b"\x1f\x8b":
        unpacking = zlib.decompressobj(wbits=31)
        try:
            data = unpacking.decompress(data, most + 1) if len(data) <= most else data
        except zlib.error as error:
            raise BadInput(f"it cannot be unpacked: {error}", file=message.topic, expected="whole gzip") from error
        if not unpacking.eof and len(data) <= most:
            raise BadInput("it breaks off", file=message.topic, expected="whole gzip")
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
