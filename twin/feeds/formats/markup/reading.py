"""What is gathered while one message is read: rows, faults, what is left out."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from twin.feeds.message import Fault, Understood
from twin.feeds.records import Record

MOST_FAULTS = 200
"""More of one message are only counted: who mends it has seen enough."""


class Reading:
    """One message on its way to rows.

    Attributes:
        received: When it came, UTC.
        zone: Of times that tell none; "": such times are faults.
        records: Rows so far.
        left_out: What is fine, but not kept -> how many.
        faulty: Number of faults so far.
    """

    def __init__(self, received: datetime, zone: str = "") -> None:
        self.received, self.zone = received, zone
        self.records: list[Record] = []
        self.left_out: Counter[str] = Counter()
        self.faulty = 0
        self._faults: list[Fault] = []

    @property
    def latest_told(self) -> datetime:
        """Nothing can have been said later than this: clocks differ, but not by more than a day."""
        return self.received + timedelta(days=1)

    def fault(self, place: str, what: str, expected: str = "") -> None:
        """Note a part that could not be used."""
        self.faulty += 1
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Fault(place, what, expected))

    def understood(self) -> Understood:
        """What was made of the message."""
        more = self.faulty - len(self._faults)
        last = (Fault("", f"{more} more faults of this message are not listed"),) if more else ()
        return Understood(tuple(self.records), (*self._faults, *last), dict(self.left_out))
