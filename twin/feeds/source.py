"""How messages come in: what every transport is, here and in plugins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from twin.feeds.message import Message


class Connection(BaseModel):
    """What a feed's YAML may say under `source:` beside `kind`; a transport adds its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


async def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, and what to call once it is safe.

    Attributes:
        message: As it came.
        done: Called after the message was written to the feed log and the disk has it: acknowledges it to the broker,
            moves the file away, remembers the page's tag. Not called: the message is delivered again.
    """

    message: Message
    done: Callable[[], Awaitable[None]] = _nothing


class Source(Protocol):
    """One way in.

    A source is a class with a class attribute `Connection` (a subclass of `twin.feeds.source.Connection`), made by
    `source(connection, feed_id)`. It is pulled: when nobody asks for the next delivery it takes nothing in, and tells
    the sender so where the protocol can (MQTT's receive maximum). It connects when first asked, and raises
    `ConnectionError` (or `OSError`) with a sentence when the other side is away: who asked pauses and asks again.
    One that asks by itself may have `when_answered(call)`: it calls that when the other side answered that nothing is
    new, so that a page without news is told from one that is silent; and `hurry(urgent)`: it asks more often from then
    on, or as usual again.
    """

    def deliveries(self) -> AsyncIterator[Delivery]:
        """Messages as they come; ends where there is an end (a folder read once)."""
        ...


class SourceClass(Protocol):
    """The class of a transport, as plugins give it."""

    Connection: type[Connection]

    def __call__(self, connection: Any, feed_id: str) -> Source:
        """Make one."""
        ...
