"""A recommendation in words and as JSON, as the desk's commands tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin import Desk, DeskEntry


def document(entry: DeskEntry) -> dict[str, object]:
    """What was proposed, its state, and who said what."""
    told = dict(entry.document) | {"status": entry.status}
    if entry.approvals:
        told["approvals"] = [
            {"who": one.who, "role": one.role, "version": one.version, "why": one.why, "at": one.at.isoformat()}
            for one in entry.approvals
        ]
    if entry.decision is not None:
        made = entry.decision
        told["decision"] = {"who": made.who, "why": made.why, "at": made.decided_at.isoformat()}
        if made.changed:
            told["decision"] = {**told["decision"], "changed": made.changed}
            told["approved_action"] = list(entry.action)
    if entry.withdrawn is not None:
        told["withdrawn"] = entry.withdrawn
    return told


def line(entry: DeskEntry) -> str:
    """One line for a list."""
    title = entry.document.get("title") or {}
    text = title.get("en") if isinstance(title, dict) else str(title)
    if entry.withdrawn is not None:
        by = f"  by {entry.withdrawn}"
    elif entry.decision is not None:
        changed = f" (changed: {entry.decision.changed})" if entry.decision.changed else ""
        by = f"  by {entry.decision.who}: {entry.decision.why}{changed}"
    else:
        yes = f"  approved by {', '.join(one.who for one in entry.approvals)}, not enough" if entry.approvals else ""
        by = f"  until {entry.document['valid_until']}{yes}"
    return f"{entry.rec_id}  {entry.status:9}{by}  {entry.kind}: {text or ''}"


def what_next(desk: Desk, entry: DeskEntry) -> list[str]:
    """What it takes to be approved, or whether it may leave; one sentence a line."""
    if entry.status == "proposed":
        return _what_it_takes(desk, entry)
    if entry.status != "approved":
        return [f"it is {entry.status}: nothing of it leaves the twin"]
    permission = desk.permission(entry.rec_id)
    if permission is not None:
        return [f"it may leave until {permission.not_after.isoformat()} ({permission.allowed_by})"]
    return [
        "nothing of it leaves the twin now: its time has passed, an asset changed meanwhile, or its autonomy is "
        "shadow or advise (twin desk autonomy show)"
    ]


def _what_it_takes(desk: Desk, entry: DeskEntry) -> list[str]:
    needed, pending = desk.needed(entry), entry.pending
    told = [f"it takes {needed} {'person' if needed == 1 else 'different people'} to approve it"]
    for version in entry.versions if pending is not None else ():
        yes = ", ".join(one.who for one in entry.approvals if one.version == version.version)
        what = version.told or "as it was proposed"
        told.append(f"--version {version.version}: {what}{f', approved by {yes}' if yes else ''}")
    if pending is None and entry.approvals:
        told.append(f"{', '.join(one.who for one in entry.approvals)} approved it; another person must as well")
    return told
