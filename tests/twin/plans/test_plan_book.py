"""Plans at work: nothing is called twice, nothing is lost, and it ends only when who signs says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_plan import at, ponding, signal

from networks.errors import NotThere, Refused
from twin.out import Acknowledged
from twin.plans import Change, PlanBook, waits_for

Opened = Callable[..., PlanBook]


def calls(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(one.detail["task"], one.detail["reason"], one.detail["receiver"]) for one in changes if one.what == "call"]


def test_signal_and_findings_open_a_case_that_calls_what_needs_no_signature(open_book: Opened) -> None:
    book = open_book()
    assert book.take([signal()], [], at(0)) == [] and book.take([], [ponding()], at(1)) == []
    changes = book.take([signal()], [ponding()], at(2))
    assert calls(changes) == [("sign:III", "call", "officer"), ("ready", "call", "pumps")]
    assert [one.case_id for one in book.cases.all()] == ["flood-1"]


def test_the_same_cycle_twice_changes_nothing(open_book: Opened) -> None:
    book = open_book()
    assert book.take([signal()], [ponding()], at(0))
    assert open_book().take([signal()], [ponding()], at(0)) == []
    assert open_book().take([signal()], [ponding()], at(1)) == []


def test_a_signature_calls_the_rest_at_once_and_only_by_who_signs(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    with pytest.raises(Refused, match="Eve, viewer, does not sign level III"):
        book.sign("flood-1", "sign:III", who="Eve", role="viewer", why="because", now=at(1))
    assert calls(book.sign("flood-1", "sign:III", who="Li", role="operator", why="water", now=at(2))) == [
        ("pump", "call", "pumps")
    ]
    with pytest.raises(Refused, match="Li has already signed it"):
        book.sign("flood-1", "sign:III", who="Wu", role="engineer", why="too", now=at(3))
    assert [one.action for one in book.book.audit("flood-1")].count("refused signature") == 2


def test_a_worse_level_raises_the_case_and_calls_only_what_is_new(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.sign("flood-1", "sign:III", who="Li", role="operator", why="water", now=at(1))
    raised = book.take([signal("I")], [ponding("I")], at(2))
    assert calls(raised) == [("sign:I", "call", "chief")]
    assert [one.level for one in book.cases.all()] == ["I"]
    assert calls(book.sign("flood-1", "sign:I", who="Wu", role="engineer", why="red", now=at(3))) == [
        ("close", "call", "police")
    ]


def test_nobody_answers_and_the_next_is_called_once_until_nobody_is_left(open_book: Opened) -> None:
    book, told = open_book(), []
    for minute in range(25):
        told += [(minute, *one) for one in calls(book.take([signal()], [ponding()], at(minute)))]
    ready = [one for one in told if one[1] == "ready"]
    assert ready == [
        (0, "ready", "call", "pumps"),
        (6, "ready", "acknowledge", "police"),
        (12, "ready", "acknowledge", "chief"),
    ]
    assert [step.detail["task"] for step in book.cases.one("flood-1").steps if step.what == "unheard"] == [
        "ready",
        "sign:III",
    ]


def test_a_late_answer_is_kept_told_as_late_and_ends_the_escalation(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.take([signal()], [ponding()], at(6))
    late, *_ = book.hear("flood-1/ready/c0", Acknowledged("taken", "on our way"), who="pumps", now=at(65))
    assert late.detail["late_s"] == 3600 and "60 min late" in late.text["en"] and "迟 60 min" in late.text["zh"]
    assert [one.what for one in book.answer("flood-1", "ready", "acknowledged", who="pumps", now=at(66))] == [
        "repeated"
    ]
    assert ("ready", "acknowledge", "chief") not in calls(book.take([signal()], [ponding()], at(67)))


def test_a_refusal_calls_the_next_at_once(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    refused = book.answer("flood-1", "ready", "refused", who="pumps", words="no crew", now=at(1))
    assert calls(refused) == [("ready", "refused", "police")]


def test_what_is_heard_but_not_done_in_time_is_escalated(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.sign("flood-1", "sign:III", who="Li", role="operator", why="water", now=at(0))
    book.answer("flood-1", "pump", "acknowledged", who="pumps", now=at(2))
    assert ("pump", "done", "chief") not in calls(book.take([signal()], [ponding()], at(30)))
    assert ("pump", "done", "chief") in calls(book.take([signal()], [ponding()], at(31)))


def test_it_ends_after_the_hold_and_a_signature_and_waits_for_it_in_words(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.take([], [], at(10))
    assert not [one for one in calls(book.take([], [], at(29))) if one[0].startswith("end")]
    asked = book.take([], [], at(30))
    assert ("end:1", "call", "officer") in calls(asked)
    assert any("end:1" in one["en"] and "Officer" in one["en"] for one in waits_for(book.cases.one("flood-1")))
    assert open_book().cases.one("flood-1").closed_at is None
    ended = book.sign("flood-1", "end:1", who="Li", role="operator", why="dry", now=at(32))
    assert ("over:pumps", "call", "pumps") in calls(ended) and book.cases.one("flood-1").closed_at == at(32)


def test_trouble_that_returns_takes_the_wish_to_end_back(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    for minute in (10, 30):
        book.take([], [], at(minute))
    assert [one.what for one in book.take([signal()], [ponding()], at(31)) if one.what in ("kept", "trouble")] == [
        "kept",
        "trouble",
    ]
    with pytest.raises(Refused, match="trouble is there again"):
        book.sign("flood-1", "end:1", who="Li", role="operator", why="dry", now=at(32))
    book.take([], [], at(40))
    assert ("end:2", "call", "officer") in calls(book.take([], [], at(60)))


def test_what_nobody_looked_for_is_not_over(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    for minute in range(5, 65, 5):
        assert not [
            one for one in calls(book.take([signal()], [], at(minute), unseen=["ponding"])) if one[0][:3] == "end"
        ]
    book.take([], [], at(65))
    assert not [one for one in calls(book.take([], [], at(80))) if one[0].startswith("end")]
    assert ("end:1", "call", "officer") in calls(book.take([], [], at(85)))


def test_a_clock_that_jumps_does_not_pass_for_quiet(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.take([], [], at(5))
    assert not [one for one in calls(book.take([], [], at(500))) if one[0].startswith("end")]


def test_a_signature_in_quiet_calls_nothing_until_trouble_returns(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    book.take([], [], at(5))
    assert calls(book.sign("flood-1", "sign:III", who="Li", role="operator", why="late", now=at(6))) == []
    assert ("pump", "call", "pumps") in calls(book.take([signal()], [ponding()], at(7)))


def test_exercises_and_the_real_thing_never_meet(open_book: Opened) -> None:
    real, exercise = open_book(), open_book(exercise=True)
    assert real.take([signal(exercise=True)], [ponding()], at(0)) == []
    exercise.take([signal(exercise=True)], [ponding()], at(0))
    assert [one.case_id for one in exercise.cases.all()] == ["exercise-flood-1"]
    assert real.messages(at(1)) == []
    (message,) = exercise.messages(at(1))
    assert message.key.startswith("exercise-") and message.body["exercise"] is True
    assert message.body["text"]["en"].startswith("EXERCISE") and message.body["text"]["zh"].startswith("【演练】")
    assert real.permission(message.rec_id) is None and exercise.permission(message.rec_id) is not None


def test_messages_keep_their_keys_and_end_with_their_case(open_book: Opened) -> None:
    book = open_book()
    book.take([signal()], [ponding()], at(0))
    first = book.messages(at(1))
    assert [one.key for one in first] == ["flood-1/ready/c0"] and first[0].allowed_by.startswith("bound:plan/")
    assert open_book().messages(at(2)) == first
    book.close("flood-1", who="Li", role="operator", why="a mistake", now=at(3))
    assert [one.key for one in book.messages(at(4))] == ["flood-1/over:pumps/c0"]
    assert book.permission(first[0].rec_id) is None and book.permission("flood-1/over:pumps") is not None
    with pytest.raises(NotThere):
        book.answer("flood-1", "nothing", "done", who="pumps")
