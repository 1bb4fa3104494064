"""Findings as the book keeps them: JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from twin.alarms.alarm import Alarm
from twin.alarms.finding import Finding
from twin.desk.book import text_of, time_of


def finding_json(one: Finding) -> dict[str, Any]:
    """JSON-ready."""
    ends = None if one.ends is None else text_of(one.ends)
    return asdict(one) | {"at": text_of(one.at), "begins": text_of(one.begins), "ends": ends}


def text_of_finding(one: Finding) -> str:
    """As the table keeps it."""
    return json.dumps(finding_json(one), ensure_ascii=False, sort_keys=True)


def finding_of(text: str) -> Finding:
    """As it was kept."""
    told = json.loads(text)
    ends = told["ends"]
    place = told["place"]
    changed = {
        "at": time_of(told["at"]), "begins": time_of(told["begins"]), "ends": None if ends is None else time_of(ends),
        "edges": tuple(told["edges"]), "evidence": tuple(told["evidence"]),
        "place": None if place is None else (float(place[0]), float(place[1])),
    }  # fmt: skip
    return Finding(**{**told, **changed})


def alarm_json(one: Alarm) -> dict[str, Any]:
    """JSON-ready: what a page, the API and `twin alarms show` say of an alarm."""
    times = {name: getattr(one, name) for name in ("first_seen", "last_seen", "begins", "raised", "asked", "there")}
    times |= {"cleared": one.cleared, "shelved_until": one.shelved_until}
    said = one.judgement
    return {
        "alarm_id": one.alarm_id, "kind": one.kind, "subject": one.subject, "level": one.level, "state": one.state,
        "actionable": one.actionable, "text": one.text, "edges": list(one.edges), "place": one.head.place,
        **{name: None if time is None else text_of(time) for name, time in times.items()},
        "judgement": None if said is None else asdict(said) | {"at": text_of(said.at)},
        "findings": [finding_json(finding) for finding in one.findings],
    }  # fmt: skip
