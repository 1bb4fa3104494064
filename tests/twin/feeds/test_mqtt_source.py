"""Messages of a real Mosquitto: acknowledged when they are safe, and not before."""

from __future__ import annotations

import asyncio
import logging
import resource
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.publish import multiple
from pydantic import ValidationError

from benchmarks.feeds.mosquitto import INSTALL, PASS_PHRASE, PROGRAM, USER, Mosquitto
from networks.errors import BadInput
from twin.broker import EmbeddedBroker
from twin.feeds.source import Delivery
from twin.feeds.sources.mqtt import Mqtt, MqttConnection

PROTOCOLS = pytest.mark.parametrize("protocol", ["3.1.1", "5"])


@pytest.fixture(autouse=True)
def _pass_phrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PASS_PHRASE", PASS_PHRASE)


def source(broker: Mosquitto, *topics: str, **more: object) -> Mqtt:
    told = {"port": broker.port, "user": USER, "password_env": "TEST_PASS_PHRASE", "topics": topics or ("city/#",)}
    return Mqtt(MqttConnection(**(told | more)), "counts")


def send(broker: Mosquitto | EmbeddedBroker, payloads: Sequence[bytes], topic: str = "city/a", qos: int = 1) -> None:
    login = {"username": USER, "password": getattr(broker, "pass_phrase", PASS_PHRASE)}
    told = [(topic, payload, qos, False) for payload in payloads]
    multiple(told, hostname="127.0.0.1", port=broker.port, auth=login, protocol=paho.MQTTv311)


async def take(feed: Mqtt, count: int, *, acknowledged: int | None = None, wait_s: float = 5.0) -> list[Delivery]:
    """The next messages of one connection; as many of them as said (all) are acknowledged."""
    taken: list[Delivery] = []
    deliveries = feed.deliveries()
    try:
        while len(taken) < count:
            taken.append(await asyncio.wait_for(anext(deliveries), wait_s))
        for delivery in taken[: count if acknowledged is None else acknowledged]:
            await delivery.done()
        await asyncio.sleep(0.1)  # the broker reads one acknowledgement at a time, and new connections in between
    finally:
        await deliveries.aclose()
    return taken


async def subscribed(feed: Mqtt) -> None:
    """Let the broker know the feed: from here on it keeps what comes."""
    with pytest.raises(TimeoutError):
        await take(feed, 1, wait_s=0.3)


async def remembered(broker: Mosquitto) -> None:
    """Until Mosquitto wrote its memory down once more, as it does every other second."""
    file, now = broker.folder / "mosquitto.db", time.time()
    while not file.exists() or file.stat().st_mtime <= now:
        await asyncio.sleep(0.05)


def texts(deliveries: Sequence[Delivery]) -> list[bytes]:
    return [delivery.message.payload for delivery in deliveries]


@PROTOCOLS
def test_what_is_not_acknowledged_comes_again(mosquitto: Mosquitto, protocol: str) -> None:
    async def story() -> None:
        await subscribed(source(mosquitto, protocol=protocol))
        send(mosquitto, [b"%d" % number for number in range(10)])
        first = await take(source(mosquitto, protocol=protocol), 10, acknowledged=4)
        assert texts(first) == [b"%d" % number for number in range(10)]
        assert first[0].message.topic == "city/a"
        again = await take(source(mosquitto, protocol=protocol), 6)
        assert texts(again) == [b"%d" % number for number in range(4, 10)]
        await subscribed(source(mosquitto, protocol=protocol))

    asyncio.run(story())


def test_more_may_wait_than_one_sweep_takes(mosquitto: Mosquitto) -> None:
    async def story() -> None:
        await subscribed(source(mosquitto, window=3000))
        send(mosquitto, [b"%d" % number for number in range(1500)])
        came = await take(source(mosquitto, window=3000), 1500, wait_s=15.0)
        assert texts(came) == [b"%d" % number for number in range(1500)]

    asyncio.run(story())


