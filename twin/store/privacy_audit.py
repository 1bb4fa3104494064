"""Looking through logs and store for what identifies persons; nothing is changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from networks.errors import BadInput
from twin.feeds import Message
from twin.feeds.log import LogReader
from twin.feeds.unpacking import unpacked
from twin.store.columns import columns_of
from twin.store.feed_store import FeedStore
from twin.store.identifiers import EU_PLATE, PSEUDONYM, Found, identifiers
from twin.store.parts import holding

PUBLIC = frozenset({"bus", "tram", "train", "metro", "subway", "ferry", "trolleybus", "funicular", "cable car"})
"""Kinds of movers whose own numbers are public."""

_MOST_PLACES = 5
_LARGEST = 64 * 2**20


@dataclass(slots=True)
class Finding:
    """What was found of one sort in one feed.

    Attributes:
        feed: Its id.
        sort: As in `Found`, or "mover".
        count: How often.
        places: The first ones, with a hint of the value.
    """

    feed: str
    sort: str
    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Audit:
    """What was looked at and found.

    Attributes:
        looked: What -> how many.
        findings: By feed and sort.
        unread: Feed -> messages that could not be looked into (archives, images).
        allowed: How many finds were allowed beforehand.
    """

    looked: Counter[str] = field(default_factory=Counter)
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    allowed: int = 0


def audit(store: FeedStore, logs: dict[str, Path], allow: Sequence[str] = ()) -> Audit:
    """Look through the messages of feeds, their rows, dead letters and certificates.

    Args:
        store: Of the feeds.
        logs: Feed -> its log.
        allow: Texts; a find that contains one is counted and not told (the city's own e-mail).
    """
    seen = Audit()
    for feed, log in logs.items():
        for number, message in LogReader(log).read():
            if isinstance(message, Message):
                _message(seen, feed, number, message, allow)
    for feed in sorted({part.feed for part in store.parts()} | set(logs)):
        _rows(seen, store, feed, allow)
    for dead in store.dead_letters(state=None):
        seen.looked["dead letters"] += 1
        text = json.dumps([dead.topic, *([one.place, one.what] for one in dead.faults)], ensure_ascii=False)
        _note(seen, dead.feed, f"dead letter {dead.number}", identifiers(text), allow)
    return seen


def _message(seen: Audit, feed: str, number: int, message: Message, allow: Sequence[str]) -> None:
    seen.looked["messages"] += 1
    seen.looked["bytes"] += len(message.payload)
    head = json.dumps([message.topic, dict(message.headers)], ensure_ascii=False)
    _note(seen, feed, f"message {number}, topic or headers", identifiers(head), allow)
    text = _text(message.payload)
    if text is None:
        seen.unread[feed] += 1
        return
    _note(seen, feed, f"message {number}, character", identifiers(text), allow, with_place=True)


def _text(payload: bytes) -> str | None:
    """A payload as text; None: an archive or a picture."""
    if payload.startswith(b"\x1f\x8b"):
        try:
            payload = unpacked(payload, _LARGEST)
        except BadInput:
            return None
    if payload.startswith(
        (b"PK\x03\x04", b"\x89HDF", b"\x89PNG", b"\xff\xd8\xff", b"PAR1", b"P5", b"P6", b"II*\0", b"MM\0*")
    ):
        return None
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return payload.decode("gb18030", "replace")


def _rows(seen: Audit, store: FeedStore, feed: str, allow: Sequence[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with holding(store.folder):
        for part in store.parts(feeds=(feed,)):
            table = pq.read_table(store.folder / part.path, schema=columns_of(part.series))
            seen.looked["rows"] += table.num_rows
            texts = [one.name for one in table.schema if pa.types.is_string(one.type) and one.name != "feed"]
            for name in texts:
                for value in table[name].unique().to_pylist():
                    _note(seen, feed, f"{part.series}.{name}", identifiers(value or ""), allow)
            if part.series == "positions":
                _movers(seen, feed, table.select(["mover", "kind"]), allow)


def _movers(seen: Audit, feed: str, table: object, allow: Sequence[str]) -> None:
    """A mover is a pseudonym, or a public vehicle; a plate is neither."""
    pairs = table.group_by(["mover", "kind"]).aggregate([])  # type: ignore[attr-defined]
    for one in pairs.to_pylist():
        mover, kind = one["mover"], one["kind"]
        if EU_PLATE.fullmatch(mover):
            _note(seen, feed, "positions.mover", [Found("plate (EU)", mover, 0)], allow)
        elif kind not in PUBLIC and not PSEUDONYM.fullmatch(mover):
            found = Found("mover that is no pseudonym", mover, 0)
            _note(seen, feed, f"positions.mover, kind {kind or 'not told'}", [found], allow)


def _note(
    seen: Audit, feed: str, place: str, found: Iterator[Found] | list[Found], allow: Sequence[str], *,
    with_place: bool = False,
) -> None:  # fmt: skip
    for one in found:
        if any(text in one.value for text in allow):
            seen.allowed += 1
            continue
        finding = seen.findings.setdefault((feed, one.sort), Finding(feed, one.sort))
        finding.count += 1
        if len(finding.places) < _MOST_PLACES:
            finding.places.append(f"{place} {one.at}: {one.hinted}" if with_place else f"{place}: {one.hinted}")
