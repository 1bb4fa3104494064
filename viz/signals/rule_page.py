"""The rules that plans were held against as a part of a page, and as a page: what fails, then every rule's source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.rules.meanings import CHECKS, MEANINGS
from networks.rules.row import COMPARISONS, Row
from viz.report import templates
from viz.signals.page import page
from viz.text import both, spans

if TYPE_CHECKING:
    from networks import RuleTable, Verdict

_SIGNS = COMPARISONS | {"least": "≥", "most": "≤"}
_COUNTS = ("pairs", "links", "phases")
_ORDER = {rule: n for n, rule in enumerate(CHECKS)}


def rule_page(verdicts: Sequence[Verdict], table: RuleTable, title: str) -> str:
    """One HTML file, English and Chinese, for screens and A4 paper."""
    failing = [one for one in verdicts if one.passed is False]
    right = sum(one.passed is True for one in verdicts)
    lead = both(
        "rule_check.lead",
        signals=len({one.tls_id for one in verdicts}),
        right=right,
        wrong=len(failing),
        bad=len({one.tls_id for one in failing}),
        untold=len(verdicts) - right - len(failing),
    )
    kind = both("rule_check.kind") + Markup(": ") + spans(table.title)
    return page(title, [rule_sheet(verdicts, table)], kind=kind, lead=lead)


def rule_sheet(verdicts: Sequence[Verdict], table: RuleTable) -> Markup:
    """What fails, the worst of each signal and rule, and every rule with its value and source."""
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for one in verdicts:
        if one.passed is False:
            grouped.setdefault((one.rule, one.tls_id), []).append(one)
    rules = sorted({rule for rule, _ in grouped}, key=_ORDER.__getitem__)
    failing = [
        {
            "meaning": spans(MEANINGS[rule]),
            "worst": [_worst(found) for (name, _), found in sorted(grouped.items()) if name == rule],
        }
        for rule in rules
    ]
    shown = {"failing": failing, "rows": _rows(verdicts, table)}
    return Markup(templates().get_template("rule_check.html.j2").render(shown))


def _worst(found: Sequence[Verdict]) -> dict[str, Any]:
    worst = max(found, key=lambda one: (abs((one.found or 0.0) - one.required), one.subject))
    counted = worst.unit in _COUNTS
    return {
        "verdict": worst,
        "shows": "" if counted or worst.found is None else f"{worst.found:g} {worst.unit}",
        "asked": "" if counted else f"{worst.required:.3g} {worst.unit}",
        "count": len(found),
        "why": spans(worst.why) if worst.why["en"] else "",
    }


def _rows(verdicts: Sequence[Verdict], table: RuleTable) -> list[dict[str, Any]]:
    held: dict[str, list[Verdict]] = {}
    for one in verdicts:
        held.setdefault(one.rule, []).append(one)
    return [
        _row(row, held.get(rule, []))
        for rule, row in table.rows.items()
        if held.get(rule) or not rule.startswith("transition")
    ]


def _row(row: Row, own: Sequence[Verdict]) -> dict[str, Any]:
    counts = [sum(one.passed is state for one in own) for state in (True, False, None)]
    untold = next((one.why for one in own if one.passed is None), None)
    return {
        "row": row,
        "meaning": spans(MEANINGS[row.rule]),
        "value": f"{_SIGNS[row.compare]} {row.told}",
        "held": ", ".join(map(str, counts)) if row.rule in CHECKS else "",
        "untold": spans(untold) if untold else "",
    }
