"""Alarms in the book: grouped, steady, judged, and the same after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.errors import BadInput, NotThere, Refused
from networks.sentence import say
from twin.alarms import AlarmBook, Finding, Street, Streets, shipped_thresholds
from twin.alarms.grouping import grouped
from twin.desk import Book, People

T = datetime(2026, 11, 2, 8, tzinfo=UTC)
ROW = Streets({f"e{at}": Street(f"n{at}", f"n{at + 1}", 100.0, 1, 13.9) for at in range(20)})


def finding(subject: str, at: datetime, *, kind: str = "spillback", level: str = "III", soon_s: float = 0) -> Finding:
    begins = at + timedelta(seconds=soon_s)
    edges = (subject,) if subject.startswith("e") else ()
    return Finding(kind, subject, level, say(f"{kind} at {subject}", subject), at, begins, edges=edges)


class Desk:
    """A book that is told of a cycle every five minutes."""

    def __init__(self, place: Path) -> None:
        self.now, self.number, self.place = T, 0, place
        self.open()

    def open(self) -> None:
        self.alarms = AlarmBook(Book.open(self.place, now=lambda: self.now), ROW)

    def cycle(self, *told: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str]]:
        """Kind, subject and level of what is found; what changed, and about what."""
        self.number += 1
        self.now = T + timedelta(minutes=5 * self.number)
        findings = [finding(one[1], self.now, kind=one[0], level=(*one, "III")[2]) for one in told]
        changes = self.alarms.take(findings, self.now, f"run-{self.number}")
        return [(one.what, one.alarm.subject) for one in changes]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.sqlite")


def test_one_queue_over_three_streets_is_one_alarm_and_is_raised_when_it_lasts(desk: Desk) -> None:
    queue = [("spillback", f"e{at}") for at in (4, 5, 6)]
    assert [what for what, _ in desk.cycle(*queue)] == ["watched"]
    assert [what for what, _ in desk.cycle(*queue)] == ["raised"]
    (one,) = desk.alarms.alarms()
    assert set(one.edges) == {"e4", "e5", "e6"}
    assert one.actionable


def test_queues_that_do_not_touch_are_two_alarms(desk: Desk) -> None:
    desk.cycle(("spillback", "e2"), ("spillback", "e12"))
    assert len(desk.alarms.alarms()) == 2


def test_an_incident_found_later_explains_the_queue_without_a_second_alarm(desk: Desk) -> None:
    for _ in range(2):
        desk.cycle(("spillback", "e5"))
    desk.cycle(("spillback", "e5"), ("incident", "e6"))
    (one,) = desk.alarms.alarms()
    assert (one.kind, one.subject) == ("incident", "e6")
    assert {finding.subject for finding in one.findings} == {"e5", "e6"}


def test_a_second_incident_beside_one_that_stands_is_an_alarm_of_its_own(desk: Desk) -> None:
    first = finding("e5", T, kind="incident")
    for at in range(8):
        desk.now = T + timedelta(minutes=5 * at)
        told = [replace(first, at=desk.now), finding("e6", desk.now)]  # and its queue
        desk.alarms.take(told, desk.now, f"run-{at}")
    told = [replace(first, at=desk.now), finding("e6", desk.now), finding("e7", desk.now, kind="incident")]
    changes = desk.alarms.take(told, desk.now, "run-8")
    assert [(one.what, one.alarm.subject) for one in changes] == [("raised", "e7")]


def test_an_incident_is_never_the_child_of_another_streets_coverage(desk: Desk) -> None:
    desk.cycle(("incident", "e5"), ("coverage", "e5"))
    assert len(desk.alarms.alarms()) == 2


def test_a_gap_of_two_cycles_ends_nothing_and_three_do(desk: Desk) -> None:
    told = [desk.cycle(("spillback", "e5")) for _ in range(2)]
    assert told[1] == [("raised", "e5")]
    assert [desk.cycle(), desk.cycle(), desk.cycle(("spillback", "e5"))] == [[], [], []]
    assert [desk.cycle(), desk.cycle(), desk.cycle()] == [[], [], [("cleared", "e5")]]
    assert not desk.alarms.alarms(standing=True)


def test_one_that_comes_and_goes_is_never_raised(desk: Desk) -> None:
    for _ in range(6):
        desk.cycle(("spillback", "e5"))
        desk.cycle()
    (one,) = desk.alarms.alarms()
    assert one.raised is None
    assert not one.actionable


def test_the_level_rises_at_once_and_falls_only_after_three_cycles(desk: Desk) -> None:
    for _ in range(2):
        desk.cycle(("spillback", "e5", "III"))
    assert desk.cycle(("spillback", "e5", "II")) == [("worse", "e5")]
    assert [desk.cycle(("spillback", "e5", "IV")) for _ in range(3)] == [[], [], [("better", "e5")]]
    assert not desk.alarms.alarms()[0].actionable


def test_level_four_is_told_but_asks_nobody_to_act(desk: Desk) -> None:
    for _ in range(3):
        desk.cycle(("spillback", "e5", "IV"))
    (one,) = desk.alarms.alarms()
    assert one.raised
    assert one.asked is None


def test_a_cycle_that_is_taken_in_twice_counts_once_and_a_restart_forgets_nothing(desk: Desk) -> None:
    desk.cycle(("spillback", "e5"))
    again = desk.alarms.take([finding("e5", desk.now)], desk.now, "run-1")
    assert again == []
    desk.alarms.book.close()
    desk.open()
    assert desk.cycle(("spillback", "e5")) == [("raised", "e5")]
    assert not desk.alarms.book.broken()


def test_shelving_is_quiet_until_its_time_or_until_it_gets_worse(desk: Desk) -> None:
    for _ in range(2):
        desk.cycle(("spillback", "e5"))
    (one,) = desk.alarms.alarms()
    shelved = desk.alarms.shelve(one.alarm_id, desk.now + timedelta(minutes=12), "Li", "known works")
    assert not shelved.actionable
    desk.cycle(("spillback", "e5"))
    assert not desk.alarms.alarms()[0].actionable
    desk.cycle(("spillback", "e5", "I"))
    assert desk.alarms.alarms()[0].actionable
    with pytest.raises(BadInput, match="is over"):
        desk.alarms.shelve(one.alarm_id, desk.now, "Li", "too late")


def test_a_judgement_is_kept_with_who_and_why_and_a_false_alarm_asks_nobody(desk: Desk) -> None:
    for _ in range(2):
        desk.cycle(("spillback", "e5"))
    name = desk.alarms.alarms()[0].alarm_id
    desk.alarms.judge(name, "confirm", "Li", "camera 4")
    one = desk.alarms.judge(name[:5], "false", "Wang", "the camera shows a market")
    assert one.judgement is not None
    assert (one.judgement.verdict, one.judgement.who, one.actionable) == ("false", "Wang", False)
    assert [entry.action for entry in desk.alarms.book.audit(name)] == ["alarm raised", "judge confirm", "judge false"]
    with pytest.raises(BadInput, match="no such judgement"):
        desk.alarms.judge(name, "maybe", "Li", "?")
    with pytest.raises(BadInput, match="why"):
        desk.alarms.judge(name, "confirm", "Li", " ")
    with pytest.raises(NotThere):
        desk.alarms.judge("x", "confirm", "Li", "?")


def test_what_is_over_cannot_be_shelved(desk: Desk) -> None:
    desk.cycle(("incident", "e5"))
    for _ in range(3):
        desk.cycle()
    with pytest.raises(Refused):
        desk.alarms.shelve(desk.alarms.alarms()[0].alarm_id, desk.now + timedelta(hours=1), "Li", "quiet")


def test_where_the_desk_knows_people_only_they_judge_and_viewers_do_not(desk: Desk) -> None:
    desk.cycle(("incident", "e5"))
    (one,) = desk.alarms.alarms()
    people = People(desk.alarms.book)
    people.add("Chen", "administrator")
    people.add("Li", "operator")
    people.add("Wang", "viewer")
    assert desk.alarms.judge(one.alarm_id, "confirm", "Li", "camera 4").judgement
    for who in ("Wang", "Nobody"):
        with pytest.raises(Refused):
            desk.alarms.judge(one.alarm_id, "false", who, "so it seems")
        with pytest.raises(Refused):
            desk.alarms.shelve(one.alarm_id, desk.now + timedelta(hours=1), who, "so it seems")
    assert [entry.action for entry in desk.alarms.book.audit(one.alarm_id)].count("refused judge false") == 2
    kept = desk.alarms.alarms()[0].judgement
    assert kept is not None
    assert kept.verdict == "confirm"


def test_a_cycle_that_breaks_off_leaves_nothing_and_can_be_taken_in_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.cycle(("spillback", "e5"))
    with monkeypatch.context() as patch:
        patch.setattr(AlarmBook, "_changes", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.cycle(("spillback", "e5"), ("incident", "e12"))
    assert len(desk.alarms.alarms()) == 1
    desk.number -= 1
    assert sorted(desk.cycle(("spillback", "e5"), ("incident", "e12"))) == [("raised", "e12"), ("raised", "e5")]
    assert not desk.alarms.book.broken()


@given(st.lists(st.tuples(st.sampled_from(("spillback", "incident", "coverage")), st.integers(0, 19)), max_size=12))
def test_every_finding_is_in_one_alarm_whatever_order_they_come_in(told: list[tuple[str, int]]) -> None:
    findings = [finding(f"e{at}", T, kind=kind) for kind, at in dict.fromkeys(told)]
    rules = shipped_thresholds().alarms

    def parts(order: list[Finding]) -> set[frozenset[str]]:
        return {frozenset(one.key for one in group.fresh) for group in grouped(order, [], ROW, rules)}

    found = parts(findings)
    assert sorted(key for part in found for key in part) == sorted(one.key for one in findings)
    assert parts(findings[::-1]) == found
