"""A ring plan: the phases of a ring-and-barrier controller, as North American formats tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from networks.errors import BadInput
from networks.timing.timing import Control

MOST_PHASES = 8
"""Phases of a NEMA TS 2 dual-ring controller (secondary source: FHWA, Traffic Signal Timing Manual, 2008)."""
_SAME_S = 1e-6


@dataclass(frozen=True)
class RingPhase:
    """A phase: links that get their green together, and its times.

    Attributes:
        number: 1 to 8.
        barrier, ring, position: Where it stands, each from 1 on: between which barriers, in which ring, which in turn.
        protected: Links that have the way in it.
        permitted: Links that are green in it and give way.
        green_s, least_s, most_s: Its green today and its limits.
        yellow_s, red_s: What follows its green; green, yellow and red are its split.
        walk_s, clearance_s: For people on foot, 0 where it serves none: their walk, shortened so that the clearance
            ends with the green where it can, and the clearance that they need, in whole seconds.
    """

    number: int
    barrier: int
    ring: int
    position: int
    protected: frozenset[int]
    permitted: frozenset[int]
    green_s: float
    least_s: float
    most_s: float
    yellow_s: float
    red_s: float
    walk_s: float = 0.0
    clearance_s: float = 0.0

    @property
    def split_s(self) -> float:
        """Green, yellow and red."""
        return self.green_s + self.yellow_s + self.red_s

    @property
    def place(self) -> tuple[int, int, int]:
        """Barrier, ring and position."""
        return self.barrier, self.ring, self.position


@dataclass(frozen=True)
class RingPlan:
    """The phases of one programme of one signal.

    Attributes:
        tls_id: The controller.
        program_id: The programme.
        control: How the lengths of greens are decided.
        offset_s: The first barrier's phases begin this long after a multiple of the cycle.
        phases: In the order of their places; in each barrier the splits of both rings add up to the same.
        constant: Link -> the letter that it always shows: those that no phase serves.
        red: The letter of each link when it may not go.
        without_yellow: Links whose green ends without yellow: people on foot.
        red_ambers_s: Link -> seconds of red-amber before its green, where it has any.
        interrupted: (link, phase): the link turns yellow and red behind this phase although what follows serves it,
            too; others stay green.
        source: Where its figures come from.
        params: Further parameters that SUMO takes, by name.
    """

    tls_id: str
    program_id: str
    control: Control
    offset_s: float
    phases: tuple[RingPhase, ...]
    constant: Mapping[int, str]
    red: str
    without_yellow: frozenset[int]
    red_ambers_s: Mapping[int, float]
    interrupted: frozenset[tuple[int, int]]
    source: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def rings(self) -> tuple[int, ...]:
        """Numbers of the rings that have phases."""
        return tuple(sorted({phase.ring for phase in self.phases}))

    def barrier_lengths(self) -> dict[int, float]:
        """Seconds between the barriers, by number.

        Raises:
            BadInput: The rings do not meet at a barrier, or two phases claim one place.
        """
        lengths: dict[int, float] = {}
        for (barrier, ring), members in groupby(sorted(self.phases, key=lambda p: p.place), key=lambda p: p.place[:2]):
            own = list(members)
            if len({phase.position for phase in own}) < len(own):
                raise self._wrong(f"two phases claim one place in ring {ring} before barrier {barrier}")
            total = sum(phase.split_s for phase in own)
            if abs(lengths.setdefault(barrier, total) - total) > _SAME_S:
                names = ", ".join(str(phase.number) for phase in own)
                raise self._wrong(
                    f"ring {ring} does not meet barrier {barrier}: the splits of phases {names} add up to {total:g} s,"
                    f" those of the ring beside it to {lengths[barrier]:g} s"
                )
        return lengths

    @property
    def cycle_s(self) -> float:
        """Sum of what lies between the barriers."""
        return sum(self.barrier_lengths().values())

    def begins_s(self) -> dict[int, float]:
        """Second after the begin of the first barrier's phases at which each phase begins, by number."""
        begins, now = dict[int, float](), 0.0
        for barrier, length in sorted(self.barrier_lengths().items()):
            for ring in self.rings:
                begin = now
                for phase in sorted(self.phases, key=lambda p: p.place):
                    if (phase.barrier, phase.ring) == (barrier, ring):
                        begins[phase.number] = begin
                        begin += phase.split_s
            now += length
        return begins

    def _wrong(self, what: str) -> BadInput:
        return BadInput(
            what,
            place=f"signal {self.tls_id}",
            expected="rings whose phases end together at each barrier, each place taken once",
        )
