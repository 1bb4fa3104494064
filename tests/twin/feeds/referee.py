"""A trade's own schema as the referee: whatever it calls invalid in a field that we read must be a fault of ours.

for name, payload in mutated(good, {"severity", "sent"}):
    if not schema.validate(parsed(payload)):
        assert faults_of(form, payload)
"""

from __future__ import annotations

import copy
import os
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from networks.errors import BadInput
from twin.feeds import Format, Message, Understood

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
WRONG = (
    *(
        "",
        "zzz",
        "Actual ",
        " real",
        "2024-02-30T00:00:00+00:00",
        "2024-06-01T00:00:00Z",
        "2024-06-01",
        "-1",
        "NaN",
        "1e9",
    ),
    *("1,5", "12.5", "0x1F", "true", "２", "9" * 400),
)


def feeds_folder(name: str) -> Path:
    """A folder of real messages; the test is skipped where it is absent."""
    data = Path(os.environ.get("CITYTWIN_DATA") or Path(__file__).parents[4] / "shared" / "data")
    folder = data / "feeds" / name
    if not folder.is_dir():
        pytest.skip(f"no folder feeds/{name}: CITYTWIN_DATA names the folder of real data")
    return folder


def understood(form: Format, payload: bytes, received: datetime = RECEIVED) -> Understood:
    """What a format makes of a payload."""
    return form.understand(Message(payload, "test", received))


def schema_of(file: Path) -> Any:
    """A schema that validates."""
    etree = pytest.importorskip("lxml.etree")
    return etree.XMLSchema(etree.parse(str(file)))


def parsed(payload: bytes) -> Any:
    """A message as the referee reads it."""
    etree = pytest.importorskip("lxml.etree")
    return etree.fromstring(payload, etree.XMLParser(resolve_entities=False, no_network=True))


def mutated(payload: bytes, fields: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The message with one field wrong, gone or doubled, for every place of every field (local names)."""
    etree = pytest.importorskip("lxml.etree")
    root = parsed(payload)
    places = [element for element in root.iter(etree.Element) if etree.QName(element).localname in fields]
    for element in places:
        name, parent, text = etree.QName(element).localname, element.getparent(), element.text
        if not len(element):
            for wrong in WRONG:
                element.text = wrong
                yield f"{name} is {wrong[:30]!r}", etree.tostring(root)
            element.text = text
        at = parent.index(element)
        parent.insert(at, copy.deepcopy(element))
        yield f"{name} twice", etree.tostring(root)
        parent.remove(parent[at])
        element.tail = None
        parent.remove(element)
        yield f"no {name}", etree.tostring(root)
        parent.insert(at, element)


def judged(form: Format, schema: Any, payload: bytes, fields: Collection[str]) -> tuple[int, list[str]]:
    """How many mutations the schema calls invalid, and which of them the format took without a word."""
    invalid, missed = 0, []
    for name, wrong in mutated(payload, fields):
        if schema.validate(parsed(wrong)):
            continue
        invalid += 1
        try:
            if not understood(form, wrong).faults:
                missed.append(name)
        except BadInput:
            pass
    return invalid, missed
