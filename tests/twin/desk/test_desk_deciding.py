"""Who may decide, how many it takes, and what may no longer be approved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from papers import Watch, at_light, closure, paper, plan

from networks.errors import BadInput, NotThere, Refused
from twin import Desk
from twin.desk import assets_of
from twin.desk.signal_edits import unsafe_edit

BY_ANN = {"who": "Ann", "why": "seen on camera"}
BY_BO = {"who": "Bo", "why": "agreed"}


def test_what_is_dangerous_takes_two_people(staffed: Desk) -> None:
    staffed.propose(closure())
    entry = staffed.decide("close-1", "approve", **BY_ANN)
    assert entry.status == "proposed" and [one.who for one in entry.approvals] == ["Ann"]
    assert staffed.permission("close-1") is None
    entry = staffed.decide("close-1", "approve", **BY_BO)
    assert entry.status == "approved" and entry.decision is not None and entry.decision.who == "Bo"
    permission = staffed.permission("close-1")
    assert permission is not None and permission.allowed_by == "decision:close-1"
    assert [a.action for a in staffed.audit("close-1")] == ["propose", "approve, 1 of 2", "approve"]


@pytest.mark.parametrize("again", ["Ann", "ann", " ANN ", "Ａｎｎ"])
def test_nobody_has_two_pairs_of_eyes(staffed: Desk, again: str) -> None:
    staffed.propose(closure())
    staffed.decide("close-1", "approve", **BY_ANN)
    with pytest.raises(Refused, match="another person's eyes"):
        staffed.decide("close-1", "approve", who=again, why="once more")
    assert staffed.entry("close-1").status == "proposed" and staffed.permission("close-1") is None
    assert staffed.audit("close-1")[-1].action == "refused approve"


def test_one_no_is_enough_and_one_yes_is_in_an_emergency(staffed: Desk) -> None:
    staffed.propose(closure())
    staffed.propose(closure("close-2"))
    staffed.decide("close-1", "approve", **BY_ANN)
    assert staffed.decide("close-1", "reject", **BY_BO).status == "rejected"
    assert staffed.switch("emergency", who="Eva", why="cloudburst").approvals == 1
    assert staffed.decide("close-2", "approve", **BY_ANN).status == "approved"
    assert [a.action for a in staffed.audit() if a.action.startswith("mode")] == ["mode emergency"]
    with pytest.raises(Refused, match="already"):
        staffed.switch("emergency", who="Ann", why="again")
    with pytest.raises(BadInput, match="no such mode"):
        staffed.switch("panic", who="Ann", why="x")


@pytest.mark.parametrize(
    ("who", "word"), [("Vic", "Vic is viewer"), ("Pia", "Pia is planner"), ("Root", "administrator"), ("Zoe", "nobody")]
)
def test_who_may_not_decide_is_told_who_may(staffed: Desk, who: str, word: str) -> None:
    staffed.propose(paper())
    with pytest.raises(Refused, match=word):
        staffed.decide("rec-1", "approve", who=who, why="let me")
    with pytest.raises(Refused):
        staffed.decide("rec-1", "approve", who=who, why="let me", role="operator" if who != "Zoe" else None)
    assert staffed.entry("rec-1").status == "proposed"
    assert [a.who for a in staffed.audit("rec-1") if a.action == "refused approve"] == [who, who]


def test_a_listed_alternative_is_approved_and_what_was_proposed_is_kept(staffed: Desk) -> None:
    staffed.propose(paper())
    entry = staffed.decide("rec-1", "change", change={"alternative": "shorter"}, **BY_ANN)
    assert entry.status == "approved" and entry.decision is not None
    assert entry.decision.changed == "the alternative shorter"
    assert entry.action[0]["plans"][0]["phases"][0]["duration_s"] == 33.0
    assert entry.document["action"][0]["plans"][0]["phases"][0]["duration_s"] == 36.0
    permission = staffed.permission("rec-1")
    assert permission is not None and permission.action == entry.action


def test_other_figures_are_checked(staffed: Desk) -> None:
    staffed.propose(paper())
    green, other = "0.plans.0.phases.0.duration_s", "0.plans.0.phases.2.duration_s"
    wrong = [
        ({"set": {green: 40.0}}, "the cycle would last 62 s instead of 58 s"),
        ({"set": {green: 1.0, other: 49.0}}, "may be 3 to 180"),
        ({"set": {"0.plans.0.phases.1.duration_s": 3.0, green: 37.0}}, "clears the junction"),
        ({"set": {green: float("nan")}}, "finite"),
        ({"set": {green: -3.0}}, "sign"),
        ({"set": {green: "long"}}, "no figure"),
        ({"set": {"0.speed": 3.0}}, "no figure at 0.speed"),
        ({"set": {green: 36.0}}, "what was proposed"),
        ({"alternative": "faster"}, "no alternative 'faster'"),
        ({"alternative": "told only"}, "without its action"),
        ({"action": [{"kind": "evacuation"}]}, "another shape"),
        ({"action": [plan("B7", (35.0, 15.0))]}, "another shape"),
        ({"wish": 1}, "no such change"),
        ({}, "a change is needed"),
    ]
    for change, word in wrong:
        with pytest.raises(BadInput) as told:
            staffed.decide("rec-1", "change", change=change, **BY_ANN)
        assert word in str(told.value), change
    assert staffed.entry("rec-1").status == "proposed"
    entry = staffed.decide("rec-1", "change", change={"set": {green: 34.0, other: 16.0}}, **BY_ANN)
    assert entry.decision is not None and entry.decision.changed == f"{green} = 34, {other} = 16"


def test_two_people_approve_the_same_thing_or_nothing(staffed: Desk) -> None:
    rules = "dangerous:\n  - kinds: [signal_plan]\n"
    staffed.use_authority(rules, "mine.yaml", who="Root", why="roadworks")
    staffed.propose(paper())
    entry = staffed.decide("rec-1", "change", change={"alternative": "shorter"}, **BY_ANN)
    assert entry.status == "proposed" and entry.pending is not None
    with pytest.raises(Refused) as told:
        staffed.decide("rec-1", "approve", **BY_BO)  # Bo's screen still showed what was proposed
    assert f"--version {entry.pending.version}" in str(told.value)
    with pytest.raises(Refused, match="no version"):
        staffed.decide("rec-1", "approve", version="zzz", **BY_BO)
    entry = staffed.decide("rec-1", "approve", version=entry.pending.version, **BY_BO)
    assert entry.status == "approved" and entry.action[0]["plans"][0]["phases"][0]["duration_s"] == 33.0


def test_a_plan_for_a_signal_that_changed_meanwhile_is_refused(staffed: Desk) -> None:
    staffed.propose(paper())
    staffed.asset_changed("signal:A1", "before", who="signal centre")
    assert not staffed.asset_changed("signal:A1", "before", who="signal centre")
    staffed.asset_changed("signal:A1", "by hand", who="signal centre")
    with pytest.raises(Refused, match="signal:A1 was changed meanwhile by signal centre"):
        staffed.decide("rec-1", "approve", **BY_ANN)
    staffed.asset_changed("signal:A1", "before", who="signal centre")
    assert staffed.decide("rec-1", "approve", **BY_ANN).status == "approved"
    staffed.asset_changed("signal:A1", "new", who="signal centre", rec_id="rec-1")
    assert staffed.permission("rec-1") is not None, "its own change is no reason to stop"
    staffed.asset_changed("signal:A1", "by hand", who="signal centre")
    assert staffed.permission("rec-1") is None


def test_what_names_no_plan_is_for_the_street_of_its_moment(staffed: Desk, watch: Watch) -> None:
    staffed.propose(paper(**at_light("B7")))
    watch.now += timedelta(minutes=1)
    staffed.asset_changed("signal:B7", "by hand", who="signal centre")
    with pytest.raises(Refused, match="signal:B7 was changed meanwhile by signal centre"):
        staffed.decide("rec-1", "approve", **BY_ANN)
    times = {"created": (watch.now + timedelta(seconds=1)).isoformat()}
    staffed.propose(paper("rec-2", **at_light("B7"), **times))
    watch.now += timedelta(minutes=1)
    staffed.decide("rec-2", "approve", **BY_ANN)
    assert [(entry.rec_id, how.allowed_by) for entry, how in staffed.allowed()] == [("rec-2", "decision:rec-2")]
    watch.now += timedelta(hours=1)
    assert staffed.allowed() == []


@pytest.mark.parametrize(
    ("states", "seconds", "word"),
    [
        (("Gyrr", "rrGG"), (31.0, 19.0), "clears the junction"),
        (("rrrr", "rrGG"), (31.0, 19.0), "clears the junction"),
        (("uuGG", "rrGG"), (31.0, 19.0), "clears the junction"),
        (("GGrr", "rrGG"), (31.0, 20.0), "the cycle would last 51 s"),
        (("GGrr", "rrGG"), (46.0, 4.0), "may last 10 to 40"),
        (("GGrr", "rrGG"), (31.0, 19.0), None),
    ],
)
def test_what_protects_people_is_not_set_by_hand(
    states: tuple[str, str], seconds: tuple[float, float], word: str | None
) -> None:
    first, second = (dict(state=state, min_s=10.0, max_s=40.0) for state in states)
    before = {"phases": [first | {"duration_s": 30.0}, second | {"duration_s": 20.0}]}
    after = {"phases": [first | {"duration_s": seconds[0]}, second | {"duration_s": seconds[1]}]}
    told = unsafe_edit(before, after)
    assert told is None if word is None else told is not None and word in told
    wider = {"phases": [first | {"duration_s": 30.0, "max_s": 90.0}, second | {"duration_s": 20.0}]}
    assert "no time that is set by hand" in (unsafe_edit(before, wider) or "")


def test_what_an_action_touches_is_found_wherever_it_says_so() -> None:
    action = [plan("A1"), {"kind": "closure", "lanes": ["e_1_0"], "edges": ["e2"]}, {"kind": "vms", "sign": "S1"}]
    document = {"rests_on_assets": {"gate:3": "x"}}
    assert assets_of(document, action) == {"signal:A1", "road:e_1", "road:e2", "sign:S1", "gate:3"}
    assert assets_of({}, [{"kind": "warning", "lanes": 3, "assets": ["pump:2"]}]) == {"pump:2"}


def test_two_plans_for_one_signal_are_not_both_approved(staffed: Desk) -> None:
    staffed.propose(paper())
    staffed.propose(paper("rec-2", title={"en": "Another", "zh": "另一"}))
    staffed.decide("rec-1", "approve", **BY_ANN)
    with pytest.raises(Refused, match="rec-1 was approved meanwhile and changes signal:A1 too"):
        staffed.decide("rec-2", "approve", **BY_BO)
    staffed.rollback("rec-1", who="Bo", why="it made it worse")
    with pytest.raises(Refused, match="approved meanwhile"):
        staffed.decide("rec-2", "approve", **BY_BO)


def test_a_clock_that_jumps_back_brings_nothing_to_life(staffed: Desk, watch: Watch) -> None:
    staffed.propose(paper())
    staffed.propose(paper("rec-2", action=[plan("B7")], rests_on_assets={}))
    staffed.decide("rec-2", "approve", **BY_ANN)
    watch.now += timedelta(minutes=31)
    assert staffed.permission("rec-2") is None
    with pytest.raises(Refused, match="valid until"):
        staffed.decide("rec-1", "approve", **BY_ANN)
    watch.now -= timedelta(minutes=25)
    with pytest.raises(Refused, match="1500 s behind"):
        staffed.decide("rec-1", "approve", **BY_ANN)
    assert staffed.permission("rec-2") is None
    with pytest.raises(Refused, match="engineer or administrator"):
        staffed.trust_clock(who="Ann", why="x")
    staffed.trust_clock(who="Eva", why="the clock was ahead")
    assert staffed.decide("rec-1", "approve", **BY_ANN).status == "approved"
    assert staffed.permission("rec-2") is not None and staffed.book.broken() == []


def test_the_way_back(staffed: Desk) -> None:
    staffed.propose(paper())
    with pytest.raises(Refused, match="it is proposed"):
        staffed.rollback("rec-1", who="Ann", why="x")
    staffed.asset_changed("signal:A1", "before")
    staffed.decide("rec-1", "approve", **BY_ANN)
    staffed.asset_changed("signal:A1", "new", rec_id="rec-1")
    back = staffed.rollback("rec-1", who="Bo", why="the queue grew")
    assert (back.kind, back.status, back.document["undoes"]) == ("rollback", "approved", "rec-1")
    assert back.action == (plan(),) and staffed.permission("rec-1") is None
    permission = staffed.permission(back.rec_id)
    assert permission is not None and permission.action == (plan(),)
    assert staffed.entry("rec-1").status == "withdrawn"
    with pytest.raises(Refused, match="it is withdrawn"):
        staffed.rollback("rec-1", who="Ann", why="twice")
    with pytest.raises(NotThere):
        staffed.rollback("nothing", who="Ann", why="x")


def test_no_way_back_over_other_hands_or_without_a_plan_before(staffed: Desk) -> None:
    staffed.propose(paper())
    staffed.propose(paper("rec-2", before=None, action=[plan("B7")], rests_on_assets={}))
    for name in ("rec-1", "rec-2"):
        staffed.decide(name, "approve", **BY_ANN)
    staffed.asset_changed("signal:A1", "by hand", who="signal centre")
    with pytest.raises(Refused, match="signal centre changed signal:A1"):
        staffed.rollback("rec-1", who="Ann", why="x")
    with pytest.raises(Refused, match="what was there before"):
        staffed.rollback("rec-2", who="Ann", why="x")
    assert staffed.withdraw("rec-2", who="Ann", why="stop").status == "withdrawn"
    assert staffed.permission("rec-2") is None and staffed.permission("nothing") is None


def test_who_decides_alone_at_a_desk_that_knows_nobody(desk: Desk) -> None:
    desk.propose(closure())
    assert desk.decide("close-1", "approve", who="operator 1", why="a study").status == "approved"
    desk.propose(closure("close-2"))
    desk.use_authority("dangerous:\n  - kinds: ['*']\n", "mine.yaml", who="operator 1", why="as agreed")
    assert desk.decide("close-2", "approve", who="operator 1", why="x").status == "proposed"
