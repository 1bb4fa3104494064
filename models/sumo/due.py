"""How many vehicles a case can send out at most: counted in its files as text, for a watch that must not be hasty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.sumo.case import SumoCase

_ONE = re.compile(rb"<(?:vehicle|trip)\s")
_DEPART = re.compile(rb'<(?:vehicle|trip)\s[^<>]*?\bdepart="(\d[\d.]*)"')
_MORE = re.compile(rb"<(?:flow|include|calibrator|interval)\b|<vType\s[^<>]*\bscale=")
_CHANGING = ("scale", "scale-suffix", "end", "route-files", "additional-files")
"""Options that change how many of the vehicles in the files depart."""


def most_due(case: SumoCase, extra: Sequence[str] = ()) -> int | None:
    """Vehicles that the files send out before the case's end.

    Args:
        case: Whose files.
        extra: More of SUMO's options.

    Returns:
        The number, or more than it (those before the begin count too); None where the text does not tell: flows,
        compressed files, departures in words or on a clock, or demand that is scaled.
    """
    if any(f"--{name}" in extra for name in _CHANGING) or "scale" in case.options:
        return None
    files = (*case.routes, *case.additionals)
    found = [_departures(file, file.stat().st_mtime_ns) for file in files]
    if any(times is None for times in found):
        return None
    end_s = np.inf if case.end_s is None else case.end_s
    return int(sum(int((times < end_s).sum()) for times in found if times is not None))


@lru_cache(maxsize=64)
def _departures(file: Path, _changed_ns: int) -> np.ndarray | None:
    """Departure times in a file, s; kept, since a worker runs the same case with many seeds."""
    text = file.read_bytes()
    times = _DEPART.findall(text)
    plain = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if not plain or _MORE.search(text) or len(_ONE.findall(text)) != len(times):
        return None
    return np.array([float(value) for value in times])
