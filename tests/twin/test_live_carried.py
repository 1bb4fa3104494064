"""What receivers carried out: known to the town from then on, and to the desk; what they only have is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calibration.live import BothWays
from calibration.live.anchor import Anchor
from calibration.live.streets_now import Seen
from models.sumo.changes import LaneBlocked
from models.sumo.diverted import Diverted
from models.sumo.switched import SignalSwitched
from networks import SignalPhase, SignalPlan
from scenarios import plan_text
from twin import Desk
from twin.advice import AdviceGround, changes_of, plan_digest
from twin.cycle import MODES, Picture, Turn
from twin.desk.assets import present
from twin.live.carried import Carried
from twin.live.outcoming import Outcoming
from twin.out import Acknowledged, Heard, Mailroom, OutMessage
from twin.outcome import OutcomeBook

NOON = datetime(2026, 7, 17, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Receiver:
    """Says what it is told to say."""

    name, done_within_s = "signals", 300.0

    def __init__(self) -> None:
        self.says = "done"

    def send(self, _message: OutMessage) -> Acknowledged:
        return Acknowledged(self.says)

    def heard(self) -> list[Heard]:
        return []

    def close(self) -> None:
        pass


def plan(green_s: float, tls: str = "A1") -> SignalPlan:
    phases = ((green_s, "Gr"), (4.0, "yr"), (52.0 - green_s, "rG"), (4.0, "ry"))
    return SignalPlan(
        tls, "citytwin", 0.0, tuple(SignalPhase(s, state, s, s, "") for s, state in phases), "imported", "static"
    )


def intervention(green_s: float, tls: str = "A1") -> dict[str, Any]:
    return {"kind": "signal_plan", "plans": [plan_text(plan(green_s, tls))]}


class Post:
    """A desk, a mailroom with one receiver, and what the town hears of both."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk.open(folder / "desk.sqlite", now=lambda: NOON)
        self.receiver, self.ground = Receiver(), AdviceGround(folder / "none.net.xml", {"A1": plan(20.0)})
        self.mailroom = Mailroom(self.desk.book, [self.receiver], lambda _: _Always())  # type: ignore[list-item]
        self.carried = self.listening()

    def listening(self) -> Carried:
        return Carried(self.desk, self.mailroom, lambda told: changes_of(told, self.ground, 7), NOON)

    def leaves(
        self, key: str, at: datetime, *interventions: dict[str, Any], says: str = "done", undoes: str = ""
    ) -> None:
        self.desk.set_clock(at)
        self.receiver.says = says
        body = {"interventions": list(interventions), **({"undoes": undoes} if undoes else {})}
        until = NOON + timedelta(days=1)
        self.mailroom.hand_in([OutMessage(key, "signals", "signal_plan", body, f"rec-{key}", f"decision:{key}", until)])
        self.mailroom.work()


class _Always:
    """Lets everything leave."""

    allowed_by, not_after, action = "decision:1", NOON + timedelta(days=1), ()


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_only_what_was_done_is_known_and_from_when_it_was(post: Post) -> None:
    post.leaves("a", NOON + MINUTE, intervention(30.0), says="taken")
    assert post.carried.known() == () and post.carried.plans() == {}
    post.leaves("b", NOON + 2 * MINUTE, intervention(26.0))
    switched = SignalSwitched("A1", ((26.0, "Gr"), (4.0, "yr"), (26.0, "rG"), (4.0, "ry")))
    assert post.carried.known() == ((120.0, switched),)
    assert post.carried.plans() == {"A1": plan(26.0)}


