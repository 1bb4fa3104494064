"""`DeskNow`: what the desk shows: recommendations with what became of them, alarms, cases, mode, trust."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from twin.alarms import AlarmBook, alarm_json
from twin.desk import Case, Cases, DeskEntry, card, editable
from twin.desk.book import text_of
from twin.outcome import AT_ALL, BY_DESIGN, OutcomeBook, trust_text
from twin.plans import Plan, tasks_now

if TYPE_CHECKING:
    from twin.desk import Desk, Permission
    from twin.desk.ruling import Ruling
    from twin.out import Letter
    from twin.outcome import Outcome

DECIDED = 12
"""So many of those that are decided or over are shown; the others are in `/api/recommendations`."""
CLOSED_ALARMS = 5
LOOKED_S = 3.0
"""Nothing that people did not do themselves is looked up more often (wall seconds)."""
_BACK = ("proposed", "approved")
"""States in which a way back leaves no room for another."""
_HEAVY = ("before", "rests_on_assets", "evidence_files")


@dataclass
class DeskNow:
    """Makes the desk's part of the state; the book is read again when somebody did something, or after a while.

    Attributes:
        desk: The desk.
    """

    desk: Desk
    _kept: dict[str, Any] = field(default_factory=dict)
    _seen: tuple[int, float] = (-1, -1e9)

    def state(self) -> dict[str, Any]:
        """`recommendations` and `desk`, JSON-ready."""
        newest, now = self._newest(), time.monotonic()
        if newest != self._seen[0] or now - self._seen[1] >= LOOKED_S:
            self._kept, self._seen = self._read(), (newest, now)
        return self._kept

    def _newest(self) -> int:
        from sqlalchemy import func, select

        from twin.desk.tables import audit

        with self.desk.book.read() as link:
            return int(link.execute(select(func.max(audit.c.seq))).scalar() or 0)

    def _read(self) -> dict[str, Any]:
        desk, ruling = self.desk, self.desk.ruling()
        entries = desk.entries()
        shown = [one for one in entries if one.status == "proposed"]
        shown += [one for one in entries if one.status != "proposed"][:DECIDED]
        undone = {str(one.document.get("undoes")) for one in entries if one.kind == "rollback" and one.status in _BACK}
        letters, outcomes = self._letters(), self._outcomes()
        allowed = {entry.rec_id: permission for entry, permission in desk.allowed()}
        cards = [
            self._card(one, ruling, letters.get(one.rec_id, []), outcomes.get(one.rec_id, []))
            | {"leaves": _leaves(allowed.get(one.rec_id)), "can_go_back": _can_go_back(one, undone)}
            for one in shown
        ]
        return {"recommendations": cards, "desk": self._desk(ruling, letters)}

    def _card(
        self, entry: DeskEntry, ruling: Ruling, letters: list[Letter], outcomes: list[Outcome]
    ) -> dict[str, Any]:  # fmt: skip
        told = {name: value for name, value in card(entry).items() if name not in _HEAVY}
        others = [one for one in told.get("alternatives") or [] if isinstance(one, Mapping)]
        told["alternatives"] = [
            {k: v for k, v in one.items() if k != "action"} | {"able": bool(one.get("action"))} for one in others
        ]
        if entry.status == "proposed":
            told["needed"] = self.desk.needed(entry)
            told["edits"] = [asdict(one) for one in editable(entry.document.get("action"), ruling.rules)]
        told["letters"] = [_letter(one) for one in letters]
        told["outcomes"] = [_outcome(one) for one in outcomes]
        return told

    def _letters(self) -> dict[str, list[Letter]]:
        from twin.out import Mailroom

        found: dict[str, list[Letter]] = defaultdict(list)
        for one in Mailroom(self.desk.book, (), self.desk.permission).letters():
            found[one.message.rec_id].append(one)
        return found

    def _outcomes(self) -> dict[str, list[Outcome]]:
        found: dict[str, list[Outcome]] = defaultdict(list)
        for one in OutcomeBook(self.desk.book).all():
            found[one.rec_id].append(one)
        return found

    def _desk(self, ruling: Ruling, letters: Mapping[str, list[Letter]]) -> dict[str, Any]:
        from twin.out import DEAD

        book = self.desk.book
        alarms = AlarmBook(book).alarms()
        standing = [one for one in alarms if one.cleared is None and one.raised is not None]
        over = [one for one in alarms if one.cleared is not None and one.asked is not None][:CLOSED_ALARMS]
        standing.sort(key=lambda one: (not one.actionable, -one.severity, one.first_seen))
        cases = Cases(book)
        return {
            "clock": text_of(self.desk.clock()),
            "mode": ruling.mode,
            "lowered": [{"assets": name, "level": level} for name, level in sorted(ruling.lowered.items())],
            "clock_behind_s": round(self.desk.clock_behind().total_seconds(), 1),
            "alarms": [_alarm(one) for one in (*standing, *over)],
            "cases": [_case(one) for one in reversed(cases.all(closed=False))],
            "dead": [_letter(one) for of in letters.values() for one in of if one.state in DEAD],
            "trust": {
                kind: {"word": one.word, "text": trust_text(one)} for kind, one in OutcomeBook(book).trust().items()
            },
        }  # fmt: skip


def _leaves(permission: Permission | None) -> dict[str, str] | None:
    if permission is None:
        return None
    return {"by": permission.allowed_by, "until": text_of(permission.not_after)}


def _can_go_back(entry: DeskEntry, undone: set[str]) -> bool:
    return entry.status == "approved" and bool(entry.document.get("before")) and entry.rec_id not in undone


def _letter(one: Letter) -> dict[str, Any]:
    message = one.message
    return {
        "key": message.key, "channel": message.channel, "kind": message.kind, "rec_id": message.rec_id,
        "state": one.state, "sends": one.sends, "at": text_of(one.last.at), "detail": one.last.detail,
    }  # fmt: skip


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "method": one.method, "by_design": one.method in BY_DESIGN, "at_all": one.method == AT_ALL,
        "undone": one.undone, "until": text_of(one.until), "text": one.text,
    }  # fmt: skip


def _alarm(one: Any) -> dict[str, Any]:
    """An alarm as a seat reads it: its head, and how many further findings it explains."""
    told = alarm_json(one)
    findings = told.pop("findings")
    more = [{"kind": other["kind"], "text": other["text"]} for other in findings[1:]]
    return told | {"probability": findings[0]["probability"], "findings": more}


def _case(case: Case) -> dict[str, Any]:
    plan = Plan.model_validate(case.document)
    quiet = case.quiet_since
    return {
        "case_id": case.case_id, "plan": case.plan, "title": plan.title, "subject": case.subject, "level": case.level,
        "exercise": case.exercise, "opened_at": text_of(case.opened_at),
        "quiet_since": None if quiet is None else text_of(quiet), "tasks": tasks_now(case, plan),
        "signs": [list(part) for part in _signers(plan, case.level)],
    }  # fmt: skip


def _signers(plan: Plan, level: str) -> list[tuple[list[str], list[str]]]:
    """Roles and names of those who may sign a level; no names: everybody in such a role."""
    at = plan.levels[level]  # type: ignore[index]
    parties = (plan.parties[one] for one in (at.signs, *at.escalate))
    return [(list(one.roles), list(one.people)) for one in parties]
