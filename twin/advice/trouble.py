"""`Trouble`: findings that touch each other, for which there is to be one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from networks.sentence import Sentence
from twin.advice.ground import AdviceGround
from twin.alarms import Finding

ADVISED = ("incident", "spillback")
"""Kinds of findings about which something can be tried in the live town."""
REACH = 3
"""Over so many junctions upstream something can be done about trouble: what reaches the same streets is one plan."""
SHUNNED = 3
"""No driver keeps more streets in mind, and no sign has room for more."""


@dataclass(frozen=True)
class Trouble:
    """What is to be dealt with.

    Attributes:
        findings: Its findings, the worst first.
        blocked: Streets with something in the way.
        jammed: Streets whose queue is too long, and nothing stands in the way.
        reach: Streets on which something can be done about it, the troubled ones too.
    """

    findings: tuple[Finding, ...]
    blocked: tuple[str, ...]
    jammed: tuple[str, ...]
    reach: frozenset[str]

    @property
    def edges(self) -> tuple[str, ...]:
        """The troubled streets."""
        return tuple(dict.fromkeys((*self.blocked, *self.jammed)))

    @property
    def shunned(self) -> tuple[str, ...]:
        """Streets that drivers are told to keep away from: where something stands, else the worst of the queues.

        What queues behind a blocked street is its consequence: whoever is told to avoid all of it has no way left.
        """
        return self.blocked or self.jammed[:SHUNNED]

    @property
    def causes(self) -> tuple[str, ...]:
        """Keys of the findings with which the trouble ends: of what stands in the way, else of all."""
        blocking = [one.key for one in self.findings if one.subject in self.blocked and one.kind == "incident"]
        return tuple(blocking or [one.key for one in self.findings])

    @property
    def text(self) -> Sentence:
        """The worst finding, in words."""
        return self.findings[0].text


def troubles(findings: Sequence[Finding], ground: AdviceGround) -> list[Trouble]:
    """Findings grouped where they can be dealt with on the same streets; the worst group first.

    Findings of other kinds, and on streets that the network does not have, are left out.
    """
    groups: list[Trouble] = []
    for one in sorted(findings, key=lambda one: (-one.severity, one.key)):
        if one.kind not in ADVISED or one.subject not in ground.edges:
            continue
        blocked, jammed = ((one.subject,), ()) if one.kind == "incident" else ((), (one.subject,))
        merged = Trouble((one,), blocked, jammed, frozenset({one.subject, *ground.upstream((one.subject,), REACH)}))
        apart = [group for group in groups if not group.reach & merged.reach]
        for group in groups:
            if group.reach & merged.reach:
                merged = _joined(group, merged)
        groups = [*apart, merged]
    return sorted(groups, key=lambda group: -group.findings[0].severity)


def _joined(one: Trouble, other: Trouble) -> Trouble:
    findings = sorted((*one.findings, *other.findings), key=lambda finding: (-finding.severity, finding.key))
    blocked = tuple(dict.fromkeys((*one.blocked, *other.blocked)))
    jammed = tuple(edge for edge in dict.fromkeys((*one.jammed, *other.jammed)) if edge not in blocked)
    return Trouble(tuple(findings), blocked, jammed, one.reach | other.reach)
