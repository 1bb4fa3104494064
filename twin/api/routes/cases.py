"""Response plans, their cases, and what agencies and signers answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from twin.api.behind import Behind
from twin.api.routes.caller import BEARER, acting, caller, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Id, Limit, Offset, Reason, Who, told
from twin.desk import Case
from twin.plans import PlanBook

Words = Field("", max_length=4000, pattern=NO_CONTROLS)


class AnswerBody(BaseModel):
    """What an agency answers to a task."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["acknowledged", "done", "refused"]
    words: str = Words
    who: Who | None = None


class SignatureBody(BaseModel):
    """A signature under a level or the end of a case, or a refusal."""

    model_config = ConfigDict(extra="forbid")

    agree: bool = True
    reason: Reason


class ClosingBody(BaseModel):
    """Why a case ends by hand."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class StepTold(BaseModel):
    """Something that the case itself did."""

    at: datetime
    what: str
    detail: dict[str, Any]


class CallTold(BaseModel):
    """Somebody was called."""

    task: str
    reason: str
    rank: int
    receiver: str
    called_at: datetime
    answer_by: datetime
    detail: dict[str, Any]


class AnswerTold(BaseModel):
    """What was answered."""

    task: str
    state: str
    at: datetime
    who: str
    words: str


class CaseTold(BaseModel):
    """One plan at work."""

    case_id: str
    plan: str
    subject: str
    exercise: bool
    level: str
    opened_at: datetime
    closed_at: datetime | None
    quiet_since: datetime | None
    steps: list[StepTold]
    calls: list[CallTold]
    answers: list[AnswerTold]


class PlanTold(BaseModel):
    """A response plan that may open cases."""

    plan: str
    document: dict[str, Any]


def router(behind: Behind) -> APIRouter:
    """/api/plans, /api/cases."""
    routes = APIRouter(tags=["cases"])
    book = PlanBook(behind.book, behind.plans)

    def case(case_id: str) -> CaseTold:
        return _told(book.cases.one(case_id))

    @routes.get("/api/plans", responses=told(*READ), dependencies=[needs("see")])
    def plans() -> list[PlanTold]:
        """The plans that may open cases."""
        return [PlanTold(plan=one.plan, document=one.model_dump(mode="json")) for one in book.plans]

    @routes.get("/api/cases", responses=told(*READ), dependencies=[needs("see")])
    def listed(closed: bool | None = None, limit: Limit = 100, offset: Offset = 0) -> list[CaseTold]:
        """Newest first; those that are closed, those that are not, or all."""
        return [_told(one) for one in book.cases.all(closed=closed)[::-1][offset : offset + limit]]

    @routes.get("/api/cases/{case_id}", responses=told(*READ), dependencies=[needs("see")])
    def one(case_id: Id) -> CaseTold:
        """One case with its calls and answers."""
        return case(case_id)

    @routes.post("/api/cases/{case_id}/tasks/{task}/answer", responses=told(*ACT), dependencies=[needs("acknowledge")])
    def answer(case_id: Id, task: Id, body: AnswerBody, request: Request) -> CaseTold:
        """An agency's answer; a late one is kept and told as late, the same again changes nothing."""
        who, _ = acting(behind, request, body.who)
        behind.before_decision()
        book.answer(case_id, task, body.state, who=who, words=body.words)
        return case(case_id)

    @routes.post("/api/cases/{case_id}/tasks/{task}/signature", responses=told(*ACT), dependencies=[needs("see")])
    def sign(case_id: Id, task: Id, body: SignatureBody, request: Request) -> CaseTold:
        """Sign, or refuse to; the plan says which roles may. Only who is signed in can sign."""
        who, role = _signer(behind, request)
        behind.before_decision()
        book.sign(case_id, task, who=who, role=role, why=body.reason, agree=body.agree)
        return case(case_id)

    @routes.post("/api/cases/{case_id}/closing", responses=told(*ACT), dependencies=[needs("stand-down")])
    def close(case_id: Id, body: ClosingBody, request: Request) -> CaseTold:
        """End a case by hand; who signs its level may do so. Only who is signed in can."""
        who, role = _signer(behind, request)
        behind.before_decision()
        book.close(case_id, who=who, role=role, why=body.reason)
        return case(case_id)

    return routes


def _signer(behind: Behind, request: Request) -> tuple[str, str]:
    person = caller(request)
    if person is None:
        raise HTTPException(401, "sign in: a signature needs a person whom the desk knows", headers=BEARER)
    return acting(behind, request, None)[0], person.role


def _told(one: Case) -> CaseTold:
    return CaseTold.model_validate(one, from_attributes=True)
