"""One connection to an MQTT broker, read by the event loop in sweeps.

paho-mqtt does the protocol. It is neither given a thread nor woken for every message: read 50 times a second, 1,000
messages/s cost half of what aiomqtt or paho's own thread take for them (`benchmarks/feeds`), and acknowledgement by
hand is paho's own.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SWEEP_S = 0.02
"""Between two readings of a busy connection (s): the least that a message waits on average is half of it."""
SWEEP_MESSAGES = 1000
IDLE_S = 1.0
ANSWER_S = 10.0
UNSPECIFIED = 128


@dataclass(frozen=True, slots=True)
class Login:
    """Where to connect, and as whom; fields as in `twin.feeds.sources.mqtt.MqttConnection`."""

    host: str
    port: int
    protocol: str
    client_id: str
    user: str
    password: str
    tls: ssl.SSLContext | None
    window: int
    away_s: int
    keep_alive_s: int
    longest_bytes: int


class Session:
    """A connection that stands; after it broke it is of no use, and acknowledgements through it do nothing."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._name = f"{login.host}:{login.port}"
        self._five = login.protocol == "5"
        self._came: list[paho.MQTTMessage] = []
        self._welcome: Any = None
        self._granted: Sequence[Any] | None = None
        self._broken = ""
        self._swept_s = 0.0
        self._client = self._made(login)

    @classmethod
    async def open(cls, login: Login, topics: Sequence[str], qos: int) -> Session:
        """Connect, log in and subscribe.

        Raises:
            ConnectionError: Nobody answers, or the broker refuses us or a topic.
        """
        session = cls(login)
        try:
            await session._connect()
            await session._subscribe(topics, qos)
        except BaseException:
            await session.close()
            raise
        return session

    async def sweep(self) -> list[paho.MQTTMessage]:
        """What came since the last call; waits for the next message when there is none.

        Raises:
            ConnectionError: The connection broke.
        """
        while not self._came:
            pause_s = self._swept_s + SWEEP_S - time.monotonic()
            if pause_s > 0:
                await asyncio.sleep(pause_s)
            await self._readable()
            self._turn()
        came, self._came = self._came, []
        return came

    def acknowledge(self, message: paho.MQTTMessage) -> None:
        """Tell the broker that a message is safe; after the connection broke it sends it again anyway."""
        if not self._broken:
            self._client.ack(message.mid, message.qos)

    async def close(self) -> None:
        """Leave; the broker keeps our place."""
        if self._client.socket() is not None:
            self._client.disconnect()
        self._broken = self._broken or "we left"

    def _made(self, login: Login) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            login.client_id,
            clean_session=None if self._five else False,
            protocol=paho.MQTTv5 if self._five else paho.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        if login.user or login.password:
            client.username_pw_set(login.user, login.password)
        if login.tls is not None:
            client.tls_set_context(login.tls)
        client.on_message = lambda _client, _data, message: self._came.append(message)
        client.on_connect = lambda _client, _data, _flags, code, _more: setattr(self, "_welcome", code)
        client.on_subscribe = lambda _client, _data, _mid, codes, _more: setattr(self, "_granted", codes)
        client.on_disconnect = self._left
        return client

    async def _connect(self) -> None:
        more: dict[str, Any] = {}
        if self._five:
            wishes: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            wishes.ReceiveMaximum = self._login.window
            wishes.SessionExpiryInterval = self._login.away_s
            wishes.MaximumPacketSize = self._login.longest_bytes
            more = {"clean_start": False, "properties": wishes}
        try:
            await asyncio.to_thread(
                self._client.connect, self._login.host, self._login.port, self._login.keep_alive_s, **more
            )
        except ssl.SSLCertVerificationError as error:
            raise ConnectionError(f"the certificate of {self._name} is not trusted: {error.verify_message}") from error
        except OSError as error:
            raise ConnectionError(f"no MQTT broker answers at {self._name}: {error.strerror or error}") from error
        await self._until("_welcome", "does not answer as an MQTT broker")
        if self._welcome.is_failure:
            who = f"user {self._login.user!r}" if self._login.user else "somebody without a name"
            raise ConnectionError(f"the broker {self._name} refuses {who}: {self._welcome}")

    async def _subscribe(self, topics: Sequence[str], qos: int) -> None:
        result, _ = self._client.subscribe([(topic, qos) for topic in topics])
        if result != paho.MQTT_ERR_SUCCESS:
            raise ConnectionError(f"the broker {self._name} was asked for topics in vain: {paho.error_string(result)}")
        await self._until("_granted", "does not answer a subscription")
        refused = [topic for topic, code in zip(topics, self._granted or (), strict=False) if code.is_failure]
        if refused:
            raise ConnectionError(f"the broker {self._name} does not let us read {', '.join(refused)}")

    async def _until(self, answer: str, otherwise: str) -> None:
        ends = time.monotonic() + ANSWER_S
        while getattr(self, answer) is None:
            if time.monotonic() > ends:
                raise ConnectionError(f"{self._name} {otherwise} within {ANSWER_S:.0f} s")
            await self._readable()
            try:
                self._turn()
            except ConnectionError:
                if getattr(self, answer) is None:
                    raise

    async def _readable(self) -> None:
        """Until there is something to read, or it is time to look after the connection."""
        sock = self._client.socket()
        if sock is None:
            return
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(sock.fileno(), came.set)
        try:
            await asyncio.wait_for(came.wait(), SWEEP_S if self._client.want_write() else IDLE_S)
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(sock.fileno())

    def _turn(self) -> None:
        """Read what is there, write what waits, and look after the connection.

        The answer to our subscription stands behind all that waited for us, so until it came there is no limit.
        """
        self._swept_s = time.monotonic()
        while (len(self._came) < SWEEP_MESSAGES or self._granted is None) and not self._broken:
            before = len(self._came)
            self._client.loop_read()
            if len(self._came) == before and not self._decrypted():
                break
        if self._client.want_write():
            self._client.loop_write()
        self._client.loop_misc()
        if self._broken and not self._came:
            raise ConnectionError(
                f"the connection to {self._name} broke: {self._broken}; if that happens again and again, "
                f"another program logs in as {self._login.client_id} too"
            )

    def _decrypted(self) -> bool:
        """Bytes that TLS has already taken from the socket, which is silent about them."""
        sock = self._client.socket()
        return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0

    def _left(self, _client: Any, _data: Any, _flags: Any, code: Any, _more: Any) -> None:
        if not self._broken:
            silent = not code.is_failure or code.value == UNSPECIFIED
            self._broken = "it was closed without a reason" if silent else str(code)