def test_diversions_hold_for_a_while_and_what_the_town_cannot_do_is_said(post: Post) -> None:
    avoid = {"kind": "diversion", "avoid": ["e1"], "signs": ["e0"], "by": "signs"}
    post.leaves("a", NOON, avoid, {"kind": "pump", "asset": "p1"})
    ((_, change),) = post.carried.known()
    assert isinstance(change, Diverted) and change.avoid == ("e1",) and change.for_s == 3600.0 and change.seed == 7
    assert post.carried.said[0]["en"] == "traffic: carried out, but not simulated: pump"
    post.leaves("b", NOON + MINUTE, {**avoid, "avoid": []}, {"kind": "road_closure", "edges": ["e1"], "open": True})
    assert len(post.carried.known()) == 1


def test_a_diversion_that_was_rolled_back_holds_no_more_and_one_ordered_since_does(post: Post) -> None:
    avoid = {"kind": "diversion", "avoid": ["e1"], "signs": ["e0"], "by": "signs"}
    post.leaves("a", NOON, avoid, intervention(30.0))
    post.leaves("b", NOON + MINUTE, {**avoid, "avoid": []}, intervention(26.0), undoes="rec-a")
    kinds = [(since_s, type(change)) for since_s, change in post.carried.known()]
    assert kinds == [(0.0, SignalSwitched), (60.0, SignalSwitched)], "signals go back by another plan"
    post.leaves("c", NOON + 2 * MINUTE, avoid)
    assert [since_s for since_s, change in post.carried.known() if isinstance(change, Diverted)] == [120.0]


def test_the_desk_hears_once_what_a_signal_runs_and_later_hands_stand(post: Post) -> None:
    post.leaves("a", NOON + MINUTE, intervention(30.0))
    post.leaves("b", NOON + 2 * MINUTE, intervention(26.0), intervention(24.0, "B1"))

    def told() -> list[str]:
        return [entry.detail for entry in post.desk.audit() if entry.action == "asset changed"]

    post.carried.plans()
    assert len(told()) == 2  # the plan of b at both signals; a's is over
    post.carried.plans()
    post.listening().plans()  # after a restart
    assert len(told()) == 2
    post.desk.set_clock(NOON + 3 * MINUTE)
    post.desk.asset_changed("signal:A1", "an engineer's own", who="engineer 1")
    post.listening().plans()
    with post.desk.book.work() as link:
        now, other = present(link, "signal:A1"), present(link, "signal:B1")
    assert now is not None and now.digest == "an engineer's own"
    assert other is not None and other.digest == plan_digest(plan(24.0, "B1")) and other.rec_id == "rec-b"


def test_advice_starts_from_what_signals_run(post: Post) -> None:
    post.leaves("a", NOON, intervention(30.0))
    ground = post.ground.running(post.carried.plans())
    assert ground.plans["A1"] == plan(30.0)
    assert ground.running(post.carried.plans()) is ground


def test_a_plan_that_comes_back_a_second_time_is_made_again() -> None:
    anchor, switched, blocked = Anchor.__new__(Anchor), SignalSwitched("A1", ((30.0, "Gr"),)), LaneBlocked("e_0", 5.0)
    anchor._holds = {switched: 100.0, blocked: 100.0}
    assert anchor._held(90.0, switched) and anchor._held(90.0, blocked)
    assert not anchor._held(200.0, switched) and anchor._held(200.0, blocked)


class Town:
    """Says what it is asked."""

    begin_s, anchor_s = 0.0, 1000.0

    def __init__(self) -> None:
        self.usual = SimpleNamespace(period_s=300.0)
        self.ground = SimpleNamespace(row={"e": 0})
        self.asked: list[tuple[Any, float, float]] = []

    def both_ways(self, action: Any, *, since_s: float, until_s: float, pairs: int) -> BothWays:
        self.asked.append((action, since_s, until_s))
        one = np.ones((1, 6))
        seen, slower = (Seen(one, one, one, one * hours * 600.0, one, one) for hours in (1.0, 2.0))
        return BothWays(since_s, 300.0, ((seen, slower),) * pairs, np.ones(6), 0)


