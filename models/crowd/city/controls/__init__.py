"""What is done about a day of visitors: advice that some follow, and barriers that bind all."""

from __future__ import annotations

from models.crowd.city.controls.controls import Controls
from models.crowd.city.controls.guide import Guide
from models.crowd.city.controls.measures import (
    KINDS,
    Closure,
    Control,
    Gate,
    Hold,
    Line,
    OneWay,
    Parking,
    Runs,
    Shuttle,
    Signs,
    Slots,
    Stagger,
)
from models.crowd.city.controls.standing import Standing
from models.crowd.city.controls.wishes import Wishes, wishes_under

__all__ = [
    "KINDS", "Closure", "Control", "Controls", "Gate", "Guide", "Hold", "Line", "OneWay", "Parking", "Runs", "Shuttle",
    "Signs", "Slots", "Stagger", "Standing", "Wishes", "wishes_under",
]  # fmt: skip
