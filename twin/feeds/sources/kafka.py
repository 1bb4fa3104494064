"""Kafka, with the extra `kafka`: a place in a topic moves on once messages are on the disk."""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field

from networks.errors import BadInput
from twin.feeds import source
from twin.feeds.message import Message
from twin.feeds.source import Delivery
from twin.feeds.sources.environment import from_environment

WAIT_MS = 500
"""How long a call waits for messages; between two calls the places are told."""


class KafkaConnection(source.Connection):
    """Which brokers, and what to read.

    Attributes:
        brokers: `host:port` of some of them.
        topics: By name.
        group: By which the brokers know our place; empty: `citytwin-` and the feed's name.
        begin: Where a group begins that they do not know yet: with what is kept, or with what comes.
        tls: Encrypted; certificates are checked.
        mechanism: How a user logs in; "" where nobody has to.
        user_env: The environment variable that holds who logs in.
        password_env: The one that holds the pass phrase; it never stands in the file.
        window: Messages that are read ahead.
    """

    brokers: tuple[str, ...] = Field(min_length=1)
    topics: tuple[str, ...] = Field(min_length=1)
    group: str = ""
    begin: Literal["earliest", "latest"] = "earliest"
    tls: bool = False
    mechanism: Literal["", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = ""
    user_env: str = ""
    password_env: str = ""
    window: int = Field(1000, ge=1, le=100_000)


@dataclass(slots=True)
class _Place:
    """How far one partition is safe: messages may become safe out of order, the place moves on in order only."""

    waiting: deque[int] = field(default_factory=deque)
    done: set[int] = field(default_factory=set)

    def safe_to(self) -> int | None:
        """The offset after the last message before which all are safe; None when nothing moved."""
        last = None
        while self.waiting and self.waiting[0] in self.done:
            last = self.waiting.popleft()
            self.done.remove(last)
        return None if last is None else last + 1


class Kafka:
    """One feed's place in some topics."""

    Connection = KafkaConnection

    def __init__(self, connection: KafkaConnection, feed_id: str) -> None:
        self._told, self._feed = connection, feed_id

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Messages as they come; `done()` lets the place in their partition move on, with the next call at the latest.

        Raises:
            BadInput: The extra is not installed, or a variable is not set.
            ConnectionError: The brokers are away or refuse us.
        """
        try:
            from aiokafka.errors import KafkaError
        except ImportError as error:
            raise BadInput("feeds from Kafka need a package more", remedy="pip install 'citytwin[kafka]'") from error
        consumer, places = self._consumer(), dict[Any, _Place]()
        try:
            await consumer.start()
            while True:
                came = await consumer.getmany(timeout_ms=WAIT_MS, max_records=self._told.window)
                for partition, records in came.items():
                    place = places.setdefault(partition, _Place())
                    for record in records:
                        place.waiting.append(record.offset)
                        yield _delivery(record, place)
                await _tell(consumer, places)
        except KafkaError as error:
            brokers = ", ".join(self._told.brokers)
            raise ConnectionError(f"Kafka at {brokers} cannot be read: {type(error).__name__}: {error}") from error
        finally:
            with suppress(KafkaError):
                await _tell(consumer, places)
            with suppress(KafkaError):
                await consumer.stop()

    def _consumer(self) -> Any:
        from aiokafka import AIOKafkaConsumer

        told = self._told
        more: dict[str, Any] = {}
        if told.mechanism:
            more = {
                "sasl_mechanism": told.mechanism,
                "sasl_plain_username": from_environment(told.user_env, "user_env"),
                "sasl_plain_password": from_environment(told.password_env, "password_env"),
            }
        if told.tls:
            more["ssl_context"] = ssl.create_default_context()
        return AIOKafkaConsumer(
            *told.topics,
            bootstrap_servers=list(told.brokers),
            group_id=told.group or f"citytwin-{self._feed}",
            auto_offset_reset=told.begin,
            enable_auto_commit=False,
            security_protocol=("SASL_" if told.mechanism else "") + ("SSL" if told.tls else "PLAINTEXT"),
            **more,
        )


async def _tell(consumer: Any, places: dict[Any, _Place]) -> None:
    """Tell the brokers how far all is safe; a partition that is another member's now is delivered again there."""
    moved = {partition: to for partition, place in places.items() if (to := place.safe_to()) is not None}
    mine = consumer.assignment()
    for partition in [one for one in places if one not in mine]:
        del places[partition]
    if ours := {partition: to for partition, to in moved.items() if partition in mine}:
        await consumer.commit(ours)


def _delivery(record: Any, place: _Place) -> Delivery:
    async def done() -> None:
        place.done.add(record.offset)

    return Delivery(Message(record.value or b"", record.topic, datetime.now(UTC), dict(_headers(record))), done)


def _headers(record: Any) -> Iterable[tuple[str, str]]:
    if record.value is None:
        yield "deleted", "true"
    if record.key is not None:
        yield "key", record.key.decode(errors="replace")
    for name, value in record.headers or ():
        yield name, value.decode(errors="replace")
