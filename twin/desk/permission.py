"""`Permission`: what lets something leave the twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Permission:
    """Something may leave, now.

    Attributes:
        allowed_by: "decision:REC" (people approved it) or "bound:ID" (it lies within a bound).
        not_after: It must not be sent after this; with a zone.
        action: What may be done: interventions as proposed, or as somebody changed them.
    """

    allowed_by: str
    not_after: datetime
    action: tuple[Mapping[str, Any], ...]
