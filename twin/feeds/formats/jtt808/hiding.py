"""JT/T 808 without persons: who a terminal belongs to is taken out before a frame is written down.

The phone number becomes "f" and digits of the day's pseudonym, which no phone number is. Kept are locations with the
additional items that name nobody; of other items the number alone is kept, of other messages (drivers' cards, pictures,
keys, plates, parts of split messages) the header alone, so that they can still be counted.
"""

from __future__ import annotations

from dataclasses import replace

from networks.errors import BadInput
from twin.feeds.formats.jtt808.frame import BATCH, LOCATION, Frame
from twin.feeds.formats.jtt808.locations import (
    BASIC,
    HARMLESS,
    read_batch,
    read_items,
    write_batch,
    write_items,
)
from twin.feeds.pseudonyms import Pseudonyms


def is_hidden(terminal: str) -> bool:
    """No phone number, but a pseudonym; one that is told in clear has digits alone."""
    return terminal.startswith("f")


def hidden(frame: Frame, names: Pseudonyms) -> Frame:
    """The frame without what names somebody.

    Raises:
        BadInput: A location whose parts cannot be told from each other.
    """
    digits = len(frame.terminal) - 1
    terminal = "f" + names.of(frame.terminal.lstrip("0")).rjust(digits, "0")[-digits:]
    return replace(frame, terminal=terminal, body=_body(frame))


def _body(frame: Frame) -> bytes:
    if frame.encrypted or frame.part is not None:
        return b""
    if frame.message == LOCATION:
        return _location(frame.body)
    if frame.message == BATCH:
        return write_batch([_location(one) for one in read_batch(frame.body)], frame.body[2])
    return b""


def _location(body: bytes) -> bytes:
    if len(body) < BASIC.size:
        raise BadInput(f"a location of {len(body)} bytes", place="body", expected=f"{BASIC.size} or more")
    items = read_items(body[BASIC.size :])
    kept = tuple((number, told if HARMLESS.get(number) == len(told) else b"") for number, told in items)
    return body[: BASIC.size] + write_items(kept)
