"""How each person walks in continuous space."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from networks import BadInput


@dataclass(frozen=True)
class Walking:
    """Figures of the collision-free speed model, the same for all but the speed.

    A person walks at `max(0, min(speed, (spacing - 2 radius) / time gap))`, where spacing is the distance to whoever
    is in front; the direction bends away from neighbours and walls by `strength x exp(-gap / range)`.
    Source: Tordeux, Chraibi and Seyfried 2016, doi:10.1007/978-3-319-33482-0_29 (arXiv:1512.05597). Time gap and radius
    are fitted to bottlenecks of 0.5 and 3 m in the laboratory (`models.crowd.validation.laboratory`); the radius is
    what somebody keeps clear for sure, not the width of a body. Walls push harder than in JuPedSim's defaults: with
    those and this step, people in a crush are pushed through walls.

    Attributes:
        time_gap_s: Time that somebody keeps to the person in front (s).
        radius_m: Radius of a body (m).
        neighbour_strength: Strength of the bend away from neighbours.
        neighbour_range_m: Its range (m).
        wall_strength: Strength of the bend away from walls.
        wall_range_m: Its range (m).
        step_s: Step of the simulation (s).

    Raises:
        BadInput: A figure that is not a number above 0, or a step above a tenth of a second.
    """

    time_gap_s: float = 0.74
    radius_m: float = 0.12
    neighbour_strength: float = 8.0
    neighbour_range_m: float = 0.1
    wall_strength: float = 20.0
    wall_range_m: float = 0.03
    step_s: float = 0.05

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise BadInput(f"{field.name} is {value}", place="walking", expected="a number above 0")
        if self.step_s > 0.1:
            raise BadInput(
                f"step_s is {self.step_s}", place="walking", expected="at most 0.1 s, or people walk through others"
            )
