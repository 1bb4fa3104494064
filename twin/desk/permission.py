"""`Permission`: what lets something leave the twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from twin.desk.assets import assets_of, changed_meanwhile
from twin.desk.book import Book
from twin.desk.deciding import clock_jumped
from twin.desk.entries import DeskEntry
from twin.desk.ruling import Ruling


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


def permitted(link: Connection, book: Book, entry: DeskEntry, ruling: Ruling) -> Permission | None:
    """What lets this leave, judged now: approved, in time, its assets as they were, its autonomy enough."""
    decision = entry.decision
    if entry.status != "approved" or decision is None:
        return None
    if book.clock(link) > entry.valid_until or clock_jumped(link, book) is not None:
        return None
    level, _ = ruling.level(assets_of(entry.document, entry.action))
    if level in ("shadow", "advise") or (decision.bound is not None and level != "bounded"):
        return None
    if changed_meanwhile(link, entry.document, entry.action) is not None:
        return None
    by = f"decision:{entry.rec_id}" if decision.bound is None else f"bound:{decision.bound}"
    return Permission(by, entry.valid_until, entry.action)
