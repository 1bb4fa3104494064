"""A day of a city's feeds, from real messages told again with the day's times, and what goes wrong with them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.feeds.sending import payload
from twin.feeds.message import Message

DAY = datetime(2026, 11, 1, tzinfo=UTC)
LATEST_S = 1800.0
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
_DATEX_ORIGIN = datetime(2019, 11, 26, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """One feed of the day.

    Attributes:
        format: What understands it.
        source: Its way in, for the file of feeds.
        options: Of the format, as YAML.
        every_s: Between two messages.
        made: (number, when, folder of real messages) -> the message.
    """

    format: str
    source: str
    options: str
    every_s: float
    made: Callable[[int, datetime, Path], tuple[str, bytes]]


def _counts(number: int, when: datetime, _folder: Path) -> tuple[str, bytes]:
    return "city/counts", payload(number, 1, when)


def _vehicles(number: int, when: datetime, folder: Path) -> tuple[str, bytes]:
    """King County's vehicles, without the one that stands at 0, 0; all times of a message moved by the same length."""
    from google.transit.gtfs_realtime_pb2 import FeedMessage

    feed = FeedMessage.FromString((folder / "gtfsrt" / f"kcm_vehiclepos_{1 + number % 2}.pb").read_bytes())
    moved = int(when.timestamp()) - feed.header.timestamp
    feed.header.timestamp += moved
    for entity in list(feed.entity):
        if entity.vehicle.position.latitude == 0.0:
            feed.entity.remove(entity)
        elif entity.vehicle.HasField("timestamp"):
            entity.vehicle.timestamp += moved
    return "vehicles.pb", feed.SerializeToString()


def _rain(number: int, when: datetime, folder: Path) -> tuple[str, bytes]:
    frames = sorted((folder / "radar").glob("*.pgm.gz"))
    raw = gzip.decompress(frames[number % len(frames)].read_bytes())
    stamp = f"{when:%Y%m%d%H%M}"
    told = re.sub(rb"# obstime \d{12}", b"# obstime " + stamp.encode(), raw, count=1)
    return f"{stamp}_fmi.radar.pgm.gz", gzip.compress(told, 1, mtime=0)


def _roads(_number: int, when: datetime, folder: Path) -> tuple[str, bytes]:
    """Two accidents and a closure, of which somebody took the ends out."""
    text = (folder / "datex2" / "Datex2_2019-11-26-15-35-08-487.xml").read_text(encoding="utf-8")
    text = text.replace("DISORDER2_END_PLACEHOLDER", "2019-11-28T12:00:00+02:00")
    moved = when - _DATEX_ORIGIN
    told = _TIME.sub(lambda found: (datetime.fromisoformat(found[0]) + moved).isoformat(), text)
    return "roads.xml", told.encode()


def _tables(number: int, when: datetime, _folder: Path) -> tuple[str, bytes]:
    begin = (when - timedelta(seconds=900)).isoformat()
    rows = [f"gate-{k:03d},gate_count,{begin},900,{(number * 7 + k) % 90}\n" for k in range(200)]
    return f"gates-{number:03d}.csv", ("sensor_id,measure,begin,period_s,result\n" + "".join(rows)).encode()


KINDS = {
    "counts": Kind("sensorthings", '{kind: mqtt, topics: ["city/#"]}', "{}", 6.0, _counts),
    "vehicles": Kind("gtfs-rt", "{kind: http, url: 'https://transit.example/v.pb'}", "{kind: bus}", 120.0, _vehicles),
    "rain": Kind("radar", "{kind: folder, path: rain}", "{}", 300.0, _rain),
    "roads": Kind("datex2", "{kind: http, url: 'https://roads.example/d.xml'}", "{}", 300.0, _roads),
    "gates": Kind("table", "{kind: folder, path: gates}", "{}", 900.0, _tables),
}


def clean(kind: Kind, folder: Path, hours: float) -> Iterator[Message]:
    """A feed's messages, each received two seconds after its time."""
    for number in range(int(hours * 3600.0 / kind.every_s)):
        when = DAY + timedelta(hours=1, seconds=number * kind.every_s)
        topic, content = kind.made(number, when, folder)
        yield Message(content, topic, when + timedelta(seconds=2))


def spoiled(
    messages: Iterator[Message], draw: np.random.Generator, *, twice: float, late: float, garbage: float
) -> Iterator[tuple[Message, bool]]:
    """The same with some sent twice, some late by up to half an hour, and garbage in between; by time of receipt.

    Returns:
        Each message, and whether it is garbage.
    """
    waiting: list[tuple[datetime, int, Message, bool]] = []
    for number, message in enumerate(messages):
        came = [(message, False)]
        if draw.random() < late:
            came = [(_later(message, float(draw.uniform(1.0, LATEST_S))), False)]
        if draw.random() < twice:
            came.append((_later(came[0][0], float(draw.uniform(0.0, 60.0))), False))
        if draw.random() < garbage:
            came.append((replace(message, payload=_garbage(message.payload, draw)), True))
        waiting += [(one.received, 4 * number + k, one, bad) for k, (one, bad) in enumerate(came)]
        waiting.sort(key=lambda item: item[:2])
        while waiting and waiting[0][0] <= message.received:
            yield waiting[0][2:]
            del waiting[0]
    for *_, one, bad in waiting:
        yield one, bad


def _later(message: Message, by_s: float) -> Message:
    return replace(message, received=message.received + timedelta(seconds=by_s))


def _garbage(good: bytes, draw: np.random.Generator) -> bytes:
    """What is sent in place of messages: nothing, noise, half of one, another server's page."""
    which = int(draw.integers(4))
    if which == 0:
        return b""
    if which == 1:
        return draw.bytes(int(draw.integers(1, 2000)))
    if which == 2 and good[:1] in (b"[", b"<", b"\x1f"):  # what tells when it is cut
        return good[: int(draw.integers(1, len(good) - 20))]
    return b"<html><body><h1>502 Bad Gateway</h1></body></html>"
