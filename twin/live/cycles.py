"""The cycles that were lived through, in the desk's book: none is lived through twice, whatever was killed when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from networks.sentence import Sentence
from twin.cycle import Picture
from twin.desk import Book
from twin.desk.book import text_of, time_of
from twin.desk.tables.cycling import cycles


@dataclass(frozen=True, slots=True)
class Lived:
    """One cycle.

    Attributes:
        moment: Its moment, UTC.
        run_id: Its name.
        mode: "normal" or "emergency".
        rung: Where it stood on the ladder of overload.
        seconds: Wall seconds by stage.
        left_out: What it did without, and why.
        ended_at: Wall time of its end.
    """

    moment: datetime
    run_id: str
    mode: str
    rung: int
    seconds: Mapping[str, float]
    left_out: Sequence[Sentence]
    ended_at: datetime


class Cycles:
    """The journal of cycles.

    Args:
        book: Where it is kept.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def keep(self, picture: Picture, mode: str, rung: int) -> None:
        """A cycle is over.

        Raises:
            IntegrityError: Its moment was lived through before.
            StorageFailed: The book cannot be written.
        """
        with self._book.work() as link:
            link.execute(
                insert(cycles).values(
                    moment=text_of(picture.now), run_id=picture.run_id, mode=mode, rung=rung,
                    seconds=json.dumps({name: round(took, 3) for name, took in picture.seconds.items()}),
                    left_out=json.dumps([dict(one) for one in picture.left_out], ensure_ascii=False),
                    ended_at=text_of(self._book.wall()),
                )
            )  # fmt: skip

    def last(self, many: int = 1) -> list[Lived]:
        """The newest ones, newest first."""
        query = select(cycles).order_by(cycles.c.moment.desc()).limit(many)
        with self._book.read() as link:
            rows = link.execute(query).all()
        return [
            Lived(
                time_of(row.moment), row.run_id, row.mode, row.rung, json.loads(row.seconds), json.loads(row.left_out),
                time_of(row.ended_at),
            )
            for row in rows
        ]  # fmt: skip
