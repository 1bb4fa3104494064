"""Delay per vehicle, read from the trips that SUMO wrote, by the two definitions in use for RESCO."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

_TRIP = re.compile(r"<tripinfo ([^>]*)>")
_ITEM = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Delays:
    """What the vehicles of a run lost.

    Attributes:
        all_planned_s: Over every planned vehicle: time lost and the wait to enter of those that departed, finished or
            not; of those never inserted the time from their planned departure to the end.
        resco_paper_s: As RESCO's code counts: of those never inserted only who was due after the last that departed.
        vehicles: Planned ones.
        inserted: Of them, those that departed.
        waited_s: Wait to enter by edge, of those that departed.
    """

    all_planned_s: float
    resco_paper_s: float
    vehicles: int
    inserted: int
    waited_s: dict[str, float]


def read_delays(trips: Path, end_s: float) -> Delays:
    """Read SUMO's tripinfo output with unfinished and undeparted vehicles, as XML.

    Args:
        trips: The file.
        end_s: When the run ended.

    Sources: Ault & Sharon 2021 (NeurIPS) and its code for the second definition.
    """
    lost, never, last_due = list[float](), list[float](), -math.inf
    waited_s: dict[str, float] = {}
    for text in _TRIP.findall(trips.read_text(encoding="utf-8")):
        trip = dict(_ITEM.findall(text))
        waited = float(trip["departDelay"])
        if float(trip["depart"]) < 0:
            never.append(waited)
            continue
        lost.append(float(trip["timeLoss"]) + waited)
        last_due = max(last_due, float(trip["depart"]) - waited)
        edge = trip["departLane"].rpartition("_")[0]
        waited_s[edge] = waited_s.get(edge, 0.0) + waited
    late = [waited for waited in never if end_s - waited > last_due]
    vehicles = len(lost) + len(never)
    return Delays(
        (sum(lost) + sum(never)) / max(vehicles, 1),
        (sum(lost) + sum(late)) / max(len(lost) + len(late), 1),
        vehicles,
        len(lost),
        waited_s,
    )
