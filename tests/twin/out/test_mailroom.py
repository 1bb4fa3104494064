"""The mailroom: permission at the moment of sending, once by key, retries, deadlines, clocks, crashes between lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from networks.errors import BadInput, NotThere, Refused
from twin.desk import Book
from twin.out import Acknowledged, Heard, Mailroom, OutMessage, Patience
from twin.out.one_at_work import alone

T0 = datetime(2026, 7, 1, 8, tzinfo=UTC)
TAKEN, DONE, SILENT = (
    Acknowledged("taken"),
    Acknowledged("done", "green is longer"),
    Acknowledged("unknown", "no answer"),
)


@dataclass
class Receiver:
    """Answers as it is told, and notes by key what it sees."""

    name: str = "signals"
    done_within_s: float | None = 300.0
    answers: list[Acknowledged] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    said: list[Heard] = field(default_factory=list)
    dies: bool = False

    def send(self, message: OutMessage) -> Acknowledged:
        self.seen.append(message.key)
        if self.dies:
            self.dies = False
            raise KeyboardInterrupt
        return self.answers.pop(0) if self.answers else TAKEN

    def heard(self) -> list[Heard]:
        return list(self.said)

    def noted(self, heard: Heard) -> None:
        self.said.remove(heard)

    def close(self) -> None:
        pass


@dataclass
class Leave:
    allowed_by: str = "decision:r1"
    not_after: datetime = T0 + timedelta(hours=1)


class Desk:
    """What is allowed, by recommendation."""

    def __init__(self) -> None:
        self.leave: dict[str, Leave] = {"r1": Leave(), "r2": Leave()}

    def permission(self, rec_id: str) -> Leave | None:
        return self.leave.get(rec_id)


def order(key: str = "k1", rec: str = "r1", kind: str = "signal_plan", **more: object) -> OutMessage:
    made = OutMessage(key, "signals", kind, {"interventions": []}, rec, f"decision:{rec}", T0 + timedelta(minutes=30))
    return replace(made, **more)  # type: ignore[arg-type]


class Office:
    """A mailroom with a clock that is set by hand."""

    def __init__(self, place: Path) -> None:
        self.book, self.desk, self.receiver = Book.open(place), Desk(), Receiver()
        self.at(0)
        self.open()

    def open(self) -> None:
        self.room = Mailroom(self.book, [self.receiver], self.desk.permission, patience=Patience(4, 10.0, 60.0))

    def at(self, seconds: float) -> None:
        self.now = T0 + timedelta(seconds=seconds)
        self.book.set_clock(self.now)

    def states(self) -> dict[str, str]:
        return {one.message.key: one.state for one in self.room.letters()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "desk.sqlite")


def test_an_order_leaves_once_is_taken_and_then_done(office: Office) -> None:
    office.room.hand_in([order()])
    office.room.hand_in([order()])
    assert [one.state for one in office.room.work()] == ["taken"]
    assert office.room.work() == [] and office.receiver.seen == ["k1"]
    office.receiver.said.append(Heard("k1", DONE))
    assert [one.state for one in office.room.work()] == ["done"]
    assert office.receiver.said == []
    office.receiver.said += [Heard("k1", DONE), Heard("k1", TAKEN)]  # everything comes twice
    assert office.room.work() == [] and office.states() == {"k1": "done"}
    actions = [(one.who, one.action) for one in office.book.audit("r1")]
    assert actions == [("mailroom", "hand in"), ("mailroom", "send"), ("signals", "taken"), ("signals", "done")]
    assert office.book.broken() == []


def test_nothing_leaves_without_a_permission_at_the_moment_of_sending(office: Office) -> None:
    office.receiver.answers = [SILENT]
    office.room.hand_in([order(), order("k2", "r3")])
    office.room.work()
    del office.desk.leave["r1"]  # rolled back while the receiver did not answer
    office.at(30)
    office.room.work()
    assert office.receiver.seen == ["k1"] and office.states() == {"k1": "held", "k2": "held"}
    office.room.work()
    held = [one.action for one in office.book.audit() if one.action == "hold"]
    assert len(held) == 2  # told once each, not in every cycle
    office.desk.leave["r1"] = Leave(not_after=T0 + timedelta(seconds=20))
    office.room.work()
    assert office.receiver.seen == ["k1"]  # this permission has ended
    office.desk.leave["r1"] = Leave()
    office.room.work()
    assert office.receiver.seen == ["k1", "k1"] and office.states() == {"k1": "taken", "k2": "held"}
    office.at(1801)
    office.room.work()
    dead = office.room.letter("k2")
    assert dead.state == "dead" and dead.last.detail == "its time has passed, and it was never sent"


def test_a_permission_that_goes_while_sending_is_written_down_counts(office: Office) -> None:
    asked: list[str] = []

    def once(rec_id: str) -> Leave | None:
        asked.append(rec_id)
        return Leave() if len(asked) == 1 else None

    room = Mailroom(office.book, [office.receiver], once)
    room.hand_in([order()])
    room.work()
    assert office.receiver.seen == [] and office.states() == {"k1": "held"}


def test_time_that_passes_while_a_permission_is_asked_counts(office: Office) -> None:
    def slowly(_: str) -> Leave:
        office.at(1801)
        return Leave(not_after=T0 + timedelta(hours=9))

    room = Mailroom(office.book, [office.receiver], slowly)
    room.hand_in([order()])
    room.work()
    assert office.receiver.seen == [] and office.states() == {"k1": "held"}
    room.work()
    assert room.letter("k1").last.detail == "its time has passed, and it was never sent" and not room.letter("k1").sends


def test_a_silent_receiver_is_asked_with_growing_pauses_and_given_up(office: Office) -> None:
    office.receiver.answers = [SILENT] * 9
    office.room.hand_in([order()])
    sent_at = []
    for second in range(0, 200, 2):
        office.at(second)
        before = len(office.receiver.seen)
        office.room.work()
        sent_at += [second] * (len(office.receiver.seen) - before)
    assert sent_at == [0, 10, 30, 70] and set(office.receiver.seen) == {"k1"}
    assert office.states() == {"k1": "dead"}
    office.receiver.answers = []
    office.room.hand_in([order("k2")])
    with pytest.raises(Refused, match="no dead letter"):
        office.room.retry("k2", who="Li", why="there again")
    office.room.retry("k1", who="Li", why="there again")
    office.room.work()
    assert office.states() == {"k1": "taken", "k2": "taken"} and office.receiver.seen[4:] == ["k1", "k2"]
    office.at(1900)
    office.room.acknowledge("k1", Acknowledged("refused", "no such plan"), channel="signals")
    with pytest.raises(Refused, match="must not be sent after"):
        office.room.retry("k1", who="Li", why="again")


def test_taken_is_not_done_and_is_told_after_the_deadline(office: Office) -> None:
    office.room.hand_in([order()])
    office.room.work()
    office.at(299)
    assert office.room.work() == []
    office.at(301)
    (told,) = office.room.work()
    assert told.state == "overdue" and "never said that it acted" in told.last.detail
    assert office.room.work() == [] and office.receiver.seen == ["k1"]
    late = office.room.acknowledge("k1", DONE, channel="signals")
    assert late.state == "done" and late.last.detail == "after it was given up: green is longer"


def test_an_answer_after_an_hour_is_kept_and_nothing_is_sent_again(office: Office) -> None:
    class Slow(Receiver):
        def send(self, message: OutMessage) -> Acknowledged:
            office.at(3600)
            return super().send(message)

    office.receiver = Slow()
    office.open()
    office.room.hand_in([order()])
    (letter,) = office.room.work()
    assert letter.state == "taken" and letter.last.detail.startswith("after its time: ")
    office.at(3700)
    assert office.room.work() == [] and office.receiver.seen == ["k1"]


def test_a_clock_that_jumps_back_makes_nobody_wait_for_hours(office: Office) -> None:
    office.at(3000)
    office.receiver.answers = [SILENT]
    office.room.hand_in([replace(order(), not_after=T0 + timedelta(hours=9))])
    office.room.work()
    office.at(0)  # the due time lies 50 minutes ahead
    office.room.work()
    assert office.receiver.seen == ["k1", "k1"]


def test_a_crash_between_sending_and_writing_it_down_sends_the_same_key_again(office: Office) -> None:
    office.receiver.dies = True
    office.room.hand_in([order(), order("k2")])
    with pytest.raises(KeyboardInterrupt):
        office.room.work()
    assert office.states() == {"k1": "sending", "k2": "waiting"}
    office.book.close()
    office.book = Book.open(office.book.place)
    office.open()
    office.room.work()
    assert office.receiver.seen == ["k1", "k1", "k2"] and set(office.states().values()) == {"taken"}
    assert office.room.letter("k1").sends == 2


def test_orders_of_one_recommendation_arrive_in_order_and_a_rollback_takes_back(office: Office) -> None:
    office.receiver.answers = [Acknowledged("sent", "the broker has it")]
    office.room.hand_in([order(), order("k2"), order("k3", "r2")])
    office.room.work()
    assert office.receiver.seen == ["k1", "k3"]  # k2 waits for k1; another recommendation does not
    back = order("back", "r1", kind="rollback")
    office.room.hand_in([back])
    assert office.states() == {"k1": "dead", "k2": "dead", "k3": "taken", "back": "waiting"}
    office.room.work()
    assert office.receiver.seen == ["k1", "k3", "back"]
    office.room.acknowledge("k1", DONE, channel="signals")
    assert office.room.letter("k1").last.detail == "after it was given up: green is longer"


def test_what_is_wrong_is_refused_in_words(office: Office) -> None:
    office.room.hand_in([order()])
    with pytest.raises(Refused, match="another message has this key"):
        office.room.hand_in([order("k9"), replace(order(), body={"interventions": [1]})])
    assert "k9" not in office.states()  # all or none
    with pytest.raises(BadInput, match="no receiver"):
        office.room.hand_in([replace(order("k4"), channel="nobody")])
    with pytest.raises(BadInput, match="no zone"):
        office.room.hand_in([replace(order("k5"), not_after=datetime(2026, 7, 1))])
    with pytest.raises(BadInput, match="kind"):
        office.room.hand_in([order("k6", kind="gossip")])
    with pytest.raises(NotThere, match="was sent no message"):
        office.room.acknowledge("k1", DONE, channel="signals")  # an answer to what was never sent
    office.room.work()
    with pytest.raises(NotThere):
        office.room.acknowledge("k1", DONE, channel="somebody else")
    with pytest.raises(BadInput, match="answer"):
        office.room.acknowledge("k1", Acknowledged("perhaps"), channel="signals")
    office.receiver.said += [Heard("stranger", DONE)]
    office.room.work()
    assert office.book.audit()[-1].action == "strange acknowledgement" and office.receiver.said == []


def test_a_receiver_that_left_the_file_keeps_its_messages(office: Office) -> None:
    office.room.hand_in([order()])
    office.room = Mailroom(office.book, [Receiver("other")], office.desk.permission)
    office.room.work()
    assert office.room.letter("k1").last.detail == "there is no receiver signals any more"


def test_one_at_a_time_works_on_a_book(office: Office) -> None:
    office.room.hand_in([order()])
    with alone(office.book) as mine:
        assert mine and office.room.work() == []
    assert len(office.room.work()) == 1