def test_each_action_is_looked_back_at_once_when_the_town_is_past_it(post: Post) -> None:
    town, kept = Town(), OutcomeBook(post.desk.book)
    document = {"rec_id": "rec-a", "kind": "signal_timing", "created": NOON.isoformat(), "action": [],
                "valid_until": (NOON + timedelta(hours=1)).isoformat(), "title": {"en": "t", "zh": "t"}}  # fmt: skip
    post.desk.set_clock(NOON)
    post.desk.propose(document)
    post.desk.decide("rec-a", "approve", who="operator 1", why="a test")
    post.leaves("a", NOON + 7 * MINUTE, intervention(30.0))
    stage = Outcoming(town, post.carried, kept)  # type: ignore[arg-type]
    turn = Turn("run-1", NOON + 60 * MINUTE, MODES["normal"], 4, 1800.0, 200.0, None)
    picture = Picture("run-1", turn.now, NOON)
    assert stage.run(turn, picture) is picture and town.asked == [], "the town has not come past it"
    town.anchor_s = 7 * 60.0 + 1800.0
    stage.run(replace(turn, left_s=10.0), picture)
    assert town.asked == [], "there is no time in this cycle"
    for _ in range(2):
        stage.run(turn, picture)
    ((action, since_s, until_s),) = town.asked
    assert (since_s, until_s) == (300.0, 2100.0) and action == changes_of([intervention(30.0)], post.ground, 7)[0]
    (told,) = kept.all("rec-a")
    assert told.method == "not done" and told.difference == -1.0 and told.since == NOON + 5 * MINUTE
    Outcoming(town, post.carried, kept).run(turn, picture)  # type: ignore[arg-type]
    assert len(town.asked) == 1, "a restart does not ask again"


@pytest.mark.parametrize(("counted", "undone"), [(12.0, True), (40.0, False)])
def test_a_receiver_that_says_done_and_does_nothing_is_told(post: Post, counted: float, undone: bool) -> None:
    from calibration.counting import Counts
    from twin.live.desk_now import DeskNow

    class Sensors:
        def up_to(self, now_s: float) -> tuple[Counts, Any]:
            periods = round(now_s / 300.0)
            edges, speeds = ("e",) * 3, np.full((3, periods), np.nan)
            return Counts(("a", "b", "c"), edges, 0.0, 300.0, np.full((3, periods), counted)), speeds

    class Switched(Town):
        def both_ways(self, action: Any, **more: Any) -> BothWays:
            one = super().both_ways(action, **more)
            sides = [replace(one.pairs[0][0], flow=np.full((1, 6), flow)) for flow in (40.0, 12.0)]
            return replace(one, pairs=((sides[0], sides[1]),) * 4)

    town, kept = Switched(), OutcomeBook(post.desk.book)
    town.anchor_s = 7 * 60.0 + 1800.0
    document = {"rec_id": "rec-a", "kind": "signal_timing", "created": NOON.isoformat(), "action": [],
                "valid_until": (NOON + timedelta(hours=1)).isoformat(), "title": {"en": "t", "zh": "t"}}  # fmt: skip
    post.desk.set_clock(NOON)
    post.desk.propose(document)
    post.desk.decide("rec-a", "approve", who="operator 1", why="a test")
    post.leaves("a", NOON + 7 * MINUTE, intervention(30.0))
    stage = Outcoming(town, post.carried, kept, counts=Sensors())  # type: ignore[arg-type]
    turn = Turn("run-1", NOON + 60 * MINUTE, MODES["normal"], 4, 1800.0, 200.0, None)
    picture = stage.run(turn, Picture("run-1", turn.now, NOON))
    assert bool(picture.left_out) is undone
    (told,) = (one for one in kept.all("rec-a") if one.method == "done at all")
    assert told.undone is undone and told.n == 3 and kept.trust() == {}
    (card,) = DeskNow(post.desk).state()["recommendations"]
    (shown,) = (one for one in card["outcomes"] if one["at_all"])
    assert shown["undone"] is undone and ("were not" in shown["text"]["en"]) is undone
