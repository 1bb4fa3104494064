"""`Mailroom`: what leaves is written down first, leaves only while something allows it, and never counts twice.

A message is sent again, with the same key, until its receiver answers: after a crash between sending and writing that
down nobody knows whether it arrived, and a receiver that sees a key twice knows that it is one message (IETF
draft-ietf-httpapi-idempotency-key). What has not left by `not_after`, or is refused, is a dead letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from networks.errors import BadInput, NotThere, Refused
from twin.desk.book import Book, text_of
from twin.out import ledger
from twin.out.letter import DEAD, OPEN, STATES, Letter, Step
from twin.out.message import ANSWERS, KINDS, NOTICES, Acknowledged, Allowance, Channel, Hearing, OutMessage
from twin.out.one_at_work import alone

BY = "mailroom"
_UNANSWERED = ("waiting", "held", "sending", "sent")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a receiver that does not answer is asked.

    Attributes:
        attempts: Times before it is given up.
        first_pause_s: Pause after the first time, by the desk's clock (s); doubles each time.
        longest_pause_s: At most (s).
    """

    attempts: int = 6
    first_pause_s: float = 5.0
    longest_pause_s: float = 300.0

    def pause(self, attempt: int) -> timedelta:
        """After this many times."""
        return timedelta(seconds=min(self.first_pause_s * 2.0 ** max(attempt - 1, 0), self.longest_pause_s))


