"""Plans as files: mistakes are told with their lines, and each plan that ships can be played to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_plan import TEXT

from networks.errors import BadInput, NotThere, Refused
from networks.sentence import LANGUAGES
from twin.cli import run
from twin.desk import Book, Cases
from twin.plans import LIBRARY, drill, made_course, plan_named, read_course, read_plan, read_plans, review
from twin.plans.course import COURSES


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("agency: police", "agency: army", 29, "army is none of the parties"),
        ("kind: ponding, level: III", "kind: dragons, level: III", 14, "no finder finds dragons"),
        ("at_least: red", "at_least: purple", 24, "'IV', 'III', 'II' or 'I'"),
        ("id: close", "id: pump", 29, "a second task is called pump"),
        ("signs: chief", "signs: police", 26, "police signs, but its party has no roles"),
        ("done_min: 30", "done_min: 3", 21, "it must be done before it need be acknowledged"),
        ("acknowledge_min: 3,", "acknowledge_min: -3,", 29, "greater than 0"),
        ("hold_min: 20", "hold: 20", 30, "hold"),
        ("plan: flood", "plan: Flood!", 1, "pattern"),
        ("zh: 内涝}", "cn: 内涝}", 3, "is no sentence in en and zh"),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    file = tmp_path / "plan.yaml"
    assert old in TEXT
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        read_plan(file)
    assert words in str(told.value) and f"line {line}" in str(told.value), str(told.value)


def test_two_plans_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    with pytest.raises(BadInput, match="a second plan is called flood"):
        read_plans([tmp_path])
    with pytest.raises(NotThere, match="there is no plan 'hail'"):
        plan_named("hail")


def test_what_ships_is_in_order_in_both_languages() -> None:
    plans = read_plans()
    assert {plan.plan for plan in plans} == {"cloudburst", "crowd", "incident", "snow"}
    for plan in plans:
        tasks = [task for _, level in plan.from_mildest() for task in level.tasks]
        texts = [plan.title, plan.source, plan.stand_down.text, *(task.text for task in tasks)]
        assert all(set(text) == set(LANGUAGES) for text in texts)
        assert all(task.escalate for task in tasks), "somebody is called when nobody answers"
        assert "guess" in plan.source["en"] and "估计" in plan.source["zh"]
    for file in COURSES.glob("*.yaml"):
        read_course(file)


IN_CI = ("cloudburst", "incident")
"""One plan of each sort, for the city and for a subject; the others play alike, when asked for."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(file.stem, marks=() if file.stem in IN_CI else pytest.mark.full)
        for file in sorted(LIBRARY.glob("*.yaml"))
    ],
)
def test_a_course_made_from_a_plan_reaches_its_worst_level_and_its_end(name: str, tmp_path: Path) -> None:
    plan = plan_named(name)
    told = []
    course = made_course(plan).model_copy(update={"every_min": 5.0})
    book = drill(plan, course, tmp_path, lambda _, change: told.append(change))
    (case,) = Cases(book).all()
    assert case.level == plan.from_mildest()[-1][0] and case.closed_at is not None and case.exercise
    assert all(change.exercise for change in told) and case.case_id.startswith("exercise-")
    went = review(book, case.case_id).went
    assert went.called == sum(len(level.tasks) for _, level in plan.from_mildest())
    assert went.heard_late == 1 and went.unheard == 0 and went.escalations >= 1


def test_a_drill_writes_its_review_and_leaves_real_desks_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flood.yaml").write_text(TEXT, encoding="utf-8")
    assert run(["drill", "flood.yaml", "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines and all(line.startswith("演练") for line in lines)
    page = (tmp_path / "out/drills/flood/exercise-flood-1.html").read_text(encoding="utf-8")
    assert "EXERCISE" in page and "演练" in page
    assert run(["drill", "flood.yaml"]) == 0, "again in the same folder"
    assert run(["cases", "--desk", "out/drills/flood/desk.sqlite", "list", "--all"]) == 0
    assert "EXERCISE  exercise-flood-1  level I" in capsys.readouterr().out
    Book.open(tmp_path / "real/desk.sqlite").close()
    with pytest.raises(Refused, match="no drill's"):
        drill(plan_named("flood.yaml"), made_course(plan_named("flood.yaml")), tmp_path / "real", lambda *_: None)


def test_plans_are_listed_checked_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(TEXT.replace("signs: officer", "signs: nobody"), encoding="utf-8")
    assert run(["plans", "list"]) == 0 and "cloudburst" in capsys.readouterr().out
    assert run(["plans", "check", str(good), str(bad)]) == 2
    told = capsys.readouterr()
    assert "good.yaml: flood 1 is in order" in told.out and "nobody is none of the parties" in told.err
    assert run(["plans", "show", "cloudburst", "--lang", "zh"]) == 0 and "防汛指挥长" in capsys.readouterr().out
