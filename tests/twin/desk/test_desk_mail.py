"""The mailroom on either database: approved orders leave once, and one program at a time works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from twin.desk import Book, Desk
from twin.out import DEAD, Acknowledged, Mailroom, OutMessage, Patience, orders_of
from twin.out.one_at_work import alone
from twin.out.receivers import Receiver
from twin.out.ways.folder import FolderWay


class Note:
    name, done_within_s = "signals", None

    def __init__(self) -> None:
        self.seen: list[str] = []

    def send(self, message: OutMessage) -> Acknowledged:
        self.seen.append(message.key)
        return Acknowledged("unknown") if len(self.seen) == 1 else Acknowledged("taken")


def test_what_is_approved_leaves_once_and_what_is_withdrawn_does_not(new_place: Callable[[], str]) -> None:
    place = new_place()
    desk, note = Desk.open(place), Note()
    room = Mailroom(desk.book, [note], desk.permission, patience=Patience(9, 0.0, 0.0))
    now = datetime.now(UTC)
    receiver = Receiver(id="signals", takes=("signal_plan",), way=FolderWay(kind="folder", folder=Path("unused")))
    for rec_id in ("r1", "r2", "r3"):
        action = [{"kind": "signal_program", "signal": rec_id, "program": "1"}]
        times = {"created": now.isoformat(), "valid_until": (now + timedelta(hours=1)).isoformat()}
        document = {"rec_id": rec_id, "kind": "signal_timing", "title": rec_id, "action": action} | times
        desk.propose(document)
        room.hand_in(orders_of(document, [receiver]))
    room.work()
    assert note.seen == [] and {one.state for one in room.letters()} == {"held"}
    desk.decide("r1", "approve", who="Li", why="it helps")
    desk.decide("r2", "approve", who="Li", why="it helps")
    desk.withdraw("r2", who="twin", why="replaced", role="twin")
    with alone(desk.book) as mine:
        other = Book.open(place)
        with alone(other) as theirs:
            assert mine and not theirs
        other.close()
    room.work()
    assert room.letter(note.seen[0]).state == "waiting"
    room.work()
    assert len(set(note.seen)) == 1 and len(note.seen) == 2
    states = {one.message.rec_id: one.state for one in room.letters()}
    assert states == {"r1": "taken", "r2": "held", "r3": "held"} and room.letters(DEAD) == []
    assert desk.book.broken() == []
    desk.close()
