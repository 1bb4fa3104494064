"""Alarms, and what people make of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict

from twin.alarms import AlarmBook, alarm_json
from twin.api.behind import Behind
from twin.api.routes.caller import acting, needs
from twin.api.routes.said import ACT, READ, Id, Limit, Offset, Reason, Who, told


class JudgementBody(BaseModel):
    """What a person makes of an alarm."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["confirm", "false", "unsure"]
    reason: Reason
    who: Who | None = None


class ShelvingBody(BaseModel):
    """Until when nothing more is to be heard of it, unless it gets worse."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime
    reason: Reason
    who: Who | None = None


class JudgementTold(BaseModel):
    """What a person made of it last."""

    verdict: str
    who: str
    why: str
    at: datetime


class AlarmTold(BaseModel):
    """Findings of one cause."""

    alarm_id: str
    kind: str
    subject: str
    level: str
    state: str
    actionable: bool
    text: dict[str, str]
    edges: list[str]
    place: tuple[float, float] | None
    first_seen: datetime
    last_seen: datetime
    begins: datetime
    raised: datetime | None
    asked: datetime | None
    there: datetime | None
    cleared: datetime | None
    shelved_until: datetime | None
    judgement: JudgementTold | None
    findings: list[dict[str, Any]]


def router(behind: Behind) -> APIRouter:
    """/api/alarms."""
    routes = APIRouter(prefix="/api/alarms", tags=["alarms"])
    book = AlarmBook(behind.book)

    @routes.get("", responses=told(*READ), dependencies=[needs("see")])
    def listed(standing: bool = True, limit: Limit = 100, offset: Offset = 0) -> list[AlarmTold]:
        """Newest first; `standing`: only those that are not over."""
        return [_told(one) for one in book.alarms(standing=standing)[offset : offset + limit]]

    @routes.get("/{alarm_id}", responses=told(*READ), dependencies=[needs("see")])
    def one(alarm_id: Id) -> AlarmTold:
        """One alarm with its findings."""
        return _told(book.alarm(alarm_id))

    @routes.post("/{alarm_id}/judgement", responses=told(*ACT), dependencies=[needs("judge")])
    def judge(alarm_id: Id, body: JudgementBody, request: Request) -> AlarmTold:
        """Confirmed, false or unsure; the last word holds, all are kept."""
        who, _ = acting(behind, request, body.who)
        behind.before_decision()
        return _told(book.judge(alarm_id, body.verdict, who, body.reason))

    @routes.post("/{alarm_id}/shelving", responses=told(*ACT), dependencies=[needs("shelve")])
    def shelve(alarm_id: Id, body: ShelvingBody, request: Request) -> AlarmTold:
        """Hear no more of it until then, unless it gets worse."""
        who, _ = acting(behind, request, body.who)
        behind.before_decision()
        return _told(book.shelve(alarm_id, body.until, who, body.reason))

    return routes


def _told(one: Any) -> AlarmTold:
    return AlarmTold.model_validate(alarm_json(one))
