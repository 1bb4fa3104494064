"""The separate clocks of a call, and how long the steps take that nobody drives."""

from __future__ import annotations

from dataclasses import dataclass

WALK_MPS = 1.3
"""On foot from the vehicle, with equipment (guess: a pedestrian's usual speed)."""


@dataclass(frozen=True)
class Delays:
    """Steps that take time without driving; defaults are guesses, to be replaced by the service's records.

    Attributes:
        handling_s: From the call to the order.
        turnout_s: From the order to wheels rolling, where the unit does not say; none for one that is on the road.
        access_s: From arrival at the road to contact, on top of the walk to a place off the road.
        handover_s: At the hospital.
        hold_s: Treating where one is, when no hospital can be reached.
    """

    handling_s: float = 60.0
    turnout_s: float = 90.0
    access_s: float = 60.0
    handover_s: float = 900.0
    hold_s: float = 1800.0
