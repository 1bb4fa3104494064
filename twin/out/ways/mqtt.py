"""MQTT 5: orders on `PREFIX/orders/RECEIVER`, acknowledgements on `PREFIX/acks/RECEIVER`, both with QoS 1."""

from __future__ import annotations

import ssl
from collections.abc import Hashable, MutableMapping
from pathlib import Path
from typing import Literal

import paho.mqtt.client as paho
from pydantic import Field

from networks.errors import BadInput
from twin.feeds.sources.environment import from_environment
from twin.out.message import Acknowledged, Heard, OutMessage
from twin.out.ways.address import Address
from twin.out.ways.mqtt_line import Login, MqttLine
from twin.out.words.order import answer_in
from twin.out.words.written import Text


class MqttWay(Text):
    """Where the broker is.

    Attributes:
        host: Name or address.
        port: 0: 8883 with TLS, 1883 without.
        prefix: Of the topics.
        client_id: By which the broker knows us again; one program each.
        user: Who logs in.
        password_env: The environment variable that holds the pass phrase.
        tls: Encrypted; the broker's certificate is checked.
        ca: Certificates (PEM) that the broker's is checked against; without: those of the system.
    """

    kind: Literal["mqtt"]
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535)
    prefix: str = Field("citytwin", pattern=r"^[^+#\s/][^+#\s]*$")
    client_id: str = "citytwin-out"
    user: str = ""
    password_env: str = ""
    tls: bool = False
    ca: Path | None = None

    def channel(self, to: Address, shared: MutableMapping[Hashable, MqttLine]) -> MqttChannel:
        """The channel of a receiver; receivers at one broker share its connection."""
        if self not in shared:
            shared[self] = _line(self)
        return MqttChannel(to, shared[self], self.prefix)


class MqttChannel:
    """One receiver at a broker.

    Args:
        to: The receiver; its name is the last level of its topics. Acknowledgements are JSON however orders are worded.
        line: To the broker.
        prefix: The first levels.
    """

    def __init__(self, to: Address, line: MqttLine, prefix: str) -> None:
        self.name, self.done_within_s = to.name, to.done_within_s
        self._line, self._writing, self._now = line, to.writing, to.now
        self._orders, self._acks = f"{prefix}/orders/{to.name}", f"{prefix}/acks/{to.name}"
        line.listen(self._acks)

    def send(self, message: OutMessage) -> Acknowledged:
        """Hand it to the broker, which forgets it when its time has passed."""
        try:
            written = self._writing.written(message)
        except BadInput as error:
            return Acknowledged("refused", f"it cannot be told: {error.what}")
        expires_s = (message.not_after - self._now()).total_seconds()
        there, said = self._line.publish(self._orders, written.payload, written.content_type, expires_s)
        return Acknowledged("sent" if there else "unknown", said)

    def heard(self) -> list[Heard]:
        """What the receiver said and was not noted yet; what is no answer is heard as one to nothing."""
        return [_heard(message) for message in self._line.came(self._acks)]

    def noted(self, heard: Heard) -> None:
        """The broker may forget it."""
        assert isinstance(heard.mark, paho.MQTTMessage)
        self._line.noted(heard.mark)

    def close(self) -> None:
        """Leave; the line is made again when it is needed."""
        self._line.close()


def _heard(message: paho.MQTTMessage) -> Heard:
    try:
        key, answer = answer_in(bytes(message.payload))
    except BadInput as error:
        return Heard("", Acknowledged("unknown", f"{error.place}: {error.what}"), message)
    return Heard(key, answer, message)


def _line(way: MqttWay) -> MqttLine:
    port = way.port or (8883 if way.tls or way.ca else 1883)
    password = from_environment(way.password_env, "password_env") if way.password_env else ""
    tls = None
    if way.tls or way.ca:
        try:
            tls = ssl.create_default_context(cafile=str(way.ca) if way.ca else None)
        except (OSError, ssl.SSLError) as error:
            raise BadInput(f"{way.ca} holds no certificates: {error}", place="way.ca", expected="PEM") from error
    login = Login(way.host, port, way.client_id, way.user, password, tls, f"{way.prefix}/acks/+")
    return MqttLine(login)
