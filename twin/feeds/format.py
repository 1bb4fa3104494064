"""How bytes become rows: what every format of the trade is, here and in plugins."""

from __future__ import annotations

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from twin.feeds.message import Message, Understood


class Options(BaseModel):
    """What a feed's YAML may say under `options:`; a format adds its own fields. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Format(Protocol):
    """Understands messages of one kind.

    A format is a class with a class attribute `Options` (a subclass of `twin.feeds.format.Options`), made by
    `format(options)`. It knows nothing of transports, the log and the store, keeps no state that a restart could lose,
    and works on one message at a time: the same message gives the same rows, whenever it is read again. So the time of
    a message that does not tell one is `message.received`.
    """

    def understand(self, message: Message) -> Understood:
        """Rows of a message.

        Raises:
            BadInput: Nothing of it can be used. Names the place in the message and what was expected.
        """
        ...


class Concealing(Protocol):
    """A format whose messages name persons: it takes that out before anything is written down."""

    def conceal(self, payload: bytes) -> bytes:
        """The message without identifiers of persons, in the same format; equal ones keep equal pseudonyms for a day.

        What cannot be read is given back with its content replaced by its length and hash: it may name somebody.
        """
        ...


class FormatClass(Protocol):
    """The class of a format, as plugins give it."""

    Options: type[Options]

    def __call__(self, options: Any) -> Format:
        """Make one."""
        ...
