"""The TCP listener: frames however they are cut, answers only after `done`, and nobody who can hold it up."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from twin.feeds.formats.jtt808 import Frame, frames, read_frame, write_frame
from twin.feeds.source import Delivery
from twin.feeds.sources.tcp import Tcp

PHONE = "013800138000"


def location(serial: int, message: int = 0x0200, body: bytes = b"\x7e\x7d" * 14) -> bytes:
    return write_frame(Frame(message, PHONE, serial, body, 2013, version=0))


class Listening:
    """A source that is asked for `wanted` deliveries at most, one after the other."""

    def __init__(self, **more: object) -> None:
        self.source = Tcp(Tcp.Connection(**({"port": 0} | more)), "gate")
        self.stream = self.source.deliveries()
        self.first: asyncio.Task[Delivery] = asyncio.ensure_future(anext(self.stream))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self.source.port == 0:
            await asyncio.sleep(0.005)
        return await asyncio.open_connection("127.0.0.1", self.source.port)

    async def next(self) -> Delivery:
        task, self.first = self.first, None
        return await asyncio.wait_for(task or anext(self.stream), 5)

    async def close(self) -> None:
        if self.first is not None:
            self.first.cancel()
            await asyncio.gather(self.first, return_exceptions=True)
        await self.stream.aclose()


def run(test: Callable[[Listening], Awaitable[None]], **more: object) -> None:
    async def whole() -> None:
        listening = Listening(**more)
        try:
            await test(listening)
        finally:
            await listening.close()

    asyncio.run(whole())


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_frames_are_whole_however_they_are_cut(size):
    sent = [location(n) for n in range(5)]

    async def test(on: Listening) -> None:
        _, writer = await on.connect()
        stream = b"".join(sent)

        async def send() -> None:
            for at in range(0, len(stream), size):
                writer.write(stream[at : at + size])
                await writer.drain()
                await asyncio.sleep(0)

        sending = asyncio.ensure_future(send())
        assert [(await on.next()).message.payload for _ in sent] == sent
        await sending
        writer.close()

    run(test)


def test_the_answer_comes_after_done_and_tells_which_message_is_safe():
    async def test(on: Listening) -> None:
        reader, writer = await on.connect()
        writer.write(location(41) + location(42, 0x0100, b"x" * 40))
        first = await on.next()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        await first.done()
        answer = read_frame(frames(await reader.readuntil(b"\x7e") + await reader.readuntil(b"\x7e"))[0])
        assert (answer.message, answer.terminal, answer.body) == (0x8001, PHONE, b"\x00\x29\x02\x00\x00")
        await (await on.next()).done()
        answer = read_frame(frames(await reader.readuntil(b"\x7e") + await reader.readuntil(b"\x7e"))[0])
        assert answer.message == 0x8100 and answer.body[:3] == b"\x00\x2a\x00"
        writer.close()

    run(test)


def test_garbage_is_delivered_and_what_has_no_end_closes_the_connection():
    async def test(on: Listening) -> None:
        reader, writer = await on.connect()
        writer.write(b"GET / HTTP/1.1\r\n" + location(1))
        assert b"GET" in (await on.next()).message.payload
        assert (await on.next()).message.payload == location(1)
        writer.write(b"A" * 5000)
        endless = await on.next()
        assert len(endless.message.payload) > 2000
        await endless.done()
        assert await asyncio.wait_for(reader.read(), 5) == b""

    run(test)


def test_who_says_nothing_and_who_drips_are_cut_off():
    async def test(on: Listening) -> None:
        silent, _ = await on.connect()
        dripping, writer = await on.connect()

        async def drip() -> None:
            for byte in b"\x7e" + b"a" * 1000:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.02)

        drops = asyncio.ensure_future(drip())
        assert await asyncio.wait_for(silent.read(), 5) == b""
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(dripping.read(), 5) == b""
        drops.cancel()
        _, good = await on.connect()
        good.write(location(3))
        assert (await on.next()).message.payload == location(3)

    run(test, idle_s=0.3, frame_s=0.3)


def test_too_many_connections_are_closed_and_told_once(caplog):
    async def test(on: Listening) -> None:
        _, kept = await on.connect()
        kept.write(location(1))
        await on.next()
        for _ in range(3):
            reader, _ = await on.connect()
            assert await asyncio.wait_for(reader.read(), 5) == b""
        kept.write(location(2))
        assert (await on.next()).message.payload == location(2)

    run(test, most_connections=1)
    assert len(caplog.records) == 1 and "1 connections are open" in caplog.text


def test_who_is_not_asked_takes_nothing_in_and_the_sender_waits():
    async def test(on: Listening) -> None:
        _, writer = await on.connect()
        writer.transport.set_write_buffer_limits(high=0)
        many = b"".join(location(n) for n in range(200)) * 2000

        async def send() -> None:
            writer.write(many)
            await writer.drain()

        sending = asyncio.ensure_future(send())
        await on.next()
        await asyncio.sleep(0.3)
        assert not sending.done()
        sending.cancel()
        writer.transport.abort()

    run(test)


def test_it_listens_on_loopback_alone_unless_told():
    assert Tcp.Connection(port=1).host == "127.0.0.1"
