"""Calls that leave by the mailroom: once, allowed, answered, and never as the real thing when they are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from small_plan import at, ponding, signal

from twin.desk.tables.sending import outgoing
from twin.out import Acknowledged, Mailroom, OutMessage
from twin.plans import PlanBook
from twin.plans.messages import key_of, rec_of

Opened = Callable[..., PlanBook]


class Pumps:
    """A receiver that remembers what came, and answers as it is told."""

    name = "pumps"
    done_within_s = None

    def __init__(self, says: str = "taken") -> None:
        self.got: list[OutMessage] = []
        self.says = says

    def send(self, message: OutMessage) -> Acknowledged:
        """Take a message."""
        self.got.append(message)
        return Acknowledged(self.says, "crew 3")


def mailroom(book: PlanBook, channels: Sequence[Pumps]) -> Mailroom:
    return Mailroom(book.book, channels, book.permission)


def test_a_call_leaves_once_and_its_answer_is_the_tasks(open_book: Opened) -> None:
    book, pumps = open_book(), Pumps()
    book.take([signal()], [ponding()], at(0))
    for _ in range(3):
        room = mailroom(book, [pumps])
        book.exchange(room, at(0))
        room.work()
    assert [one.key for one in pumps.got] == ["flood-1/ready/c0"]
    assert open_book().exchange(mailroom(open_book(), [pumps]), at(1)) == []
    case = book.cases.one("flood-1")
    assert [(one.task, one.state, one.who, one.words) for one in case.answers] == [
        ("ready", "acknowledged", "pumps", "crew 3")
    ]


def test_a_refusal_by_the_channel_calls_the_next(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    room = mailroom(book, [Pumps("refused")])
    book.exchange(room, at(0))
    room.work()
    assert ("ready", "refused", "police") in [
        (one.detail["task"], one.detail["reason"], one.detail["receiver"])
        for one in book.exchange(room, at(1))
        if one.what == "call"
    ]


def test_what_is_closed_before_it_left_never_leaves(open_book: Opened) -> None:
    book, pumps = open_book(), Pumps()
    book.take([signal()], [ponding()], at(0))
    room = mailroom(book, [pumps])
    book.exchange(room, at(0))
    book.close("flood-1", who="Li", role="operator", why="a mistake", now=at(1))
    room.work()
    assert pumps.got == []


def test_a_mailroom_of_the_real_desk_sends_no_exercise(open_book: Opened) -> None:
    exercise, real, pumps = open_book(exercise=True), open_book(), Pumps()
    exercise.take([signal(exercise=True)], [ponding()], at(0))
    room = mailroom(real, [pumps])
    real.exchange(room, at(0))
    room.hand_in(exercise.messages(at(0)))  # even when somebody hands it in
    room.work()
    assert pumps.got == []


def test_keys_fit_the_mailrooms_table(open_book: Opened) -> None:
    name = "x" * 24
    case_id = f"exercise-{name}-12345678-9999"
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    call = book.cases.one("flood-1").calls[0]
    long = replace(call, task=f"over:{name}", reason="call", rank=9)
    assert len(key_of(case_id, long)) <= outgoing.c.key.type.length
    assert len(rec_of(case_id, long.task)) <= outgoing.c.rec_id.type.length


@pytest.mark.parametrize("kill_after", range(1, 8))
def test_killed_in_the_middle_of_a_cycle_nothing_is_lost_or_doubled(open_book: Opened, kill_after: int) -> None:
    """The process dies after so many notes of the audit within one cycle; the next does the whole cycle."""
    book = open_book()
    note, left = book.book.note, [kill_after]

    def dying(*given: object) -> int:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return note(*given)  # type: ignore[arg-type]

    book.book.note = dying  # type: ignore[method-assign, assignment]
    try:
        book.take([signal()], [ponding()], at(0))
    except KeyboardInterrupt:
        assert open_book().cases.all() == []
    again = open_book()
    again.take([signal()], [ponding()], at(0))
    case = again.cases.one("flood-1")
    assert sorted(call.task for call in case.calls) == ["ready", "sign:III"]
    assert [one.action for one in again.book.audit("flood-1")].count("case call") == 2 and again.book.broken() == []
