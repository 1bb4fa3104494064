"""All that a desk can do, from the command line, in words that an operator understands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from papers import BOUNDED, closure, paper

from twin import Desk
from twin.cli import run

Say = Callable[..., str]
GREEN, OTHER = "0.plans.0.phases.0.duration_s", "0.plans.0.phases.2.duration_s"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with a plan and a closure that may be decided now."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TWIN_DESK", "desk.sqlite")
    monkeypatch.delenv("TWIN_TOKEN", raising=False)
    now = datetime.now(UTC)
    times = {"created": now.isoformat(), "valid_until": (now + timedelta(minutes=30)).isoformat()}
    desk = Desk.open(tmp_path / "desk.sqlite")
    desk.propose(paper(**times))
    desk.propose(closure(**times))
    desk.close()
    return tmp_path


@pytest.fixture
def say(place: Path, capsys: pytest.CaptureFixture[str]) -> Say:  # noqa: ARG001
    """Runs `twin WORDS` and gives what it said; the exit status is checked."""

    def speak(*words: str, status: int = 0) -> str:
        capsys.readouterr()
        assert run([*words]) == status, words
        told = capsys.readouterr()
        return told.out + told.err

    return speak


@pytest.fixture
def tokens(say: Say, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets people in, from the command line, and gives who sits down."""
    by_name = {"Root": say("desk", "people", "add", "Root", "--role", "administrator").split()[0]}
    monkeypatch.setenv("TWIN_TOKEN", by_name["Root"])
    for name, role in [("Ann", "operator"), ("Bo", "operator"), ("Vic", "viewer")]:
        by_name[name] = say("desk", "people", "add", name, "--role", role).split()[0]
    return lambda name: monkeypatch.setenv("TWIN_TOKEN", by_name[name])


def test_two_people_close_a_street(say: Say, tokens: Callable[[str], None]) -> None:
    assert "it takes 2 different people to approve it" in say("desk", "show", "close-1")
    tokens("Ann")
    told = say("desk", "approve", "close-1", "--why", "water on the quay")
    assert "approved by Ann, not enough" in told and "another person must as well" in told
    told = say("desk", "approve", "close-1", "--why", "again", status=4)
    assert "another person's eyes" in told and "to do: another operator: twin desk approve close-1" in told
    tokens("Vic")
    assert "Vic is viewer" in say("desk", "approve", "close-1", "--why", "let me", status=4)
    for words in (["alarms", "judge", "any", "false"], ["out", "retry", "any"], ["desk", "mode", "emergency"]):
        assert "Vic is viewer here" in say(*words, "--why", "let me", status=4)
    told = say("desk", "approve", "close-1", "--why", "x", "--who", "Bo", status=4)
    assert "this token is Vic's, not Bo's" in told
    tokens("Bo")
    assert "it may leave until" in say("desk", "approve", "close-1", "--why", "agreed")
    assert "the audit of desk.sqlite holds: 13 entries" in say("audit", "verify")


