"""Certificates of what was removed: each holds the hash of the one before it; none can be changed or dropped unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from networks.errors import QualityFailed
from twin.store.database import telling
from twin.store.feed_store import FeedStore
from twin.store.listing import now
from twin.store.tables import purges

_NONE_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of them.

    Attributes:
        seq: 1, 2, 3, ...
        document: What was removed or proved.
        hash: SHA-256 of the document's text, which holds the hash before.
    """

    seq: int
    document: dict[str, Any]
    hash: str


def certify(connection: Connection, said: dict[str, Any]) -> Certificate:
    """Add a certificate to the chain."""
    before = connection.execute(select(purges).order_by(purges.c.seq.desc()).limit(1)).first()
    seq = 1 if before is None else before.seq + 1
    document = {"seq": seq, "at": now(), **said, "before": _NONE_BEFORE if before is None else before.hash}
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    connection.execute(insert(purges).values(seq=seq, document=text, hash=digest))
    return Certificate(seq, document, digest)


def certificates(store: FeedStore) -> list[Certificate]:
    """All of a store's, each held against its hash and the one before.

    Raises:
        QualityFailed: One was changed, or one between others is missing.
    """
    found: list[Certificate] = []
    before = _NONE_BEFORE
    with telling(store.engine), store.engine.begin() as connection:
        rows = connection.execute(select(purges).order_by(purges.c.seq)).all()
    for row in rows:
        document = json.loads(row.document)
        right = hashlib.sha256(row.document.encode()).hexdigest() == row.hash
        if not right or row.seq != len(found) + 1 or document["before"] != before:
            raise QualityFailed(
                "the chain of certificates is broken here: one was changed or is missing",
                place=f"certificate {row.seq}",
                remedy="compare with the certificates in a backup",
            )
        found.append(Certificate(row.seq, document, row.hash))
        before = row.hash
    return found
