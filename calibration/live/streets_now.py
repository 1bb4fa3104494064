"""What a copy of the city saw on its streets, read from what SUMO wrote after the copy was made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import numpy as np

from calibration.live.usual import Floats

FILE = "streets.xml"
WRITTEN = "entered departed sampledSeconds waitingTime speed teleported"
_PIECE = re.compile(r'<interval begin="([\d.]+)"|<edge id="([^"]*)"([^>]*)>')
_VALUE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """Streets (E) in periods (T) of one simulation.

    Attributes:
        flow: Vehicles that entered an edge or set out on it (E, T).
        set_out: Of them, those that set out on it (E, T).
        speed_mps: Harmonic mean speed (E, T); NaN where nobody was.
        vehicle_s: Time that vehicles spent there, s (E, T).
        standing_s: Of it, standing (E, T).
        teleported: Vehicles that SUMO moved on by force (E, T).
    """

    flow: Floats
    set_out: Floats
    speed_mps: Floats
    vehicle_s: Floats
    standing_s: Floats
    teleported: Floats


def asked(folder: Path, period_s: float) -> tuple[Path, ...]:
    """The additional file that makes SUMO write what `read_seen` reads."""
    file = folder / "streets.add.xml"
    file.write_text(
        f'<additional><edgeData id="streets" period="{period_s:g}" excludeEmpty="true" writeAttributes="{WRITTEN}" '
        f'file="{folder / FILE}"/></additional>',
        encoding="utf-8",
    )
    return (file,)


def read_seen(file: Path, edges: dict[str, int], begin_s: float, period_s: float, periods: int) -> Seen:
    """Read the whole periods from `begin_s` on; the text may begin in the middle of a line.

    Args:
        file: What SUMO wrote.
        edges: Row of each edge that is wanted.
        begin_s: Begin of the first period.
        period_s: Length of a period.
        periods: How many.
    """
    shape = (len(edges), periods)
    counted, gone, spent, stood, forced = (np.zeros(shape) for _ in range(5))
    speed = np.full(shape, np.nan)
    column = -1
    for piece in _PIECE.finditer(file.read_text(encoding="utf-8", errors="replace")):
        if piece[1] is not None:
            column = round((float(piece[1]) - begin_s) / period_s)
            continue
        row = edges.get(piece[2]) if "&" not in piece[2] else edges.get(unescape(piece[2]))
        if row is None or not 0 <= column < periods:
            continue
        told = dict(_VALUE.findall(piece[3]))
        gone[row, column] = float(told.get("departed", 0))
        counted[row, column] = float(told.get("entered", 0)) + gone[row, column]
        spent[row, column] = float(told.get("sampledSeconds", 0))
        stood[row, column] = float(told.get("waitingTime", 0))
        forced[row, column] = float(told.get("teleported", 0))
        if told.get("speed", "") and spent[row, column] > 0:
            speed[row, column] = float(told["speed"])
    return Seen(counted, gone, speed, spent, stood, forced)