def test_who_says_nothing_is_told_what_to_do(
    say: Say, tokens: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens("Ann")
    assert "Ann is operator here" in say("desk", "people", "add", "Zoe", "--role", "operator", status=4)
    monkeypatch.delenv("TWIN_TOKEN")
    told = say("desk", "approve", "rec-1", "--who", "Ann", "--why", "x", status=4)
    assert "put your token into TWIN_TOKEN" in told
    monkeypatch.setenv("TWIN_TOKEN", "guess")
    assert "nobody at this desk has this token" in say("desk", "reject", "rec-1", "--why", "x", status=4)


def test_at_a_desk_that_knows_nobody_a_name_is_needed(say: Say) -> None:
    assert "nobody says who decides" in say("desk", "approve", "rec-1", "--why", "x", status=2)
    assert "names are taken at their word" in say("desk", "people", "list")
    assert "first person must be an administrator" in say("desk", "people", "add", "A", "--role", "viewer", status=4)
    assert "no such role: king" in say("desk", "people", "add", "A", "--role", "king", status=2)
    assert "rec-1  approved" in say("desk", "approve", "rec-1", "--who", "operator 1", "--why", "x")


def test_another_figure_and_the_way_back(say: Say, place: Path) -> None:
    me = ("--who", "Ann", "--why", "a bus lane is there")
    told = say("desk", "change", "rec-1", "--set", f"{GREEN}=40", *me, status=2)
    assert "take from one green what another gets" in told
    assert "sets no figure" in say("desk", "change", "rec-1", "--set", "long", *me, status=2)
    assert "in one way" in say("desk", "change", "rec-1", *me, status=2)
    told = say("desk", "change", "rec-1", "--set", f"{GREEN}=34", "--set", f"{OTHER}=16", *me)
    assert f"changed: {GREEN} = 34, {OTHER} = 16" in told
    assert "A1" in say("desk", "export", "rec-1", "--out", "plan.add.xml")
    assert 'duration="34' in (place / "plan.add.xml").read_text(encoding="utf-8")
    told = say("desk", "rollback", "rec-1", "--who", "Bo", "--why", "the queue grew")
    assert "rec-1  withdrawn" in told and "rollback: Back to the plan before: Longer green" in told
    assert "it is withdrawn" in say("desk", "rollback", "rec-1", "--who", "Bo", "--why", "x", status=4)
    (place / "action.json").write_text(json.dumps([{"kind": "evacuation"}]), encoding="utf-8")
    assert "another shape" in say("desk", "change", "close-1", "--action", "action.json", *me, status=2)
    assert "no such file" in say("desk", "change", "close-1", "--action", "none.json", *me, status=2)
    assert "close-1  withdrawn" in say("desk", "withdraw", "close-1", *me)


def test_rules_mode_autonomy_and_clock(say: Say, place: Path) -> None:
    me = ("--who", "Ann", "--why", "cloudburst")
    assert "normal: a cycle every 300 s" in say("desk", "mode")
    assert "one person approves what is dangerous" in say("desk", "mode", "emergency", *me)
    assert "--why is empty" in say("desk", "mode", "normal", "--who", "Ann", status=2)
    (place / "mine.yaml").write_text(BOUNDED, encoding="utf-8")
    (place / "wrong.yaml").write_text(BOUNDED.replace("level: bounded", "level: free"), encoding="utf-8")
    assert "bounds: 1; it can be used" in say("desk", "authority", "check", "mine.yaml")
    assert "wrong.yaml, line 3" in say("desk", "authority", "use", "wrong.yaml", *me, status=2)
    assert "in force" in say("desk", "authority", "use", "mine.yaml", *me)
    assert say("desk", "authority", "show") == BOUNDED
    assert "signal:A1: bounded" in say("desk", "autonomy", "show", "signal:A1")
    assert "signal:*: supervised" not in say("desk", "autonomy", "set", "signal:A1", "advise", *me)
    assert "gives no more than supervised" in say("desk", "autonomy", "set", "sign:1", "bounded", *me)
    assert "at most advise, set by hand: signal:A1" in say("desk", "autonomy", "show")
    assert "behind" not in say("desk", "clock")
    Desk.open(place / "desk.sqlite", now=lambda: datetime.now(UTC) + timedelta(hours=1)).note("x", "look", None, "")
    assert "nothing is approved and nothing leaves" in say("desk", "clock")
    assert "behind what the audit has seen" in say("desk", "approve", "rec-1", *me, status=4)
    assert "behind" not in say("desk", "clock", "--trust", *me)


def test_an_audit_that_was_changed_or_written_anew_is_found(say: Say, place: Path) -> None:
    seal = say("audit", "verify").split("last seal: ")[1].split()[0]
    say("desk", "approve", "rec-1", "--who", "Ann", "--why", "x")
    assert "holds: 3 entries" in say("audit", "verify", "--seal", seal)
    assert "written anew" in say("audit", "verify", "--seal", "0" * 64, status=6)
    with sqlite3.connect(place / "desk.sqlite") as raw:
        raw.execute("UPDATE audit SET who = 'Bo' WHERE seq = 3")
    assert "entry 3: it does not fit its seal" in say("audit", "verify", status=6)
