"""`Work`: one case in one transaction: what has to happen now, and what an answer brings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from networks.digest import digest_json
from networks.errors import NotThere, Refused
from networks.sentence import Sentence, say
from twin.alarms import LEVELS
from twin.desk import Answer, Call, Case, Cases, same_person
from twin.desk.book import text_of, time_of
from twin.plans import wording
from twin.plans.grounds import finding_json, ground_of, signal_json
from twin.plans.judging import Held, worse
from twin.plans.plan import Plan

TWIN = "twin"
Tell = Callable[[str, Sentence, dict[str, Any]], None]


class Work:
    """One case within a transaction.

    Args:
        cases: Where it is kept.
        link: The transaction.
        case: Which.
        plan: The plan as it was when the case began.
        now: The moment.
        run_id: The cycle; "" for an answer.
        tell: Is told of each change.
    """

    def __init__(
        self, cases: Cases, link: Connection, case: Case, plan: Plan, now: datetime, run_id: str, tell: Tell
    ) -> None:
        self.cases, self.link, self.plan, self.now, self.run_id, self._tell = cases, link, plan, now, run_id, tell
        self.case = case

    def turn(self, held: Held | None, *, blind: bool = False, unseen: Collection[str] = ()) -> None:
        """One cycle."""
        if held is not None:
            self._rise(held)
            self._note_grounds(held)
        self._watch_quiet(held, blind, unseen)
        if self.case.quiet_since is None:
            self._call_due()
        self.escalate()
        self._ask_for_end()

    # what is there

    def _rise(self, held: Held) -> None:
        before = self.case.level if self.case.steps else None
        if before is None or worse(held.level, before):
            detail: dict[str, Any] = {
                "from": before,
                "to": held.level,
                "title": self.plan.title,
                "plan": self.plan.plan,
            }
            detail |= {"version": self.plan.version, "digest": _digest(self.plan), "exercise": self.case.exercise}
            detail |= {"subject": self.case.subject, "hold_min": self.plan.stand_down.hold_min}
            detail |= {"levels": [name for name, _ in self.plan.from_mildest()], "source": self.plan.source}
            self._step("level", detail, wording.level(before, held.level, self.plan.title))

    def _note_grounds(self, held: Held) -> None:
        known = {step.detail["ground"] for step in self.case.steps if step.what in ("signal", "found")}
        for signal in held.signals:
            told = signal_json(signal)
            if told["ground"] not in known:
                self._step("signal", told, wording.signal(signal))
        for finding in held.findings:
            if ground_of(finding, self.now) not in known:
                self._step("found", finding_json(finding, self.now), wording.found(finding, self.now))

    def _watch_quiet(self, held: Held | None, blind: bool, unseen: Collection[str]) -> None:
        quiet = self.case.quiet_since is not None
        if held is not None:
            wish = self._wish()
            if wish is not None:
                self._step("kept", {"task": wish.task}, wording.kept())
            if quiet:
                self._step("trouble", {}, wording.trouble())
        elif self._rests_on() & set(unseen):
            if quiet or not self._blind_already():
                self._step("blind", {"unseen": sorted(self._rests_on() & set(unseen))}, wording.blind())
        elif not quiet or blind:
            self._step("quiet", {}, wording.quiet(self.plan.stand_down.hold_min))

    def _rests_on(self) -> set[str]:
        triggers = [trigger for _, level in self.plan.from_mildest() for trigger in level.when]
        kinds = {finding.kind for trigger in triggers for finding in trigger.findings}
        return kinds | {"signal" for trigger in triggers if trigger.signal is not None}

    def _blind_already(self) -> bool:
        last = [step.what for step in self.case.steps if step.what in ("quiet", "trouble", "blind")]
        return last[-1:] == ["blind"]

    # calling

    def _signed(self) -> int:
        """How far it is signed: 0 not at all, 1 level IV, ... 4 level I."""
        done = [one.task for one in self.case.answers if one.task.startswith("sign:") and one.state == "done"]
        return max((LEVELS.index(task.removeprefix("sign:")) + 1 for task in done), default=0)

    def _call_due(self) -> None:
        called = {call.task for call in self.case.tasks()}
        levels = self.plan.up_to(self.case.level)
        name, level = levels[-1]
        if f"sign:{name}" not in called and self._signed() <= LEVELS.index(name):
            text = wording.please_sign(name, self.plan.title)
            self._call(f"sign:{name}", level.signs, text, level.sign_min, allowed_by=self._beforehand(), level=name)
        for name, level in levels:
            for task in level.tasks:
                if task.id in called or not (task.at_once or self._signed() > LEVELS.index(name)):
                    continue
                by = self._beforehand() if task.at_once else self._signature()
                done = None if task.done_min is None else text_of(self.now + timedelta(minutes=task.done_min))
                more: dict[str, Any] = {"done_by": done, "level": name, "agency": task.agency}
                self._call(task.id, task.agency, task.text, task.acknowledge_min, allowed_by=by, **more)

    def _beforehand(self) -> str:
        """Who adopted the plan allowed what it does before anybody signs."""
        return f"bound:plan/{self.plan.plan}@{_digest(self.plan)}"

    def _signature(self) -> str:
        return f"decision:{self.case.case_id}/sign:{LEVELS[self._signed() - 1]}"

    def _call(
        self,
        task: str,
        receiver: str,
        text: Sentence,
        minutes: float,
        *,
        allowed_by: str,
        reason: str = "call",
        rank: int = 0,
        **more: Any,
    ) -> None:
        title = self.plan.parties[receiver].title
        detail = {"text": text, "receiver_title": title, "allowed_by": allowed_by, "run_id": self.run_id, **more}
        call = Call(task, reason, rank, receiver, self.now, self.now + timedelta(minutes=minutes), detail)
        self.cases.call(self.link, self.case.case_id, call, who=TWIN)
        self._again()
        told = {
            "task": task,
            "reason": reason,
            "rank": rank,
            "receiver": receiver,
            "answer_by": text_of(call.answer_by),
        }
        self._tell("call", wording.call(call, title), told)

    # who does not answer

    def escalate(self) -> None:
        """Call the next where somebody did not answer in time, did not do it in time, or refused."""
        for call in self.case.tasks():
            reason = self._overdue(call)
            if reason is None:
                continue
            chain, minutes = self._chain(call)
            before = [one for one in self.case.calls if (one.task, one.reason) == (call.task, reason)]
            if before and self.now <= before[-1].answer_by:
                continue
            if len(before) < len(chain):
                text = wording.escalated(reason, self.plan.parties[call.receiver].title, call.detail["text"])
                more = {"allowed_by": call.detail["allowed_by"], "level": call.detail.get("level")}
                more |= {"agency": call.detail.get("agency"), "reason": reason, "rank": len(before)}
                self._call(call.task, chain[len(before)], text, minutes, **more)
            elif not self._told_unheard(call.task, reason):
                title = self.plan.parties[call.receiver].title
                self._step("unheard", {"task": call.task, "reason": reason}, wording.unheard(reason, title))

    def _overdue(self, call: Call) -> str | None:
        """Why somebody else has to be called for a task: one of REASONS; None: nobody."""
        if call.task.startswith("over:") or superseded(self.case, call.task):
            return None
        case = self.case
        if call.task.startswith(("sign:", "end:")):
            settled = case.answered(call.task, "done") or case.answered(call.task, "refused")
            return None if settled or self.now <= call.answer_by else "acknowledge"
        if case.answered(call.task, "done"):
            return None
        if case.heard(call.task) is None:
            if case.answered(call.task, "refused"):
                return "refused"
            return "acknowledge" if self.now > call.answer_by else None
        done_by = call.detail.get("done_by")
        return "done" if done_by and self.now > time_of(done_by) else None

    def _chain(self, call: Call) -> tuple[tuple[str, ...], float]:
        """Who is called next, and how long each has."""
        if call.task.startswith(("sign:", "end:")):
            level = self.plan.levels[self.case.level]  # type: ignore[index]
            return level.escalate, level.sign_min if call.task.startswith("sign:") else self.plan.stand_down.sign_min
        task = next(task for _, level in self.plan.from_mildest() for task in level.tasks if task.id == call.task)
        return task.escalate, task.acknowledge_min

    def _told_unheard(self, task: str, reason: str) -> bool:
        told = [(one.detail["task"], one.detail["reason"]) for one in self.case.steps if one.what == "unheard"]
        return (task, reason) in told

    # the end

    def _wishes(self) -> list[Call]:
        return [call for call in self.case.tasks() if call.task.startswith("end:")]

    def _wish(self) -> Call | None:
        """The wish to end that waits for a signature."""
        settled = ("done", "refused")
        waiting = [
            one
            for one in self._wishes()
            if not superseded(self.case, one.task) and not any(self.case.answered(one.task, state) for state in settled)
        ]
        return waiting[-1] if waiting else None

    def _ask_for_end(self) -> None:
        since = self.case.quiet_since
        if since is None or self._wish() is not None:
            return
        refused = [one.at for one in self.case.answers if one.task.startswith("end:") and one.state == "refused"]
        hold = timedelta(minutes=self.plan.stand_down.hold_min)
        if self.now - max([since, *refused]) >= hold:
            signs = self.plan.levels[self.case.level].signs  # type: ignore[index]
            text = wording.please_end(self.plan.title, since)
            minutes = self.plan.stand_down.sign_min
            self._call(f"end:{len(self._wishes()) + 1}", signs, text, minutes, allowed_by=self._beforehand())

    def _end(self, how: str, who: str, why: str) -> None:
        self._step("closed", {"how": how, "who": who, "why": why}, wording.closed(how), who=who)
        called = dict.fromkeys(
            call.receiver for call in self.case.calls if not call.task.startswith(("sign:", "end:", "over:"))
        )
        for receiver in called:
            by = f"decision:{self.case.case_id}/closed"
            down = self.plan.stand_down
            self._call(f"over:{receiver}", receiver, down.text, down.acknowledge_min, allowed_by=by)

    # what is answered

    def hear(self, task: str, state: str, who: str, words: str) -> None:
        """An agency's answer.

        Raises:
            NotThere: The task was not called.
            Refused: It has to be signed.
        """
        call = self._called(task)
        if task.startswith(("sign:", "end:")) and state != "acknowledged":
            raise Refused("this is signed or refused by name", place=task, remedy="twin cases sign")
        if any((one.task, one.state, one.who) == (task, state, who) for one in self.case.answers):
            self._tell("repeated", wording.repeated(self._named(who)), {"task": task, "state": state, "who": who})
            return
        self._answer(call, state, who, words)
        if self.case.closed_at is None:
            self.escalate()  # a refusal does not wait for the next cycle

    def sign(self, task: str, who: str, role: str, why: str, agree: bool) -> str | None:
        """Sign, or refuse to; why it may not be, in words.

        Raises:
            NotThere: Nobody asked for this signature.
        """
        if not task.startswith(("sign:", "end:")):
            raise NotThere("this is no signature", place=task, expected="sign:LEVEL or end:NUMBER")
        call = self._called(task)
        settled = next(
            (one for one in self.case.answers if one.task == task and one.state in ("done", "refused")), None
        )
        if self.case.closed_at is not None:
            return f"the case was closed at {text_of(self.case.closed_at)}"
        if settled is not None:
            return f"{settled.who} has already {'signed' if settled.state == 'done' else 'refused'} it"
        if task.startswith("end:") and superseded(self.case, call.task):
            return "trouble is there again, and the wish to end was withdrawn"
        refusal = self._may_not(who, role, self.case.level if task.startswith("end:") else task.removeprefix("sign:"))
        if refusal is not None:
            return refusal
        self._answer(call, "done" if agree else "refused", who, why)
        if task.startswith("sign:") and self.case.quiet_since is None:
            self._call_due()
        elif task.startswith("end:") and agree:
            self._end("stood down", who, why)
        return None

    def end_by_hand(self, who: str, role: str, why: str) -> str | None:
        """Close it; why that may not be, in words."""
        if self.case.closed_at is not None:
            return f"the case was closed at {text_of(self.case.closed_at)}"
        refusal = self._may_not(who, role, self.case.level)
        if refusal is None:
            self._end("by hand", who, why)
        return refusal

    def _may_not(self, who: str, role: str, name: str) -> str | None:
        level = self.plan.levels[name]  # type: ignore[index]
        signers = [self.plan.parties[one] for one in (level.signs, *level.escalate)]
        mine = [one for one in signers if role in one.roles]
        if any(not one.people or same_person(who) in map(same_person, one.people) for one in mine):
            return None
        may = "; ".join(f"{one.title['en']} ({', '.join(one.people or one.roles)})" for one in signers)
        return f"{who}, {role}, does not sign level {name}, but {may}"

    def _called(self, task: str) -> Call:
        for call in self.case.tasks():
            if call.task == task:
                return call
        known = ", ".join(call.task for call in self.case.tasks())
        raise NotThere(f"{task!r} was not called in this case", place=self.case.case_id, expected=known)

    def _answer(self, call: Call, state: str, who: str, words: str) -> None:
        done_by = call.detail.get("done_by")
        own = [one.answer_by for one in self.case.calls if (one.task, one.receiver) == (call.task, who)]
        due = time_of(done_by) if state == "done" and done_by else max(own, default=call.answer_by)
        late_s = max(0.0, (self.now - due).total_seconds())
        answer = Answer(call.task, state, self.now, who, words)
        closed = self.case.closed_at is not None
        self.cases.answer(self.link, self.case.case_id, answer, late_s=late_s, closed=closed)
        self._again()
        told = {"task": call.task, "state": state, "who": who, "late_s": late_s, "closed": closed}
        self._tell("answer", wording.answer(answer, call, late_s, closed, self._named(who)), told)

    def _named(self, who: str) -> Sentence:
        return self.plan.parties[who].title if who in self.plan.parties else say(who, who)

    def _step(self, what: str, detail: dict[str, Any], text: Sentence, *, who: str = TWIN) -> None:
        told = {**detail, "text": text, "run_id": self.run_id}
        self.cases.step(self.link, self.case.case_id, what, told, at=self.now, who=who)
        self._again()
        self._tell(what, text, detail)

    def _again(self) -> None:
        self.case = self.cases.within(self.link, case_id=self.case.case_id)[0]


def superseded(case: Case, task: str) -> bool:
    """A signature that is no longer asked for: of a milder level, or of an end that was withdrawn."""
    if task.startswith("sign:"):
        return worse(case.level, task.removeprefix("sign:"))
    return task in {step.detail["task"] for step in case.steps if step.what == "kept"}


def waits_for(case: Case) -> Iterator[Sentence]:
    """What a case waits for: signatures and answers."""
    plan = Plan.model_validate(case.document)
    for call in case.tasks():
        stands = case.closed_at is None or call.task.startswith("over:")
        if not stands or superseded(case, call.task) or case.answered(call.task, "done"):
            continue
        signature = call.task.startswith(("sign:", "end:"))
        if (signature and not case.answered(call.task, "refused")) or case.heard(call.task) is None:
            yield wording.waits(call, plan.parties[call.receiver].title, signature)


def _digest(plan: Plan) -> str:
    return digest_json(plan.model_dump(mode="json"))[:12]
