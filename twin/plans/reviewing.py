"""The review of a case, from the audit alone: what was signalled, found, called, answered and done, and how late."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from statistics import median
from typing import Any

from networks.errors import NotThere
from networks.sentence import Sentence, say
from twin.desk import Answer, AuditEntry, Book, Call
from twin.desk.book import time_of
from twin.plans import wording
from viz.plan_review import Given, Lead, Review, ReviewTask, Told, Went

_STEPS = ("level", "signal", "found", "quiet", "trouble", "blind", "kept", "unheard", "closed")
Row = dict[str, Any]
Titles = dict[str, Sentence]


def review(book: Book, case_id: str, zone: tzinfo = UTC) -> Review:
    """The review of a case, with what the audit's chain says of itself.

    Raises:
        NotThere: The audit knows no such case.
    """
    entries = book.audit(case_id)
    if not any(entry.action == "case level" for entry in entries):
        raise NotThere("the audit knows no such case", file=book.place, place=case_id, remedy="twin cases list")
    return review_of(case_id, entries, zone, broken=len(book.broken()))


def review_of(case_id: str, entries: Sequence[AuditEntry], zone: tzinfo = UTC, *, broken: int = 0) -> Review:
    """The same from entries of the audit.

    Args:
        case_id: The case.
        entries: Its entries, in order.
        zone: In which times are shown.
        broken: Places where the whole audit's chain does not hold.
    """
    rows = [_row(entry, zone) for entry in entries if entry.action.startswith("case ")]
    calls = [row for row in rows if row["action"] == "call"]
    answers = [row for row in rows if row["action"] == "answer"]
    levels = [row for row in rows if row["action"] == "level"]
    first = levels[0]
    titles = {row["receiver"]: row["receiver_title"] for row in calls}
    end = next((row for row in rows if row["action"] == "closed"), None)
    tasks = [_task(call, calls, answers, titles) for call in calls if call["reason"] == "call"]
    return Review(
        case_id=case_id,
        title=first["title"],
        plan=f"{first['plan']} {first['version']} ({first['digest']})",
        source=first["source"],
        subject=first["subject"],
        exercise=bool(first["exercise"]),
        opened_at=first["when"],
        closed_at=end["when"] if end else None,
        how=end["text"] if end else None,
        why=_why(end, titles),
        levels=tuple((row["when"], row["to"]) for row in levels),
        grounds=tuple(_ground(row) for row in rows if row["action"] in ("signal", "found")),
        tasks=tuple(one for one in tasks if one.sort == "task"),
        signatures=tuple(one for one in tasks if one.sort in ("sign", "end")),
        notices=tuple(one for one in tasks if one.sort == "over"),
        lead=_lead(rows),
        went=_went([one for one in tasks if one.sort == "task"]),
        story=tuple(Told(one.at, one.sort, wording.local(one.text, one.at, zone)) for one in _told(rows, titles)),
        refused=tuple(f"{entry.who}: {entry.detail}" for entry in entries if entry.action.startswith("refused")),
        entries=len(entries),
        broken=broken,
        zone=zone,
    )


def _row(entry: AuditEntry, zone: tzinfo) -> Row:
    told: Row = {"who": entry.who, **json.loads(entry.detail)}
    told |= {"action": entry.action.removeprefix("case "), "when": time_of(told["on"])}
    if "text" in told:
        told["text"] = wording.local(told["text"], told["when"], zone)
    return told


def _task(call: Row, calls: list[Row], answers: list[Row], titles: Titles) -> ReviewTask:
    mine = [row for row in answers if row["task"] == call["task"]]
    sort = call["task"].split(":")[0] if ":" in call["task"] else "task"
    heard = next((row for row in mine if row["state"] in ("acknowledged", "done")), None)
    done = next((row for row in mine if row["state"] == "done"), None)
    late_s = max(0.0, (heard["when"] - time_of(call["answer_by"])).total_seconds()) if heard else None
    return ReviewTask(
        task=call["task"],
        sort=sort,
        who=call["receiver_title"],
        text=call["text"],
        level=call.get("level") or "",
        called_at=call["when"],
        answer_by=time_of(call["answer_by"]),
        heard_at=heard["when"] if heard else None,
        heard_late_s=late_s,
        done_by=time_of(call["done_by"]) if call.get("done_by") else None,
        done_at=done["when"] if done else None,
        done_late_s=done["late_s"] if done else None,
        answers=tuple(
            Given(row["when"], _named(row["who"], titles), row["state"], row["words"], row["late_s"], row["closed"])
            for row in mine
        ),
        escalated=tuple(
            (row["when"], row["receiver_title"], row["reason"])
            for row in calls
            if row["task"] == call["task"] and row["reason"] != "call"
        ),
        allowed_by=call["allowed_by"],
    )


def _ground(row: Row) -> Told:
    return Told(row["when"], row["action"], row["text"])


def _lead(rows: list[Row]) -> Lead:
    """When trouble was first there, and when somebody was first called to do something, and heard it."""
    tasks = [row for row in rows if row["action"] == "call" and row["reason"] == "call" and ":" not in row["task"]]
    names = {row["task"] for row in tasks}
    heard = [row for row in rows if row["action"] == "answer" and row["task"] in names and row["state"] != "refused"]
    found = [row for row in rows if row["action"] == "found"]
    there = min((time_of(row["begins"]) for row in found if row["there"]), default=None)
    return Lead(
        signalled_at=min((time_of(row["begins"]) for row in rows if row["action"] == "signal"), default=None),
        forecast_at=min((row["when"] for row in found if not row["there"]), default=None),
        called_at=min((row["when"] for row in tasks), default=None),
        heard_at=min((row["when"] for row in heard), default=None),
        there_at=there,
    )


def _went(tasks: Iterable[ReviewTask]) -> Went:
    told = list(tasks)
    waits = [(one.heard_at - one.called_at).total_seconds() for one in told if one.heard_at is not None]
    due = [one for one in told if one.done_by is not None]
    return Went(
        called=len(told),
        heard=sum(one.heard_late_s == 0 for one in told),
        heard_late=sum(bool(one.heard_late_s) for one in told),
        unheard=sum(one.heard_at is None for one in told),
        due=len(due),
        done=sum(one.done_late_s == 0 for one in due),
        done_late=sum(bool(one.done_late_s) for one in due),
        undone=sum(one.done_at is None for one in due),
        escalations=sum(len(one.escalated) for one in told),
        refused=sum(any(answer.state == "refused" for answer in one.answers) for one in told),
        heard_median_s=median(waits) if waits else None,
    )


def _why(end: Row | None, titles: Titles) -> Sentence:
    """Who ended it, and the reason."""
    if end is None:
        return say("", "")
    who = _named(end["who"], titles)
    return say(f"{who['en']}: {end['why']}", f"{who['zh']}：{end['why']}")


def _named(who: str, titles: Titles) -> Sentence:
    """A party by its title, a person by their name."""
    return titles.get(who) or say(who, who)


def _told(rows: list[Row], titles: Titles) -> Iterable[Told]:
    """Everything in its order."""
    first = {row["task"]: _call(row) for row in reversed(rows) if row["action"] == "call"}
    for row in rows:
        if row["action"] in _STEPS:
            yield Told(row["when"], row["action"], row["text"])
        elif row["action"] == "call":
            sort = "call" if row["reason"] == "call" else "escalated"
            yield Told(row["when"], sort, wording.call(_call(row), row["receiver_title"]))
        elif row["action"] == "answer":
            answer = Answer(row["task"], row["state"], row["when"], row["who"], row["words"])
            who = _named(row["who"], titles)
            sort = "late" if row["late_s"] > 0 or row["state"] == "refused" else "answer"
            yield Told(row["when"], sort, wording.answer(answer, first[row["task"]], row["late_s"], row["closed"], who))


def _call(row: Row) -> Call:
    by: datetime = time_of(row["answer_by"])
    return Call(row["task"], row["reason"], row["rank"], row["receiver"], row["when"], by, row)
