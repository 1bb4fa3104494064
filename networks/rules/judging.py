"""Verdicts on one plan, made one by one: a rule of the table, a subject, what was found."""

from __future__ import annotations

from dataclasses import dataclass

from networks.rules.table import RuleTable
from networks.rules.verdict import Verdict
from networks.sentence import Sentence, say

NOTHING = say("", "")


@dataclass(frozen=True)
class Judge:
    """Holds what a signal shows against the rows of a table.

    Attributes:
        tls_id: The signal.
        table: The rules.
    """

    tls_id: str
    table: RuleTable

    def asks(self, rule: str) -> bool:
        """Whether the table has the rule."""
        return rule in self.table

    def verdict(
        self, rule: str, subject: str, found: float | None, required: float | None = None, why: Sentence = NOTHING
    ) -> Verdict:
        """One verdict; without `required` the row's own figure. What shows nothing of the kind fails."""
        row = self.table.rows[rule]
        asked = row.value if required is None else required
        passed = found is not None and row.holds(found, asked)
        unit = row.unit.split(" by ")[0]
        return Verdict(self.tls_id, rule, subject, asked, found, unit, passed, row.clause, row.source, why)

    def counted(self, rule: str, subject: str, found: int, unit: str, why: Sentence = NOTHING) -> Verdict:
        """A verdict on what should not be there at all."""
        row = self.table.rows[rule]
        return Verdict(self.tls_id, rule, subject, 0.0, float(found), unit, not found, row.clause, row.source, why)

    def untold(self, rule: str, subject: str, why: Sentence, required: float | None = None) -> Verdict:
        """A verdict that the plan alone does not allow."""
        row = self.table.rows[rule]
        asked = row.value if required is None else required
        unit = row.unit.split(" by ")[0]
        return Verdict(self.tls_id, rule, subject, asked, None, unit, None, row.clause, row.source, why)
