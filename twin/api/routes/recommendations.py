"""Recommendations, and what operators decide."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from twin.api.behind import Behind
from twin.api.routes.caller import acting, check, needs
from twin.api.routes.said import ACT, READ, Id, Limit, Offset, Reason, Who, told
from twin.desk import DeskEntry


class DecisionBody(BaseModel):
    """What an operator decides."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approve", "reject"]
    reason: Reason
    who: Who | None = None


class DecisionTold(BaseModel):
    """Who decided what, when and why."""

    decision: str
    who: str
    why: str
    decided_at: datetime
    clock_at: datetime


class RecommendationTold(BaseModel):
    """A recommendation as proposed, its state now, and the decision if there is one."""

    rec_id: str
    kind: str
    created: datetime
    valid_until: datetime
    status: str
    decision: DecisionTold | None
    document: dict[str, Any]


class Decided(BaseModel):
    """What became of it."""

    rec_id: str
    status: str


def router(behind: Behind) -> APIRouter:
    """/api/recommendations."""
    routes = APIRouter(prefix="/api/recommendations", tags=["recommendations"])
    desk = behind.desk

    @routes.get("", responses=told(*READ), dependencies=[needs("see")])
    def listed(
        status: Literal["proposed", "approved", "rejected", "expired"] | None = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> list[RecommendationTold]:
        """Newest first."""
        return [_told(entry) for entry in desk.entries(status)[offset : offset + limit]]

    @routes.get("/{rec_id}", responses=told(*READ), dependencies=[needs("see")])
    def one(rec_id: Id) -> RecommendationTold:
        """One, by its whole id."""
        return _told(desk.exactly(rec_id))

    @routes.post("/{rec_id}/decision", responses=told(*ACT))
    async def decide(rec_id: Id, body: DecisionBody, request: Request) -> Decided:
        """Approve or reject; the first decision stands, and none after the time it was valid until."""
        check(request, body.decision)

        def enter() -> str:
            who, _role = acting(behind, request, body.who)
            behind.before_decision()
            return desk.decide(desk.exactly(rec_id).rec_id, body.decision, who=who, why=body.reason).status

        status = await asyncio.to_thread(enter)
        await behind.state.text(fresh=True)
        return Decided(rec_id=rec_id, status=status)

    return routes


def _told(entry: DeskEntry) -> RecommendationTold:
    return RecommendationTold.model_validate(entry, from_attributes=True)
