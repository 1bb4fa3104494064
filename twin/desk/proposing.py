"""A recommendation put on the desk, and what a bound lets happen at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from networks.digest import digest_json
from networks.errors import BadInput, Refused
from twin.desk import bounds
from twin.desk.assets import assets_of
from twin.desk.book import Book, text_of
from twin.desk.deciding import clock_jumped, conflict_of, enter_bound, needed_of
from twin.desk.entries import one
from twin.desk.ruling import in_force
from twin.desk.tables import recommendations


def put(link: Connection, book: Book, document: Mapping[str, Any], by: str) -> str:
    """Write a recommendation down, once; its id.

    Raises:
        BadInput: A field is missing or no time.
        Refused: Another recommendation has this id.
    """
    rec_id, kind = (_required(document, name) for name in ("rec_id", "kind"))
    created, valid_until = (_moment(document, name) for name in ("created", "valid_until"))
    body = {key: value for key, value in document.items() if key != "status"}
    digest = digest_json(body)
    known = link.execute(select(recommendations.c.digest).where(recommendations.c.rec_id == rec_id)).scalar()
    if known is not None and known != digest:
        raise Refused("another recommendation has this id", place=rec_id)
    if known is None:
        row = {"rec_id": rec_id, "kind": kind, "created": text_of(created), "valid_until": text_of(valid_until)}
        row |= {"digest": digest, "document": json.dumps(body, ensure_ascii=False, sort_keys=True)}
        link.execute(insert(recommendations).values(**row, proposed_at=text_of(book.wall())))
        book.note(link, by, "propose", rec_id, "")
        _try_bounds(link, book, rec_id)
    return rec_id


def _try_bounds(link: Connection, book: Book, rec_id: str) -> None:
    """Let a bound decide, where one holds; say in the audit why none does where one might have."""
    entry, ruling = one(link, book, rec_id, exactly=True), in_force(link)
    if ruling.level(assets_of(entry.document, entry.action))[0] != "bounded" or entry.status != "proposed":
        return
    reasons = []
    if needed_of(link, entry, ruling) > 1:
        reasons.append("it is dangerous, and needs people")
    if clock_jumped(link, book) is not None:
        reasons.append("the machine's clock jumped back")
    conflict = conflict_of(link, book, entry)
    if conflict is not None:
        reasons.append(conflict)
    if reasons:
        book.note(link, "twin", "no bound", rec_id, "; ".join(reasons))
        return
    for bound in ruling.rules.bounds:
        reason = bounds.why_not(link, bound, entry.document, ruling.mode, book.clock(link))
        if reason is None:
            enter_bound(link, book, entry, bound.id)
            return
        reasons.append(f"{bound.id}: {reason}")
    book.note(link, "twin", "no bound", rec_id, "; ".join(reasons) or "there is none")


def _required(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"a recommendation without {name}", place=name, expected="a text")
    return value


def _moment(document: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_required(document, name))
    except ValueError as error:
        raise BadInput(f"{name} is no time: {document[name]}", place=name, expected="ISO 8601 with a zone") from error
    if moment.tzinfo is None:
        raise BadInput(f"{name} has no time zone: {document[name]}", place=name, expected="ISO 8601 with a zone")
    return moment
