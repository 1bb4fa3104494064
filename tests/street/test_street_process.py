"""The hidden city behind a real broker, its days as they ship, and how it is held against alarms."""

from __future__ import annotations

import json
import os
import queue
from pathlib import Path

import pytest
from conftest import Open
from test_street_orders import CLOSED, order

from benchmarks.feeds.mosquitto import INSTALL, PASS_PHRASE, PROGRAM, USER, Mosquitto
from benchmarks.live.day_told import deep, events
from benchmarks.live.planted import read_planted
from benchmarks.live.street_gain import orders_in
from benchmarks.live.street_process import StreetProcess

DAYS = Path(__file__).parents[2] / "benchmarks" / "live" / "days"


def test_orders_of_a_day_are_found_again_in_its_truth(opened: Open, tmp_path: Path) -> None:
    street = opened()
    street.advance(60.0)
    given = order("k", CLOSED, not_after="2026-11-02T01:00:00+00:00")
    street.take(given)
    assert orders_in(tmp_path / "truth.jsonl") == [(60.0, given)]


def test_the_days_that_ship_plant_what_alarms_are_held_against() -> None:
    for file in sorted(DAYS.glob("*.yaml")):
        assert events(read_planted(file), 86400.0), file
    day = read_planted(DAYS / "cologne8.yaml")
    kinds = {kind for one in events(day, 86400.0) if one.must for kind in one.kinds}
    assert kinds == {"incident", "spillback", "sensor", "ponding", "site"}
    assert all(11 * 3600 < first < last < 14 * 3600 for first, last in deep(day).values()) and len(deep(day)) == 2
    assert len(events(day, 8 * 3600.0)) == 1, "what comes after the last cycle is not asked for"


@pytest.mark.skipif("CITYTWIN_DATA" not in os.environ, reason="CITYTWIN_DATA names no folder of data")
def test_it_speaks_and_obeys_over_a_real_broker(tmp_path: Path) -> None:
    if PROGRAM is None:
        pytest.skip(f"there is no mosquitto: {INSTALL}")
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    from twin.feeds import from_wire

    heard: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    (tmp_path / "broker").mkdir()
    with (
        Mosquitto(tmp_path / "broker") as broker,
        StreetProcess(DAYS / "incident.yaml", tmp_path / "street", broker.port) as street,
    ):
        client = Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(USER, PASS_PHRASE)
        client.on_message = lambda _c, _d, message: heard.put((message.topic, bytes(message.payload)))
        client.on_connect = lambda one, *_: one.subscribe([("v1.1/#", 1), ("citytwin/acks/#", 1)])
        client.on_subscribe = lambda *_: heard.put(("subscribed", b""))
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        assert heard.get(timeout=60)[0] == "subscribed"
        told = street.advance(300.0)
        said = [heard.get(timeout=60) for _ in range(told)]
        for topic, payload in said:
            for one in json.loads(payload):
                seen = from_wire(json.dumps(one).encode(), topic=topic)
                assert seen.synthetic and seen.end.minute == 5
        act = {"kind": "road_closure", "edges": ["-186623965#14"]}
        post = json.dumps({"key": "k", "kind": "situation", "body": {"interventions": [act]}, "rec_id": "r"})
        client.publish("citytwin/orders/roads", post, qos=1)
        topic, payload = heard.get(timeout=60)
        assert topic == "citytwin/acks/roads" and json.loads(payload)["state"] == "taken"
        street.advance(600.0)
        states = [json.loads(p)["state"] for t, p in (heard.get(timeout=60) for _ in range(told)) if "acks" in t]
        assert states == ["done"]
        client.disconnect()
        client.loop_stop()
