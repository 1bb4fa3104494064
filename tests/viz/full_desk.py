"""A desk with something of everything, served by the real application behind its entrance, for pages in a browser."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from small_server import state_of
from small_town import recommendation, small_city

from calibration.outcomes import Estimate
from networks import say
from twin.alarms import AlarmBook, Finding
from twin.api.behind import Behind, StateFeed
from twin.api.entrance import Entrance
from twin.api.listening import Listening
from twin.desk import Desk, OnDuty, People
from twin.live.desk_now import DeskNow
from twin.out import Acknowledged, Heard, Mailroom, OutMessage
from twin.outcome import OutcomeBook
from twin.plans import PlanBook, read_plans
from viz import base_layers

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)
ROLES = {"Olga": "operator", "Otto": "operator", "Eva": "engineer", "Pia": "planner", "Vic": "viewer"}
EVIL = "<img src=x onerror=document.title='caught'>"


def signal_plan(light: str, first: float, second: float) -> dict[str, Any]:
    """A plan of two greens."""
    phases = [
        {"duration_s": first, "state": "GGrr", "min_s": 10.0, "max_s": 60.0},
        {"duration_s": 4.0, "state": "yyrr"},
        {"duration_s": second, "state": "rrGG", "min_s": 10.0, "max_s": 60.0},
        {"duration_s": 4.0, "state": "rryy"},
    ]
    return {"kind": "signal_plan", "plans": [{"tls_id": light, "offset_s": 0.0, "phases": phases}]}


def document(rec_id: str, title: dict[str, str], difference: float, **more: Any) -> dict[str, Any]:
    """A recommendation as the adviser writes it: with its run, reasons, streets and the way back."""
    told = recommendation("signal_timing", title, "better", difference)
    effect = told["effect"] | {"measure": "vehicle_hours", "unit": "veh h", "base": 118.0, "n": 16}
    signs = [{"kind": "diversion", "avoid": ["n3_2"], "signs": ["n3_1"], "by": "signs"}]
    less = effect | {"difference": -3.1, "low": -6.0, "high": -0.2}
    other = {"name": "signs", "title": say("signs only", "仅用诱导屏"), "effect": less, "action": signs}
    other |= {"why_not": say("less", "效果较小")}
    return told | {
        "rec_id": rec_id, "kind": "incident_response", "effect": effect, "run_id": "run-7f3a",
        "edges": ["n3_2", "n3_3"],
        "created": (NOW - timedelta(minutes=3)).isoformat(), "valid_until": (NOW + timedelta(minutes=12)).isoformat(),
        "action": [signal_plan("A1", 36.0, 24.0)], "before": [signal_plan("A1", 30.0, 30.0)],
        "alternatives": [other, {"name": "nothing", "title": say("do nothing", "不采取措施"), "effect": None,
                                 "why_not": say("118 vehicle hours", "共 118 车时")}],
        "why": [say("lane 0 of Pohjoiskatu 3 blocked", "Pohjoiskatu 3 的0号车道受阻")],
        "interval": {"confidence": 0.9, "jointly": 3}, "rests_on_assets": {},
    } | more  # fmt: skip


class Silent:
    """A receiver that refuses."""

    name, done_within_s = "signals", 300.0

    def send(self, _message: OutMessage) -> Acknowledged:
        return Acknowledged("refused", "the controller is in local mode")

    def heard(self) -> list[Heard]:
        return []

    def noted(self, heard: Heard) -> None:
        pass

    def close(self) -> None:
        pass


def full_desk(folder: Path) -> tuple[Desk, dict[str, str]]:
    """A desk whose clock stands at NOW, and a token of each person."""
    desk = Desk.open(folder / "desk.sqlite")
    desk.set_clock(NOW)
    people = People(desk.book)
    tokens = {"Root": people.add("Root", "administrator")}
    tokens |= {name: people.add(name, role) for name, role in ROLES.items()}
    desk.propose(document("rec-signal", say("More green out of Pohjoiskatu 3", "增加 Pohjoiskatu 3 出口绿灯"), -12.4))
    closing = {"action": [{"kind": "road_closure", "edges": ["n3_2"]}], "kind": "incident_response", "before": []}
    desk.propose(
        document("rec-closure", say(f"Pohjoiskatu 3 closed {EVIL}", f"封闭 Pohjoiskatu 3 {EVIL}"), -8.0, **closing)
    )
    carried(desk, "rec-done", "Otto")
    alarms(desk)
    return desk, tokens


def carried(desk: Desk, rec_id: str, who: str) -> None:
    """A recommendation that was approved, was refused by its receiver, and has an outcome."""
    at = {
        "created": (NOW - timedelta(minutes=50)).isoformat(),
        "valid_until": (NOW + timedelta(minutes=40)).isoformat(),
    }
    action = {"action": [signal_plan("B2", 33.0, 27.0)], "before": [signal_plan("B2", 30.0, 30.0)], "edges": ["e2_2"]}
    desk.propose(document(rec_id, say("More green at B2", "增加 B2 绿灯"), -5.0, **at, **action))
    desk.decide(rec_id, "approve", who=who, why="seen on camera 12")
    allowed = desk.permission(rec_id)
    assert allowed is not None
    room = Mailroom(desk.book, [Silent()], desk.permission)
    room.hand_in(
        [OutMessage("key-1", "signals", "signal_plan", {"n": 1}, rec_id, allowed.allowed_by, allowed.not_after)]
    )
    room.work()
    found = Estimate("not done", -4.1, -6.0, -2.2, 0.9, 4)
    OutcomeBook(desk.book).keep(
        rec_id, found, base=100.0, since=NOW - timedelta(minutes=45), until=NOW - timedelta(minutes=15),
        measure="vehicle hours", unit="veh h",
    )  # fmt: skip


def alarms(desk: Desk) -> None:
    """An incident, a street under water with two queues behind it, and a case of a plan for the incident."""
    incident = Finding(
        "incident", "n3_2", "II", say("lane 0 of Pohjoiskatu 3 blocked", "Pohjoiskatu 3 的0号车道受阻"), NOW,
        NOW - timedelta(minutes=9), edges=("n3_2",), probability=0.86,
    )  # fmt: skip
    queue = Finding(
        "spillback", "n3_1", "III", say("queue fills 80 % of Pohjoiskatu 3", "排队占满80%"), NOW, NOW, edges=("n3_1",)
    )
    wet = Finding(
        "ponding", "p1", "III", say("20 cm of water in 25 min", "25分钟后积水20厘米"), NOW,
        NOW + timedelta(minutes=25), edges=("e5_4",), probability=0.6,
    )  # fmt: skip
    book, plans = AlarmBook(desk.book), PlanBook(desk.book, read_plans())
    for minute in (-10, -5, 0):
        at = NOW + timedelta(minutes=minute)
        book.take([incident, queue, wet], at, f"run{minute}")
        plans.take([], [incident, wet], at)


class DeskServer:
    """The application behind gate and doorkeeper on a port of its own; it may be stopped and started again."""

    def __init__(
        self, folder: Path, *, sign_in: bool = True, idle_s: float = 1800.0, desk: Desk | None = None, **more: Any
    ) -> None:
        self.city = small_city()
        self.desk, self.tokens = (desk, {}) if desk is not None else full_desk(folder)
        self.desk_now, self.minute = DeskNow(self.desk), 0
        duty = OnDuty("Traffic police", "Wang", "+86 539 000 110", NOW - timedelta(hours=2), NOW + timedelta(hours=6))
        self.behind = Behind(
            self.desk, StateFeed(self.state, pause_s=0.2), lambda: base_layers(self.city) | {"cameras": CAMERAS},
            plans=read_plans(), idle_s=idle_s, roster=lambda: [duty], **more,
        )  # fmt: skip
        self.entrance, self.port = Entrance(Listening(port=0), sign_in=sign_in), 0
        self.start()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def state(self) -> dict[str, Any]:
        """The city's half is made up, the desk's half is real."""
        times = {"now": (NOW + timedelta(minutes=self.minute)).isoformat(), "speed": 1, "mode": "live", "labels": None}
        return state_of(self.city) | times | self.desk_now.state()

    def start(self) -> None:
        """Listen (at the same port again)."""
        listening = Entrance(Listening(port=self.port)).open()
        self.behind = replace(self.behind, state=StateFeed(self.state, pause_s=0.2))  # its lock is of one event loop
        self.port = listening.getsockname()[1]
        self.server = uvicorn.Server(self.entrance.config(self.entrance.app(self.behind, self.port)))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """Hang up."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)


CAMERAS: list[dict[str, Any]] = [
    {"id": f"cam-{n}", "name": f"Camera {n}", "lon": 24.93 + 0.004 * n, "lat": 60.165 + 0.002 * n, "stream": ""}
    for n in range(5)
]


if __name__ == "__main__":  # for eyes: python tests/viz/full_desk.py
    import tempfile

    place = Path(tempfile.mkdtemp())
    served = DeskServer(place)
    print(served.address, served.tokens, flush=True)
    try:
        while True:
            time.sleep(1.0)
    finally:
        shutil.rmtree(place)
