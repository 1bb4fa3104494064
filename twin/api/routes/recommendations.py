"""Recommendations, and what operators decide."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from twin.api.behind import Behind
from twin.api.routes.caller import acting, check, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Id, Limit, Offset, Reason, Who, plain_json, told
from twin.desk import DeskEntry

Status = Literal["proposed", "approved", "rejected", "expired", "withdrawn"]


class DecisionBody(BaseModel):
    """What an operator decides.

    A change is {"alternative": name}, {"set": {place: figure}} or {"action": [...]}; version names what was looked at
    where somebody changed it before.
    """

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approve", "change", "reject"]
    reason: Reason
    who: Who | None = None
    change: dict[str, Any] | None = None
    version: str | None = Field(None, max_length=80, pattern=NO_CONTROLS)


class RollbackBody(BaseModel):
    """Why one goes back to the plan before."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    who: Who | None = None


class DecisionTold(BaseModel):
    """Who decided what, when and why."""

    decision: str
    who: str
    why: str
    decided_at: datetime
    clock_at: datetime
    bound: str | None
    changed: str


class ApprovalTold(BaseModel):
    """One person's yes."""

    who: str
    role: str
    version: str
    why: str
    at: datetime


class VersionTold(BaseModel):
    """An action that may be approved."""

    version: str
    action: list[dict[str, Any]]
    told: str


class RecommendationTold(BaseModel):
    """A recommendation as proposed, its state now, and the decision if there is one."""

    rec_id: str
    kind: str
    created: datetime
    valid_until: datetime
    status: str
    needed: int | None = Field(None, description="How many people must approve it, where it is asked for by id.")
    decision: DecisionTold | None
    approvals: list[ApprovalTold]
    versions: list[VersionTold]
    withdrawn: str | None
    document: dict[str, Any]


class Decided(BaseModel):
    """What became of it; still "proposed" while more people must approve."""

    rec_id: str
    status: str


def router(behind: Behind) -> APIRouter:
    """/api/recommendations."""
    routes = APIRouter(prefix="/api/recommendations", tags=["recommendations"])
    desk = behind.desk

    async def decided(enter: Callable[[], DeskEntry]) -> Decided:
        entry = await asyncio.to_thread(enter)
        return Decided(rec_id=entry.rec_id, status=entry.status)

    @routes.get("", responses=told(*READ), dependencies=[needs("see")])
    def listed(status: Status | None = None, limit: Limit = 100, offset: Offset = 0) -> list[RecommendationTold]:
        """Newest first."""
        return [_told(entry) for entry in desk.entries(status)[offset : offset + limit]]

    @routes.get("/{rec_id}", responses=told(*READ), dependencies=[needs("see")])
    def one(rec_id: Id) -> RecommendationTold:
        """One, by its whole id, with how many people must approve it."""
        entry = desk.exactly(rec_id)
        return _told(entry).model_copy(update={"needed": desk.needed(entry)})

    @routes.post("/{rec_id}/decision", responses=told(*ACT))
    async def decide(rec_id: Id, body: DecisionBody, request: Request) -> Decided:
        """Approve, approve something else (change), or reject; the first decision stands, and none after its time.

        What is dangerous stays proposed until as many people have approved as the rules in force want.
        """
        check(request, body.decision)
        change = plain_json(body.change)

        def enter() -> DeskEntry:
            who, role = acting(behind, request, body.who)
            behind.before_decision()
            given = {"who": who, "why": body.reason, "role": role, "change": change, "version": body.version}
            return desk.decide(desk.exactly(rec_id).rec_id, body.decision, **given)

        return await decided(enter)

    @routes.post("/{rec_id}/rollback", responses=told(*ACT), dependencies=[needs("rollback")])
    async def rollback(rec_id: Id, body: RollbackBody, request: Request) -> Decided:
        """Go back to the plan before: nothing more of this leaves, and the way back is a recommendation of its own."""

        def enter() -> DeskEntry:
            who, role = acting(behind, request, body.who)
            behind.before_decision()
            return desk.rollback(desk.exactly(rec_id).rec_id, who=who, why=body.reason, role=role)

        return await decided(enter)

    return routes


def _told(entry: DeskEntry) -> RecommendationTold:
    return RecommendationTold.model_validate(entry, from_attributes=True)
