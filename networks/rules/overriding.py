"""An override: somebody lets a plan leave although a rule fails, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from networks.errors import BadInput
from networks.rules.meanings import CHECKS
from networks.rules.verdict import Verdict

_HAN = re.compile("[\u4e00-\u9fff]")
LEAST_HAN = 4
"""Chinese has no blanks between words: so many characters are a reason."""


@dataclass(frozen=True)
class Override:
    """Leave to fail one rule.

    Attributes:
        rule: Its name.
        signal: Where; "" for every signal.
        reason: In the engineer's own words.
    """

    rule: str
    signal: str
    reason: str

    def covers(self, verdict: Verdict) -> bool:
        """Whether the leave is for this failure."""
        own = self.signal in ("", verdict.tls_id) or verdict.tls_id.startswith(f"{self.signal}/")
        return verdict.rule == self.rule and own


def read_override(words: str) -> Override:
    """`RULE=REASON`, or `RULE@SIGNAL=REASON`.

    Raises:
        BadInput: There is no such rule, or no reason.
    """
    name, _, reason = words.partition("=")
    rule, _, signal = name.partition("@")
    if rule not in CHECKS:
        raise BadInput(f"there is no rule {rule!r} to override", expected=", ".join(CHECKS))
    if len(reason.split()) < 2 and len(_HAN.findall(reason)) < LEAST_HAN:
        raise BadInput(
            f"the override of {rule} gives no reason",
            expected=f"words that the audit can keep: {rule}=WHY IT MAY FAIL HERE",
        )
    return Override(rule, signal, reason.strip())


def uncovered(verdicts: Iterable[Verdict], overrides: Iterable[Override]) -> list[Verdict]:
    """The failures that nobody gave leave for."""
    given = tuple(overrides)
    return [one for one in verdicts if one.passed is False and not any(leave.covers(one) for leave in given)]
