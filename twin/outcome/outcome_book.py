"""`OutcomeBook`: what actions brought, kept in the desk's book, and how far each kind may be trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select

from calibration.outcomes import Estimate, Period, Trust, trust
from networks.errors import BadInput, Refused
from twin.desk import Book, Desk
from twin.desk.book import text_of, time_of
from twin.desk.tables import outcomes, trial_periods
from twin.outcome.outcome import BY_DESIGN, METHODS, Outcome

_NUMBERS = ("difference", "low", "high", "base", "promised")


class OutcomeBook:
    """Outcomes.

    Args:
        book: The database they are kept in.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._desk = Desk(book)

    def keep(
        self, rec_id: str, found: Estimate, *, base: float, since: Any, until: Any, measure: str, unit: str
    ) -> Outcome:
        """Keep what a method found; the same stretch by the same method is kept once.

        Args:
            rec_id: An approved recommendation.
            found: What was found; its method is one of METHODS.
            base: The mean without the action.
            since: Begin of what was measured; with a zone.
            until: Its end.
            measure: What was measured.
            unit: Its unit.

        Raises:
            BadInput: There is no such method.
            NotThere: No such recommendation.
            Refused: It was never approved: nothing can have come of it.
        """
        if found.method not in METHODS:
            raise BadInput(f"no such method: {found.method}", expected=", ".join(METHODS))
        entry = self._desk.entry(rec_id)
        if entry.decision is None or entry.decision.decision != "approved":
            raise Refused(
                f"it is {entry.status}: nothing was done that could have brought anything", place=entry.rec_id
            )
        made = Outcome(
            entry.rec_id, entry.kind, found.method, since, until, measure, unit, found.difference, found.low,
            found.high, found.level, found.n, base, promise(entry.document),
        )  # fmt: skip
        row = {name: getattr(made, name) for name in Outcome.__dataclass_fields__}
        row |= {name: _kept(row[name]) for name in _NUMBERS} | {"since": text_of(since), "until": text_of(until)}
        with self.book.work() as link:
            key = {"rec_id": made.rec_id, "method": made.method, "until": row["until"]}
            there = link.execute(
                select(outcomes).where(*(outcomes.c[name] == one for name, one in key.items()))
            ).first()
            if there is None:
                link.execute(insert(outcomes).values(**row))
                self.book.note(link, "twin", "outcome", made.rec_id, made.text["en"])
                return made
        return _read(there)

    def named(self, rec_id: str) -> str:
        """The whole id of a recommendation whose id begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        return self._desk.entry(rec_id).rec_id

    def all(self, rec_id: str | None = None) -> list[Outcome]:
        """All of them, or those of one recommendation, oldest first."""
        query = select(outcomes).order_by(outcomes.c.until, outcomes.c.rec_id, outcomes.c.method)
        if rec_id is not None:
            query = query.where(outcomes.c.rec_id == rec_id)
        with self.book.read() as link:
            return [_read(row) for row in link.execute(query)]

    def trust(self, level: float = 0.9) -> dict[str, Trust]:
        """How far promises of each kind came true, by what was measured in the street, the last of each action."""
        last = {(one.kind, one.rec_id): one for one in self.all() if one.method in BY_DESIGN}
        by_kind: dict[str, list[Outcome]] = {}
        for (kind, _), one in sorted(last.items()):
            by_kind.setdefault(kind, []).append(one)
        return {
            kind: trust([one.promised for one in told], [one.share for one in told], level)
            for kind, told in by_kind.items()
        }

    def plan(self, rec_id: str, periods: Sequence[Period], *, who: str) -> None:
        """Keep when an action is to be on and off; once for each recommendation.

        Raises:
            NotThere: No such recommendation.
            Refused: It is planned already.
        """
        entry = self._desk.entry(rec_id)
        if self.planned(entry.rec_id):
            raise Refused("its periods are drawn already: a second draw would spoil the first", place=entry.rec_id)
        rows = [
            {"rec_id": entry.rec_id, "begin": text_of(one.begin), "counts_from": text_of(one.counts_from),
             "end": text_of(one.end), "on": one.on}
            for one in periods
        ]  # fmt: skip
        with self.book.work() as link:
            link.execute(insert(trial_periods), rows)
            self.book.note(link, who, "plan trial", entry.rec_id, f"{len(rows)} periods")

    def planned(self, rec_id: str) -> tuple[Period, ...]:
        """The periods of a recommendation; empty where none were drawn."""
        query = select(trial_periods).where(trial_periods.c.rec_id == rec_id).order_by(trial_periods.c.begin)
        with self.book.read() as link:
            rows = link.execute(query).all()
        return tuple(Period(time_of(r.begin), time_of(r.counts_from), time_of(r.end), bool(r.on)) for r in rows)


def promise(document: Mapping[str, Any]) -> float:
    """What a recommendation promises, as a share of how things are; NaN where it does not say."""
    effect = document.get("effect") or {}
    change, base = effect.get("difference"), effect.get("base")
    if not isinstance(change, int | float) or not isinstance(base, int | float) or not base:
        return math.nan
    return float(change) / float(base)


def _kept(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _read(row: Row[Any]) -> Outcome:
    told = dict(row._mapping) | {"since": time_of(row.since), "until": time_of(row.until)}
    missing = {"difference": math.nan, "low": -math.inf, "high": math.inf, "base": math.nan, "promised": math.nan}
    return Outcome(**{**told, **{name: at for name, at in missing.items() if told[name] is None}})
