"""Approved signal plans to emulated controllers: kept, read back, unsafe ones refused, the same one written once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from networks import City, SignalPlan, read_layouts, read_signal_plans
from networks.protocols.stations import Emulator, emulator
from twin.desk import Book
from twin.out import Mailroom, OutMessage, Patience, read_receivers

FILE = """receivers:
  - id: signals
    takes: [signal_plan, rollback]
    way:
      kind: signals
      protocol: {protocol}
      net: {net}
      folder: sent
      rules: resco
      overrides: ["yellow=for a test only"]
      {port}
"""


@pytest.fixture
def station(helsinki: City) -> Iterator[Emulator]:
    layouts, plans = read_layouts(helsinki.net_file), read_signal_plans(helsinki.net_file, source="imported")
    own = {tls: plans[tls] for tls in sorted(plans)[:2]}
    made = emulator("gat1049", own, layouts, user="citytwin")
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def room(folder: Path, net: Path, port: int, protocol: str = "gat1049") -> Mailroom:
    where = f"port: {port}" if port else ""
    (folder / "receivers.yaml").write_text(FILE.format(protocol=protocol, net=net, port=where))
    book = Book.open(folder / "desk.sqlite")

    class Leave:
        allowed_by, not_after = "decision:r1", datetime.now(UTC) + timedelta(hours=1)

    channels = read_receivers(folder / "receivers.yaml").channels(book.clock)
    return Mailroom(book, channels, lambda _: Leave(), patience=Patience(9, 0.0, 0.0))


def told(plan: SignalPlan, longer_s: float) -> dict[str, Any]:
    """A plan with a longer main green, as a recommendation tells it."""
    at = max(range(len(plan.phases)), key=lambda n: (not plan.phases[n].changing, plan.phases[n].duration_s))
    phases = [
        {name: asdict(one)[name] for name in ("duration_s", "state", "name", "min_s", "max_s")} for one in plan.phases
    ]
    phases[at] = phases[at] | {name: phases[at][name] + longer_s for name in ("duration_s", "max_s")}
    return {"tls_id": plan.tls_id, "program_id": "longer", "offset_s": plan.offset_s, "phases": phases}


def order(key: str, *plans: dict[str, Any], kind: str = "signal_plan") -> OutMessage:
    body = {"interventions": [{"kind": "signal_plan", "plans": list(plans)}]}
    until = datetime.now(UTC) + timedelta(hours=1)
    return OutMessage(key, "signals", kind, body, "r1", "decision:r1", until)


def test_an_approved_plan_runs_and_the_same_order_again_writes_nothing(
    station: Emulator, helsinki: City, tmp_path: Path
) -> None:
    plans = read_signal_plans(helsinki.net_file, source="imported")
    tls = station.crossings[0]
    office = room(tmp_path, helsinki.net_file, station.server.port)
    office.hand_in([order("k1", told(plans[tls], 4.0))])
    office.work()
    letter = office.letter("k1")
    assert letter.state == "done", letter.last
    assert f"{tls}: plan 1 -> 2" in letter.last.detail and (tmp_path / "sent" / "k1.before.xml").is_file()
    kept = (tmp_path / "sent" / "k1.before.xml").read_bytes()
    channel = office.channels["signals"]
    again = channel.send(letter.message)  # a crash before the answer was written down
    assert again.state == "done" and f"{tls}: plan 2 -> 2" in again.detail
    assert (tmp_path / "sent" / "k1.before.xml").read_bytes() == kept
    office.hand_in([order("k2", told(plans[tls], 0.0), kind="rollback")])
    office.work()
    assert f"{tls}: plan 2 -> 3" in office.letter("k2").last.detail  # today's timing under the order's own name


def test_what_is_unsafe_or_no_plan_is_refused_and_nothing_is_sent(
    station: Emulator, helsinki: City, tmp_path: Path
) -> None:
    plans = read_signal_plans(helsinki.net_file, source="imported")
    good = told(plans[station.crossings[0]], 4.0)
    every = [phase | {"state": "G" * len(phase["state"])} for phase in good["phases"]]
    office = room(tmp_path, helsinki.net_file, station.server.port)
    office.hand_in(
        [
            order("all-green", good | {"phases": every}),
            order("strange", good | {"tls_id": "nowhere"}),
            order("half", {"tls_id": good["tls_id"]}),
            order("none"),
        ]
    )
    office.work()
    said = {one.message.key: (one.state, one.last.detail) for one in office.letters()}
    assert {state for state, _ in said.values()} == {"refused"}, said
    assert "less safe than the network's plan" in said["all-green"][1] and "no such signal" in said["strange"][1]
    assert "no signal plan" in said["half"][1] and "something else" in said["none"][1]
    assert not list((tmp_path / "sent").glob("*.before.xml"))


def test_controllers_that_are_away_are_asked_again(helsinki: City, tmp_path: Path) -> None:
    plans = read_signal_plans(helsinki.net_file, source="imported")
    office = room(tmp_path, helsinki.net_file, 9)
    office.hand_in([order("k1", told(plans[sorted(plans)[0]], 4.0))])
    office.work()
    letter = office.letter("k1")
    assert letter.state == "waiting" and "nobody answers" in letter.last.detail
