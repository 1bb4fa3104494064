"""Orders and acknowledgements over a real Mosquitto: slow, dead, doubled, late."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.feeds.mosquitto import PASS_PHRASE, USER, Mosquitto
from twin.desk import Book
from twin.out import Letter, Mailroom, OutMessage, Patience, read_receivers

FILE = """
receivers:
  - id: street
    takes: [signal_plan, rollback]
    way: {{kind: mqtt, port: {port}, user: {user}, password_env: BROKER_WORD}}
    done_within_s: 300
"""


class Leave:
    allowed_by, not_after = "decision:r1", datetime(2100, 1, 1, tzinfo=UTC)


class Street:
    """A receiver of its own: keeps keys, acts once by key, answers as it is told."""

    def __init__(self, port: int, said: tuple[str, ...] = ("taken", "done"), times: int = 1) -> None:
        self.orders: list[dict[str, Any]] = []
        self.acts: list[str] = []
        self._said, self._times, self.there = said, times, threading.Event()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, "street", protocol=paho.MQTTv5)
        self.client.username_pw_set(USER, PASS_PHRASE)
        self.client.on_connect = lambda client, *_: client.subscribe("citytwin/orders/street", qos=1)
        self.client.on_subscribe = lambda *_: self.there.set()
        self.client.on_message = self._take
        self.client.connect("127.0.0.1", port, clean_start=False)
        self.client.loop_start()
        assert self.there.wait(10)

    def _take(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        order = json.loads(message.payload)
        self.orders.append(order)
        if order["key"] not in self.acts:
            self.acts.append(order["key"])
        for state in self._said * self._times:
            client.publish("citytwin/acks/street", json.dumps({"key": order["key"], "state": state}), qos=1)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def room(mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    monkeypatch.setenv("BROKER_WORD", PASS_PHRASE)
    (tmp_path / "receivers.yaml").write_text(FILE.format(port=mosquitto.port, user=USER))
    made = opened(tmp_path)
    yield made
    made.close()


def opened(folder: Path) -> Mailroom:
    book = Book.open(folder / "desk.sqlite")
    channels = read_receivers(folder / "receivers.yaml").channels(book.clock)
    return Mailroom(book, channels, lambda _: Leave(), patience=Patience(9, 0.5, 1.0))


def order(key: str = "k1", **body: Any) -> OutMessage:
    until = datetime.now(UTC) + timedelta(minutes=10)
    return OutMessage(key, "street", "signal_plan", body, "r1", "decision:r1", until, "run-7")


def until(room: Mailroom, key: str, state: str, then: Callable[[], object] = lambda: None) -> Letter:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        room.work()
        if (letter := room.letter(key)).state == state:
            return letter
        then()
        time.sleep(0.05)
    raise AssertionError(f"never {state}: {letter.steps}")


def test_an_order_reaches_the_street_and_its_answers_come_back(room: Mailroom, mosquitto: Mosquitto) -> None:
    street = Street(mosquitto.port, times=2)  # it says everything twice
    room.hand_in([order(interventions=[{"kind": "signal_phases", "signal": "A"}])])
    letter = until(room, "k1", "done")
    time.sleep(0.1)
    assert room.work() == []
    assert [step.state for step in letter.steps] == ["waiting", "sending", "sent", "taken", "done"]
    (got,) = street.orders
    assert (got["key"], got["kind"], got["rec_id"]) == ("k1", "signal_plan", "r1")
    assert got["body"] == {"interventions": [{"kind": "signal_phases", "signal": "A"}]}
    assert datetime.fromisoformat(got["not_after"]) > datetime.now(UTC)
    street.close()


def test_nobody_there_then_late_comes_once_by_key(room: Mailroom, mosquitto: Mosquitto) -> None:
    room.hand_in([order()])
    letter = until(room, "k1", "sent")
    assert "nobody listens" in letter.last.detail
    street = Street(mosquitto.port)
    letter = until(room, "k1", "done")
    assert street.acts == ["k1"] and letter.sends >= 2
    street.close()


def test_a_broker_that_dies_holds_nothing_up_and_nothing_waits_inside(room: Mailroom, mosquitto: Mosquitto) -> None:
    street = Street(mosquitto.port)
    room.hand_in([order()])
    until(room, "k1", "done")
    mosquitto.stop(signal.SIGKILL)
    room.hand_in([order("k2")])
    letter = until(room, "k2", "waiting")
    assert letter.state == "waiting"
    for _ in range(3):
        room.work()
    mosquitto.start()
    until(room, "k2", "done")
    assert street.acts == ["k1", "k2"]
    street.close()


def test_answers_wait_at_the_broker_for_a_mailroom_that_is_away(
    room: Mailroom, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    street = Street(mosquitto.port, said=("taken",))
    room.hand_in([order()])
    until(room, "k1", "taken")
    room.close()
    room.book.close()
    word = json.dumps({"key": "k1", "state": "done", "detail": "while you were away"})
    street.client.publish("citytwin/acks/street", word, qos=1).wait_for_publish(10)
    street.client.publish("citytwin/acks/street", "{ no JSON", qos=1).wait_for_publish(10)
    again = opened(tmp_path)
    letter = until(again, "k1", "done")
    assert letter.last.detail == "while you were away" and street.acts == ["k1"]
    until(again, "k1", "done")
    strange = [one.detail for one in again.book.audit() if one.action == "strange acknowledgement"]
    assert len(strange) == 1 and "no JSON" in strange[0]
    again.close()
    street.close()


def test_the_broker_forgets_an_order_whose_time_has_passed(room: Mailroom, mosquitto: Mosquitto) -> None:
    seen: list[str] = []
    away = paho.Client(CallbackAPIVersion.VERSION2, "away", protocol=paho.MQTTv311, clean_session=False)
    away.username_pw_set(USER, PASS_PHRASE)
    away.on_connect = lambda client, *_: client.subscribe("citytwin/orders/street", qos=1)
    away.on_message = lambda _client, _data, message: seen.append(json.loads(message.payload)["key"])
    ready = threading.Event()
    away.on_subscribe = lambda *_: ready.set()
    away.connect("127.0.0.1", mosquitto.port)
    away.loop_start()
    assert ready.wait(10)
    away.disconnect()
    away.loop_stop()
    short = datetime.now(UTC) + timedelta(seconds=2)
    room.hand_in([OutMessage("late", "street", "signal_plan", {}, "r1", "decision:r1", short), order("good")])
    until(room, "late", "sent")
    time.sleep(2.5)
    until(room, "late", "dead")
    until(room, "good", "sent")
    ready.clear()
    away.connect("127.0.0.1", mosquitto.port)
    away.loop_start()
    assert ready.wait(10)
    time.sleep(0.3)
    away.disconnect()
    away.loop_stop()
    assert set(seen) == {"good"}
