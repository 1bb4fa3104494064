"""Calls of a case as messages that leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from networks.errors import NotThere
from networks.sentence import Sentence, say
from twin.desk import Call, Case
from twin.desk.book import text_of, time_of
from twin.out import OutMessage

EXERCISE = say("EXERCISE EXERCISE EXERCISE: ", "【演练】")
_LATEST = timedelta(hours=1)
"""A call without a time to be done by is still of use so long after its acknowledgement was due."""


def rec_of(case_id: str, task: str) -> str:
    """What the mailroom asks permission for: one task of a case."""
    return f"{case_id}/{task}"


def key_of(case_id: str, call: Call) -> str:
    """The idempotency key of a call: at most 80 characters."""
    return f"{rec_of(case_id, call.task)}/{call.reason[0]}{call.rank}"


def key_parts(key: str) -> tuple[str, str]:
    """Case and task of a key, or of what permission is asked for.

    Raises:
        NotThere: It is neither.
    """
    parts = key.split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise NotThere("this is no message of a case", place=key, expected="CASE/TASK or CASE/TASK/CALL")
    return parts[0], parts[1]


def not_after(call: Call) -> datetime:
    """A call must not leave after this."""
    done_by = call.detail.get("done_by")
    return time_of(done_by) if done_by else call.answer_by + _LATEST


def marked(text: Sentence, exercise: bool) -> Sentence:
    """A text; an exercise's says so before anything else."""
    return say(EXERCISE["en"] + text["en"], EXERCISE["zh"] + text["zh"]) if exercise else text


def messages_of(case: Case, now: datetime) -> list[OutMessage]:
    """What may leave of a case now: calls of parties that have a channel, not past; of a closed case its end alone."""
    calls = [call for call in case.calls if case.closed_at is None or call.task.startswith("over:")]
    made = [_message(case, call) for call in calls if case.document["parties"][call.receiver]["channel"]]
    return [one for one in made if one.not_after >= now]


def _message(case: Case, call: Call) -> OutMessage:
    body: dict[str, Any] = {
        "case": case.case_id,
        "plan": case.plan,
        "title": marked(case.document["title"], case.exercise),
        "subject": case.subject,
        "task": call.task,
        "reason": call.reason,
        "receiver": call.receiver,
        "text": marked(call.detail["text"], case.exercise),
        "acknowledge_by": text_of(call.answer_by),
        "done_by": call.detail.get("done_by"),
        "exercise": case.exercise,
    }
    return OutMessage(
        key=key_of(case.case_id, call),
        channel=case.document["parties"][call.receiver]["channel"],
        kind="task",
        body=body,
        rec_id=rec_of(case.case_id, call.task),
        allowed_by=call.detail["allowed_by"],
        not_after=not_after(call),
        run_id=call.detail.get("run_id", ""),
    )
