"""The local clock of a day, and what it is in seconds of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.emergency.resources.shift import minute_of
from networks.errors import BadInput


@dataclass(frozen=True)
class DayClock:
    """A day.

    Attributes:
        begin: Second 0.
        length_s: How long it is, a day at most.
    """

    begin: datetime
    length_s: float

    def seconds(self, clock: str) -> float:
        """Seconds after the begin of a time like `07:30`; of the next day where it is earlier than the begin.

        Raises:
            BadInput: It lies outside the day.
        """
        begin = 3600.0 * self.begin.hour + 60.0 * self.begin.minute + self.begin.second
        later = (60.0 * minute_of(clock) - begin) % 86400.0
        if later > self.length_s:
            raise BadInput(f"{clock} lies outside the day", expected=f"{self.told(0.0)} to {self.told(self.length_s)}")
        return later

    def told(self, at_s: float) -> str:
        """A moment by the clock."""
        return f"{self.begin + timedelta(seconds=at_s):%H:%M}"
