"""What a format makes of a message, whatever the message holds and whatever the format does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from networks.errors import BadInput
from twin.feeds.format import Format
from twin.feeds.log import LARGEST_PAYLOAD
from twin.feeds.message import Fault, Message, Understood
from twin.feeds.records import TABLE_OF

MENDS, FIRST_RECEIVED = "mends", "first-received"
"""Headers of a message that stands for an earlier one: its number, and when that one was received."""

TOO_LARGE = "too-large"
"""Header of a message that was not written: how many bytes it had."""


def understood(format: Format, message: Message) -> Understood:
    """What a format makes of a message; whatever it raises is a fault, and every row is of a known kind."""
    if TOO_LARGE in message.headers:
        fault = Fault("payload", f"{message.headers[TOO_LARGE]} bytes", f"at most {LARGEST_PAYLOAD}: it was not kept")
        return Understood((), (fault,))
    try:
        found = format.understand(message)
        strange = {type(row).__name__ for row in found.records if type(row) not in TABLE_OF}
        if strange:
            raise TypeError(f"rows of an unknown kind: {', '.join(sorted(strange))}")
        return found
    except BadInput as error:
        return Understood((), (Fault.of(error),))
    except Exception as error:  # a format never stops a feed
        what = f"the format failed: {type(error).__name__}: {str(error)[:300]}"
        return Understood((), (Fault("", what, "a message that it can read"),))


def as_first_received(message: Message) -> Message:
    """A message that stands for an earlier one, with the time at which that one was received."""
    told = message.headers.get(FIRST_RECEIVED)
    try:
        received = datetime.fromisoformat(told) if told else None
    except ValueError:
        received = None
    return replace(message, received=received) if received is not None and received.tzinfo else message
