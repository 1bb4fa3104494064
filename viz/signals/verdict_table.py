"""Rules held against a plan, as a part of a page: what fails first, each with what is asked and who asks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from networks.rules.meanings import MEANINGS
from viz.report import templates
from viz.text import spans, words

if TYPE_CHECKING:
    from networks import Sentence, Verdict


def verdict_table(verdicts: Sequence[Verdict]) -> Markup:
    """Every rule with its count of figures right, wrong and not to be told; below, what fails, in words.

    Args:
        verdicts: Of one plan and one table of rules (networks.check_rules).
    """
    rules = sorted({one.rule for one in verdicts}, key=list(MEANINGS).index)
    shown: dict[str, Any] = {"rules": [_rule(rule, [v for v in verdicts if v.rule == rule]) for rule in rules]}
    shown["rules"].sort(key=lambda one: not one["wrong"])
    shown["failing"] = [
        {"subject": v.subject, "why": spans(_why(v))}
        for rule in rules
        for v in verdicts
        if v.rule == rule and v.passed is False
    ]
    return Markup(templates().get_template("verdicts.html.j2").render(shown))


def _why(verdict: Verdict) -> Sentence:
    """Its own words, or the rule with what was found and asked."""
    if verdict.why["en"]:
        return verdict.why
    found = 0.0 if verdict.found is None else round(verdict.found, 1)
    told = words("rules.found", found=f"{found:g}", asked=f"{round(verdict.required, 1):g}", unit=verdict.unit)
    return {tongue: f"{MEANINGS[verdict.rule][tongue]}{told[tongue]}" for tongue in told}


def _rule(rule: str, own: Sequence[Verdict]) -> dict[str, Any]:
    asked = sorted({one.required for one in own})
    figures = "–".join(dict.fromkeys(f"{round(one, 1):g}" for one in (asked[0], asked[-1])))
    sources = sorted({f"{one.source} ({one.clause})" if one.clause else one.source for one in own})
    return {
        "name": rule,
        "meaning": spans(MEANINGS[rule]),
        "asked": f"{figures} {own[0].unit}",
        "right": sum(one.passed is True for one in own),
        "wrong": sum(one.passed is False for one in own),
        "untold": sum(one.passed is None for one in own),
        "source": "; ".join(sources),
    }
