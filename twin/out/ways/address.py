"""`Address`: what every way needs to know of a receiver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from twin.out.words.written import Writing


@dataclass(frozen=True)
class Address:
    """A receiver.

    Attributes:
        name: Its id.
        writing: How messages are worded for it.
        done_within_s: As in `twin.out.Channel`.
        now: The time by which messages expire: the desk's clock.
    """

    name: str
    writing: Writing
    done_within_s: float | None
    now: Callable[[], datetime]
