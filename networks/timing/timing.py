"""The timing of one signal: everything that its controller is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from networks.timing.coordination import Coordination
from networks.timing.detector import Detector
from networks.timing.lamps import LampGroup
from networks.timing.step import Step
from networks.timing.timed_stage import TimedStage


class Control(Enum):
    """How the lengths of greens are decided."""

    FIXED = "fixed"
    ACTUATED = "actuated"
    COORDINATED = "coordinated"
    MAX_PRESSURE = "max_pressure"


@dataclass(frozen=True)
class Timing:
    """One programme of one signal.

    Attributes:
        tls_id: The controller.
        program_id: The programme's name.
        control: How the lengths of greens are decided.
        engine: SUMO's word for what runs it: static, actuated, delay_based, NEMA.
        offset_s: The cycle begins this long after a multiple of the cycle time.
        groups: Lamp groups; each link belongs to exactly one.
        stages: In their order; the change behind the last leads to the first.
        starts_at: Number of the step, counted from the first of the first stage, with which the cycle begins.
        source: Where its figures come from, unless `sources` says otherwise.
        sources: Path of a figure, or of a part ("groups.P1", "stages.2.least_s") -> where it comes from.
        transitions: (stage, stage): the first may be followed by the second.
        coordination: None where the signal runs by itself.
        detectors: What it knows of the traffic.
        params: Further parameters that SUMO takes, by name.
    """

    tls_id: str
    program_id: str
    control: Control
    engine: str
    offset_s: float
    groups: tuple[LampGroup, ...]
    stages: tuple[TimedStage, ...]
    starts_at: int
    source: str
    sources: Mapping[str, str] = field(default_factory=dict)
    transitions: frozenset[tuple[str, str]] = frozenset()
    coordination: Coordination | None = None
    detectors: tuple[Detector, ...] = ()
    params: tuple[tuple[str, str], ...] = ()

    @property
    def cycle_s(self) -> float:
        """Sum of all steps, in the order in which they are shown."""
        return sum(step.seconds for step in self.steps())

    def steps(self) -> tuple[Step, ...]:
        """Every step, from the begin of the cycle on."""
        laid = tuple(self._laid())
        return laid[self.starts_at :] + laid[: self.starts_at]

    def begins_s(self) -> dict[str, float]:
        """Second of the cycle at which each stage begins, 0 up to the cycle."""
        laid, begins, now = tuple(self._laid()), dict[str, float](), 0.0
        before = sum(step.seconds for step in laid[: self.starts_at])
        for stage in self.stages:
            begins[stage.name] = (now - before) % self.cycle_s
            now += stage.split_s
        return begins

    def source_of(self, path: str) -> str:
        """Where a figure comes from: its own source, that of the part that holds it, or that of the timing."""
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            if (own := self.sources.get(".".join(parts[:length]))) is not None:
                return own
        return self.source

    def _laid(self) -> Iterator[Step]:
        for stage in self.stages:
            yield from stage.greens
            yield from stage.change
