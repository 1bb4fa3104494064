"""Queues on the lanes before signals, by SUMO's detectors over whole lanes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from scenarios.measures.queue_storage import FULL, GAP_M, STANDING_MPS

PERIOD_S = 60.0
LEAST_LANE_M = 8.0
"""Queues are told by the minute, on lanes that hold more than one vehicle."""
_ITEM = re.compile(r' (id|maxJamLengthInMeters|startedHalts)="([^"]*)"')
_ROW = re.compile(r"<interval( [^>]*)>")


def queue_detectors(lanes: Mapping[str, float], out: Path, *, name: str) -> str:
    """The detectors as elements of an additional file.

    Args:
        lanes: Lanes with their lengths in m.
        out: Where SUMO writes what they see.
        name: Begin of their ids.
    """
    return "".join(
        f'<laneAreaDetector id="{name}|{lane}" lane="{lane}" pos="0" endPos="{length:.2f}" friendlyPos="true" '
        f'period="{PERIOD_S:g}" speedThreshold="{STANDING_MPS:.4f}" jamThreshold="{GAP_M:g}" file="{out}"/>\n'
        for lane, length in sorted(lanes.items())
        if length > LEAST_LANE_M
    )


def read_queues(file: Path, lanes: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Lane -> (longest queue in m, share of the minutes in which a queue filled nine tenths of it)."""
    longest: dict[str, list[float]] = {}
    for lane, told in _rows(file):
        longest.setdefault(lane, []).append(float(told["maxJamLengthInMeters"]))
    return {
        lane: (min(max(own), lanes[lane]), sum(one >= FULL * lanes[lane] for one in own) / len(own))
        for lane, own in sorted(longest.items())
    }


def read_halts(file: Path) -> dict[str, int]:
    """Lane -> how often somebody came to a stand on it."""
    halts: dict[str, int] = {}
    for lane, told in _rows(file):
        halts[lane] = halts.get(lane, 0) + int(float(told["startedHalts"]))
    return halts


def _rows(file: Path) -> list[tuple[str, dict[str, str]]]:
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    rows = [dict(_ITEM.findall(row)) for row in _ROW.findall(text)]
    return [(row["id"].partition("|")[2], row) for row in rows]
