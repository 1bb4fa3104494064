"""One publication on its way to rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from twin.feeds.formats.markup import Part


class Told(Protocol):
    """What readers of publications ask the feed's options."""

    @property
    def period_s(self) -> float | None:
        """Of measured values."""
        ...

    @property
    def stamp(self) -> str:
        """What the time of a measured value means."""
        ...

    @property
    def positions(self) -> str:
        """Order of coordinates."""
        ...


@dataclass(frozen=True, slots=True)
class Publication:
    """What all readers need.

    Attributes:
        part: Its element.
        version: 2 or 3, of DATEX II.
        told: When it was published, UTC.
        options: Of the feed.
    """

    part: Part
    version: int
    told: datetime
    options: Told
