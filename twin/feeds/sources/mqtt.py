"""MQTT 3.1.1 and 5: messages of a broker, acknowledged once they are on the disk.

The session is persistent: the broker keeps what comes while we are away, and sends again what we did not acknowledge.
How much it sends ahead is the window (MQTT 5's receive maximum); a broker that speaks only 3.1.1 has a window of its
own, in Mosquitto `max_inflight_messages`. What a broker keeps for somebody who is away is limited by the broker, in
Mosquitto `max_queued_messages` (1000 unless it is told otherwise, 0 for no limit).
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from paho.mqtt.client import MQTTMessage, topic_matches_sub
from pydantic import Field, field_validator, model_validator

from networks.errors import BadInput
from twin.feeds import source
from twin.feeds.message import Message
from twin.feeds.source import Delivery
from twin.feeds.sources.environment import from_environment
from twin.feeds.sources.mqtt_session import Login, Session

if TYPE_CHECKING:
    from twin.broker import EmbeddedBroker

log = logging.getLogger(__name__)


class MqttConnection(source.Connection):
    """Where the broker is, and what to read.

    Attributes:
        host: Name or address.
        port: 0: 8883 with TLS, 1883 without.
        topics: Filters, as MQTT has them (`+`, `#`).
        qos: 1: nothing is lost. 0: what is under way when a connection breaks is.
        protocol: "5" tells any broker how much may be under way; "3.1.1" costs a third less of the processor.
        client_id: By which the broker knows us again; one program each. Empty: `citytwin-` and the feed's name.
        user: Who logs in.
        user_env: The environment variable that holds it instead.
        password_env: The environment variable that holds the pass phrase; it never stands in the file.
        tls: Encrypted; the broker's certificate is checked.
        ca: Certificates (PEM) that the broker's is checked against; without: those of the system.
        certificate: Our own (PEM), where the broker asks for one.
        key: Its key (PEM).
        window: Messages that may be under way without acknowledgement.
        away_hours: How long the broker keeps our place while we are away (MQTT 5).
        keep_alive_s: Silence after which the connection counts as broken (s).
        longest_mb: Larger messages are not sent to us (MQTT 5).
        embedded: The broker runs inside this program, on 127.0.0.1: for a laptop.
    """

    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    topics: tuple[str, ...] = Field(min_length=1)
    qos: Literal[0, 1] = 1
    protocol: Literal["3.1.1", "5"] = "5"
    client_id: str = ""
    user: str = ""
    user_env: str = ""
    password_env: str = ""
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    window: int = Field(1000, ge=1, le=65535)
    away_hours: float = Field(24.0, ge=0.0, le=24 * 366.0)
    keep_alive_s: int = Field(60, ge=2, le=3600)
    longest_mb: float = Field(16.0, gt=0.0, le=256.0)
    embedded: bool = False

    @field_validator("topics")
    @classmethod
    def _filters(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        for topic in topics:
            levels = topic.split("/")
            wrong = [at for at, level in enumerate(levels) if len(level) > 1 and ("+" in level or "#" in level)]
            if wrong or "#" in levels[:-1] or "\0" in topic or not 0 < len(topic.encode()) < 65536:
                raise ValueError(f"{topic!r} is no topic filter: + stands for a whole level, # only for the end")
        return topics

    @model_validator(mode="after")
    def _agrees(self) -> MqttConnection:
        if self.user and self.user_env:
            raise ValueError("user and user_env both say who logs in: one is enough")
        if self.certificate and not self.key:
            raise ValueError("a certificate needs its key")
        if self.embedded and (self.tls or self.ca or self.host != "127.0.0.1" or not self.password_env):
            raise ValueError("an embedded broker listens on 127.0.0.1 without TLS, and needs password_env")
        return self


class Mqtt:
    """One feed's place at a broker."""

    Connection = MqttConnection

    def __init__(self, connection: MqttConnection, feed_id: str) -> None:
        self._told = connection
        self._feed = feed_id
        self._stray: set[str] = set()

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Messages as they come; `done()` acknowledges them.

        While nobody asks for the next one the socket is not read. After one and a half times `keep_alive_s` the broker
        then counts us as away, and keeps what comes.

        Raises:
            BadInput: A pass phrase or a certificate is not there.
            ConnectionError: The broker is away, refuses us, or the connection broke.
        """
        async with AsyncExitStack() as stack:
            if self._told.embedded:
                await stack.enter_async_context(_embedded(self._told))
            session = await Session.open(_login(self._told, self._feed), self._told.topics, self._told.qos)
            stack.push_async_callback(session.close)
            while True:
                for message in await session.sweep():
                    if self._asked_for(message, session):
                        yield _delivery(message, session)

    def _asked_for(self, message: MQTTMessage, session: Session) -> bool:
        """False for what an older configuration asked for, and the broker's memory of us still does."""
        if any(topic_matches_sub(_own(filtered), message.topic) for filtered in self._told.topics):
            return True
        if message.topic not in self._stray and len(self._stray) < 1000:
            self._stray.add(message.topic)
            log.warning(
                "feed %s: %s is not among its topics, and not kept: the broker remembers an older subscription; "
                "another client_id ends it",
                self._feed,
                message.topic,
            )
        session.acknowledge(message)
        return False


def _own(filtered: str) -> str:
    """A filter without the group that shares it (`$share/GROUP/FILTER`)."""
    return filtered.split("/", 2)[2] if filtered.startswith("$share/") and filtered.count("/") > 1 else filtered


def _delivery(message: MQTTMessage, session: Session) -> Delivery:
    async def done() -> None:
        session.acknowledge(message)

    headers = {"retained": "true"} if message.retain else {}
    kind = getattr(message.properties, "ContentType", None)
    if kind:
        headers["content-type"] = str(kind)
    return Delivery(Message(bytes(message.payload), message.topic, datetime.now(UTC), headers), done)


def _login(told: MqttConnection, feed_id: str) -> Login:
    from twin.broker import USER

    user = from_environment(told.user_env, "user_env") if told.user_env else told.user
    return Login(
        host=told.host,
        port=told.port or (8883 if told.tls or told.ca else 1883),
        protocol="3.1.1" if told.embedded else told.protocol,  # amqtt speaks no other
        client_id=told.client_id or f"citytwin-{feed_id}",
        user=USER if told.embedded else user,
        password=from_environment(told.password_env, "password_env") if told.password_env else "",
        tls=_tls(told) if told.tls or told.ca else None,
        window=told.window,
        away_s=round(told.away_hours * 3600.0),
        keep_alive_s=told.keep_alive_s,
        longest_bytes=round(told.longest_mb * 1e6),
    )


def _tls(told: MqttConnection) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(told.ca) if told.ca else None)
    except (OSError, ssl.SSLError) as error:
        raise BadInput(f"{told.ca} holds no certificates: {error}", place="source.ca", expected="PEM") from error
    if told.certificate:
        try:
            context.load_cert_chain(told.certificate, told.key)
        except (OSError, ssl.SSLError) as error:
            what = f"{told.certificate} and {told.key} are no certificate and its key: {error}"
            raise BadInput(what, place="source.certificate", expected="PEM") from error
    return context


def _embedded(told: MqttConnection) -> EmbeddedBroker:
    from twin.broker import EmbeddedBroker

    return EmbeddedBroker(port=told.port or 1883, pass_phrase=from_environment(told.password_env, "password_env"))