class Mailroom:
    """What leaves the twin.

    Args:
        book: The desk's database; everything is kept there.
        channels: A receiver each.
        permission: `Desk.permission`: what lets a recommendation's orders leave now, by `rec_id`; None: nothing does.
        patience: With receivers that do not answer.
    """

    def __init__(
        self,
        book: Book,
        channels: Iterable[Channel],
        permission: Callable[[str], Allowance | None],
        *,
        patience: Patience = Patience(),
    ) -> None:
        self.book, self.permission, self.patience = book, permission, patience
        self.channels = {channel.name: channel for channel in channels}

    def hand_in(self, messages: Iterable[OutMessage]) -> list[Letter]:
        """Write messages down, all or none; those that are there already change nothing.

        So it is safe to hand in, in each cycle, everything that is approved and still holds: what a crash between
        the approval and this call left out comes in with the next. A rollback takes back what it undoes and has not
        been answered: that is not sent any more.

        Raises:
            BadInput: An unknown kind or channel, or a time without a zone.
            Refused: Another message has the key of one of these.
        """
        given = list(messages)
        for message in given:
            self._check(message)
        with self.book.work() as link:
            now = self.book.clock(link)
            for message in given:
                if not ledger.enter(link, message):
                    continue
                words = f"{message.kind} to {message.channel} by {message.allowed_by}, key {message.key}"
                ledger.step(link, message.key, "waiting", now, due=now, detail="handed in")
                self.book.note(link, BY, "hand in", message.rec_id, words)
                if message.kind == "rollback":
                    self._take_back(link, message, now)
        return [self.letter(message.key) for message in given]

    def work(self) -> list[Letter]:
        """Note what receivers said, and send what is due; those that changed.

        Receivers are asked side by side, each its messages in order; one that does not answer holds up nobody else.
        One program at a time works on a book: where another does already, nothing happens here.
        """
        changed: list[str] = []
        with alone(self.book) as mine:
            if not mine:
                return []
            changed += self._listen()
            due: dict[str, list[Letter]] = {}
            for letter in self.letters(states=OPEN):
                due.setdefault(letter.message.channel, []).append(letter)
            if due:
                with ThreadPoolExecutor(min(len(due), 16), "mailroom") as pool:
                    for keys in pool.map(self._serve, due.values()):
                        changed += keys
            changed += self._listen()
        return [self.letter(key) for key in dict.fromkeys(changed)]

    def acknowledge(self, key: str, answer: Acknowledged, *, channel: str) -> Letter:
        """Note what a receiver said of a message; late or twice, it is kept or changes nothing.

        Raises:
            BadInput: No such answer.
            NotThere: This receiver was never sent such a message.
        """
        if answer.state not in ANSWERS:
            raise BadInput(f"no such answer: {answer.state[:40]!r}", expected=", ".join(ANSWERS))
        found = [one for one in self.letters(key=key) if one.message.key == key and one.message.channel == channel]
        if not found or not found[0].sends:
            raise NotThere(f"{channel} was sent no message with this key", place=key)
        self._answered(found[0].message, answer)
        return self.letter(key)

    def close(self) -> None:
        """Hang up; what receivers say meanwhile is heard by the next mailroom."""
        for channel in self.channels.values():
            if isinstance(channel, Hearing):
                channel.close()

    def letters(self, states: Sequence[str] = (), *, rec_id: str | None = None, key: str = "") -> list[Letter]:
        """Messages in the order in which they were handed in: all, in some states, of one recommendation, by key.

        Raises:
            BadInput: No such state.
        """
        for state in states:
            if state not in STATES:
                raise BadInput(f"no such state: {state}", expected=", ".join(STATES))
        with self.book.read() as link:
            return ledger.letters(link, states=states, rec_id=rec_id, key=key)

    def letter(self, key: str) -> Letter:
        """One message by its key, or by the beginning of its key when only one begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        found = self.letters(key=key) if key else []
        found = [one for one in found if one.message.key == key] or found
        if len(found) != 1:
            what = "no message with this key" if not found else f"{len(found)} keys of messages begin with this"
            raise NotThere(what, file=self.book.place, place=key, remedy="twin out list shows the keys")
        return found[0]

    def retry(self, key: str, *, who: str, why: str) -> Letter:
        """Send a dead letter again, with its own key: a receiver that has it knows so.

        Raises:
            NotThere: No such message.
            Refused: It is no dead letter, or its time has passed.
        """
        letter = self.letter(key)
        message = letter.message
        if letter.state not in DEAD:
            raise Refused(f"it is {letter.state}, no dead letter", place=message.key)
        with self.book.work() as link:
            now = self.book.clock(link)
            if now > message.not_after:
                what = (
                    f"it must not be sent after {text_of(message.not_after)}, and the desk's clock says {text_of(now)}"
                )
                raise Refused(what, place=message.key, remedy="ask for a new recommendation")
            ledger.step(link, message.key, "waiting", now, due=now, detail=f"{who} asked for it: {why}")
            self.book.note(link, who, "send again", message.rec_id, f"key {message.key}: {why}")
        return self.letter(message.key)

    def _check(self, message: OutMessage) -> None:
        if message.kind not in KINDS:
            raise BadInput(f"no such kind of message: {message.kind}", expected=", ".join(KINDS))
        if message.channel not in self.channels:
            names = ", ".join(sorted(self.channels)) or "none is"
            raise BadInput(
                f"no receiver {message.channel!r}", place=message.key, expected=f"one that is known: {names}"
            )
        if message.not_after.tzinfo is None:
            raise BadInput("not_after has no zone", place=message.key, expected="a time with its zone")

    def _take_back(self, link: Connection, message: OutMessage, now: datetime) -> None:
        """What a rollback undoes and nobody has answered is not sent any more."""
        undone = {message.rec_id, str(message.body.get("undoes", message.rec_id))}
        for name in sorted(undone):
            for letter in ledger.letters(link, states=_UNANSWERED, rec_id=name):
                other = letter.message
                if other.channel == message.channel and other.key != message.key and other.kind != "rollback":
                    said = f"taken back by {message.key}" + (", perhaps after it arrived" if letter.sends else "")
                    ledger.step(link, other.key, "dead", now, attempt=letter.last.attempt, detail=said)
                    self.book.note(link, BY, "take back", other.rec_id, f"key {other.key}: {said}")

    def _listen(self) -> list[str]:
        """Note acknowledgements that came by themselves; those to nothing that we sent are one line of the audit."""
        changed = []
        for name, channel in self.channels.items():
            if not isinstance(channel, Hearing):
                continue
            strange = []
            for heard in channel.heard():
                try:
                    before = self.letter(heard.key).last
                    letter = self.acknowledge(heard.key, heard.answer, channel=name)
                    changed += [heard.key] if letter.last != before else []
                except (BadInput, NotThere) as error:
                    strange.append(f"{heard.key[:80]!r}: {error.what} {heard.answer.detail}"[:400])
                channel.noted(heard)
            if strange:
                with self.book.work() as link:
                    self.book.note(link, name, "strange acknowledgement", None, f"{len(strange)}, first {strange[0]}")
        return changed

    def _serve(self, letters: Sequence[Letter]) -> list[str]:
        """Send one receiver what is due, in order; stop where it does not answer."""
        changed: list[str] = []
        waits: set[str] = set()
        silent = False
        for letter in letters:
            message, now = letter.message, self.book.clock()
            if letter.state == "taken":
                changed += self._overdue(letter, now)
            elif now > message.not_after:
                changed += self._give_up(letter, now, f"its time has passed, and {_whereabouts(letter)}")
            elif message.rec_id in waits or silent:
                continue  # what was ordered first arrives first
            elif not self._is_due(letter, now):
                waits.add(message.rec_id)
            else:
                state = self._send(letter)
                changed += [message.key] if state else []
                silent = state in ("waiting", "dead")
                waits |= {message.rec_id} if state in ("", "held", "waiting", "sent") else set()
        return changed

    def _is_due(self, letter: Letter, now: datetime) -> bool:
        """A clock that was set back never makes anybody wait longer than the longest pause."""
        last = letter.last
        if last.state in ("sending", "held") or last.due is None:
            return True
        return last.due <= now or last.due - now > timedelta(seconds=self.patience.longest_pause_s)

    def _send(self, letter: Letter) -> str:
        """Send once; the state that it has then, "" when it did not change."""
        message, attempt = letter.message, letter.last.attempt
        if attempt >= self.patience.attempts:
            self._give_up(letter, self.book.clock(), f"no answer after {attempt} times: {letter.last.detail}")
            return "dead"
        allowance = self._allowance(message)
        if allowance is None:
            return "" if letter.state == "held" else self._hold(letter)
        with self.book.work() as link:
            now = self.book.clock(link)
            ledger.step(link, message.key, "sending", now, attempt=attempt + 1, detail=f"by {allowance}")
            words = f"{message.kind} to {message.channel} by {allowance}, key {message.key}, time {attempt + 1}"
            self.book.note(link, BY, "send", message.rec_id, words)
        if self._allowance(message) is None:  # it went while we wrote
            return self._hold(letter)
        answer = self.channels[message.channel].send(message)
        return self._answered(message, answer)

    def _allowance(self, message: OutMessage) -> str | None:
        """What lets a message leave at this moment."""
        if message.channel not in self.channels:
            return None
        now = self.book.clock()
        if now > message.not_after:
            return None
        if message.kind in NOTICES:
            return message.allowed_by
        found = self.permission(message.rec_id)
        return None if found is None or now > found.not_after else found.allowed_by

    def _hold(self, letter: Letter) -> str:
        message = letter.message
        known = message.channel in self.channels
        why = "nothing allows it now" if known else f"there is no receiver {message.channel} any more"
        with self.book.work() as link:
            now = self.book.clock(link)
            ledger.step(link, message.key, "held", now, attempt=letter.last.attempt, detail=why)
            self.book.note(link, BY, "hold", message.rec_id, f"key {message.key}: {why}")
        return "held"

    def _give_up(self, letter: Letter, now: datetime, why: str) -> list[str]:
        message = letter.message
        with self.book.work() as link:
            ledger.step(link, message.key, "dead", now, attempt=letter.last.attempt, detail=why)
            self.book.note(link, BY, "give up", message.rec_id, f"key {message.key}: {why}")
        return [message.key]

    def _overdue(self, letter: Letter, now: datetime) -> list[str]:
        due, message = letter.last.due, letter.message
        if due is None or now <= due:
            return []
        why = f"{message.channel} took it at {text_of(letter.last.at)} and never said that it acted"
        with self.book.work() as link:
            ledger.step(link, message.key, "overdue", now, attempt=letter.last.attempt, detail=why)
            self.book.note(link, BY, "overdue", message.rec_id, f"key {message.key}: {why}")
        return [message.key]

    def _answered(self, message: OutMessage, answer: Acknowledged) -> str:
        """Note an answer unless it says less than is known; the state that follows, "" when nothing changed."""
        with self.book.work() as link:
            now, before = self.book.clock(link), ledger.last(link, message.key)
            assert before is not None
            state = _next(before, answer.state, self.patience.attempts)
            if not state:
                return ""
            late = "after its time: " if now > message.not_after else ""
            late = late or ("after it was given up: " if before.state in ("dead", "overdue") else "")
            detail = f"{late}{answer.detail or answer.state}"[:4000]
            due = self._due(message, state, before.attempt, now)
            ledger.step(link, message.key, state, now, attempt=before.attempt, due=due, detail=detail)
            words = f"{late}key {message.key}: {answer.state}{': ' + answer.detail if answer.detail else ''}"
            self.book.note(link, message.channel, state, message.rec_id, words[:4000])
        return state

    def _due(self, message: OutMessage, state: str, attempt: int, now: datetime) -> datetime | None:
        if state in ("waiting", "sent"):
            return now + self.patience.pause(attempt)
        channel = self.channels.get(message.channel)
        if state == "taken" and channel is not None and channel.done_within_s is not None:
            return now + timedelta(seconds=channel.done_within_s)
        return None


def _whereabouts(letter: Letter) -> str:
    return "nobody knows whether it arrived" if letter.sends else "it was never sent"


def _next(before: Step, said: str, attempts: int) -> str:
    """The state after an answer; "" where it says nothing new."""
    if said in ("sent", "unknown"):
        if before.state != "sending":
            return ""  # the receiver itself was quicker than the one who carried it
        if said == "unknown" and before.attempt >= attempts:
            return "dead"
        return "sent" if said == "sent" else "waiting"
    if said == "taken" and before.state in ("taken", "overdue", "done", "refused"):
        return ""
    return "" if said == before.state else said
