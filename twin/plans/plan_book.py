"""`PlanBook`: plans at work: cases opened, raised and ended, agencies called, answers kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from networks.digest import digest_json
from networks.errors import BadInput, NotThere, Refused
from networks.sentence import Sentence
from twin.alarms import Finding
from twin.desk import Book, Case, Cases, Permission
from twin.desk.book import text_of, time_of
from twin.desk.cases import ANSWERS
from twin.desk.tables.keeping import facts
from twin.out import Acknowledged, Mailroom, OutMessage
from twin.plans.judging import Held, judge
from twin.plans.messages import key_parts, messages_of, not_after
from twin.plans.plan import Plan
from twin.plans.signals import Signal
from twin.plans.working import Work

_LOOKED = "plans looked"
_SAID = {"taken": "acknowledged", "done": "done", "refused": "refused"}
"""What a receiver says -> what that is to a task."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a case.

    Attributes:
        case_id: Which.
        what: "level", "signal", "found", "quiet", "trouble", "blind", "kept", "unheard", "closed", "call" or "answer".
        text: In words.
        exercise: Nothing of it is real.
        detail: More, JSON-ready.
    """

    case_id: str
    what: str
    text: Sentence
    exercise: bool
    detail: dict[str, Any]


class PlanBook:
    """Plans and their cases.

    Args:
        book: The desk's database; all that is known is in it, so that a restart goes on where it was.
        plans: The plans that may open cases. A case goes on by its plan as that was when the case began.
        exercise: Every case that is opened is an exercise. Signals of exercises and tests count in exercises alone.
        longest_gap_min: Where nobody looked for longer, nothing is taken for quiet meanwhile.
    """

    def __init__(
        self, book: Book, plans: Sequence[Plan], *, exercise: bool = False, longest_gap_min: float = 30.0
    ) -> None:
        self.book, self.plans, self.exercise = book, tuple(plans), exercise
        self.cases = Cases(book)
        self._gap = timedelta(minutes=longest_gap_min)

    def take(
        self,
        signals: Sequence[Signal],
        findings: Sequence[Finding],
        now: datetime,
        *,
        run_id: str = "",
        unseen: Collection[str] = (),
    ) -> list[Change]:
        """One cycle: open, raise, call, escalate, ask for the end. The same cycle twice changes nothing more.

        Args:
            signals: Official signals in force.
            findings: Of this cycle.
            now: Its moment; with a zone.
            run_id: Of the cycle.
            unseen: Kinds of findings that nobody looked for in this cycle, and "signal" where the feed is silent: what
                rests on them does not count as ended.
        """
        heard = [one for one in signals if self.exercise or not one.exercise]
        changes: list[Change] = []
        with self.book.work() as link:
            gap = self._looked(link, now)
            going = {(case.plan, case.subject): case for case in self.cases.within(link, closed=False)}
            held = {
                (plan.plan, subject): (plan, one)
                for plan in self.plans
                for subject, one in judge(plan, heard, findings, now).items()
                if (plan.plan, subject) not in going
            }
            for case in going.values():
                if case.exercise != self.exercise:
                    continue  # an exercise and the real thing never meet
                work = self._work(link, case, now, run_id, changes)
                work.turn(judge(work.plan, heard, findings, now).get(case.subject), blind=gap, unseen=unseen)
            for (_, subject), (plan, one) in held.items():
                self._opened(link, plan, subject, one, now, run_id, changes)
        return changes

    def tick(self, now: datetime) -> list[Change]:
        """Between two cycles: who did not answer in time is told of, and the next is called.

        Args:
            now: The moment; with a zone.
        """
        changes: list[Change] = []
        with self.book.work() as link:
            for case in self.cases.within(link, closed=False):
                if case.exercise == self.exercise:
                    self._work(link, case, now, "", changes).escalate()
        return changes

    def answer(
        self, case_id: str, task: str, state: str, *, who: str, words: str = "", now: datetime | None = None
    ) -> list[Change]:
        """An agency answers a task. A late answer is kept, and told as late; the same one again changes nothing.

        Args:
            case_id: The case.
            task: The task.
            state: "acknowledged", "done" or "refused".
            who: Who answers; not empty.
            words: What they say.
            now: None: the desk's clock.

        Raises:
            BadInput: No such answer, or nobody gives it.
            NotThere: No such case, or the task was not called.
            Refused: It has to be signed: `sign`.
        """
        if state not in ANSWERS or not who.strip():
            raise BadInput(
                f"{who!r} answers {state!r}", place=task, expected=f"a name, and one of {', '.join(ANSWERS)}"
            )
        case_id, changes = self.cases.one(case_id).case_id, list[Change]()
        with self.book.work() as link:
            case = self.cases.within(link, case_id=case_id)[0]
            self._work(link, case, now or self.book.clock(link), "", changes).hear(task, state, who.strip(), words)
        return changes

    def hear(self, key: str, said: Acknowledged, *, who: str, now: datetime | None = None) -> list[Change]:
        """A receiver answered a message of `messages`, by its key; what it does not know ("unknown") is no answer.

        Raises:
            NotThere: It is no message of a case.
        """
        case_id, task = key_parts(key)
        state = _SAID.get(said.state)
        return [] if state is None else self.answer(case_id, task, state, who=who, words=said.detail, now=now)

    def sign(
        self, case_id: str, task: str, *, who: str, role: str, why: str, agree: bool = True, now: datetime | None = None
    ) -> list[Change]:
        """Sign a level ("sign:II") or the end ("end:1"), or refuse to; what it allows happens at once.

        Args:
            case_id: The case.
            task: What is to be signed.
            who: The person; not empty.
            role: Their role at the desk.
            why: The reason; not empty.
            agree: False: refused.
            now: None: the desk's clock.

        Raises:
            BadInput: No name or no reason.
            NotThere: No such case, or nobody asked for this signature.
            Refused: This role does not sign it, it is signed already, or it is no longer asked for.
        """
        if not who.strip() or not why.strip():
            raise BadInput("a signature needs a name and a reason", place=task, expected="--who and --why")
        case_id, changes = self.cases.one(case_id).case_id, list[Change]()
        with self.book.work() as link:
            case = self.cases.within(link, case_id=case_id)[0]
            work = self._work(link, case, now or self.book.clock(link), "", changes)
            refusal = work.sign(task, who.strip(), role, why.strip(), agree)
            if refusal is not None:
                self.book.note(link, who.strip(), "refused signature", case_id, f"{task}: {refusal}")
        if refusal is not None:
            raise Refused(f"not signed: {refusal}", place=f"{case_id} {task}", remedy="twin cases show")
        return changes

    def close(self, case_id: str, *, who: str, role: str, why: str, now: datetime | None = None) -> list[Change]:
        """End a case by hand, whatever holds; who signs its level may do so.

        Raises:
            BadInput: No name or no reason.
            NotThere: No such case.
            Refused: This role does not sign it, or it is closed.
        """
        if not who.strip() or not why.strip():
            raise BadInput("closing needs a name and a reason", place=case_id, expected="--who and --why")
        case_id, changes = self.cases.one(case_id).case_id, list[Change]()
        with self.book.work() as link:
            case = self.cases.within(link, case_id=case_id)[0]
            work = self._work(link, case, now or self.book.clock(link), "", changes)
            refusal = work.end_by_hand(who.strip(), role, why.strip())
            if refusal is not None:
                self.book.note(link, who.strip(), "refused close", case_id, refusal)
        if refusal is not None:
            raise Refused(f"not closed: {refusal}", place=case_id, remedy="twin cases show")
        return changes

    def messages(self, now: datetime | None = None, channels: Collection[str] | None = None) -> list[OutMessage]:
        """Calls as messages, for the mailroom; the same ones each time until their time is over, with the same keys.

        Calls of exercises are marked as such in key and body, and only a book of exercises gives them.

        Args:
            now: None: the desk's clock.
            channels: Receivers that there are; None: all that the plans name.
        """
        with self.book.read() as link:
            moment = now or self.book.clock(link)
            found = self.cases.within(link)
        made = [one for case in found if case.exercise == self.exercise for one in messages_of(case, moment)]
        return [one for one in made if channels is None or one.channel in channels]

    def permission(self, rec_id: str) -> Permission | None:
        """What lets the calls of a task leave now, for `Mailroom`; None: nothing, or it is no task of a case.

        Once a case is closed only its end leaves; an exercise leaves from a book of exercises alone.

        Args:
            rec_id: Of a message of `messages`.
        """
        try:
            case_id, task = key_parts(rec_id)
            case = self.cases.one(case_id)
        except NotThere:
            return None
        calls = [call for call in case.calls if call.task == task]
        over = case.closed_at is not None and not task.startswith("over:")
        if case.case_id != case_id or case.exercise != self.exercise or over or not calls:
            return None
        return Permission(calls[0].detail["allowed_by"], max(map(not_after, calls)), ())

    def exchange(self, mailroom: Mailroom, now: datetime | None = None) -> list[Change]:
        """Hand the mailroom what is to leave, and take in what receivers answered; safe to call in every cycle."""
        mailroom.hand_in(self.messages(now, mailroom.channels))
        known = {(case.case_id, one.task, one.state, one.who) for case in self.cases.all() for one in case.answers}
        changes: list[Change] = []
        for letter in mailroom.letters(tuple(_SAID)):
            message, who = letter.message, str(letter.message.body.get("receiver", letter.message.channel))
            if message.kind == "task" and (*key_parts(message.key), _SAID[letter.state], who) not in known:
                changes += self.hear(message.key, Acknowledged(letter.state, letter.last.detail), who=who, now=now)
        return changes

    def _work(self, link: Connection, case: Case, now: datetime, run_id: str, changes: list[Change]) -> Work:
        def tell(what: str, text: Sentence, detail: dict[str, Any]) -> None:
            changes.append(Change(case.case_id, what, text, case.exercise, detail))

        plan = Plan.model_validate(case.document)
        return Work(self.cases, link, case, plan, now, run_id, tell)

    def _opened(
        self, link: Connection, plan: Plan, subject: str, held: Held, now: datetime, run_id: str, changes: list[Change]
    ) -> None:
        number = self.cases.number(link, plan.plan, subject)
        mark = f"-{digest_json(subject)[:8]}" if subject else ""
        case_id = f"{'exercise-' if self.exercise else ''}{plan.plan}{mark}-{number}"
        document = plan.model_dump(mode="json")
        self.cases.open(
            link, case_id, at=now, plan=plan.plan, subject=subject, exercise=self.exercise, document=document
        )
        case = Case(case_id, plan.plan, subject, self.exercise, now, document, (), (), ())
        self._work(link, case, now, run_id, changes).turn(held)

    def _looked(self, link: Connection, now: datetime) -> bool:
        """Note that somebody looks; True where nobody had for too long, or the clock was put back."""
        text = link.execute(select(facts.c.value).where(facts.c.name == _LOOKED)).scalar()
        if text is None:
            link.execute(insert(facts).values(name=_LOOKED, value=text_of(now)))
            return False
        link.execute(update(facts).where(facts.c.name == _LOOKED).values(value=text_of(now)))
        return not timedelta(0) <= now - time_of(text) <= self._gap
