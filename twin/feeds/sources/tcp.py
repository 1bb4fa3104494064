"""A listener for devices that connect and push: frames off TCP connections, each a message."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from twin.feeds import source
from twin.feeds.message import Message
from twin.feeds.source import Delivery

_CHUNK = 4096
_log = logging.getLogger(__name__)


class TcpConnection(source.Connection):
    """Where to listen.

    Attributes:
        port: Of this machine; 0: any free one.
        host: Which of its addresses; only programs of this machine reach the usual one. There is no encryption and
            terminals are not checked: let a gateway do both before you open it to others.
        framing: Where a message ends: "jtt808" between marks 0x7e.
        most_connections: At a time; further ones are closed.
        idle_s: A connection that says nothing for so long is closed (s).
        frame_s: A message must be whole so long after its first byte, and an answer taken (s).
    """

    port: Annotated[int, Field(ge=0, le=65535)]
    host: str = "127.0.0.1"
    framing: Literal["jtt808"] = "jtt808"
    most_connections: Annotated[int, Field(gt=0)] = 1000
    idle_s: Annotated[float, Field(gt=0.0)] = 600.0
    frame_s: Annotated[float, Field(gt=0.0)] = 10.0


@dataclass(frozen=True, slots=True)
class _Framing:
    """How a protocol parts and answers: its mark, its longest message (bytes), and answer(message, number)."""

    mark: bytes
    longest: int
    answer: Callable[[bytes, int], bytes | None]


def _jtt808() -> _Framing:
    from twin.feeds.formats import jtt808

    return _Framing(b"\x7e", jtt808.LONGEST, jtt808.answer_to)


_FRAMINGS = {"jtt808": _jtt808}


class Tcp:
    """Delivers frames; `done` sends the protocol's answer, so that a device keeps what is not safe yet.

    A message that is not asked for is not read: the device's own sending then waits. What comes before the first mark,
    or is longer than a message can be, is delivered too (it becomes a dead letter) and ends the connection where no
    end is in sight. Of a message that a broken connection cut short nothing is delivered: it was not answered.
    """

    Connection = TcpConnection

    def __init__(self, connection: TcpConnection, feed_id: str) -> None:
        self._of, self._feed, self._framing = connection, feed_id, _FRAMINGS[connection.framing]()
        self._open, self._serial, self._full_told = 0, 0, False
        self.port = connection.port

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Frames of all connections.

        Raises:
            OSError: Somebody listens there already.
        """
        came: asyncio.Queue[Delivery] = asyncio.Queue(maxsize=1)
        talks: set[asyncio.Task[None]] = set()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._talk(reader, writer, came))
            talks.add(task)
            task.add_done_callback(talks.discard)

        server = await asyncio.start_server(begin, self._of.host, self._of.port, limit=_CHUNK)
        self.port = server.sockets[0].getsockname()[1]
        try:
            while True:
                yield await came.get()
        finally:
            server.close()
            for task in talks:
                task.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, came: asyncio.Queue[Delivery]
    ) -> None:
        if self._open >= self._of.most_connections:
            if not self._full_told:
                _log.warning("feed %s: %d connections are open, further ones are closed", self._feed, self._open)
            self._full_told = True
            writer.close()
            return
        self._open += 1
        try:
            with contextlib.suppress(TimeoutError, OSError):
                await self._listen(reader, writer, came)
        finally:
            self._open -= 1
            self._full_told = False
            writer.close()

    async def _listen(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, came: asyncio.Queue[Delivery]
    ) -> None:
        begun, began_s, mark = b"", 0.0, self._framing.mark
        while True:
            left_s = self._of.frame_s - (time.monotonic() - began_s) if begun else self._of.idle_s
            async with asyncio.timeout(max(0.0, left_s)):
                chunk = await reader.read(_CHUNK)
            if not chunk:
                return
            fresh = not begun or mark in chunk
            *whole, begun = (begun + chunk).split(mark)
            for between in whole:
                if between:
                    await came.put(self._delivery(between, writer))
            began_s = time.monotonic() if fresh else began_s
            if len(begun) > self._framing.longest:
                await came.put(self._delivery(begun, writer))
                return

    def _delivery(self, between: bytes, writer: asyncio.StreamWriter) -> Delivery:
        """The device's address is not kept: it may lead to a person."""
        raw = self._framing.mark + between + self._framing.mark

        async def done() -> None:
            self._serial += 1
            answer = self._framing.answer(raw, self._serial)
            if answer is None or writer.is_closing():
                return
            try:
                writer.write(answer)
                async with asyncio.timeout(self._of.frame_s):
                    await writer.drain()
            except (OSError, TimeoutError):
                writer.close()

        return Delivery(Message(raw, self._of.framing, datetime.now(UTC)), done)
