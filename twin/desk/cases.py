"""`Cases`: what a response plan set going: its steps, whom it called for what until when, and who answered.

Only facts are kept, and none is ever changed: a step was taken, somebody was called, somebody answered. What a case's
state is follows from them. Each fact and the audit's entry of it are one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from networks.errors import NotThere
from twin.desk.book import Book, text_of, time_of
from twin.desk.tables.casing import case_answers, case_calls, case_steps, cases

ANSWERS = ("acknowledged", "done", "refused")
REASONS = ("call", "acknowledge", "done", "refused")
"""Why somebody was called: the task itself, or because it was not acknowledged, not done, or refused."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the case itself did.

    Attributes:
        at: By the clock that the case lives by.
        what: "level" (opened or raised), "signal", "found", "quiet" (no condition holds), "trouble" (one does
            again), "blind" (nobody could tell), "kept" (a wish to end was withdrawn), "unheard" (nobody is left to
            call), "closed".
        detail: More, JSON-ready.
    """

    at: datetime
    what: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody was called.

    Attributes:
        task: For which task.
        reason: One of REASONS.
        rank: 0 for the task itself and the first whom it escalates to, then 1, 2, ...
        receiver: Who: a party of the plan.
        called_at: When.
        answer_by: Until when an acknowledgement is due.
        detail: Text, level, who must do it, until when it must be done, and what allowed the call.
    """

    task: str
    reason: str
    rank: int
    receiver: str
    called_at: datetime
    answer_by: datetime
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a task: one of ANSWERS, when, by whom and in which words."""

    task: str
    state: str
    at: datetime
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """One plan at work.

    Attributes:
        case_id: Its id.
        plan: Name of the plan.
        subject: What it is about, where the plan has a case for each subject; else "".
        exercise: Nothing of it is real.
        opened_at: When it began.
        document: The plan as it was then, JSON.
        steps: In their order.
        calls: In the order of their time.
        answers: In the order of their time.
    """

    case_id: str
    plan: str
    subject: str
    exercise: bool
    opened_at: datetime
    document: Mapping[str, Any]
    steps: tuple[Step, ...]
    calls: tuple[Call, ...]
    answers: tuple[Answer, ...]

    @property
    def level(self) -> str:
        """The worst level that it reached, "IV" to "I"."""
        return str(next(step.detail["to"] for step in reversed(self.steps) if step.what == "level"))

    @property
    def closed_at(self) -> datetime | None:
        """When it ended; None: it has not."""
        return next((step.at for step in self.steps if step.what == "closed"), None)

    @property
    def quiet_since(self) -> datetime | None:
        """Since when none of its conditions holds; None: one does, or nobody can tell."""
        last = next((step for step in reversed(self.steps) if step.what in ("quiet", "trouble", "blind")), None)
        return last.at if last is not None and last.what == "quiet" else None

    def tasks(self) -> list[Call]:
        """The tasks that were called, each once."""
        return [call for call in self.calls if call.reason == "call"]

    def answered(self, task: str, state: str) -> Answer | None:
        """The first answer of that sort, if there is one."""
        return next((one for one in self.answers if (one.task, one.state) == (task, state)), None)

    def heard(self, task: str) -> Answer | None:
        """The first answer that says that it was heard or done, after the last refusal."""
        refused = max((one.at for one in self.answers if (one.task, one.state) == (task, "refused")), default=None)
        told = (one for one in self.answers if one.task == task and one.state != "refused")
        return next((one for one in told if refused is None or one.at > refused or one.state == "done"), None)


class Cases:
    """The cases of a desk; what writes takes part in the caller's transaction (`book.work()`).

    Args:
        book: The database they are kept in.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    def all(self, *, closed: bool | None = None) -> list[Case]:
        """Cases, oldest first; or those that are closed, or are not."""
        with self.book.read() as link:
            return self.within(link, closed=closed)

    def one(self, case_id: str) -> Case:
        """A case by its id, or by the beginning of its id when only one begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        with self.book.read() as link:
            names = [str(row.case_id) for row in link.execute(select(cases.c.case_id))]
            found = [name for name in names if name == case_id] or [name for name in names if name.startswith(case_id)]
            if len(found) != 1 or not case_id:
                what = "no case with this id" if not found else f"{len(found)} cases begin with this"
                raise NotThere(what, file=self.book.place, place=case_id, remedy="twin cases list shows the ids")
            return self.within(link, case_id=found[0])[0]

    def within(self, link: Connection, *, closed: bool | None = None, case_id: str | None = None) -> list[Case]:
        """The same in a transaction."""
        query = select(cases).order_by(cases.c.opened_at, cases.c.case_id)
        if case_id is not None:
            query = query.where(cases.c.case_id == case_id)
        ended = set(link.execute(select(case_steps.c.case_id).where(case_steps.c.what == "closed")).scalars())
        rows = link.execute(query).all()
        return [_case(link, row) for row in rows if closed is None or (row.case_id in ended) == closed]

    def number(self, link: Connection, plan: str, subject: str) -> int:
        """Which case of its plan and subject the next one is, from 1."""
        query = select(func.count()).select_from(cases).where(cases.c.plan == plan, cases.c.subject == subject)
        return int(link.execute(query).scalar() or 0) + 1

    def open(
        self,
        link: Connection,
        case_id: str,
        *,
        at: datetime,
        plan: str,
        subject: str,
        exercise: bool,
        document: Mapping[str, Any],
    ) -> None:
        """Begin a case; whoever begins the same one second is refused by the database.

        Raises:
            IntegrityError: It has begun already.
        """
        row = {"case_id": case_id, "plan": plan, "subject": subject, "exercise": int(exercise)}
        link.execute(insert(cases).values(**row, opened_at=text_of(at), document=_text(document)))

    def step(
        self, link: Connection, case_id: str, what: str, detail: Mapping[str, Any], *, at: datetime, who: str
    ) -> None:
        """A step of the case."""
        last = link.execute(select(func.max(case_steps.c.number)).where(case_steps.c.case_id == case_id)).scalar()
        row = {"case_id": case_id, "number": int(last or 0) + 1, "what": what, "detail": _text(detail)}
        link.execute(insert(case_steps).values(**row, at=text_of(at)))
        self.book.note(link, who, f"case {what}", case_id, _text({"on": text_of(at), **detail}))

    def call(self, link: Connection, case_id: str, call: Call, *, who: str) -> None:
        """Somebody is called.

        Raises:
            IntegrityError: They were called already for the same reason.
        """
        times = {"called_at": text_of(call.called_at), "answer_by": text_of(call.answer_by)}
        row = {"task": call.task, "reason": call.reason, "rank": call.rank, "receiver": call.receiver}
        link.execute(insert(case_calls).values(case_id=case_id, **row, **times, detail=_text(call.detail)))
        told = {"on": times["called_at"], "answer_by": times["answer_by"], **row, **call.detail}
        self.book.note(link, who, "case call", case_id, _text(told))

    def answer(self, link: Connection, case_id: str, answer: Answer, *, late_s: float, closed: bool) -> None:
        """Somebody answered.

        Raises:
            IntegrityError: They gave an answer of this sort already.
        """
        row = {"task": answer.task, "state": answer.state, "who": answer.who, "words": answer.words}
        link.execute(insert(case_answers).values(case_id=case_id, **row, at=text_of(answer.at)))
        told = {"on": text_of(answer.at), **row, "late_s": late_s, "closed": closed}
        self.book.note(link, answer.who, "case answer", case_id, _text(told))


def _case(link: Connection, row: Any) -> Case:
    def of(table: Any, *order: Any) -> list[Any]:
        return list(link.execute(select(table).where(table.c.case_id == row.case_id).order_by(*order)))

    steps = of(case_steps, case_steps.c.number)
    calls = of(case_calls, case_calls.c.called_at, case_calls.c.task, case_calls.c.reason, case_calls.c.rank)
    answers = of(case_answers, case_answers.c.at, case_answers.c.task, case_answers.c.state)
    return Case(
        row.case_id,
        row.plan,
        row.subject,
        bool(row.exercise),
        time_of(row.opened_at),
        json.loads(row.document),
        tuple(Step(time_of(one.at), one.what, json.loads(one.detail)) for one in steps),
        tuple(
            Call(
                one.task,
                one.reason,
                one.rank,
                one.receiver,
                time_of(one.called_at),
                time_of(one.answer_by),
                json.loads(one.detail),
            )
            for one in calls
        ),
        tuple(Answer(one.task, one.state, time_of(one.at), one.who, one.words) for one in answers),
    )


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
