"""What the desk shows: figures that may be set are those that a change is allowed to, and nothing done stays unseen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from papers import NOON, closure, paper, plan
from papers import Watch as Hand

from networks.errors import BadInput
from twin.desk import Desk, editable, on_duty, read_roster
from twin.desk.authority import usual_rules
from twin.desk.changing import changed
from twin.live.desk_now import DECIDED, DeskNow


def bounded_plan() -> dict[str, object]:
    told = plan(greens=(36.0, 14.0))
    told["plans"][0]["phases"][0] |= {"min_s": 12.0, "max_s": 44.0}
    return told


def test_what_is_offered_is_what_a_change_may_be() -> None:
    document, rules = paper(action=[bounded_plan()]), usual_rules()
    found = {one.place: one for one in editable(document["action"], rules)}
    first, second = (found[f"0.plans.0.phases.{at}.duration_s"] for at in (0, 2))
    assert (first.low, first.high, first.group, first.phase) == (12.0, 44.0, "A1", 0)
    assert "0.plans.0.phases.1.duration_s" not in found, "time between greens is never offered"
    step = min(first.high - first.value, second.value - second.low)
    told = {first.place: first.value + step, second.place: second.value - step}
    assert changed(document, {"set": told}, rules).told
    offset = found["0.plans.0.offset_s"]
    assert changed(document, {"set": {offset.place: offset.high}}, rules).told and not offset.cycle
    for figure in (first, second, offset):
        with pytest.raises(BadInput):
            changed(document, {"set": {figure.place: figure.high + 1.0}}, rules)


def test_what_nobody_may_change_offers_nothing() -> None:
    assert editable(closure()["action"], usual_rules()) == [] == editable(None, usual_rules())


def test_a_decision_is_seen_at_once_and_the_old_ones_are_few(desk: Desk, watch: Hand) -> None:
    desk.propose(paper())
    shown = DeskNow(desk)
    (card,) = shown.state()["recommendations"]
    assert card["status"] == "proposed" and card["needed"] == 1 and card["edits"]
    assert [one["able"] for one in card["alternatives"]] == [True, False] and "action" not in card["alternatives"][0]
    desk.decide("rec-1", "approve", who="Ann", why="seen")
    (card,) = shown.state()["recommendations"]
    assert card["status"] == "approved" and card["leaves"]["by"] == "decision:rec-1" and card["can_go_back"]
    desk.rollback("rec-1", who="Ann", why="worse")
    cards = {one["rec_id"]: one for one in shown.state()["recommendations"]}
    assert cards["rec-1"]["status"] == "withdrawn" and not cards["rec-1"]["can_go_back"]
    for number in range(DECIDED + 5):
        made = NOON + timedelta(seconds=number)
        desk.propose(closure(f"c{number}", created=made.isoformat()))
    watch.now = NOON + timedelta(hours=2)
    told = DeskNow(desk).state()["recommendations"]
    assert len(told) == DECIDED and {one["status"] for one in told} == {"expired"}
    assert told[0]["rec_id"] == f"c{DECIDED + 4}", "the newest"


def test_a_roster_names_its_faults_and_who_is_on_duty(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    head = "agency,name,call,from,to\n"
    day = "police,Wang,110,2026-07-17T06:00+00:00,2026-07-17T14:00+00:00\n"
    night = "police,Li,111,2026-07-17T14:00+00:00,2026-07-17T22:00+00:00\n"
    file.write_text(head + day + night, encoding="utf-8")
    roster = read_roster(file)
    assert [one.name for one in on_duty(roster, NOON)] == ["Wang"]
    assert [one.name for one in on_duty(roster, NOON + timedelta(hours=2))] == ["Li"], (
        "the hour of change is the new one's"
    )
    for wrong, place in ((day.replace("+00:00", ""), "line 2, from"), (day.replace("Wang", ""), "line 2")):
        file.write_text(head + wrong, encoding="utf-8")
        with pytest.raises(BadInput) as told:
            read_roster(file)
        assert told.value.place == place
