"""Signals as an engineer works on them: plans, checks, time-space diagrams, exports, and a change for the desk."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from networks.errors import BadInput, NotThere
from scenarios.plan_text import PlanText
from twin.api.behind import Behind
from twin.api.routes.caller import acting, check, needs
from twin.api.routes.said import ACT, NO_CONTROLS, READ, Reason, Who, told
from twin.signals import SignalGround, Wish, packed, propose
from twin.signals.telling import change_told, corridor_told, list_told, signal_told

LONGEST_S = 3600.0
Locale = Literal["gb", "ite", "resco", "rilsa", "uk"]
Rules = Annotated[Locale, Query(description="Locale whose rules plans are held against.")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROLS)]
TlsId = Annotated[str, Path(min_length=1, max_length=200, pattern=NO_CONTROLS)]
_FILE = {"schema": {"type": "string", "format": "binary"}}
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": _FILE}, "description": "The file or folder, its audit, and notes."}
}


class Strict(BaseModel):
    """What comes in holds nothing else."""

    model_config = ConfigDict(extra="forbid")


class ReasonText(Strict):
    """Why one thing is changed: `kind` and `subject` as the sheet of changes names them."""

    tls_id: Name
    kind: Annotated[str, Field(max_length=40, pattern=NO_CONTROLS)]
    subject: Annotated[str, Field(max_length=200, pattern=NO_CONTROLS)] = ""
    text: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_CONTROLS)]


class LeaveText(Strict):
    """Leave for a plan to fail a rule; without `signal` at every signal."""

    rule: Annotated[str, Field(max_length=60, pattern=NO_CONTROLS)]
    signal: Annotated[str, Field(max_length=200, pattern=NO_CONTROLS)] = ""
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_CONTROLS)]


class CheckBody(Strict):
    """A changed plan, and reasons for what is changed."""

    plan: PlanText
    rules: Locale = "rilsa"
    reasons: list[ReasonText] = Field(default_factory=list, max_length=200)


class CorridorBody(Strict):
    """Signals in the order of travel; changed plans count instead of today's."""

    signals: list[Name] = Field(min_length=2, max_length=40)
    edited: list[PlanText] = Field(default_factory=list, max_length=40)
    speed_kmh: float | None = Field(None, ge=1, le=200)


class ExportBody(Strict):
    """What leaves: the named signals (none: all) as they run today, or as they were changed."""

    signals: list[Name] = Field(default_factory=list, max_length=2000)
    edited: list[PlanText] = Field(default_factory=list, max_length=40)
    format: Literal["sumo", "utdf", "gmns", "nema", "ntcip", "gat1049", "gbt20999", "spat"]
    edition: Literal[2013, 2024] = 2024
    rules: Locale = "rilsa"
    overrides: list[LeaveText] = Field(default_factory=list, max_length=40)
    who: Who | None = None


class ProposalBody(Strict):
    """Changed plans for the desk; `made_for` holds the digests of the plans that were looked at, by signal."""

    plans: list[PlanText] = Field(min_length=1, max_length=40)
    made_for: dict[str, str]
    reason: Reason
    rules: Locale = "rilsa"
    reasons: list[ReasonText] = Field(default_factory=list, max_length=400)
    overrides: list[LeaveText] = Field(default_factory=list, max_length=40)
    hours: float = Field(8.0, ge=0.25, le=168)
    who: Who | None = None


class Proposed(BaseModel):
    """What lies on the desk now."""

    rec_id: str
    status: str
    valid_until: datetime


