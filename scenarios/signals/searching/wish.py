"""What is asked of a search for signal timings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.sumo import SumoCase
from networks import Equipment
from scenarios.signals.designing.design import Control
from scenarios.signals.explaining.neighbours import Probing
from scenarios.signals.searching.search import Rules
from scenarios.signals.trying.aim import Purpose

RESCO = "resco"
CLASSES: dict[str, tuple[Control, ...]] = {
    "fixed": ("static",),
    "actuated": ("static", "actuated", "on_call"),
    "coordinated": ("static", "actuated", "on_call", "coordinated"),
    "zones": ("static", "actuated", "on_call", "delay_based"),
}
"""What each class of plans may use: fixed times; loops too; loops in step with the
neighbours too; detectors that see a zone too (radar, video)."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        rules: How long, and on how many seeds.
        plan_class: Of `CLASSES`.
        law: `resco` (3 s of yellow, greens in any order) or the locale of the legal stages.
        only: Signals that may change; empty for all.
        judged: Seeds on which the answer is judged; never those of the search.
        seed: Of the search's draws.
        home: SUMO_HOME of another SUMO.
        purpose: What the search makes less of.
        probing: How much is spent on what a little more or less would cost.
        may_drop: Approaches whose turns may lose the stage that protects them, or `all`: the engineer's leave.
        closely: Whether the judged runs are looked at by approach and by mode; with the installed SUMO alone.
        standing: What stands at signals beside what today's plans say: countdown displays (fixed times alone there),
            waiting areas, refuges.
        days: The same network with the demand of other days: what is found must hold on each of them.
        failed: Share of the detectors that are taken to be out of order while the plans are judged once more; 0: none.
    """

    rules: Rules = field(default_factory=Rules)
    plan_class: str = "zones"
    law: str = "rilsa"
    only: tuple[str, ...] = ()
    judged: tuple[int, ...] = tuple(range(1, 11))
    seed: int = 1
    home: Path | None = None
    closely: bool = False
    purpose: Purpose = "delay"
    probing: Probing = field(default_factory=Probing)
    may_drop: tuple[str, ...] = ()
    failed: float = 0.0
    days: tuple[SumoCase, ...] = ()
    standing: Mapping[str, Equipment] = field(default_factory=dict)
