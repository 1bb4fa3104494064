"""How often feeds are asked: as usual, or as in an emergency; told by whoever serves the city to whoever records."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

PACE = "pace.json"
STALE_S = 600.0
"""A word older than this holds no longer: who said it is gone, and other people's servers are not pressed for ever."""


def tell_pace(folder: Path, urgent: bool) -> None:
    """Say it to the recorder of a store; said again now and then, since it holds for `STALE_S` only.

    Args:
        folder: Of the store.
        urgent: As in an emergency.
    """
    path = folder / PACE
    beside = path.with_suffix(".part")
    with suppress(OSError):  # it is said again soon
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"urgent": urgent}), encoding="utf-8")
        beside.replace(path)


def is_urgent(folder: Path) -> bool:
    """What was said last; as usual where nobody did, or long ago."""
    path = folder / PACE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return bool(told["urgent"]) and time.time() - path.stat().st_mtime <= STALE_S
    except (OSError, ValueError, KeyError, TypeError):
        return False
