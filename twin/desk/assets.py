"""Assets: what a recommendation touches in the street, and what each of them runs now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from twin.desk.book import Book, text_of, time_of
from twin.desk.tables import asset_changes

_NAMING = {
    "asset": "",
    "assets": "",
    "signal": "signal:",
    "signals": "signal:",
    "tls_id": "signal:",
    "edge": "road:",
    "edges": "road:",
    "lane": "road:",
    "lanes": "road:",
    "sign": "sign:",
    "signs": "sign:",
}
_LANES = ("lane", "lanes")


@dataclass(frozen=True, slots=True)
class AssetState:
    """What an asset runs, as it was last told.

    Attributes:
        asset: "signal:TLS", "road:EDGE", "sign:ID", or whatever a recommendation calls it.
        digest: Of its plan.
        rec_id: The recommendation that put it there; None: other hands.
        who: Who told.
        at: When, by the desk's clock.
    """

    asset: str
    digest: str
    rec_id: str | None
    who: str
    at: datetime


def touched(intervention: Any) -> frozenset[str]:
    """Assets of one intervention: those that it names itself (`asset`, `assets`), its signals, roads and signs."""
    if isinstance(intervention, list | tuple):
        return frozenset().union(*(touched(part) for part in intervention))
    if not isinstance(intervention, Mapping):
        return frozenset()
    found: set[str] = set()
    for name, part in intervention.items():
        before = _NAMING.get(name)
        if before is None:
            found |= touched(part)
        else:
            found |= {before + (one.rpartition("_")[0] if name in _LANES else one) for one in _texts(part)}
    return frozenset(found)


def assets_of(document: Mapping[str, Any], action: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Assets of an action: what it touches, and what its recommendation says that it rests on."""
    return frozenset(rests_on(document)).union(*(touched(one) for one in action))


def rests_on(document: Mapping[str, Any]) -> dict[str, str]:
    """Digests of the plans that a recommendation was made for, by asset."""
    told = document.get("rests_on_assets")
    return {str(asset): str(digest) for asset, digest in told.items()} if isinstance(told, Mapping) else {}


def present(link: Connection, asset: str) -> AssetState | None:
    """What an asset runs now; None: nobody told."""
    query = select(asset_changes).where(asset_changes.c.asset == asset).order_by(asset_changes.c.number.desc())
    row = link.execute(query.limit(1)).first()
    return None if row is None else AssetState(row.asset, row.digest, row.rec_id, row.who, time_of(row.clock_at))


def take_change(link: Connection, book: Book, asset: str, digest: str, who: str, rec_id: str | None) -> bool:
    """Write down what an asset runs now; False: that is known."""
    before = present(link, asset)
    if before is not None and (before.digest, before.rec_id) == (digest, rec_id):
        return False
    times = {"at": text_of(book.wall()), "clock_at": text_of(book.clock(link))}
    link.execute(insert(asset_changes).values(asset=asset, digest=digest, rec_id=rec_id, who=who, **times))
    book.note(link, who, "asset changed", rec_id, f"{asset} runs {digest[:12]}")
    return True


def changed_meanwhile(
    link: Connection, document: Mapping[str, Any], action: Iterable[Mapping[str, Any]]
) -> AssetState | None:
    """The first asset that others changed since this was made; what it put there itself is no change.

    An asset whose digest the document tells (`rests_on_assets`) must run that plan; others must not have been told of
    since the document was created.
    """
    told, created = rests_on(document), datetime.fromisoformat(str(document["created"]))
    for asset in sorted(assets_of(document, action)):
        now = present(link, asset)
        if now is None or now.rec_id == document.get("rec_id"):
            continue
        if now.digest != told[asset] if asset in told else now.at > created:
            return now
    return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []
