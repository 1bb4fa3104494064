"""The page of rules that plans were held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.pages.page import page
from viz.signals.sheets.rule_sheet import rule_sheet
from viz.text import both, spans

if TYPE_CHECKING:
    from networks import RuleTable, Verdict


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
