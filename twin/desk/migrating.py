"""Desks of earlier versions, brought up to date in one transaction: a crash in the middle leaves the old desk."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select, text

from networks.errors import BadInput
from twin.desk.audit import append
from twin.desk.tables.keeping import audit


def migrate(link: Connection, version: str, place: Path | str) -> None:
    """Bring a desk of version 1 (its audit was no chain yet) or 2 (one approval decided) to the present one.

    Args:
        link: A transaction that holds the writing lock.
        version: What the desk says it is.
        place: For messages.

    Raises:
        BadInput: A newer citytwin made it.
    """
    if version not in ("1", "2"):
        raise BadInput(
            f"a desk of version {version}, which this program does not know",
            file=place,
            expected="a desk that this citytwin or an earlier one made",
            remedy="install the citytwin that made it, or name another desk",
        )
    if version == "1":
        _chain(link)
    for column in ("version VARCHAR(64)", "bound VARCHAR(80)"):
        link.execute(text(f"ALTER TABLE decisions ADD COLUMN {column}"))


def _chain(link: Connection) -> None:
    """Seal what version 1 wrote down, numbered anew without gaps; from here on it cannot be changed unseen."""
    old = [column for column in audit.c if column.name != "seal"]
    rows = link.execute(select(*old).order_by(audit.c.seq)).all()
    audit.drop(link)
    audit.create(link)
    for row in rows:
        kept = dict(row._mapping)
        kept.pop("seq")
        append(link, **kept)
