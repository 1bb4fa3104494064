"""A connection to a broker: orders out, acknowledgements in; nothing waits inside it to go out later."""

from __future__ import annotations

import ssl
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

ANSWER_S = 5.0
AGAIN_S = 2.0
"""A broker that was not there is not asked again so soon (s)."""
_LONGEST_BYTES = 1_000_000
_NOBODY_LISTENS = 16


@dataclass(frozen=True, slots=True)
class Login:
    """Where to connect, and as whom; fields as in `twin.out.ways.mqtt.MqttWay`."""

    host: str
    port: int
    client_id: str
    user: str
    password: str
    tls: ssl.SSLContext | None
    subscription: str
    away_s: int = 86_400


class MqttLine:
    """One connection, made when it is needed, and thrown away when anything goes wrong.

    A client that keeps what it could not hand over would send it whenever it is connected again, perhaps long after
    anything allows that: so a client whose broker does not confirm in time is dropped with all that it holds. What
    receivers said stays at the broker (a persistent session) until it is noted.
    """

    def __init__(self, login: Login) -> None:
        self._login = login
        self._turn = threading.RLock()
        self._client: paho.Client | None = None
        self._failed_at, self._failure = -AGAIN_S, ""
        self._came: deque[paho.MQTTMessage] = deque()
        self._codes: dict[int, Any] = {}
        self._topics: set[str] = set()

    def listen(self, topic: str) -> None:
        """Somebody here reads this topic; what comes on others is forgotten."""
        self._topics.add(topic)

    def publish(self, topic: str, payload: bytes, content_type: str, expires_s: float) -> tuple[bool, str]:
        """Whether the broker has it, and its words.

        Args:
            topic: Where to.
            payload: What.
            content_type: What it is.
            expires_s: The broker forgets it after so long.
        """
        with self._turn:
            why = self._connect()
            if why:
                return False, why
            assert self._client is not None
            more: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            more.MessageExpiryInterval = max(1, min(int(expires_s), 2**32 - 1))
            more.ContentType = content_type
            told = self._client.publish(topic, payload, qos=1, properties=more)
            ends = time.monotonic() + ANSWER_S
            while told.mid not in self._codes and time.monotonic() < ends and self._client.is_connected():
                time.sleep(0.005)
            code = self._codes.pop(told.mid, None)
            if code is None:
                self._drop()
                return False, f"the broker {self._name} did not confirm it"
            if code.is_failure:
                return False, f"the broker {self._name} does not take it: {code}"
            nobody = code.value == _NOBODY_LISTENS
            return True, f"the broker has it{', but nobody listens at ' + topic if nobody else ''}"

    def came(self, topic: str) -> list[paho.MQTTMessage]:
        """Messages of a topic that were not noted yet."""
        with self._turn:
            self._connect()
        return [one for one in list(self._came) if one.topic == topic]

    def noted(self, message: paho.MQTTMessage) -> None:
        """The broker may forget it."""
        with self._turn:
            if message in self._came:
                self._came.remove(message)
                if self._client is not None:
                    self._client.ack(message.mid, message.qos)

    def close(self) -> None:
        """Leave; the broker keeps our place."""
        with self._turn:
            self._drop()

    @property
    def _name(self) -> str:
        return f"{self._login.host}:{self._login.port}"

    def _connect(self) -> str:
        """Why there is no connection; empty when there is one."""
        if self._client is not None and self._client.is_connected():
            return ""
        if time.monotonic() - self._failed_at < AGAIN_S:
            return self._failure
        self._drop()
        self._failure = self._connected()
        if self._failure:
            self._failed_at = time.monotonic()
            self._drop()
        return self._failure

    def _connected(self) -> str:
        login, welcome, granted = self._login, list[Any](), list[Any]()
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            login.client_id,
            protocol=paho.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        self._client = client
        client.connect_timeout = ANSWER_S
        if login.user or login.password:
            client.username_pw_set(login.user, login.password)
        if login.tls is not None:
            client.tls_set_context(login.tls)
        client.on_connect = lambda _client, _data, _flags, code, _more: welcome.append(code)
        client.on_subscribe = lambda _client, _data, _mid, codes, _more: granted.extend(codes)
        client.on_publish = lambda _client, _data, mid, code, _more: self._codes.__setitem__(mid, code)
        client.on_message = self._keep
        wishes: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wishes.SessionExpiryInterval, wishes.MaximumPacketSize = login.away_s, _LONGEST_BYTES
        try:
            client.connect(login.host, login.port, 30, clean_start=False, properties=wishes)
        except OSError as error:
            return f"no broker answers at {self._name}: {error.strerror or error}"
        client.loop_start()
        if not _comes(welcome):
            return f"{self._name} does not answer as a broker"
        if welcome[0].is_failure:
            return f"the broker {self._name} refuses {login.user or 'somebody without a name'}: {welcome[0]}"
        client.subscribe(login.subscription, qos=1)
        if not _comes(granted) or granted[0].is_failure:
            return f"the broker {self._name} does not let us read {login.subscription}"
        return ""

    def _keep(self, client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if message.topic in self._topics:
            self._came.append(message)
        else:
            client.ack(message.mid, message.qos)

    def _drop(self) -> None:
        """What was not noted stays at the broker, and comes again."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()
            client.loop_stop()
        self._came.clear()
        self._codes.clear()


def _comes(answers: list[Any]) -> bool:
    ends = time.monotonic() + ANSWER_S
    while not answers and time.monotonic() < ends:
        time.sleep(0.005)
    return bool(answers)
