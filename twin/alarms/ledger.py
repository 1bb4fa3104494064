"""What alarms were worth, by kind: how early they came, and how many were false, also of those that nobody judged.

Whether an alarm was right is known from a person (`judge`), or, where nobody said anything, from whether the trouble
came by the twin's own later word: a weaker witness, so the two are never added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from twin.alarms.alarm import Alarm
from twin.alarms.finding import KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of alarms that asked somebody to act.

    Attributes:
        kind: Of their heads.
        alarms: How many.
        per_day: Of them, a day.
        confirmed, false, unsure: What people made of them.
        came: Not judged; the trouble was there in the end, by the twin's own word.
        stayed_away: Not judged; it is over, and the trouble was never there.
        pending: Not judged; nobody can know yet.
        lead_min: Median minutes from asking somebody to act to the trouble, negative where it was there before; None
            where it never was.
    """

    kind: str
    alarms: int
    per_day: float
    confirmed: int
    false: int
    unsure: int
    came: int
    stayed_away: int
    pending: int
    lead_min: float | None

    @property
    def precision(self) -> float | None:
        """Share of those that people confirmed, of those that they confirmed or called false; None without either."""
        judged = self.confirmed + self.false
        return self.confirmed / judged if judged else None


def ledger(alarms: Sequence[Alarm], begins: datetime, ends: datetime) -> list[Row]:
    """The ledger of the alarms that asked somebody to act in a span of time, one row a kind that has any.

    Args:
        alarms: Some, as `AlarmBook.alarms` gives them.
        begins: Of the span.
        ends: Of the span.

    Raises:
        ValueError: The span has no length.
    """
    if not begins < ends:
        raise ValueError(f"from {begins} to {ends}: no time")
    days = (ends - begins) / timedelta(days=1)
    asked = [one for one in alarms if one.asked is not None and begins <= one.asked <= ends]
    rows = [_row(kind, [one for one in asked if one.kind == kind], days) for kind in KINDS]
    return [one for one in rows if one.alarms]


def lead_s(alarm: Alarm) -> float | None:
    """Seconds from asking somebody to act to the begin of the trouble; negative: it was there before. None: never."""
    if alarm.asked is None or alarm.there is None:
        return None
    return (alarm.there - alarm.asked).total_seconds()


def _row(kind: str, alarms: Sequence[Alarm], days: float) -> Row:
    said = [one.judgement.verdict for one in alarms if one.judgement]
    silent = [one for one in alarms if not one.judgement]
    leads = [lead for one in alarms if not _was_false(one) and (lead := lead_s(one)) is not None]
    return Row(
        kind, len(alarms), len(alarms) / days, said.count("confirm"), said.count("false"), said.count("unsure"),
        sum(one.there is not None for one in silent),
        sum(one.there is None and one.cleared is not None for one in silent),
        sum(one.there is None and one.cleared is None for one in silent), median(leads) / 60.0 if leads else None,
    )  # fmt: skip


def _was_false(one: Alarm) -> bool:
    return one.judgement is not None and one.judgement.verdict == "false"
