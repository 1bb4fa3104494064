"""What leaves the twin, what became of it, and what a person has to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from twin.api.behind import Behind
from twin.api.routes.caller import acting, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Id, Limit, Offset, Reason, Who, told
from twin.out import DEAD, Letter, Mailroom

RecId = Annotated[str | None, Query(max_length=200, pattern=NO_CONTROLS)]
DEAD_ONLY = Query(description="Only what a person has to look at: given up, refused, never acted on.")


class RetryBody(BaseModel):
    """Why it is sent again."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    who: Who | None = None


class StepTold(BaseModel):
    """One thing that happened to a message."""

    state: str
    attempt: int
    at: datetime
    due: datetime | None
    detail: str


class LetterTold(BaseModel):
    """A message and what happened to it."""

    key: str
    channel: str
    kind: str
    rec_id: str
    allowed_by: str
    not_after: datetime
    run_id: str
    state: str
    sends: int
    body: dict[str, Any]
    steps: list[StepTold]


def router(behind: Behind) -> APIRouter:
    """/api/outgoing."""
    routes = APIRouter(prefix="/api/outgoing", tags=["outgoing"])
    room = Mailroom(behind.book, (), behind.desk.permission)

    @routes.get("", responses=told(*READ), dependencies=[needs("see")])
    def listed(
        dead: Annotated[bool, DEAD_ONLY] = False, rec_id: RecId = None, limit: Limit = 100, offset: Offset = 0
    ) -> list[LetterTold]:
        """In the order in which they were handed in."""
        letters = room.letters(DEAD if dead else (), rec_id=rec_id)
        return [_told(one) for one in letters[offset : offset + limit]]

    @routes.get("/{key}", responses=told(*READ), dependencies=[needs("see")])
    def one(key: Id) -> LetterTold:
        """One message by its key."""
        return _told(room.letter(key))

    @routes.post("/{key}/retry", responses=told(*ACT), dependencies=[needs("approve")])
    def retry(key: Id, body: RetryBody, request: Request) -> LetterTold:
        """Send a dead letter again, with its own key: a receiver that has it knows so."""
        who, _ = acting(behind, request, body.who)
        behind.before_decision()
        return _told(room.retry(key, who=who, why=body.reason))

    return routes


def _told(one: Letter) -> LetterTold:
    message = one.message
    return LetterTold(
        key=message.key,
        channel=message.channel,
        kind=message.kind,
        rec_id=message.rec_id,
        allowed_by=message.allowed_by,
        not_after=message.not_after,
        run_id=message.run_id,
        state=one.state,
        sends=one.sends,
        body=dict(message.body),
        steps=[StepTold.model_validate(step, from_attributes=True) for step in one.steps],
    )
