"""A verdict: one rule held against one thing of a plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from networks.sentence import Sentence


@dataclass(frozen=True)
class Verdict:
    """What a rule asks, what a plan shows, and whether that is right.

    Attributes:
        tls_id: The signal.
        rule: Name of the rule.
        subject: What it is about: a lamp, two lamps, a link, a crossing.
        required: What the rule asks here, in `unit`.
        found: What the plan shows; None where it shows nothing of the kind.
        unit: Of both.
        passed: None where the plan alone cannot tell.
        clause, source: Of the rule.
        why: In words, both languages.
    """

    tls_id: str
    rule: str
    subject: str
    required: float
    found: float | None
    unit: str
    passed: bool | None
    clause: str
    source: str
    why: Sentence

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)
