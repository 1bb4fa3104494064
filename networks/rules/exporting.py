"""Plans leave as a file, and an audit beside it says what failed and who let it."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from networks.errors import Refused, StorageFailed
from networks.landing import landing_file
from networks.rules.overriding import Override, uncovered
from networks.rules.table import RuleTable
from networks.rules.verdict import Verdict
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.plan_file import plan_element


def audit_file(out: Path) -> Path:
    """The audit beside an exported file."""
    return out.with_name(out.name + ".audit.jsonl")


def export_checked(
    plans: Iterable[SignalPlan],
    verdicts: Sequence[Verdict],
    table: RuleTable,
    out: Path,
    *,
    overrides: Sequence[Override] = (),
    who: str,
    when: datetime,
) -> Path:
    """Write plans as a SUMO additional file under `export_audited`."""

    def write(path: Path) -> None:
        root = ET.Element("additional")
        root.extend(plan_element(plan) for plan in plans)
        ET.indent(root, "    ")
        with landing_file(path) as beside:
            ET.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)

    return export_audited(write, verdicts, table, out, overrides=overrides, who=who, when=when)


def export_audited(
    write: Callable[[Path], None],
    verdicts: Sequence[Verdict],
    table: RuleTable,
    out: Path,
    *,
    overrides: Sequence[Override] = (),
    who: str,
    when: datetime,
) -> Path:
    """Let plans leave in any format, and put a line into the audit beside the file, whose path is returned.

    Args:
        write: Writes the file; not called where a rule fails without leave, or where the audit cannot be written.
        verdicts: On all plans that leave.
        table: What they were held against.
        out: The file.
        overrides: Leave to fail.
        who: Who exports.
        when: Now, with its time zone.

    Raises:
        Refused: A rule fails that nobody gave leave for.
        StorageFailed: The disk is full or may not be written.
    """
    require_passing(verdicts, table, out, overrides)
    audit = audit_file(out)
    try:
        with audit.open("a", encoding="utf-8") as book:
            write(out)
            line = {"when": when.isoformat(timespec="seconds"), "who": who, **_line(verdicts, table, out, overrides)}
            book.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StorageFailed(f"the audit could not be written: {error.strerror}", file=audit) from error
    return audit


def require_passing(
    verdicts: Sequence[Verdict], table: RuleTable, out: Path, overrides: Sequence[Override] = ()
) -> None:
    """Refuse what fails without leave.

    Raises:
        Refused: A rule fails that nobody gave leave for.
    """
    left = uncovered(verdicts, overrides)
    if not left:
        return
    names, first = sorted({one.rule for one in left}), left[0]
    raise Refused(
        f"the plan fails {len(left)} figures of {table.locale}: {', '.join(names)}",
        file=out,
        place=f"signal {first.tls_id}, {first.rule}, {first.subject}",
        expected="a plan that passes, or a named override for each rule that fails",
        remedy=f"mend it, or: --override {names[0]}='WHY IT MAY FAIL HERE'",
    )


def require_audited(out: Path) -> None:
    """Refuse a file that is not as it was when it passed the rules, or was let through with a reason.

    Raises:
        Refused: There is no audit beside it, or the file was changed since.
    """
    audit, lines = audit_file(out), list[dict[str, Any]]()
    if audit.is_file():
        lines = [json.loads(line) for line in audit.read_text(encoding="utf-8").splitlines() if line.strip()]
    own = [line for line in lines if line.get("file") == out.name]
    if not own or not out.exists() or own[-1].get("sha256") != _digest(out):
        raise Refused(
            "it was changed since it passed the rules" if own else "no audit says that it passed the rules",
            file=out,
            expected=f"the file as it was exported, with {audit.name} beside it",
            remedy="export it again: twin signals export",
        )


def _digest(out: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of a folder's files in their order."""
    if not out.is_dir():
        return hashlib.sha256(out.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(out.iterdir()):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _line(verdicts: Sequence[Verdict], table: RuleTable, out: Path, overrides: Sequence[Override]) -> dict[str, Any]:
    failing = [one for one in verdicts if one.passed is False]
    return {
        "file": out.name,
        "sha256": _digest(out),
        "rules": table.locale,
        "title": table.title["en"],
        "checked": len(verdicts),
        "failing": len(failing),
        "overrides": [
            {
                "rule": leave.rule,
                "signal": leave.signal,
                "reason": leave.reason,
                "failing": [
                    {"signal": v.tls_id, "subject": v.subject, "found": v.found, "required": v.required, "unit": v.unit}
                    for v in failing
                    if leave.covers(v)
                ],
            }
            for leave in overrides
        ],
    }
