"""Alarms against what then happened: hits, misses, false alarms, and how early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AlarmScore:
    """How alarms did.

    Attributes:
        hits: Places that flooded after their alarm; with the alarm's lead (s).
        misses: Places that flooded without an alarm before.
        false_alarms: Places with an alarm that did not flood.
        quiet: Places that stayed dry without an alarm.
    """

    hits: Mapping[str, float]
    misses: tuple[str, ...]
    false_alarms: tuple[str, ...]
    quiet: tuple[str, ...]

    @property
    def csi(self) -> float:
        """Critical success index: hits over hits, misses and false alarms; NaN where nothing happened nor was said.

        Source: Donaldson, Dyer & Kraus 1975 (also called threat score, Gilbert 1884). Secondary source: textbooks of
        forecast verification.
        """
        all_of_them = len(self.hits) + len(self.misses) + len(self.false_alarms)
        return len(self.hits) / all_of_them if all_of_them else float("nan")

    @property
    def false_alarm_ratio(self) -> float:
        """Share of alarms after which nothing happened; NaN without alarms."""
        alarms = len(self.hits) + len(self.false_alarms)
        return len(self.false_alarms) / alarms if alarms else float("nan")

    @property
    def mean_lead_s(self) -> float:
        """Mean lead of the hits (s); NaN without hits."""
        return float(np.mean(list(self.hits.values()))) if self.hits else float("nan")


def score_alarms(flooded_s: Mapping[str, float | None], alarmed_s: Mapping[str, float | None]) -> AlarmScore:
    """Hold alarms against floods.

    Args:
        flooded_s: Place -> when it passed its threshold (s), or None where it did not.
        alarmed_s: Place -> when the alarm was first given (s), or None; an alarm after the flood is a miss.
    """
    hits: dict[str, float] = {}
    misses: list[str] = []
    false: list[str] = []
    quiet: list[str] = []
    for place, flooded in flooded_s.items():
        alarm = alarmed_s.get(place)
        if flooded is None:
            (quiet if alarm is None else false).append(place)
        elif alarm is None or alarm > flooded:
            misses.append(place)
        else:
            hits[place] = flooded - alarm
    return AlarmScore(hits, tuple(misses), tuple(false), tuple(quiet))
