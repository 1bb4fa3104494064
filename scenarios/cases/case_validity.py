"""What SUMO counted in a run of a case, and whether that is a picture of traffic."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.sumo.outputs import SUMMARY
from models.sumo.summary import kept_steps
from models.traffic.validity import FEW, STANDING_OVER_S, judge
from scenarios.cases.case_watch import seen_in_summary

_WANTED = {
    "performance": {"begin": "begin_s", "end": "end_s"},
    "vehicles": {"loaded": "loaded", "inserted": "inserted", "running": "running", "waiting": "waiting"},
    "teleports": {"total": "teleports", "jam": "teleports_jam", "yield": "teleports_yield"},
    "safety": {"collisions": "collisions", "emergencyStops": "emergency_stops", "emergencyBraking": "hard_brakings"},
}


def statistics(folder: Path) -> dict[str, float]:
    """SUMO's own counts at the end of a run: times (s), vehicles, teleports, collisions."""
    text = (folder / "statistics.xml").read_text(encoding="utf-8")
    told: dict[str, float] = {}
    for tag, names in _WANTED.items():
        element = re.search(rf"<{tag} ([^>]*)/>", text)
        items = dict(re.findall(r'(\w+)="([^"]*)"', element[1])) if element else {}
        told |= {ours: float(items.get(theirs, 0)) for theirs, ours in names.items()}
    return told


def validity_of(folder: Path, said: dict[str, float], *, stopped: bool = False) -> dict[str, Any]:
    """The watchdog's verdict on a run that is over, as in a manifest.

    Args:
        folder: What the run left.
        said: SUMO's `statistics` of it.
        stopped: Whether the watchdog ended it early.
    """
    inserted, waiting = int(said["inserted"]), int(said["waiting"])
    verdict = judge(
        seen=seen_in_summary(folder / SUMMARY, inserted + waiting, said["begin_s"]),
        planned=inserted + waiting,
        inserted=inserted,
        waiting=waiting,
        teleports=int(said["teleports"]),
        standing_share=_standing_share(folder, said["end_s"]),
        stopped_s=said["end_s"] - said["begin_s"] if stopped else None,
    )
    return asdict(verdict)


def _standing_share(folder: Path, end_s: float) -> float:
    """Mean share of vehicles that stood, over the last quarter of an hour."""
    shares = [
        step["halting"] / step["running"]
        for step in kept_steps(folder / SUMMARY)
        if step["time"] > end_s - STANDING_OVER_S and step["running"] >= FEW
    ]
    return sum(shares) / len(shares) if shares else 0.0
