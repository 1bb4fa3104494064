"""The rules that plans were held against, as a part of a page: what fails, then every rule with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.rules.meanings import CHECKS, MEANINGS
from networks.rules.row import COMPARISONS, Row
from viz.report import templates
from viz.text import spans, words

if TYPE_CHECKING:
    from networks import RuleTable, Sentence, Verdict

_SIGNS = COMPARISONS | {"least": "≥", "most": "≤"}
_COUNTS = ("pairs", "links", "phases")
_ORDER = {rule: n for n, rule in enumerate(CHECKS)}


def rule_sheet(verdicts: Sequence[Verdict], table: RuleTable, *, whole: bool = False) -> Markup:
    """What fails, and every rule with its value and source.

    Args:
        verdicts: On any number of plans.
        table: What they were held against.
        whole: Every failure in words, then the rules with a failure first, as a part of one signal's sheet; otherwise
            the worst of each signal and rule, and all rules that a plan can be held against, as sections of a page.
    """
    grouped: dict[tuple[str, str, int], list[Verdict]] = {}
    for number, one in enumerate(verdicts):
        if one.passed is False:
            grouped.setdefault((one.rule, one.tls_id, number if whole else 0), []).append(one)
    rules = sorted({rule for rule, *_ in grouped}, key=_ORDER.__getitem__)
    failing = [
        {
            "meaning": spans(MEANINGS[rule]),
            "worst": [_worst(found) for (name, *_), found in sorted(grouped.items()) if name == rule],
        }
        for rule in rules
    ]
    rows = _rows(verdicts, table)
    if whole:
        rows = sorted((row for row in rows if row["held"] and row["count"]), key=lambda row: not row["wrong"])
    shown = {"failing": failing, "rows": rows, "count": len(grouped)}
    template: Any = templates().get_template("rules_held.html.j2" if whole else "rule_check.html.j2")
    return Markup(template.render(shown))


def _worst(found: Sequence[Verdict]) -> dict[str, Any]:
    worst = max(found, key=lambda one: (abs((one.found or 0.0) - one.required), one.subject))
    counted = worst.unit in _COUNTS
    return {
        "verdict": worst,
        "shows": "" if counted or worst.found is None else f"{worst.found:g} {worst.unit}",
        "asked": "" if counted else f"{worst.required:.3g} {worst.unit}",
        "count": len(found),
        "why": spans(worst.why) if worst.why["en"] else "",
        "told": spans(_told(worst)),
    }


def _told(verdict: Verdict) -> Sentence:
    """Its own words, or the rule with what was found and asked."""
    if verdict.why["en"]:
        return verdict.why
    found = 0.0 if verdict.found is None else round(verdict.found, 1)
    told = words("rules.found", found=f"{found:g}", asked=f"{round(verdict.required, 1):g}", unit=verdict.unit)
    return {tongue: f"{MEANINGS[verdict.rule][tongue]}{told[tongue]}" for tongue in told}


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
        "count": len(own),
        "wrong": counts[1],
        "untold": spans(untold) if untold else "",
    }
