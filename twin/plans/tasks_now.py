"""What a case asks of whom, and how far they are: rows for a screen."""

from __future__ import annotations

from typing import Any

from twin.desk import Call, Case
from twin.desk.book import text_of
from twin.plans.plan import Plan
from twin.plans.working import superseded


def tasks_now(case: Case, plan: Plan) -> list[dict[str, Any]]:
    """Every task and signature that was called, in the order of the calls, JSON-ready.

    Args:
        case: The case.
        plan: The plan as it was when the case began.

    Returns:
        Rows of {task, signature, agency, text, called_at, answer_by, done_by, state, who, words, called}: `state` is
        "waiting", "acknowledged", "done", "refused" or "withdrawn" (no longer asked for); `called` names whom it was
        escalated to.
    """
    return [_row(case, plan, call) for call in case.tasks()]


def _row(case: Case, plan: Plan, call: Call) -> dict[str, Any]:
    said = [one for one in case.answers if one.task == call.task]
    done = case.answered(call.task, "done")
    last = done or (said[-1] if said else None)
    state = "withdrawn" if superseded(case, call.task) and done is None else last.state if last else "waiting"
    later = [one for one in case.calls if one.task == call.task and one.reason != "call"]
    return {
        "task": call.task, "signature": call.task.startswith(("sign:", "end:")),
        "agency": plan.parties[call.receiver].title, "text": call.detail["text"], "called_at": text_of(call.called_at),
        "answer_by": text_of(call.answer_by), "done_by": call.detail.get("done_by"), "state": state,
        "who": last.who if last else "", "words": last.words if last else "",
        "called": [plan.parties[one.receiver].title for one in later],
    }  # fmt: skip
