"""What the twin may do by itself, and every way in which it may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import BOUNDED, NOON, Watch, at_light, paper, plan

from networks.errors import BadInput, Refused
from twin import Desk
from twin.desk import AUTONOMY, read_rules


@pytest.fixture
def bounded(staffed: Desk) -> Desk:
    staffed.use_authority(BOUNDED, "mine.yaml", who="Root", why="agreed with the police")
    return staffed


def test_within_a_bound_it_leaves_by_itself_and_the_audit_says_so(bounded: Desk) -> None:
    entry = bounded.propose(paper())
    assert entry.status == "approved" and entry.decision is not None and entry.decision.bound == "small-green"
    permission = bounded.permission("rec-1")
    assert permission is not None and permission.allowed_by == "bound:small-green"
    assert [(a.who, a.action) for a in bounded.audit("rec-1")] == [
        ("twin", "propose"),
        ("bound:small-green", "approve"),
    ]
    assert bounded.propose(paper()).status == "approved" and len(bounded.audit("rec-1")) == 2


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"action": [plan(greens=(40.0, 10.0))]}, "goes from 30 to 40, and may change by 8"),
        ({"action": [plan(greens=(36.0, 2.0))]}, "may be 4 to 60"),
        ({"before": None}, "not told in the same shape"),
        ({"before": [plan("A1", offset_s=3.0)]}, "not told in the same shape"),
        ({"effect": {"verdict": "worse"}}, "not better"),
        ({"effect": None}, "not better"),
        ({"action": [plan(greens=(36.0, 14.0)), {"kind": "road_closure", "asset": "signal:A1"}]}, "other kinds"),
        ({"action": []}, "other kinds"),
    ],
)
def test_beyond_a_bound_it_waits_for_a_person_and_says_why(bounded: Desk, change: dict[str, Any], word: str) -> None:
    assert bounded.propose(paper(**change)).status == "proposed"
    assert bounded.permission("rec-1") is None
    last = bounded.audit("rec-1")[-1]
    assert last.action == "no bound" and word in last.detail


def test_the_rate_the_hours_and_the_mode(bounded: Desk, watch: Watch) -> None:
    def status(number: int) -> str:
        times = {"created": watch.now.isoformat(), "valid_until": (watch.now + timedelta(minutes=30)).isoformat()}
        return bounded.propose(paper(f"rec-{number}", **times, **at_light(f"A{number}"))).status

    assert [status(1), status(2), status(3)] == ["approved", "approved", "proposed"]
    assert bounded.audit("rec-3")[-1].detail == "small-green: it was used 2 times in the last hour"
    watch.now += timedelta(minutes=61)
    assert status(4) == "approved"
    watch.now = NOON + timedelta(hours=10)
    assert status(5) == "proposed" and "06:00-22:00 (UTC) only" in bounded.audit("rec-5")[-1].detail
    watch.now += timedelta(hours=10)
    bounded.switch("emergency", who="Ann", why="cloudburst")
    assert status(6) == "proposed" and "emergency" in bounded.audit("rec-6")[-1].detail


def test_two_plans_for_one_signal_do_not_both_leave_by_themselves(bounded: Desk) -> None:
    assert bounded.propose(paper()).status == "approved"
    assert bounded.propose(paper("rec-2", title={"en": "Another", "zh": "另一"})).status == "proposed"
    assert "rec-1 was approved meanwhile" in bounded.audit("rec-2")[-1].detail


def test_people_take_autonomy_away_at_once_and_never_give_more_than_the_file(bounded: Desk) -> None:
    bounded.propose(paper())
    assert bounded.set_autonomy("signal:A*", "supervised", who="Ann", why="strange plans") == "supervised"
    assert bounded.permission("rec-1") is None, "what a bound allowed stops where the autonomy ends"
    assert bounded.propose(paper("rec-2", action=[plan("A2")], rests_on_assets={})).status == "proposed"
    assert bounded.set_autonomy("signal:A*", "file", who="Ann", why="found") == "bounded"
    assert bounded.set_autonomy("signal:B7", "bounded", who="Ann", why="please") == "supervised"
    with pytest.raises(BadInput, match="no such level"):
        bounded.set_autonomy("signal:B7", "free", who="Ann", why="please")
    with pytest.raises(Refused, match="Vic is viewer"):
        bounded.set_autonomy("signal:A1", "shadow", who="Vic", why="please")


def test_shadow_leaves_nothing_and_advise_is_for_hands(bounded: Desk) -> None:
    bounded.propose(paper(action=[plan(greens=(45.0, 5.0))]))
    bounded.set_autonomy("signal:A1", "shadow", who="Ann", why="being rebuilt")
    with pytest.raises(Refused, match="signal:A1 is in shadow"):
        bounded.decide("rec-1", "approve", who="Ann", why="x")
    bounded.set_autonomy("signal:A1", "advise", who="Ann", why="by hand")
    assert bounded.decide("rec-1", "approve", who="Ann", why="by hand").status == "approved"
    assert bounded.permission("rec-1") is None


def test_nothing_dangerous_happens_by_itself(bounded: Desk) -> None:
    rules = BOUNDED + "dangerous:\n  - kinds: [signal_plan]\n    assets: ['signal:A1']\n"
    bounded.use_authority(rules, "mine.yaml", who="Root", why="a school")
    assert bounded.propose(paper()).status == "proposed"
    assert "needs people" in bounded.audit("rec-1")[-1].detail
    bounded.asset_changed("signal:A2", "by hand")
    assert (
        bounded.propose(paper("rec-2", action=[plan("A2")], rests_on_assets={"signal:A2": "old"})).status == "proposed"
    )
    assert "changed meanwhile" in bounded.audit("rec-2")[-1].detail


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dangerous:\n  - kinds: []\n", ["line 2", "kinds"]),
        ("dangerous:\n  - {kinds: [x], approvals: {normal: 0}}\n", ["line 2", "normal"]),
        ("autonomy: {default: bounded}\n", ["line 1", "autonomy.default"]),
        ("autonomy:\n  assets:\n    - {assets: ['*'], level: free}\n", ["line 3", "level"]),
        ("bounds:\n  - {id: a, kinds: [x], per_hour: 1}\n", ["line 2", "without figures"]),
        ("bounds:\n  - {id: a, kinds: [x], per_hour: 1, limits: {g_s: [1, 2]}, zone: Mars/Base}\n", ["Mars/Base"]),
        ("bounds:\n  - {id: a, kinds: [x], per_hour: 1, limits: {g_s: [1, 2]}, hours: late}\n", ["line 2", "hours"]),
        ("dangeruos: []\n", ["line 1", "no such field"]),
        ("dangerous: []\ndangerous: []\n", ["line 2", "twice"]),
        ("", ["empty"]),
        ("- a\n", ["no file of authority"]),
        ("a: [\n", ["not YAML"]),
    ],
)
def test_a_file_of_authority_is_read_strictly(staffed: Desk, text: str, words: list[str]) -> None:
    with pytest.raises(BadInput) as told:
        staffed.use_authority(text, "mine.yaml", who="Root", why="x")
    assert all(word in str(told.value) for word in ["mine.yaml", *words]), str(told.value)
    assert not staffed.ruling().told


@given(
    file=st.sampled_from(AUTONOMY[:3]),
    set_=st.lists(st.tuples(st.sampled_from(["signal:*", "signal:A1", "*"]), st.sampled_from(AUTONOMY)), max_size=4),
)
def test_no_switch_gives_more_than_the_file(file: str, set_: list[tuple[str, str]]) -> None:
    from twin.desk import Ruling

    ruling = Ruling(read_rules(f"autonomy: {{default: {file}}}\n", "x.yaml"), True, "normal", dict(set_))
    level, _ = ruling.level(["signal:A1"])
    assert AUTONOMY.index(level) == min(AUTONOMY.index(one) for one in [file, *dict(set_).values()])
