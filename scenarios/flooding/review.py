"""The review of a flood run by itself: what was foretold, what was seen; hits, misses, false alarms, lead time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.flood.underpass import first_passing
from networks.errors import BadInput
from networks.text_file import read_rows

COLUMNS = ("place", "time_s", "depth_m")


@dataclass(frozen=True)
class Reviewed:
    """One place.

    Attributes:
        place: Its id.
        name: As shown.
        chance: What was foretold for passing the closing depth.
        outcome: hit, miss, false alarm, or correct quiet.
        foretold_s: The median moment of passing; None: none foretold.
        seen_s: When it was seen to pass; None: it did not.
        lead_s: From the run's begin, when the word was given, until then, for a hit.
        late_s: Seen minus foretold, for a hit: positive where the water came later than foretold.
    """

    place: str
    name: str
    chance: float
    outcome: str
    foretold_s: float | None
    seen_s: float | None
    lead_s: float | None
    late_s: float | None


@dataclass(frozen=True)
class Review:
    """All places, and the scores of the whole.

    Attributes:
        places: One by one.
        hits, misses, false_alarms, quiet: Counted.
    """

    places: tuple[Reviewed, ...]

    def count(self, outcome: str) -> int:
        """Places of an outcome."""
        return sum(one.outcome == outcome for one in self.places)

    @property
    def csi(self) -> float | None:
        """Critical success index, hits / (hits + misses + false alarms); None without any (Schaefer 1990,
        doi:10.1175/1520-0434(1990)005<0570:TCSIAA>2.0.CO;2).
        """
        asked = self.count("hit") + self.count("miss") + self.count("false alarm")
        return self.count("hit") / asked if asked else None

    @property
    def brier(self) -> float | None:
        """Mean of (chance - 1 where it passed, else 0) squared (Brier 1950); None without any place."""
        if not self.places:
            return None
        return float(np.mean([(one.chance - (one.seen_s is not None)) ** 2 for one in self.places]))


def read_observed(file: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Times (s since the run's begin, increasing) and depths (m) by place, from a CSV: place, time_s, depth_m.

    Raises:
        BadInput: It cannot be read, or a row is impossible; says which line.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for line, row in read_rows(file, COLUMNS):
        place = f"line {line}"
        try:
            time, depth = float(row["time_s"]), float(row["depth_m"])
        except ValueError:
            time = depth = float("nan")
        course = found.setdefault(row["place"], [])
        if not (np.isfinite(time) and np.isfinite(depth) and depth >= 0) or (course and time <= course[-1][0]):
            expected = "time_s increasing for each place, depth_m not negative"
            raise BadInput("an observation that cannot be", file=file, place=place, expected=expected)
        course.append((time, depth))
    return {name: (np.array(course)[:, 0], np.array(course)[:, 1]) for name, course in found.items()}


def review_run(
    rows: Sequence[dict[str, Any]], observed: dict[str, tuple[np.ndarray, np.ndarray]], *, alarm_at: float = 0.5
) -> Review:
    """Hold a run's places against what was seen there.

    Args:
        rows: Of `load_run`; places that were not trusted with depths are left out.
        observed: By place; a place that nobody looked at is left out.
        alarm_at: An alarm was a chance of at least this.

    Raises:
        BadInput: An observed place that the run did not watch.
    """
    watched = {row["place"]: row for row in rows if str(row["trusted"]) == "True"}
    unknown = sorted(set(observed) - set(watched))
    if unknown:
        what = f"the run gave no depths for {', '.join(unknown)}"
        raise BadInput(what, expected=f"one of {', '.join(sorted(watched)) or 'none'}", place="--observed")
    return Review(tuple(_reviewed(watched[place], *observed[place], alarm_at) for place in sorted(observed)))


def _reviewed(row: dict[str, Any], times_s: np.ndarray, depth_m: np.ndarray, alarm_at: float) -> Reviewed:
    chance = float(row["chance"])
    alarm = chance >= alarm_at
    foretold = float(row["middle_s"]) if alarm and row["middle_s"] != "" else None
    seen = first_passing(times_s, depth_m, float(row["close_m"]))
    outcome = {(True, True): "hit", (False, True): "miss", (True, False): "false alarm"}.get(
        (alarm, seen is not None), "correct quiet"
    )
    late = seen - foretold if seen is not None and foretold is not None else None
    lead = seen if outcome == "hit" else None
    return Reviewed(row["place"], row["name"], chance, outcome, foretold, seen, lead, late)
