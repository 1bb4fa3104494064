"""Alarms, cases, letters, cycles and outcomes on either database: the same words in, the same book out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from calibration.outcomes import Estimate
from networks.errors import Refused
from networks.sentence import say
from twin import Desk
from twin.alarms import AlarmBook
from twin.cycle import Picture
from twin.desk import People, desk_place, told_place
from twin.live.cycles import Cycles
from twin.live.desk_now import DeskNow
from twin.out import Mailroom
from twin.outcome import OutcomeBook
from twin.plans import Plan, PlanBook

sys.path.insert(0, str(Path(__file__).parents[1] / "plans"))

from small_plan import NOON, TEXT, at, ponding, signal


def plans_of(desk: Desk) -> PlanBook:
    return PlanBook(desk.book, [Plan.model_validate(yaml.safe_load(TEXT))])


def test_a_case_lives_on_either_database(new_place: Callable[[], str]) -> None:
    place = new_place()
    desk = Desk.open(place, now=lambda: NOON)
    plans = plans_of(desk)
    assert plans.take([signal()], [ponding()], at(0))
    again = Desk.open(place, now=lambda: NOON)
    assert plans_of(again).take([signal()], [ponding()], at(0)) == [], "nothing is called twice"
    plans.sign("flood-1", "sign:III", who="Li", role="operator", why="water", now=at(2))
    with pytest.raises(Refused, match="Li has already signed it"):
        plans_of(again).sign("flood-1", "sign:III", who="Wu", role="engineer", why="too", now=at(3))
    plans.answer("flood-1", "ready", "acknowledged", who="pumps", words="来了", now=at(4))
    plans.take([], [], at(5))
    assert plans_of(again).tick(at(20)), "who does not answer is called again"
    plans.close("flood-1", who="Li", role="operator", why="over", now=at(30))
    (case,) = plans_of(again).cases.all()
    assert case.closed_at is not None and case.level == "III" and not desk.book.broken()
    assert {one.task for one in case.answers} >= {"ready", "sign:III"}
    assert plans_of(again).messages(at(31)), "who was called is told of the end"
    again.close()
    desk.close()


def test_alarms_live_on_either_database(new_place: Callable[[], str]) -> None:
    place = new_place()
    desk = Desk.open(place, now=lambda: at(10))
    people = People(desk.book)
    people.add("Root", "administrator")
    people.add("Ann", "operator")
    alarms = AlarmBook(desk.book)
    for number in range(3):
        found = [ponding("II", minute=5 * number), ponding("III", "p2", minute=40)]
        alarms.take(found, at(5 * number), f"run-{number}")
    assert alarms.take([ponding()], at(10), "run-2") == [], "a cycle is taken in once"
    worst = alarms.alarms()[0].alarm_id
    alarms.judge(worst, "confirm", "Ann", "seen by camera 7")
    alarms.judge(worst, "false", "Ann", "a shadow")
    other = AlarmBook(Desk.open(place, now=lambda: at(12)).book)
    told = other.alarm(worst)
    assert told.judgement is not None and told.judgement.verdict == "false" and told.raised is not None
    with pytest.raises(Refused):
        other.judge(worst, "confirm", "Eve", "nobody knows her")
    other.take([], at(15), "run-3")
    shown = DeskNow(desk).state()["desk"]["alarms"]
    assert worst in {one["alarm_id"] for one in shown}
    other.book.close()
    desk.close()


def test_cycles_outcomes_and_letters_live_on_either_database(new_place: Callable[[], str]) -> None:
    desk = Desk.open(new_place(), now=lambda: NOON)
    picture = Picture("run-1", NOON, NOON, left_out=(say("it did without", "未执行"),))
    Cycles(desk.book).keep(picture, "normal", 2)
    assert Cycles(desk.book).last()[0].left_out == [{"en": "it did without", "zh": "未执行"}]
    document = {"rec_id": "rec-a", "kind": "road_closure", "created": NOON.isoformat(), "action": [],
                "valid_until": at(60).isoformat(), "title": {"en": "t", "zh": "t"}}  # fmt: skip
    desk.propose(document)
    desk.decide("rec-a", "approve", who="operator 1", why="a test")
    estimate = Estimate("done at all", -5.0, -float("inf"), float("inf"), 0.95, 3)
    until = {"since": NOON, "until": NOON + timedelta(minutes=30), "measure": "odds", "unit": "ln"}
    OutcomeBook(desk.book).keep("rec-a", estimate, base=float("nan"), **until)
    assert OutcomeBook(desk.book).keep("rec-a", estimate, base=float("nan"), **until).undone, "the same is kept once"
    assert Mailroom(desk.book, (), desk.permission).letters() == [] and len(desk.entries()) == 1
    desk.close()


def test_a_town_goes_to_the_database_that_is_named_and_to_no_file_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWIN_DESK", raising=False)
    assert desk_place(tmp_path) == tmp_path / "desk.sqlite"
    monkeypatch.setenv("TWIN_DESK", "elsewhere/desk.sqlite")
    assert desk_place(tmp_path) == tmp_path / "desk.sqlite"
    monkeypatch.setenv("TWIN_DESK", "postgresql+psycopg://twin@db/town")
    assert desk_place(tmp_path) == "postgresql+psycopg://twin@db/town"
    monkeypatch.setenv("TWIN_DESK", "postgresql+psycopg://twin:secret@db/town")
    assert "secret" not in told_place(tmp_path)[0] and "db/town" in told_place(tmp_path)[0]
