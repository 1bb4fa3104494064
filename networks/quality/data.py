"""Checks of the map itself: how old it is, what its border cuts, what of it could not be used as it was."""

from __future__ import annotations

from collections import Counter

from networks.quality.check import Check, Offender, found, share
from networks.quality.evidence import Evidence


def data_checks(evidence: Evidence) -> list[Check]:
    """The checks of the family `data`."""
    notes = evidence.notes
    if evidence.source is None:
        return [found(name, None) for name in ("map_dated", "clipped_ways", "areas_incomplete")] + [_repairs(evidence)]
    dated = found("map_dated", float(bool(evidence.data_date)))
    clipped = found("clipped_ways", share(notes.get("clipped_ways", 0), notes.get("ways", 0)))
    return [dated, clipped, found("areas_incomplete", notes.get("incomplete_multipolygons")), _repairs(evidence)]


def _repairs(evidence: Evidence) -> Check:
    rules = Counter(repair.rule for repair in evidence.repairs)
    first = {repair.rule: repair for repair in reversed(evidence.repairs)}
    offenders = [
        Offender(rule, first[rule].x, first[rule].y, str(count))
        for rule, count in sorted(rules.items(), key=lambda r: (-r[1], r[0]))
    ]
    return found("repairs_made", float(len(evidence.repairs)), offenders)
