"""When a blue light reaches a stop line, and how long the queue before it takes to leave."""

from __future__ import annotations

from dataclasses import dataclass

START_S, HEADWAY_S = 2.0, 2.0
"""Start-up lost time, and the saturation headway of 1800 vehicles an hour and lane (secondary source: TRB, Highway
Capacity Manual 2010, chapter 18: 2 s of start-up lost time, base saturation flow 1900 passenger cars an hour)."""
AWAY_S = 8.0
"""So much sooner still: the last of the queue then drives, at the limit, where the faster vehicle does not meet it at
once. Tried on a made-up street of three signals (0, 8, 15 s: 31, 34, 35 % less travel time), for nothing else."""


@dataclass(frozen=True)
class Arrival:
    """What a signal has to be ready for.

    Attributes:
        tls_id: The signal.
        links: Positions in its states that let the vehicle go, of every lane.
        early_s, late_s: When the vehicle comes to the stop line, at the soonest and at the latest.
        queue: Vehicles that it finds before it on the fullest lane.
        lane: Further links of the same lanes.
    """

    tls_id: str
    links: tuple[int, ...]
    early_s: float
    late_s: float
    queue: float = 0.0
    lane: tuple[int, ...] = ()

    @property
    def begin_s(self) -> float:
        """When the green must begin so that the queue is gone, and away, when the vehicle comes."""
        return self.early_s - discharge_s(self.queue) - AWAY_S


def discharge_s(queue: float) -> float:
    """Seconds of green that a standing queue needs to leave.

    Args:
        queue: Vehicles on the fullest lane; none needs no time.
    """
    return START_S + HEADWAY_S * queue if queue > 0 else 0.0
