"""A step: the shortest part of a cycle in which nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

from networks.signals.plans.phase_terms import FREE, PhaseTerms


@dataclass(frozen=True)
class Step:
    """What every lamp group shows for some seconds.

    Attributes:
        seconds: How long it lasts.
        least_s, most_s: Its limits; equal to `seconds` where it has none.
        shows: One of SUMO's letters for each lamp group of the timing: G g green, y yellow, r red, u red-amber, s stop.
        name: Its name in the file, perhaps empty.
        following: Numbers, counted from the begin of the cycle, of the steps that may come next; empty: the one behind.
        terms: What else its begin and end hang on: the clock of the cycle, a condition.
    """

    seconds: float
    least_s: float
    most_s: float
    shows: str
    name: str = ""
    following: tuple[int, ...] = ()
    terms: PhaseTerms = FREE
