"""Advice whose trouble is over is taken back: undecided at once, carried out by a way back that people decide on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from twin.alarms import AlarmBook, Finding
from twin.cycle import MODES, Picture, Turn
from twin.desk import Desk, DeskEntry
from twin.live.alarming import Alarming
from twin.live.posting import Posting
from twin.live.standing_down import StandingDown
from twin.out import Mailroom, read_receivers

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BLOCKED = Finding("incident", "e1", "II", {"en": "blocked", "zh": "受阻"}, NOON, NOON)  # type: ignore[arg-type]
SIGNS = {"kind": "diversion", "avoid": ["e1"], "signs": ["e0"], "by": "signs"}
CLOSED = {"kind": "road_closure", "edges": ["e1"]}


class Town:
    """A desk, alarms of one finder, and cycles of five minutes."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.blocked, self.kind = Desk.open(folder / "desk.sqlite"), True, "incident"
        self.alarming = Alarming([self], AlarmBook(self.desk.book))
        self.stage, self.now = StandingDown(self.desk, self.alarming.alarms), NOON

    def find(self, picture: Picture) -> list[Finding]:
        return [replace(BLOCKED, at=picture.now, run_id=picture.run_id)] if self.blocked else []

    def cycle(self, times: int = 1) -> Picture:
        for _ in range(times):
            self.now += timedelta(minutes=5)
            self.desk.set_clock(self.now)
            turn = Turn(f"run-{self.now:%H%M}", self.now, MODES["normal"], 8, 1800.0, 60.0, None)
            after = self.stage.run(turn, self.alarming.run(turn, Picture(turn.run_id, self.now, NOON)))
        return after

    def proposed(self, action: dict[str, Any], *, minutes: float = 600, **told: Any) -> DeskEntry:
        until = self.now + timedelta(minutes=minutes)
        times = {"created": self.now.isoformat(), "valid_until": until.isoformat()}
        back = {**action, "open": True} if action is CLOSED else {**action, "avoid": []}
        rest = {"before": [back], "rests_on_findings": [BLOCKED.key], **told}
        return self.desk.propose({"rec_id": f"r{self.now:%H%M}", "kind": "incident_response", "action": [action],
                                  "title": {"en": "keep away", "zh": "绕行"}, **times, **rest})  # fmt: skip

    def approved(self, action: dict[str, Any], **told: Any) -> DeskEntry:
        rec = self.proposed(action, **told)
        return self.desk.decide(rec.rec_id, "approve", who="Ann", why="seen")

    def offers(self) -> list[DeskEntry]:
        return [one for one in self.desk.entries() if one.kind == "rollback"]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    one = Town(tmp_path)
    one.cycle()
    yield one
    one.desk.close()


def test_what_nobody_decided_is_withdrawn_when_its_trouble_was_not_found_for_a_quarter_of_an_hour(town: Town) -> None:
    rec, other = town.proposed(SIGNS), town.proposed(SIGNS, rec_id="not ours", rests_on_findings=[])
    town.blocked = False
    town.cycle(2)
    assert town.desk.exactly(rec.rec_id).status == "proposed", "one or two cycles without a word are no end"
    town.cycle()
    gone = town.desk.exactly(rec.rec_id)
    assert gone.status == "withdrawn" and gone.withdrawn is not None and "live loop" in gone.withdrawn
    assert town.desk.exactly(other.rec_id).status == "proposed"


def test_what_was_carried_out_gets_a_way_back_that_people_decide_on(town: Town, tmp_path: Path) -> None:
    rec = town.approved(SIGNS)
    town.cycle(12)
    assert town.offers() == [], "signs stay for as long as the trouble is found"
    town.blocked = False
    town.cycle(3)
    (offer,) = town.offers()
    assert (
        offer.status == "proposed"
        and offer.document["undoes"] == rec.rec_id
        and "15 min" in offer.document["why"][0]["en"]
    )
    assert town.desk.exactly(rec.rec_id).status == "approved", "nothing is taken back until somebody says so"
    town.cycle(2)
    assert len(town.offers()) == 1, "asked once"
    (tmp_path / "to.yaml").write_text(
        "receivers: [{id: roads, takes: [vms, rollback], way: {kind: folder, folder: orders}}]\n"
    )
    receivers = read_receivers(tmp_path / "to.yaml")
    posting = Posting(
        town.desk, Mailroom(town.desk.book, receivers.channels(town.desk.clock), town.desk.permission), receivers
    )
    posting.post()
    town.desk.decide(offer.rec_id, "approve", who="Ann", why="the way is free")
    undone = town.desk.exactly(rec.rec_id)
    assert undone.status == "withdrawn" and undone.withdrawn is not None and offer.rec_id in undone.withdrawn
    posting.post()
    sent = {one.message.kind: one.message for one in posting.mailroom.letters()}
    assert sent["rollback"].body["undoes"] == rec.rec_id and sent["rollback"].body["interventions"] == [
        {**SIGNS, "avoid": []}
    ]
    town.cycle(8)
    assert len(town.offers()) == 1, "what was taken back is over"


def test_a_closure_is_asked_about_every_half_hour_while_it_stands(town: Town) -> None:
    """Nobody drives on a closed street: the incident there looks the same whether the way is free or not."""
    rec = town.approved(CLOSED)
    town.cycle(5)
    assert town.offers() == []
    town.cycle()
    (first,) = town.offers()
    assert "somebody has to look" in first.document["why"][0]["en"]
    town.desk.decide(first.rec_id, "reject", who="Ann", why="the lorry is still there")
    town.cycle(5)
    assert len(town.offers()) == 1
    town.cycle()
    assert len(town.offers()) == 2, "an answer holds for half an hour"
    newest = town.offers()[0]
    town.desk.decide(newest.rec_id, "approve", who="Ann", why="free")
    assert town.desk.exactly(rec.rec_id).status == "withdrawn"


def test_an_offer_goes_when_the_trouble_is_there_again_or_somebody_was_first(town: Town) -> None:
    rec = town.approved(SIGNS)
    town.blocked = False
    town.cycle(3)
    town.blocked = True
    town.cycle()
    (offer,) = town.offers()
    assert offer.status == "withdrawn" and offer.withdrawn is not None and "there again" in offer.withdrawn
    town.blocked = False
    town.cycle(6)
    assert [one.status for one in town.offers()] == ["proposed", "withdrawn"], "asked anew after half an hour"
    town.desk.rollback(rec.rec_id, who="Ann", why="the way is free")
    town.cycle()
    assert sorted(one.status for one in town.offers()) == ["approved", "withdrawn", "withdrawn"]


def test_what_cannot_be_undone_is_told_once(town: Town) -> None:
    rec = town.approved(SIGNS, rests_on_assets={"sign:e1": "off"})
    town.desk.asset_changed("sign:e1", "roadworks", who="the sign's owner")
    town.blocked = False
    told = [one["en"] for _ in range(5) for one in town.cycle().left_out]
    assert len(told) == 1 and told[0].startswith(f"stand-down: {rec.rec_id}: not rolled back: the sign's owner changed")
    assert town.offers() == []
