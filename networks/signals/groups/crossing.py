"""A crossing on foot beside a signal: the red that vehicles must have so that people get over."""

from __future__ import annotations

from dataclasses import dataclass

WALK_MPS = 1.2
"""Speed of pedestrians who clear a crossing: 1.2 m/s, 1.0 to 1.5 allowed (FGSV, RiLSA 2015); MUTCD 2009, 4E.06, takes
3.5 ft/s = 1.07 m/s."""


@dataclass(frozen=True)
class Crossing:
    """A crossing over one arm of a junction, whether or not the network holds it.

    Attributes:
        over: The edges that it crosses.
        stopped: Groups that must be red while people walk.
        width_m: What they walk.
        walk_s: Green for pedestrians.
        clearance_s: Time to finish crossing for who began at the end of the green.
        beyond: The edges of the other half, where an island lies between; empty where people cross all at once.
    """

    over: tuple[str, ...]
    stopped: tuple[str, ...]
    width_m: float
    walk_s: float
    clearance_s: float
    beyond: tuple[str, ...] = ()

    @property
    def need_s(self) -> float:
        """Red that the stopped groups need, from the end of their yellow on."""
        return self.walk_s + self.clearance_s
