"""From MQTT to observations: every message is kept once, or put aside with the reason; nothing stops a feed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiomqtt

from calibration import MEASURES, Observation, ObservationTable
from networks.errors import BadInput
from twin.feeds import SUBSCRIPTION, from_wire

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be understood: where from, the beginning of it, and why."""

    topic: str
    payload: bytes
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How one kind of feed is doing.

    Attributes:
        name: The measure.
        count: Observations kept.
        last_s_ago: Since the newest phenomenon time ended (s); None before the first.
        status: "ok", "late", "silent", or "waiting" for the first message.
    """

    name: str
    count: int
    last_s_ago: float | None
    status: str


class Feeds:
    """Checks messages and keeps observations.

    Args:
        table: Where observations go.
        now: The live clock.
        sensors: Registered sensor ids; a message of another sensor is a dead letter. None: all are welcome.
        late_after_s: A feed is late when its newest observation is older than this and its period; thrice: silent.
        events: Measures without a rhythm (calls): never late.
    """

    def __init__(
        self,
        table: ObservationTable,
        now: Callable[[], datetime],
        *,
        sensors: Iterable[str] | None = None,
        late_after_s: float = 180.0,
        events: tuple[str, ...] = ("emergency_call",),
    ) -> None:
        self.table, self._now, self._late_after_s, self._events = table, now, late_after_s, events
        self._sensors = None if sensors is None else frozenset(sensors)
        self.dead: deque[DeadLetter] = deque(maxlen=1000)
        self.dead_count = self.repeated = self.lost_links = 0
        self.connected = asyncio.Event()
        self._counts: Counter[str] = Counter()
        self._newest: dict[str, datetime] = {}
        self._period_s: dict[str, float] = {}
        self._heard: list[Callable[[Observation], None]] = []

    def when_heard(self, call: Callable[[Observation], None]) -> None:
        """Call this with every new observation, after it was kept."""
        self._heard.append(call)

    def take(self, topic: str, payload: bytes) -> Observation | None:
        """Keep one message; None when it was known already or is a dead letter."""
        try:
            seen = from_wire(payload, topic=topic)
            self._check(seen)
        except BadInput as error:
            self._put_aside(topic, payload, str(error))
            return None
        except Exception as error:  # whatever a stranger sends, the feed goes on
            self._put_aside(topic, payload, f"{type(error).__name__}: {error}")
            return None
        if not self.table.add(seen):
            self.repeated += 1
            return None
        self._counts[seen.measure] += 1
        self._period_s[seen.measure] = seen.period_s
        self._newest[seen.measure] = max(seen.end, self._newest.get(seen.measure, seen.end))
        for call in self._heard:
            call(seen)
        return seen

    def _check(self, seen: Observation) -> None:
        if self._sensors is not None and seen.sensor_id not in self._sensors:
            raise BadInput(f"no such sensor in the city: {seen.sensor_id!r}", place="Datastream.@iot.id")
        if seen.end > self._now() + timedelta(seconds=60):
            raise BadInput(f"an observation of the future: {seen.end}", place="phenomenonTime", expected="the past")

    def _put_aside(self, topic: str, payload: bytes, reason: str) -> None:
        self.dead.append(DeadLetter(topic, payload[:2000], reason, self._now()))
        self.dead_count += 1
        log.info("dead letter from %s: %s", topic, reason)

    def health(self) -> list[FeedHealth]:
        """One row per measure, in the order of the catalogue."""
        rows = []
        for name in MEASURES:
            newest = self._newest.get(name)
            ago = None if newest is None else max(0.0, (self._now() - newest).total_seconds())
            rows.append(FeedHealth(name, self._counts[name], ago, self._status(name, ago)))
        return rows

    def _status(self, name: str, ago: float | None) -> str:
        if ago is None:
            return "waiting"
        patience_s = self._late_after_s + self._period_s[name]
        if name in self._events or ago <= patience_s:
            return "ok"
        return "late" if ago <= 3 * patience_s else "silent"

    async def listen(self, host: str, port: int, *, user: str, pass_phrase: str, longest_pause_s: float = 30.0) -> None:
        """Take messages until cancelled; a lost connection is made again, pausing longer each time."""
        pause_s = 0.2
        while True:
            try:
                async with aiomqtt.Client(host, port, username=user, password=pass_phrase) as client:
                    await client.subscribe(SUBSCRIPTION, qos=1)
                    self.connected.set()
                    pause_s = 0.2
                    async for message in client.messages:
                        self.take(str(message.topic), _bytes(message.payload))
            except aiomqtt.MqttError as error:
                self.connected.clear()
                self.lost_links += 1
                log.warning("feed connection lost (%s); trying again in %.1f s", error, pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, longest_pause_s)


def _bytes(payload: object) -> bytes:
    return bytes(payload) if isinstance(payload, bytes | bytearray) else str(payload).encode()
