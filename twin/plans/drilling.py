"""A drill: a course played on an injected clock; all of it is an exercise, in a desk of its own."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from networks.errors import Refused
from twin.desk import Book, Call, Case
from twin.desk.tables.keeping import facts
from twin.plans.course import Course
from twin.plans.plan import Plan
from twin.plans.plan_book import Change, PlanBook
from twin.plans.signals import signals_of

_MARK = "drill"
DESK, SUFFIXES = "desk.sqlite", ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody answers then."""

    minute: float
    number: int
    case_id: str
    task: str
    receiver: str
    state: str
    words: str

    def __lt__(self, other: Due) -> bool:
        return (self.minute, self.number) < (other.minute, other.number)


def drill(plan: Plan, course: Course, folder: Path, tell: Callable[[datetime, Change], None]) -> Book:
    """Play a course; the book that holds its cases, for the review.

    Args:
        plan: What is drilled.
        course: What happens.
        folder: Where the drill's own desk is made; an earlier drill's is replaced.
        tell: Is told each change, with its time.

    Raises:
        Refused: A desk that is no drill's lies there.
    """
    clock = [course.begin]
    book = _own_book(folder, lambda: clock[0])
    play = _Play(PlanBook(book, [plan], exercise=True), plan, course, clock, tell)
    play.run()
    return book


class _Play:
    def __init__(
        self,
        plans: PlanBook,
        plan: Plan,
        course: Course,
        clock: list[datetime],
        tell: Callable[[datetime, Change], None],
    ) -> None:
        self._plans, self._plan, self._course, self._clock, self._tell = plans, plan, course, clock, tell
        self._due: list[Due] = []
        self._seen: set[tuple[str, str, str, int]] = set()
        self._situations = course.situations()

    def run(self) -> None:
        """From the first minute to the last."""
        minute, cycle = 0.0, 0.0
        while minute <= self._course.last_min:
            self._answers(minute)
            self._at(minute)
            now = self._clock[0]
            if minute >= cycle:
                heard = signals_of(self._situations, now)
                told = self._plans.take(heard, self._course.found(minute), now, run_id=f"drill-{minute:g}")
                cycle += self._course.every_min
            else:
                told = self._plans.tick(now)
            self._told(told, minute)
            minute += 1.0

    def _at(self, minute: float) -> None:
        self._clock[0] = self._course.moment(minute)

    def _told(self, changes: list[Change], minute: float) -> None:
        for change in changes:
            self._tell(self._clock[0], change)
        if not any(change.what == "call" for change in changes):
            return
        for case in self._plans.cases.all():
            for call in case.calls:
                key = (case.case_id, call.task, call.reason, call.rank)
                if key not in self._seen:
                    self._seen.add(key)
                    self._plan_answer(case, call, minute)

    def _plan_answer(self, case: Case, call: Call, minute: float) -> None:
        behaviour = self._course.behaviour(call.task, call.receiver)
        if call.reason != "call":  # the next in the line behaves as a party, not as the task's own
            behaviour = self._course.behaviour("", call.receiver)
        told = [("refused" if behaviour.refuse else "acknowledged", behaviour.acknowledge_min)]
        told += [] if behaviour.refuse else [("done", behaviour.done_min)]
        for state, after_min in told:
            if after_min is not None and (state != "done" or not call.task.startswith("over:")):
                said = behaviour.words if state != "acknowledged" else ""
                due = Due(minute + after_min, len(self._seen), case.case_id, call.task, call.receiver, state, said)
                heapq.heappush(self._due, due)

    def _answers(self, until: float) -> None:
        while self._due and self._due[0].minute <= until:
            due = heapq.heappop(self._due)
            self._at(due.minute)
            self._told(self._answer(due), due.minute)

    def _answer(self, due: Due) -> list[Change]:
        party = self._plan.parties[due.receiver]
        now = self._clock[0]
        if due.task.startswith(("sign:", "end:")) and due.state != "acknowledged":
            if not party.roles:
                return []
            who, role = (party.people or (due.receiver,))[0], party.roles[0]
            try:
                why, agree = due.words or "drill", due.state == "done"
                return self._plans.sign(due.case_id, due.task, who=who, role=role, why=why, agree=agree, now=now)
            except Refused:
                return []  # somebody else signed meanwhile, or it was withdrawn: the audit says so
        return self._plans.answer(due.case_id, due.task, due.state, who=due.receiver, words=due.words, now=now)


def _own_book(folder: Path, now: Callable[[], datetime]) -> Book:
    file = folder / DESK
    if file.is_file():
        book = Book.open(file)
        with book.work() as link:
            ours = link.execute(select(facts.c.value).where(facts.c.name == _MARK)).scalar()
        book.close()
        if ours is None:
            raise Refused("a desk that is no drill's lies here", place=str(file), remedy="--out names another folder")
        for suffix in SUFFIXES:
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    book = Book.open(file, now=now)
    with book.work() as link:
        link.execute(insert(facts).values(name=_MARK, value="exercise"))
    return book
