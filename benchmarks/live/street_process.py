"""The hidden city in a process of its own, behind a broker: it moves when it is told, on its standard input.

    python -m benchmarks.live.street_process PLANTED.yaml FOLDER PORT

A line `{"to_s": 300}` moves it there: observations go to `v1.1/Datastreams(SENSOR)/Observations`, acknowledged by the
broker before the line `{"at_s": 300, "told": 57}` comes back. Orders are taken from `citytwin/orders/RECEIVER` at any
time, answers go to `citytwin/acks/RECEIVER`. It ends with its input.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from benchmarks.feeds.mosquitto import PASS_PHRASE, USER
from benchmarks.live.planted import read_planted
from benchmarks.live.street import Street
from benchmarks.live.street_case import hidden_case, sensor_streets
from benchmarks.live.street_orders import read_order
from calibration import Observation
from twin.feeds import to_wire, topic_of

ORDERS, ACKS = "citytwin/orders", "citytwin/acks"
_WAIT_S = 60.0


class StreetProcess:
    """A street beside us.

    Args:
        planted: The file of its day.
        folder: Its files, `truth.jsonl` among them.
        port: Of the broker on 127.0.0.1.
        sensors: Streets that must have a sensor.
    """

    def __init__(self, planted: Path, folder: Path, port: int, sensors: tuple[str, ...] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = [str(planted.absolute()), str(folder.absolute()), str(port), ",".join(sensors)]
        with (folder / "street.log").open("ab") as told:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.live.street_process", *words], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=told, env=dict(os.environ), text=True,
            )  # fmt: skip
        self._log = folder / "street.log"
        self._read()

    def advance(self, to_s: float, *, told: bool = True) -> int:
        """Move it on; how many messages its sensors sent, none where they are not `told` to."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"to_s": to_s, "told": told}) + "\n")
        self._process.stdin.flush()
        return int(self._read()["told"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the street ended: {self._log.read_text()[-800:]}")
        told: dict[str, Any] = json.loads(line)
        return told

    def __enter__(self) -> StreetProcess:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Wire:
    """The street's place at the broker."""

    def __init__(self, port: int, inbox: queue.SimpleQueue[tuple[str, Any]]) -> None:
        from paho.mqtt.client import Client, MQTTMessage
        from paho.mqtt.enums import CallbackAPIVersion

        def taken(_client: Client, _data: object, message: MQTTMessage) -> None:
            inbox.put(("order", (message.topic.rpartition("/")[2], bytes(message.payload))))

        ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="hidden-street", clean_session=False)
        self._client.username_pw_set(USER, PASS_PHRASE)
        self._client.max_queued_messages_set(0)
        self._client.on_message = taken
        self._client.on_connect = lambda client, *_: client.subscribe(f"{ORDERS}/+", qos=1)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        if not ready.wait(_WAIT_S):
            raise TimeoutError("the broker does not answer")

    def publish(self, topic: str, payload: bytes) -> Any:
        """Send; give it to `settle` later."""
        return self._client.publish(topic, payload, qos=1)

    def answer(self, receiver: str, ack: dict[str, str]) -> None:
        """Acknowledge an order."""
        self.publish(f"{ACKS}/{receiver}", json.dumps(ack).encode())

    def settle(self, sent: list[Any]) -> None:
        """Wait until the broker has them."""
        for one in sent:
            one.wait_for_publish(_WAIT_S)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()


def messages(told: list[Observation]) -> Iterator[tuple[str, bytes]]:
    """(topic, payload): one message a sensor, an array of what it says."""
    for sensor, own in groupby(sorted(told, key=lambda o: (o.sensor_id, o.measure)), key=lambda o: o.sensor_id):
        yield topic_of(sensor), b"[" + b",".join(map(to_wire, own)) + b"]"


def main(words: list[str]) -> None:
    """Serve until the input ends."""
    file, folder, port, *more = words
    planted, place = read_planted(Path(file)), Path(folder)
    case = hidden_case(planted, place)
    sensors = sensor_streets(planted, place, [one for one in "".join(more).split(",") if one])
    inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    wire = Wire(int(port), inbox)
    threading.Thread(target=_listen, args=(sys.stdin, inbox), daemon=True).start()
    with Street(planted, case, sensors, place) as street:
        _say({"at_s": street.now_s, "told": 0})
        while (got := inbox.get())[0] != "end":
            kind, what = got
            if kind == "order":
                _order(street, wire, *what)
            else:
                said = _advance(street, what["to_s"], wire)
                sent = [wire.publish(*one) for one in messages(said if what["told"] else [])]
                wire.settle(sent)
                _say({"at_s": street.now_s, "told": len(sent)})
    wire.close()


def _advance(street: Street, to_s: float, wire: Wire) -> list[Observation]:
    told = street.advance(to_s)
    for receiver, ack in street.answers():
        wire.answer(receiver, ack)
    return told


def _order(street: Street, wire: Wire, receiver: str, payload: bytes) -> None:
    try:
        ack = street.take(read_order(receiver, payload))
    except (ValueError, KeyError, TypeError) as error:
        print(f"no order for {receiver}: {error}", file=sys.stderr, flush=True)
        return
    if ack is not None:
        wire.answer(receiver, ack)


def _listen(lines: IO[str], inbox: queue.SimpleQueue[tuple[str, Any]]) -> None:
    for line in lines:
        inbox.put(("to", json.loads(line)))
    inbox.put(("end", None))


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
