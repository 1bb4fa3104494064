"""One phase of a signal plan."""

from __future__ import annotations

from dataclasses import dataclass

from networks.signals.plans.phase_terms import FREE, PhaseTerms

CHANGE = "change"
"""Phases between stages have names that begin with it, also those that show no yellow."""


@dataclass(frozen=True)
class SignalPhase:
    """One phase of a plan.

    Attributes:
        duration_s: How long it lasts.
        state: One letter for each controlled link, SUMO's: G g green (g yields), y yellow, r red, u red-yellow, s stop,
            o O off.
        min_s, max_s: Limits for actuated control; equal to the duration where there are none.
        name: A name, perhaps empty.
        following: Numbers, from 0, of the phases that may come next; empty where it is the one behind it in the file.
        terms: What else its begin and end hang on: the clock of the cycle, a condition.
    """

    duration_s: float
    state: str
    min_s: float
    max_s: float
    name: str = ""
    following: tuple[int, ...] = ()
    terms: PhaseTerms = FREE

    @property
    def changing(self) -> bool:
        """Whether it lies between stages: its length is a matter of safety, not of choice."""
        return self.name.startswith(CHANGE) or any(letter in "yYu" for letter in self.state)
