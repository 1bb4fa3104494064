"""Coordination: which stages are held for the green wave, and when the others may begin and must end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class ReferencePoint(Enum):
    """The moment of the cycle that an offset tells."""

    BEGIN_OF_CYCLE = "begin_of_cycle"
    """The first second of the plan's first step: SUMO's offset."""
    BEGIN_OF_GREEN = "begin_of_green"
    """The first coordinated phase turns green (TS2), or the last one (TS1)."""
    BEGIN_OF_YELLOW = "begin_of_yellow"
    """The first coordinated phase turns yellow (type 170)."""
    BEGIN_OF_RED = "begin_of_red"
    """The first coordinated phase turns red."""


@dataclass(frozen=True)
class Coordination:
    """How a stage-based or ring-based controller keeps step with its neighbours.

    Attributes:
        stages: Names of the coordinated stages.
        reference: The moment that the offset tells.
        reference_stage: The stage that it is a moment of; "" for the begin of the cycle.
        force_offs_s: Stage -> local second (0 is the reference point) at which its green must end.
        permissives_s: Stage -> local seconds between which a call may still begin it; both may lie beyond the cycle.
    """

    stages: tuple[str, ...]
    reference: ReferencePoint
    reference_stage: str
    force_offs_s: Mapping[str, float]
    permissives_s: Mapping[str, tuple[float, float]]
