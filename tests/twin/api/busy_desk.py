"""A desk with something of everything on it: recommendations, an alarm, a case, dead letters, a person of each role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import shapely
from served import NOW, filled_desk

from networks import say
from twin.alarms import AlarmBook, Finding
from twin.api.behind import Behind, StateFeed
from twin.api.features import Collection, Feature
from twin.desk import People
from twin.out import Acknowledged, Heard, Mailroom, OutMessage
from twin.plans import PlanBook, Signal, read_plans


class Allowed(NamedTuple):
    """What lets it leave."""

    allowed_by: str
    not_after: object


class Refusing:
    """A receiver that refuses everything."""

    name, done_within_s = "signals", 300.0

    def send(self, message: OutMessage) -> Acknowledged:
        return Acknowledged("refused", f"not today: {message.key}")

    def heard(self) -> list[Heard]:
        return []

    def noted(self, heard: Heard) -> None:
        pass

    def close(self) -> None:
        pass


def busy_desk(folder: Path) -> tuple[Behind, dict[str, str]]:
    """What the API answers from, and a token of each role."""
    desk = filled_desk(folder)
    people = People(desk.book)
    tokens = {"administrator": people.add("chief", "administrator")}
    tokens |= {role: people.add(f"a {role}", role) for role in ("viewer", "operator", "engineer", "planner")}
    times = {"created": NOW.isoformat(), "valid_until": (NOW + timedelta(hours=1)).isoformat()}
    for number in range(40):
        action = [{"kind": "road_closure", "edges": [f"e{number}"]}]
        desk.propose({"rec_id": f"r{number}", "kind": "road_closure", "action": action, **times})
    wet = Finding(
        "ponding", "p1", "II", say("20 cm of water", "积水20厘米"), NOW, NOW, edges=("e1",), place=(11.3, 44.5)
    )
    alarms = AlarmBook(desk.book)
    for number in range(4):
        alarms.take([wet], NOW + timedelta(minutes=5 * number), f"run-{number}")
    plans = read_plans()
    signal = Signal("s1", "暴雨", "I", NOW, None)
    for minute in range(0, 20, 5):
        PlanBook(desk.book, plans).take([signal], [wet], NOW + timedelta(minutes=minute))
    until = NOW + timedelta(minutes=30)
    room = Mailroom(desk.book, [Refusing()], lambda rec_id: Allowed(f"decision:{rec_id}", until))
    room.hand_in(
        [OutMessage(f"k{n}", "signals", "signal_plan", {"n": n}, f"r{n}", f"decision:r{n}", until) for n in range(3)]
    )
    room.work()
    street = Feature("e1", shapely.LineString([(11.3, 44.5), (11.31, 44.5)]), {"edge_id": "e1"})
    edges = Collection("Streets", "One direction of a street.", lambda: [street], still=True)
    behind = Behind(desk, StateFeed(lambda: {"depth_m": []}), collections={"edges": edges}, plans=plans)
    return behind, tokens
