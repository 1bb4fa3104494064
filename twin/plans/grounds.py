"""What a case rests on, as the audit keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from twin.alarms import Finding
from twin.desk.book import text_of
from twin.plans.signals import Signal


def signal_json(signal: Signal) -> dict[str, Any]:
    """A warning, JSON-ready."""
    return {
        "ground": f"signal {signal.signal_id} {signal.level}",
        "signal": signal.signal_id,
        "says": signal.head(),
        "level": signal.level,
        "begins": text_of(signal.begins),
        "ends": text_of(signal.ends) if signal.ends else None,
        "official": signal.official,
        "exercise": signal.exercise,
    }


def ground_of(finding: Finding, now: datetime) -> str:
    """The same as long as a finding says the same: that it comes, or is there, at its level."""
    return f"found {finding.key} {finding.level} {'there' if finding.begins <= now else 'coming'}"


def finding_json(finding: Finding, now: datetime) -> dict[str, Any]:
    """A finding, JSON-ready."""
    return {
        "ground": ground_of(finding, now),
        "kind": finding.kind,
        "subject": finding.subject,
        "level": finding.level,
        "says": finding.text,
        "at": text_of(finding.at),
        "begins": text_of(finding.begins),
        "there": finding.begins <= now,
        "probability": finding.probability,
    }
