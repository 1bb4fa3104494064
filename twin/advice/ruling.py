"""Signal plans of advice held against a locale's rules: they may fail nothing that today's plans do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from networks import SignalPlan, check_plans, read_layouts, read_rules
from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import Layout, RuleTable, Verdict


@dataclass(frozen=True)
class Refusal:
    """A plan that is not proposed.

    Attributes:
        tls_id: The signal.
        why: In words.
    """

    tls_id: str
    why: Sentence


@dataclass
class Rules:
    """A table of rules on the ground of a network.

    Attributes:
        net_file: SUMO's network.
        name: A locale, or a file of a city's own.
    """

    net_file: Path
    name: str | Path = "rilsa"
    _known: dict[SignalPlan, list[Verdict]] = field(default_factory=dict)

    @cached_property
    def table(self) -> RuleTable:
        """The rules."""
        return read_rules(self.name)

    @cached_property
    def layouts(self) -> dict[str, Layout]:
        """The ground, by signal."""
        return read_layouts(self.net_file)

    def refusal(self, today: SignalPlan, plan: SignalPlan) -> Refusal | None:
        """Why a plan may not be proposed; None: it fails nothing that today's does not fail as badly.

        What a signal fails today is no reason against a shift of green, and nothing that advice makes better or worse;
        the change itself is judged, too.

        Args:
            today: What the signal runs.
            plan: What it would run.
        """
        title = self.table.title
        try:
            before, after = self._verdicts(today, today), self._verdicts(plan, today)
        except (BadInput, KeyError) as error:
            what = error.what if isinstance(error, BadInput) else "its ground is not known"
            return Refusal(
                plan.tls_id,
                say(
                    f"{plan.tls_id}: cannot be held against {title['en']}: {what}",
                    f"{plan.tls_id}：无法依据{title['zh']}核查（{what}）",
                ),
            )
        worse = worsened(before, after)
        if not worse:
            return None
        rules = ", ".join(dict.fromkeys(f"{one.rule} {one.subject}".rstrip() for one in worse[:2]))
        return Refusal(
            plan.tls_id,
            say(
                f"{plan.tls_id}: would fail {len(worse)} figures of {title['en']} that today's plan does not: {rules}",
                f"{plan.tls_id}：将新增{len(worse)}项不符合{title['zh']}（{rules}）",
            ),
        )

    def said(self, plans: Sequence[SignalPlan], refused: Sequence[Refusal]) -> tuple[Sentence, ...]:
        """What the proposal rests on: its plans were held against the rules, and others were not let through."""
        title, told = self.table.title, []
        if plans:
            failing = sum(one.passed is False for plan in plans for one in self._verdicts(plan, plan))
            en = f"its signal plans fail nothing of {title['en']} that today's do not"
            zh = f"所含配时方案未新增不符合{title['zh']}之处"
            more = (
                (f"; {failing} figures fail today as well", f"；现行方案已有{failing}项不符合") if failing else ("", "")
            )
            told.append(say(en + more[0], zh + more[1]))
        told += [say(f"not proposed: {one.why['en']}", f"未予推荐：{one.why['zh']}") for one in refused]
        return tuple(told)

    def _verdicts(self, plan: SignalPlan, today: SignalPlan) -> list[Verdict]:
        if plan != today:
            return check_plans([plan], self.layouts, self.table, today={plan.tls_id: today})
        if plan not in self._known:
            self._known[plan] = check_plans([plan], self.layouts, self.table, today={plan.tls_id: today})
        return self._known[plan]


def worsened(before: Sequence[Verdict], after: Sequence[Verdict]) -> list[Verdict]:
    """Verdicts that fail where nothing failed before, or by more than before."""
    known = {(one.rule, one.subject): one for one in before if one.passed is False}
    found = []
    for one in after:
        old = known.get((one.rule, one.subject))
        if one.passed is False and (old is None or _short(one) > _short(old) + 1e-6):
            found.append(one)
    return found


def _short(one: Verdict) -> float:
    """By how much a figure misses what is asked."""
    return math.inf if one.found is None else abs(one.found - one.required)
