"""`AlarmBook`: alarms in the desk's book: grouped, steady, shelved, judged; all of it survives a crash.

Each cycle's findings are taken in once, by its run id. An alarm is *watched* when something is found first, *raised*
after so many cycles in a row (by kind), and *cleared* after so many cycles without a word of it. Its level rises at
once and falls only after some cycles, so that nothing flickers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from networks.digest import digest_json
from networks.errors import BadInput, NotThere, Refused
from twin.alarms.alarm import JUDGEMENTS, Alarm, Change
from twin.alarms.finding import LEVELS, Finding
from twin.alarms.grouping import Group, grouped
from twin.alarms.kept import cycles_of, kept_alarms
from twin.alarms.streets import Streets
from twin.alarms.thresholds import Grouping, shipped_thresholds
from twin.alarms.writing import text_of_finding
from twin.desk import Book, check_may
from twin.desk.book import text_of
from twin.desk.controls import Controls, said
from twin.desk.tables.alarming import (
    alarm_cycles,
    alarm_findings,
    alarm_judgements,
    alarm_marks,
    alarm_shelvings,
    alarms,
)


class AlarmBook:
    """Alarms of one desk.

    Args:
        book: The desk's database.
        streets: Which streets touch; without them only places and causes group.
        rules: How findings become alarms; the shipped ones by default.
    """

    def __init__(self, book: Book, streets: Streets | None = None, rules: Grouping | None = None) -> None:
        self.book, self._acting = book, Controls(book).acting
        self._streets, self._rules = streets or Streets({}), rules or shipped_thresholds().alarms

    def take(self, findings: Sequence[Finding], now: datetime, run_id: str) -> list[Change]:
        """Take in what a cycle found; the same cycle a second time changes nothing.

        Args:
            findings: All that its finders found.
            now: Its moment, by the live clock; with a zone.
            run_id: The cycle.

        Returns:
            What became of alarms by it.

        Raises:
            StorageFailed: The database did not answer; nothing of the cycle is kept then.
        """
        with self.book.work() as link:
            cycles = cycles_of(link, 1)
            if link.execute(select(alarm_cycles.c.seq).where(alarm_cycles.c.run_id == run_id)).first():
                return []
            seq = cycles[0] + 1 if cycles else 1
            link.execute(insert(alarm_cycles).values(seq=seq, run_id=run_id, at=text_of(now)))
            before = {one.alarm_id: one for one in self._standing(link)}
            known = [Group(name, {one.key: one for one in alarm.findings}) for name, alarm in before.items()]
            for group in grouped(findings, known, self._streets, self._rules):
                self._write(link, group, seq, now)
            for alarm in self._standing(link):
                self._mark(link, alarm, seq, now)
            return self._changes(link, before, run_id)

    def alarms(self, *, standing: bool = False, since: datetime | None = None) -> list[Alarm]:
        """Alarms, the newest first.

        Args:
            standing: Only those that are not over.
            since: Only those first seen since then.
        """
        with self.book.read() as link:
            found = kept_alarms(link, self._rules, self.book.clock(link), standing=standing)
        found = [one for one in found if since is None or one.first_seen >= since]
        return sorted(found, key=lambda one: (one.first_seen, one.alarm_id), reverse=True)

    def alarm(self, alarm_id: str) -> Alarm:
        """One alarm by its id, or by the beginning of its id where only one begins so.

        Raises:
            NotThere: None, or more than one, begins so.
        """
        found = [one for one in self.alarms() if alarm_id and one.alarm_id.startswith(alarm_id)]
        if len(found) != 1:
            what = "no alarm with this id" if not found else f"{len(found)} alarms begin with this"
            raise NotThere(what, file=self.book.place, place=alarm_id, remedy="twin alarms list --all shows the ids")
        return found[0]

    def judge(self, alarm_id: str, verdict: str, who: str, why: str) -> Alarm:
        """Keep what a person makes of an alarm; the last word holds, all are kept.

        Args:
            alarm_id: The alarm.
            verdict: "confirm", "false" or "unsure".
            who: The person; not empty.
            why: The reason; not empty.

        Raises:
            BadInput: Another word, no name or no reason.
            NotThere: No such alarm.
            Refused: The desk knows people, and this one is none of them or may not judge.
        """
        if verdict not in JUDGEMENTS:
            raise BadInput(f"no such judgement: {verdict}", expected=", ".join(JUDGEMENTS))
        who, why = said("who", who, 200), said("why", why, 4000)
        one = self.alarm(alarm_id)
        with self._acting(who, f"judge {verdict}", one.alarm_id) as link:
            check_may(link, self.book, who, None, "judge")
            at = text_of(self.book.clock(link))
            link.execute(
                insert(alarm_judgements).values(alarm_id=one.alarm_id, verdict=verdict, who=who, why=why, at=at)
            )
            self.book.note(link, who, f"judge {verdict}", one.alarm_id, why)
        return self.alarm(one.alarm_id)

    def shelve(self, alarm_id: str, until: datetime, who: str, why: str) -> Alarm:
        """Hear no more of an alarm until then, unless it gets worse.

        Raises:
            BadInput: A time that is over or has no zone, no name or no reason.
            NotThere: No such alarm.
            Refused: It is over; or the desk knows people, and this one is none of them or may not shelve.
        """
        who, why = said("who", who, 200), said("why", why, 4000)
        one = self.alarm(alarm_id)
        if until.tzinfo is None:
            raise BadInput(f"{until} has no zone", place="until", expected="ISO 8601 with a zone")
        if one.cleared:
            raise Refused("the alarm is over already", place=one.alarm_id)
        with self._acting(who, "shelve", one.alarm_id) as link:
            check_may(link, self.book, who, None, "shelve")
            if until <= self.book.clock(link):
                raise BadInput(f"{text_of(until)} is over", place="until", expected="a time to come")
            row = {"alarm_id": one.alarm_id, "until": text_of(until), "severity": one.severity, "who": who, "why": why}
            link.execute(insert(alarm_shelvings).values(**row))
            self.book.note(link, who, "shelve", one.alarm_id, f"until {text_of(until)}: {why}")
        return self.alarm(one.alarm_id)

    def _standing(self, link: Connection) -> list[Alarm]:
        return kept_alarms(link, self._rules, self.book.clock(link), standing=True)

    def _write(self, link: Connection, group: Group, seq: int, now: datetime) -> None:
        if not group.fresh:
            return
        if not group.alarm_id:
            group.alarm_id = digest_json([group.fresh[0].key, seq])[:12]
            begins = min(one.begins for one in group.fresh)
            row = {"alarm_id": group.alarm_id, "seq": seq, "at": text_of(now), "begins": text_of(begins)}
            link.execute(insert(alarms).values(**row))
        for one in {one.key: one for one in group.fresh}.values():
            row = {"alarm_id": group.alarm_id, "key": one.key, "seq": seq}
            link.execute(insert(alarm_findings).values(**row, severity=one.severity, document=text_of_finding(one)))

    def _mark(self, link: Connection, alarm: Alarm, seq: int, now: datetime) -> None:
        """Write down what happened to an alarm for the first time: raised, there, asked, cleared."""
        rows = select(alarm_findings.c.seq).where(alarm_findings.c.alarm_id == alarm.alarm_id)
        last = list(link.execute(rows.distinct().order_by(alarm_findings.c.seq.desc()).limit(12)).scalars())
        marks: dict[str, datetime] = {}
        patience = self._rules.raise_after(alarm.kind)
        in_a_row = next((at for at, one in enumerate(last) if one != seq - at), len(last))
        raised = alarm.raised or (now if in_a_row >= patience else None)
        if raised and not alarm.raised:
            marks["raised"] = now
        there = [one.begins for one in alarm.findings if one.begins <= one.at]
        if there and not alarm.there:
            marks["there"] = min(there)
        if raised and not alarm.asked and alarm.severity >= self._rules.actionable_level.value:
            marks["asked"] = now
        if seq - last[0] >= self._rules.clear_after.value:
            marks["cleared"] = now
        for mark, at in marks.items():
            link.execute(insert(alarm_marks).values(alarm_id=alarm.alarm_id, mark=mark, at=text_of(at), seq=seq))

    def _changes(self, link: Connection, before: Mapping[str, Alarm], run_id: str) -> list[Change]:
        """What is other than before, each told in the audit too."""
        clock = self.book.clock(link)
        standing = {one.alarm_id: one for one in kept_alarms(link, self._rules, clock, standing=True)}
        over = kept_alarms(link, self._rules, clock, only=[name for name in before if name not in standing])
        changes = []
        for alarm in [*standing.values(), *over]:
            what = _what(before.get(alarm.alarm_id), alarm)
            if what:
                changes.append(Change(what, alarm))
                if what != "watched":
                    detail = f"{run_id}: {alarm.kind} {alarm.level} {alarm.subject}: {alarm.text['en']}"
                    self.book.note(link, "twin", f"alarm {what}", alarm.alarm_id, detail)
        return changes


def _what(old: Alarm | None, new: Alarm) -> str:
    if new.cleared:
        return "cleared"
    if new.raised and (old is None or not old.raised):
        return "raised"
    if old is None:
        return "watched"
    if old.raised and LEVELS.index(new.level) != LEVELS.index(old.level):
        return "worse" if new.severity > old.severity else "better"
    return ""
