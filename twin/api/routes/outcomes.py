"""What actions brought, and how far promises of each kind came true."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from twin.api.behind import Behind
from twin.api.routes.caller import needs
from twin.api.routes.said import NO_CONTROLS, READ, Limit, Offset, told
from twin.outcome import BY_DESIGN, Outcome, OutcomeBook, trust_text

RecId = Annotated[str | None, Query(max_length=200, pattern=NO_CONTROLS)]


class OutcomeTold(BaseModel):
    """What came of a recommendation, by one method; null where nothing can be said."""

    rec_id: str
    kind: str
    method: str
    by_design: bool = Field(description="Measured in the street; else the twin's own word for it.")
    since: datetime
    until: datetime
    measure: str
    unit: str
    difference: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    base: float | None
    promised: float | None
    text: dict[str, str]


class TrustTold(BaseModel):
    """How far promises of one kind came true, by what was measured in the street."""

    kind: str
    n: int
    share: float | None
    low: float | None
    high: float | None
    level: float
    word: str
    text: dict[str, str]


def router(behind: Behind) -> APIRouter:
    """/api/outcomes."""
    routes = APIRouter(prefix="/api/outcomes", tags=["outcomes"], responses=told(*READ), dependencies=[needs("see")])
    book = OutcomeBook(behind.book)

    @routes.get("")
    def listed(rec_id: RecId = None, limit: Limit = 100, offset: Offset = 0) -> list[OutcomeTold]:
        """Oldest first; all, or those of one recommendation."""
        return [_told(one) for one in book.all(rec_id)[offset : offset + limit]]

    @routes.get("/trust")
    def trust() -> list[TrustTold]:
        """By kind of action; it rests on what was measured in the street alone."""
        return [
            TrustTold(
                kind=kind, n=one.n, level=one.level, word=one.word, text=trust_text(one),
                **{name: _finite(getattr(one, name)) for name in ("share", "low", "high")},
            )
            for kind, one in book.trust().items()
        ]  # fmt: skip

    return routes


def _told(one: Outcome) -> OutcomeTold:
    plain = {name: getattr(one, name) for name in ("rec_id", "kind", "method", "since", "until", "measure", "unit")}
    numbers: dict[str, Any] = {
        name: _finite(getattr(one, name)) for name in ("difference", "low", "high", "base", "promised")
    }
    return OutcomeTold(**plain, **numbers, level=one.level, n=one.n, by_design=one.method in BY_DESIGN, text=one.text)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
