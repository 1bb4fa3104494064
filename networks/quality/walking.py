"""Checks of the walk graph."""

from __future__ import annotations

from networks.quality.check import Check, Offender, found, share
from networks.quality.evidence import Evidence
from networks.quality.signals import near_crossings


def walking_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `walking`."""
    return [_connected(evidence), _crossings(evidence)]


def _connected(evidence: Evidence) -> Check:
    kept = sum(float(link["length_m"]) for link in evidence.layer("walk_links"))
    lost = evidence.notes.get("walk_length_left_out_m")
    return found("walk_connected", None if lost is None else share(kept, kept + float(lost)))


def _crossings(evidence: Evidence) -> Check:
    if not evidence.crossings and not evidence.layer("walk_links"):
        return found("crossings_at_signals", None)
    rows, crossed = evidence.layer("signals"), near_crossings(evidence)
    without = [row for row, crossing in zip(rows, crossed, strict=True) if not crossing]
    offenders = [Offender(row["tls_id"], row["geometry"].x, row["geometry"].y) for row in without]
    return found("crossings_at_signals", share(len(rows) - len(without), len(rows)), offenders)