@PROTOCOLS
def test_a_killed_broker_that_comes_back_sends_what_it_kept(mosquitto: Mosquitto, protocol: str) -> None:
    async def story() -> None:
        feed = source(mosquitto, protocol=protocol)
        await subscribed(feed)
        send(mosquitto, [b"before"])
        deliveries = feed.deliveries()
        held = await asyncio.wait_for(anext(deliveries), 5.0)
        await remembered(mosquitto)
        mosquitto.stop(signal.SIGKILL)
        with pytest.raises(ConnectionError, match=r"the connection to 127.0.0.1:\d+ broke"):
            await asyncio.wait_for(anext(deliveries), 5.0)
        with pytest.raises(ConnectionError, match=r"no MQTT broker answers at 127.0.0.1:\d+"):
            await take(feed, 1)
        mosquitto.start()
        await held.done()  # through the broken connection: nothing
        assert texts(await take(feed, 1)) == [b"before"]

    asyncio.run(story())


@PROTOCOLS
def test_the_broker_holds_on_when_nobody_pulls(mosquitto: Mosquitto, protocol: str) -> None:
    """40 MB wait at the broker; here there is the window of MQTT 5, or what a socket holds."""

    async def story() -> None:
        feed = source(mosquitto, protocol=protocol, window=4, longest_mb=2)
        await subscribed(feed)
        send(mosquitto, [bytes([number]) * 1_000_000 for number in range(40)])
        deliveries = feed.deliveries()
        pulled = [await asyncio.wait_for(anext(deliveries), 5.0)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if protocol == "5":
            for _ in range(3):
                pulled.append(await asyncio.wait_for(anext(deliveries), 5.0))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(deliveries), 0.5)
            await deliveries.aclose()
            pulled = await take(feed, 4)
            pulled += await take(feed, 4)
        else:
            await asyncio.sleep(0.5)
            await deliveries.aclose()
            pulled = await take(feed, 8)
        assert [payload[0] for payload in texts(pulled)] == list(range(8))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 25_000  # kB

    asyncio.run(story())


@PROTOCOLS
@pytest.mark.parametrize("qos", [0, 1])
def test_any_payload_comes_as_it_was_sent(mosquitto: Mosquitto, protocol: str, qos: int) -> None:
    async def story() -> None:
        feed = source(mosquitto, protocol=protocol)
        sent = [b"", b"\x00", bytes(range(256)) * 4096, b"end"]
        taking = asyncio.create_task(take(feed, len(sent)))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(send, mosquitto, sent, qos=qos)
        assert texts(await taking) == sent

    asyncio.run(story())


def test_a_message_says_that_it_was_retained_and_what_it_is(mosquitto: Mosquitto) -> None:
    login = {"username": USER, "password": PASS_PHRASE}
    kind = paho.Properties(paho.PacketTypes.PUBLISH)
    kind.ContentType = "application/json"
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set(login["username"], login["password"])
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    client.publish("city/a", b"{}", qos=1, retain=True, properties=kind).wait_for_publish(5.0)
    client.disconnect()
    client.loop_stop()
    (delivery,) = asyncio.run(take(source(mosquitto), 1))
    assert delivery.message.headers == {"retained": "true", "content-type": "application/json"}


