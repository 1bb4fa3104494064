"""GA/T 1049.1: the envelope that all messages between a city's platform and its systems have.

Secondary sources, the standard itself could not be read: a supplier's server of 2016 for GA/T 1049.2-2013
(github.com/liruijie/my_program, folder xinjiang), a Java implementation of the edition of 2024
(github.com/MartinMeng001/ga-t1049-parent), and messages recorded in tests of public projects.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from networks.errors import BadInput
from networks.safe_xml import xml_in

PLATFORM, SIGNALS = "TICP", "UTCS"
"""The integrated command platform, and the signal control system."""
REQUEST, RESPONSE, PUSH, ERROR = "REQUEST", "RESPONSE", "PUSH", "ERROR"
VERSIONS = {2013: "1.0", 2024: "2.0"}
MOST_CHARACTERS = 100_000
"""Longest packet (secondary source: ga-t1049-parent, GatConstants)."""
END = b"</Message>"


@dataclass(frozen=True)
class Operation:
    """A command with its objects.

    Attributes:
        name: Login, Logout, Get, Set, Notify.
        objects: What it is about.
    """

    name: str
    objects: tuple[ET.Element, ...] = ()


@dataclass(frozen=True)
class Message:
    """One packet.

    Attributes:
        kind: REQUEST, RESPONSE, PUSH or ERROR.
        seq: 14 digits of local time and 6 of a count.
        operations: In their order.
        token: Of the session; "" before the login.
        sender, receiver: Kinds of systems, TICP or UTCS.
        version: As written.
    """

    kind: str
    seq: str
    operations: tuple[Operation, ...]
    token: str = ""
    sender: str = PLATFORM
    receiver: str = SIGNALS
    version: str = VERSIONS[2024]

    def objects(self, name: str) -> list[ET.Element]:
        """Every object of a name, of all operations."""
        return [one for operation in self.operations for one in operation.objects if one.tag == name]


def sequence(when: datetime, count: int) -> str:
    """The sequence number of the `count`-th message."""
    return f"{when:%Y%m%d%H%M%S}{count % 1_000_000:06d}"


def write_message(message: Message) -> bytes:
    """The packet in UTF-8."""
    root = ET.Element("Message")
    ET.SubElement(root, "Version").text = message.version
    ET.SubElement(root, "Token").text = message.token
    for tag, system in (("From", message.sender), ("To", message.receiver)):
        address = ET.SubElement(ET.SubElement(root, tag), "Address")
        ET.SubElement(address, "Sys").text = system
        ET.SubElement(address, "SubSys")
        ET.SubElement(address, "Instance")
    ET.SubElement(root, "Type").text = message.kind
    ET.SubElement(root, "Seq").text = message.seq
    body = ET.SubElement(root, "Body")
    for order, operation in enumerate(message.operations, 1):
        ET.SubElement(body, "Operation", order=str(order), name=operation.name).extend(operation.objects)
    ET.indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")


def read_message(data: bytes, *, name: str) -> Message:
    """A packet.

    Args:
        data: All of it.
        name: Who sent it, for errors.

    Raises:
        BadInput: It is no XML, not a message, or something of the envelope is missing.
    """
    return message_in(xml_in(data.strip(), name=name, roots=("Message",)), name=name)


def message_in(root: ET.Element, *, name: str) -> Message:
    """The message of an element.

    Raises:
        BadInput: Something of the envelope is missing.
    """
    body = root.find("Body")
    told = {tag: (root.findtext(tag) or "").strip() for tag in ("Version", "Token", "Type", "Seq")}
    systems = [(root.findtext(f"{tag}/Address/Sys") or "").strip() for tag in ("From", "To")]
    missing = [tag for tag in ("Version", "Type", "Seq") if not told[tag]]
    missing += [tag for tag, system in zip(("From", "To"), systems, strict=True) if not system]
    if body is None or missing:
        raise BadInput(
            f"the message lacks {', '.join(missing) or 'Body'}",
            file=name,
            expected="Version, Token, From, To, Type, Seq and a Body of operations",
        )
    operations = tuple(Operation(one.get("name", ""), tuple(one)) for one in body.iter("Operation"))
    return Message(told["Type"], told["Seq"], operations, told["Token"], systems[0], systems[1], told["Version"])


def parts(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Whole packets of a stream, and what is left of it.

    Raises:
        BadInput: More has come than a packet may hold, and no packet ended.
    """
    *whole, rest = buffer.split(END)
    if len(rest) > 4 * MOST_CHARACTERS:
        raise BadInput(
            f"{len(rest)} bytes have come without the end of a message",
            expected=f"packets of at most {MOST_CHARACTERS} characters that end with </Message>",
        )
    return [one + END for one in whole], rest


def element(tag: str, values: Sequence[tuple[str, object]]) -> ET.Element:
    """An object of plain fields."""
    made = ET.Element(tag)
    for name, value in values:
        ET.SubElement(made, name).text = str(value)
    return made
