"""What a served town kept of a day: cycles, alarms, decisions, what left, outcomes, cases; read, never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import NotThere

if TYPE_CHECKING:
    from calibration.skill import SkillRow
    from networks.sentence import Sentence
    from twin.alarms import Alarm
    from twin.alarms.ledger import Row
    from twin.desk import Case, Desk, DeskEntry
    from twin.live.cycles import Lived
    from twin.out import Letter
    from twin.outcome import Outcome

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a served town.

    Attributes:
        day: Which.
        zone: In which its hours are told.
        cycles: Lived through, oldest first.
        missing: What cycles did without -> how many.
        alarms: First seen on it, or standing when it began, oldest first.
        judged: The ledger of those that asked somebody to act.
        decisions: Recommendations that were made or decided on it.
        letters: What left, or should have.
        outcomes: What actions of the day brought.
        cases: Response plans that were at work.
        skill: By quantity, over all that the ledger of forecasts holds; empty without one.
        audit: Entries of the whole audit.
        broken: Places where the audit's chain does not hold, at any time.
    """

    day: date
    zone: tzinfo
    cycles: tuple[Lived, ...]
    missing: tuple[tuple[Sentence, int], ...]
    alarms: tuple[Alarm, ...]
    judged: tuple[Row, ...]
    decisions: tuple[DeskEntry, ...]
    letters: tuple[Letter, ...]
    outcomes: tuple[Outcome, ...]
    cases: tuple[Case, ...]
    skill: tuple[SkillRow, ...]
    audit: int
    broken: int


def day_of(folder: Path, day: date | None, zone: tzinfo) -> Day:
    """Read a day.

    Args:
        folder: What `twin serve --out` keeps.
        day: Which; None: that of the last cycle.
        zone: Of its midnights.

    Raises:
        NotThere: No desk is kept there, or it lived through no cycle on that day.
    """
    from twin.desk import Desk, kept_desk

    desk = Desk.open(kept_desk(folder))
    try:
        return _read(desk, folder, day, zone)
    finally:
        desk.close()


def _read(desk: Desk, folder: Path, day: date | None, zone: tzinfo) -> Day:
    from twin.alarms import AlarmBook, ledger
    from twin.desk import Cases
    from twin.live.cycles import Cycles
    from twin.out.ledger import letters
    from twin.outcome import OutcomeBook

    lived = Cycles(desk.book).last(_ALL)[::-1]
    if not lived:
        raise NotThere("this town lived through no cycle", file=folder, remedy="follow it first: twin serve")
    day = day or lived[-1].moment.astimezone(zone).date()
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    ends = begins + timedelta(days=1)
    cycles = tuple(one for one in lived if begins <= one.moment < ends)
    if not cycles:
        told = f"{lived[0].moment.astimezone(zone):%Y-%m-%d} to {lived[-1].moment.astimezone(zone):%Y-%m-%d}"
        raise NotThere(f"no cycle on {day}", file=folder, place="--date", expected=f"a day from {told}")
    alarms = [one for one in AlarmBook(desk.book).alarms() if one.first_seen < ends and one.last_seen >= begins]
    ruled = [one for one in desk.entries() if _on(one, begins, ends)]
    with desk.book.read() as link:
        left = [one for one in letters(link) if begins <= one.steps[0].at < ends]
    known = {one.rec_id for one in ruled}
    return Day(
        day, zone, cycles, _missing(cycles), tuple(sorted(alarms, key=lambda one: one.first_seen)),
        tuple(ledger(alarms, begins, ends)), tuple(ruled), tuple(left),
        tuple(one for one in OutcomeBook(desk.book).all() if one.rec_id in known),
        tuple(one for one in Cases(desk.book).all(closed=None) if one.opened_at < ends and _open_at(one, begins)),
        _skill(folder / "skill"), len(desk.audit()), len(desk.book.broken()),
    )  # fmt: skip


def _on(entry: DeskEntry, begins: datetime, ends: datetime) -> bool:
    made = [entry.created] + ([entry.decision.clock_at] if entry.decision else [])
    return any(begins <= one < ends for one in made)


def _open_at(case: Case, moment: datetime) -> bool:
    return case.closed_at is None or case.closed_at >= moment


def _missing(cycles: Sequence[Lived]) -> tuple[tuple[Sentence, int], ...]:
    counts = Counter((one["en"], one["zh"]) for lived in cycles for one in lived.left_out)
    return tuple(({"en": en, "zh": zh}, many) for (en, zh), many in counts.most_common())


def _skill(folder: Path) -> tuple[SkillRow, ...]:
    from calibration.skill import Ledger, measure

    if not (folder / "issued").is_dir():
        return ()
    return tuple(measure(Ledger(folder).settled()).rows["horizon"])
