"""Feeds over a real broker: kept once, garbage put aside with a reason, and nothing stops."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiomqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import Observation, ObservationTable
from networks.errors import BadInput
from twin import EmbeddedBroker, Feeds
from twin.feeds import from_wire, to_wire, topic_of

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


def seen(minute: int = 0, sensor: str = "detector/1 #+", result: float | None = 7.0) -> Observation:
    begin = NOW - timedelta(minutes=30 - minute)
    quality = "good" if result is not None else "missing"
    return Observation(sensor, "vehicle_count", begin, 60.0, result, quality, begin + timedelta(seconds=61), True)


def test_an_observation_survives_the_wire() -> None:
    call = Observation("calls", "emergency_call", NOW, 0.0, 1.0, "good", NOW, True, {"call_id": "c1", "lon": 24.95})
    for observation in (seen(), seen(result=None), call):
        assert from_wire(to_wire(observation), topic=topic_of(observation.sensor_id)) == observation
    assert "#" not in topic_of(seen().sensor_id) and "+" not in topic_of(seen().sensor_id)


def changed(**more: Any) -> bytes:
    return json.dumps(json.loads(to_wire(seen())) | more).encode()


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"\xff\xfe not json", "JSON"),
        (b"[" * 5000, "JSON"),
        (b"{}", "Datastream"),
        (changed(result=-3), "at least 0"),
        (changed(result="many"), "result"),
        (changed(result=1e999), "Infinity"),
        (changed(resultTime="2026-07-17T15:00:00"), "zone"),
        (changed(phenomenonTime="yesterday"), "phenomenonTime"),
        (changed(phenomenonTime="2026-07-17T15:00:00Z/2026-07-17T14:00:00Z"), "interval"),
        (changed(resultQuality="excellent"), "resultQuality"),
        (changed(extra=1), "extra"),
        (to_wire(seen()).replace(b'"unitOfMeasurement":"veh"', b'"unitOfMeasurement":"mm"'), "unit"),
        (to_wire(seen()).replace(b"vehicle_count", b"unicorn_count"), "unicorn"),
        (changed(parameters={"x": "y" * 70_000}), "bytes"),
    ],
)
def test_what_is_wrong_is_named_and_put_aside(payload: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        from_wire(payload)
    feeds = Feeds(ObservationTable(), lambda: NOW)
    assert feeds.take(topic_of(seen().sensor_id), payload) is None
    assert word in feeds.dead[0].reason and len(feeds.table) == 0
    assert feeds.take(topic_of(seen().sensor_id), to_wire(seen())) == seen()


def test_strangers_the_future_and_a_wrong_topic_are_put_aside() -> None:
    feeds = Feeds(ObservationTable(), lambda: NOW, sensors=["d1"])
    assert feeds.take(topic_of("d2"), to_wire(seen(sensor="d2"))) is None
    assert feeds.take(topic_of("d1"), to_wire(replace(seen(sensor="d1"), begin=NOW + timedelta(hours=1)))) is None
    assert feeds.take(topic_of("d2"), to_wire(seen(sensor="d1"))) is None
    for letter, word in zip(feeds.dead, ("no such", "future", "topic"), strict=True):
        assert word in letter.reason
    assert feeds.dead_count == 3 and feeds.take(topic_of("d1"), to_wire(seen(sensor="d1"))) is not None


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_message_whatever_stops_a_feed(payload: bytes, topic: str) -> None:
    feeds = Feeds(ObservationTable(), lambda: NOW)
    assert feeds.take(topic, payload) is None and feeds.dead_count == 1


def test_a_feed_is_ok_then_late_then_silent() -> None:
    now = [NOW]
    feeds = Feeds(ObservationTable(), lambda: now[0], late_after_s=180.0)
    states = []
    assert feeds.health()[0].status == "waiting"
    feeds.take(topic_of("d1"), to_wire(replace(seen(sensor="d1"), begin=NOW - timedelta(seconds=60))))
    for minutes in (4, 5, 13):
        now[0] = NOW + timedelta(minutes=minutes)
        states.append((feeds.health()[0].status, feeds.health()[0].last_s_ago))
    assert states == [("ok", 240.0), ("late", 300.0), ("silent", 780.0)]


async def _through_the_broker() -> tuple[Feeds, bool, str]:
    feeds = Feeds(ObservationTable(), lambda: NOW)
    async with EmbeddedBroker() as broker:
        login = {"user": "citytwin", "pass_phrase": broker.pass_phrase}
        listening = asyncio.create_task(feeds.listen(broker.host, broker.port, **login))
        await asyncio.wait_for(feeds.connected.wait(), 10)
        async with aiomqtt.Client(broker.host, broker.port, username="citytwin", password=broker.pass_phrase) as client:
            for minute in (*range(20), 3, 4, 5):
                observation = seen(minute)
                await client.publish(topic_of(observation.sensor_id), to_wire(observation), qos=1)
                await client.publish(topic_of("x"), b"garbage", qos=1)
        for _ in range(200):
            if feeds.repeated == 3 and feeds.dead_count == 23:
                break
            await asyncio.sleep(0.05)
        stranger = aiomqtt.Client(broker.host, broker.port, username="citytwin", password="guess", timeout=5)
        try:
            async with stranger:
                entered = True
        except aiomqtt.MqttError:
            entered = False
        with socket.socket() as probe:
            probe.settimeout(1)
            outside = "closed" if probe.connect_ex((_own_address(), broker.port)) else "open"
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return feeds, entered, outside


def _own_address() -> str:
    """An address of this machine that is not loopback; loopback's last one when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address = str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.254"
    return "127.0.0.254" if address.startswith("127.") else address


def test_messages_travel_through_the_embedded_broker_once_each() -> None:
    feeds, stranger_entered, outside = asyncio.run(_through_the_broker())
    assert len(feeds.table) == 20 and feeds.repeated == 3 and feeds.dead_count == 23
    assert not stranger_entered
    assert outside == "closed"


def test_a_lost_broker_is_found_again() -> None:
    async def scene() -> int:
        feeds = Feeds(ObservationTable(), lambda: NOW)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = free.getsockname()[1]
        listening = asyncio.create_task(
            feeds.listen("127.0.0.1", nobody, user="citytwin", pass_phrase="x", longest_pause_s=0.2)
        )
        await asyncio.sleep(1.0)
        assert not listening.done()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        return feeds.lost_links

    assert asyncio.run(scene()) >= 2