def test_topics_of_an_older_configuration_are_told_once_and_not_kept(
    mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        await subscribed(source(mosquitto, "city/#", "parks/#"))
        send(mosquitto, [b"1", b"2"], "parks/a")
        send(mosquitto, [b"3"], "city/a")
        with caplog.at_level(logging.WARNING):
            assert texts(await take(source(mosquitto, "city/#"), 1)) == [b"3"]
        await subscribed(source(mosquitto, "city/#", "parks/#"))

    asyncio.run(story())
    told = [record.getMessage() for record in caplog.records if record.name.startswith("twin")]
    assert len(told) == 1
    assert "feed counts: parks/a is not among its topics" in told[0]


def test_two_programs_with_one_name_are_told(mosquitto: Mosquitto) -> None:
    async def story() -> None:
        first = source(mosquitto).deliveries()
        waiting = asyncio.create_task(anext(first))
        await asyncio.sleep(0.3)
        await subscribed(source(mosquitto))
        with pytest.raises(ConnectionError, match="another program logs in as citytwin-counts too"):
            await waiting

    asyncio.run(story())


@PROTOCOLS
def test_a_wrong_pass_phrase_is_told_in_a_sentence(
    mosquitto: Mosquitto, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_PASS_PHRASE", "a guess")
    with pytest.raises(ConnectionError, match=r"the broker 127.0.0.1:\d+ refuses user 'citytwin': ") as told:
        asyncio.run(take(source(mosquitto, protocol=protocol), 1))
    assert "a guess" not in str(told.value)


def test_a_pass_phrase_that_is_not_there_is_bad_input(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_PASS_PHRASE")
    with pytest.raises(BadInput, match=r"source.password_env: the environment variable TEST_PASS_PHRASE is not set"):
        asyncio.run(take(source(mosquitto), 1))


def test_somebody_who_is_no_broker_is_told() -> None:
    async def story() -> None:
        def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad\r\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        async with server:
            with pytest.raises(ConnectionError, match=f"127.0.0.1:{port}"):
                await take(Mqtt(MqttConnection(port=port, topics=("a",)), "counts"), 1, wait_s=20.0)

    asyncio.run(story())


@pytest.mark.parametrize("wrong", ["", "a+", "a/b#", "#/a", "a/+b/c", "a\0b"])
def test_what_is_no_topic_filter_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="no topic filter"):
        MqttConnection(topics=(wrong,))


@given(st.lists(st.sampled_from(["a", "bc", "+", ""]), min_size=1).map("/".join).filter(bool), st.booleans())
def test_what_is_one_is_taken(filtered: str, deep: bool) -> None:
    whole = filtered + "/#" if deep else filtered
    assert MqttConnection(topics=(whole,)).topics == (whole,)


@pytest.mark.skipif(PROGRAM is None or not shutil.which("openssl"), reason=f"{INSTALL} openssl")
def test_tls_is_checked_against_the_certificates_that_are_named(tmp_path: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    make += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    for name in ("ours", "other"):
        subprocess.run(
            [*make, "-keyout", f"{tmp_path}/{name}.key", "-out", f"{tmp_path}/{name}.pem"],
            check=True,
            capture_output=True,
        )
    folder = tmp_path / "encrypted"
    folder.mkdir()
    with Mosquitto(folder, more=f"certfile {tmp_path}/ours.pem\nkeyfile {tmp_path}/ours.key\n") as broker:

        async def story() -> None:
            feed = source(broker, ca=tmp_path / "ours.pem")
            await subscribed(feed)
            payloads = [b"x" * size for size in (10, 100_000, 20)]
            login = {"username": USER, "password": PASS_PHRASE}
            trusted = {"ca_certs": str(tmp_path / "ours.pem"), "tls_version": ssl.PROTOCOL_TLS_CLIENT}
            told = [("city/a", payload, 1, False) for payload in payloads]
            multiple(told, hostname="127.0.0.1", port=broker.port, auth=login, tls=trusted)
            assert texts(await take(feed, 3)) == payloads
            with pytest.raises(ConnectionError, match=r"the certificate of 127.0.0.1:\d+ is not trusted"):
                await take(source(broker, ca=tmp_path / "other.pem"), 1)
            with pytest.raises(BadInput, match=r"source.ca"):
                await take(source(broker, ca=tmp_path / "ours.key"), 1)

        asyncio.run(story())


def test_the_broker_may_run_inside_the_program(mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    told = {"port": mosquitto.port, "topics": ("city/#",), "embedded": True, "password_env": "TEST_PASS_PHRASE"}

    async def story() -> None:
        taking = asyncio.create_task(take(Mqtt(MqttConnection(**told), "laptop"), 3, wait_s=10.0))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(send, mosquitto, [b"1", b"2", b"3"])
        assert texts(await taking) == [b"1", b"2", b"3"]

    asyncio.run(story())
    with pytest.raises(ValidationError, match="password_env"):
        MqttConnection(topics=("a",), embedded=True)
