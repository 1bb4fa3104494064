"""The list of sensors that somebody has to look after: an owner and a state each, kept over reruns.

An issue is a sensor and a fault. A review opens issues and adds evidence; people acknowledge and mend them. One that is
seen again after it was mended is open once more, and says how often.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from calibration.health.finding import FAULTS, Finding
from networks.errors import BadInput, NotThere, why_unread
from networks.landing import landing_file
from networks.sentence import Sentence, read_sentence

STATES = ("open", "acknowledged", "mended")


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to look after.

    Attributes:
        issue_id: Sensor and fault, "d12:stuck".
        sensor: The sensor.
        fault: A key of FAULTS.
        state: One of STATES.
        owner: Who looks after it; empty where nobody does.
        first_seen, last_seen: When a review saw it, ISO 8601, UTC.
        times: Reviews that saw it since it was last mended.
        reopened: Times that it came back after it was mended.
        evidence: What was seen last.
        note: What people wrote.
    """

    issue_id: str
    sensor: str
    fault: str
    state: str
    owner: str
    first_seen: str
    last_seen: str
    times: int
    reopened: int
    evidence: Sentence
    note: str = ""


def read_issues(file: Path) -> list[Issue]:
    """The list; empty where there is no such file yet.

    Raises:
        BadInput: It cannot be read, or an issue in it is none.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["issues"]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=file) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "it is no list of issues", file=file, expected='{"issues": [...]}, as twin sensors health writes it'
        ) from error
    issues = []
    for number, row in enumerate(rows, start=1):
        try:
            issue = Issue(**{**row, "evidence": read_sentence(row["evidence"])})
        except (TypeError, KeyError, ValueError) as error:
            raise BadInput("an issue lacks a field, or has one too many", file=file, place=f"issue {number}") from error
        if issue.state not in STATES or issue.fault not in FAULTS:
            what = f"{issue.issue_id} is {issue.fault!r}, {issue.state!r}"
            raise BadInput(
                what, file=file, place=f"issue {number}", expected=f"{', '.join(FAULTS)}; {', '.join(STATES)}"
            )
        issues.append(issue)
    return issues


def write_issues(file: Path, issues: Sequence[Issue]) -> None:
    """Write the list beside its place, then put it there.

    Raises:
        StorageFailed: The disk is full or may not be written.
    """
    text = json.dumps({"issues": [asdict(one) for one in issues]}, ensure_ascii=False, indent=1)
    with landing_file(file) as beside:
        beside.write_text(text + "\n", encoding="utf-8")


def after_review(issues: Sequence[Issue], findings: Sequence[Finding], seen_at: datetime) -> list[Issue]:
    """The list after a review: new issues open, known ones with new evidence, mended ones that came back open again.

    Running it again with the same findings and time changes nothing.
    """
    now = seen_at.astimezone(UTC).isoformat(timespec="seconds")
    by_id = {one.issue_id: one for one in issues}
    for finding in findings:
        key = f"{finding.sensor}:{finding.fault}"
        known = by_id.get(key)
        if known is None:
            by_id[key] = Issue(key, finding.sensor, finding.fault, "open", "", now, now, 1, 0, finding.evidence)
        elif known.last_seen == now:
            continue
        elif known.state == "mended":
            again = replace(known, state="open", times=1, reopened=known.reopened + 1)
            by_id[key] = replace(again, last_seen=now, evidence=finding.evidence)
        else:
            by_id[key] = replace(known, last_seen=now, times=known.times + 1, evidence=finding.evidence)
    return sorted(by_id.values(), key=lambda one: (STATES.index(one.state), one.issue_id))


def changed(
    issues: Sequence[Issue], issue_id: str, *, state: str | None = None, owner: str | None = None,
    note: str | None = None,
) -> list[Issue]:  # fmt: skip
    """The list after somebody looked at one.

    Raises:
        NotThere: No issue has this id.
        BadInput: No state has this name.
    """
    if state is not None and state not in STATES:
        raise BadInput(f"no state is {state!r}", expected=", ".join(STATES))
    if issue_id not in {one.issue_id for one in issues}:
        known = ", ".join(one.issue_id for one in issues[:5])
        raise NotThere(f"no issue is {issue_id!r}", expected=f"one of those listed, like {known}" if known else None)
    fields = {"state": state, "owner": owner, "note": note}
    new = {name: value for name, value in fields.items() if value is not None}
    return [replace(one, **new) if one.issue_id == issue_id else one for one in issues]  # type: ignore[arg-type]