def router(behind: Behind) -> APIRouter:
    """/api/signals."""
    routes = APIRouter(prefix="/api/signals", tags=["signals"])

    def ground() -> SignalGround:
        if behind.signals is None:
            raise NotThere("this twin has no signals", expected="a city with a network")
        return behind.signals()

    @routes.get("", responses=told(*READ), dependencies=[needs("see")])
    def listed(rules: Rules = "rilsa") -> dict[str, Any]:
        """Every signal: where, what it runs, how many rules that fails, how many changes of it wait on the desk."""
        return list_told(ground(), rules, behind.desk.entries("proposed"))

    @routes.get("/{tls_id:path}", responses=told(*READ), dependencies=[needs("see")])
    def one(tls_id: TlsId, rules: Rules = "rilsa") -> dict[str, Any]:
        """One signal: its plan, what each phase shows, and its timing sheet as a piece of HTML."""
        return signal_told(ground(), ground().plan(tls_id), rules)

    @routes.post("/check", responses=told(*ACT), dependencies=[needs("see")])
    def checked(body: CheckBody) -> dict[str, Any]:
        """What a changed plan breaks, and what it changes, as figures and as pieces of HTML. Nothing is kept."""
        return change_told(ground(), _plan(body.plan), body.rules, _reasons(body.reasons))

    @routes.post("/corridor", responses=told(*ACT), dependencies=[needs("see")])
    def corridor(body: CorridorBody) -> dict[str, Any]:
        """The time-space diagram over signals as a piece of HTML."""
        edited = {one.tls_id: _plan(one) for one in body.edited}
        return corridor_told(ground(), tuple(body.signals), edited, body.speed_kmh)

    @routes.post("/export", response_class=Response, responses=told(*ACT) | ZIP)
    def export(body: ExportBody, request: Request) -> Response:
        """Plans in another tool's format, with the audit that the command line writes too: a zip."""
        check(request, "signals" if body.overrides else "see")
        who, _ = acting(behind, request, body.who)
        here = ground()
        plans = {tls: here.plan(tls) for tls in body.signals} if body.signals else here.today()
        plans |= {one.tls_id: _plan(one) for one in body.edited}
        for plan in plans.values():
            here.layout(plan.tls_id)
        zipped, report = packed(
            here, plans, body.format, body.rules, who=who, when=datetime.now(UTC), overrides=_leaves(body.overrides),
            edition=body.edition,
        )  # fmt: skip
        counts = {"x-signals-written": str(len(report.written)), "x-signals-left-out": str(len(report.left_out))}
        return Response(zipped, media_type="application/zip", headers=counts)

    @routes.post("/proposals", responses=told(*ACT), dependencies=[needs("signals")])
    async def proposed(body: ProposalBody, request: Request) -> Proposed:
        """Put changed plans on the desk as one recommendation. Nothing is sent: people decide there."""

        def enter() -> Proposed:
            who, _ = acting(behind, request, body.who)
            behind.before_decision()
            reasons = {(one.tls_id, one.kind, one.subject): one.text for one in body.reasons}
            wish = Wish(
                tuple(map(_plan, body.plans)), body.made_for, body.rules, body.reason, reasons,
                _leaves(body.overrides), timedelta(hours=body.hours),
            )  # fmt: skip
            entry = propose(wish, ground(), behind.desk, who=who)
            return Proposed(rec_id=entry.rec_id, status=entry.status, valid_until=entry.valid_until)

        return await asyncio.to_thread(enter)

    return routes


def _plan(text: PlanText) -> Any:
    """The plan that was sent.

    Raises:
        BadInput: A time is none that a signal could keep, or a phase is followed by none.
    """
    place = f"signal {text.tls_id}"
    plan = text.plan()
    times = [plan.offset_s, *(t for phase in plan.phases for t in (phase.duration_s, phase.min_s, phase.max_s))]
    times += [end for phase in plan.phases for end in phase.terms.ends_s if end is not None]
    if not all(math.isfinite(one) and abs(one) <= LONGEST_S for one in times):
        raise BadInput("a time is too long", place=place, expected=f"at most {LONGEST_S:g} s")
    if any(number >= len(plan.phases) for phase in plan.phases for number in phase.following):
        raise BadInput("a phase is followed by one that is not there", place=place)
    return plan


def _reasons(given: list[ReasonText]) -> dict[tuple[str, str], str]:
    return {(one.kind, one.subject): one.text for one in given}


def _leaves(given: list[LeaveText]) -> tuple[Any, ...]:
    """Leave as the rules know it: the same words as `--override`."""
    from networks import read_override

    return tuple(read_override(f"{one.rule}@{one.signal}={one.reason}") for one in given)
