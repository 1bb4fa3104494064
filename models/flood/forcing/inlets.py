"""Inlets: gratings through which streets drain, and how much of them is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.flood.constants import GRAVITY
from models.flood.forcing.series import positive_s
from models.flood.surface.water import Water
from models.streams import stream
from networks.errors import BadInput

WEIR, ORIFICE = 1.66, 0.67
"""Coefficients of a grating in a sag (m**0.5/s; none). Source: FHWA, Urban Drainage Design Manual, HEC-22, grate inlets
in sags; secondary source: SWMM's and other codes' inlets that quote it, the manual itself was not read."""


@dataclass(frozen=True)
class Inlet:
    """A grating.

    Attributes:
        inlet_id: Its name.
        cell: Flat index of its cell.
        perimeter_m: Length (m) over which water falls in, without the kerb's side.
        area_m2: Clear opening (m2).
        blocked: Share that is blocked, 0 to 1.
        most_m3s: What the pipe behind it can take (m3/s).
        node: The SWMM node that it leads to, or "".

    Raises:
        BadInput: A size that is not positive or a share outside 0 to 1.
    """

    inlet_id: str
    cell: int
    perimeter_m: float
    area_m2: float
    blocked: float = 0.0
    most_m3s: float = float("inf")
    node: str = ""

    def __post_init__(self) -> None:
        for name in ("perimeter_m", "area_m2", "most_m3s"):
            if not getattr(self, name) > 0:
                value = getattr(self, name)
                raise BadInput(f"inlet {self.inlet_id}: {name} is {value:g}", place=name, expected="a positive number")
        if not 0 <= self.blocked <= 1:
            raise BadInput(f"inlet {self.inlet_id}: blocked is {self.blocked:g}", place="blocked", expected="0 to 1")

    def capture_m3s(self, depth_m: float) -> float:
        """What it takes (m3/s) of water of a depth (m): a weir along its edge or an orifice, whichever is less.

        Blocking takes the same share off the edge and off the opening.
        """
        weir = WEIR * self.perimeter_m * depth_m**1.5
        orifice = ORIFICE * self.area_m2 * float(np.sqrt(2 * GRAVITY * depth_m))
        return min((1 - self.blocked) * min(weir, orifice), self.most_m3s)


class Inlets:
    """Gratings that take what their cells hold into drains that are never full; a `Forcing`.

    Args:
        inlets: The gratings.
        every_s: Longest piece of time (s).
        name: The ledger's booking.
    """

    def __init__(self, inlets: Sequence[Inlet], *, every_s: float = 5.0, name: str = "inlets") -> None:
        self.name, self.every_s, self.inlets = name, positive_s(every_s), tuple(inlets)

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        """Let each take its part."""
        depth = water.depth_m.reshape(-1)
        wanted = [one.capture_m3s(float(depth[one.cell])) * (end_s - begin_s) for one in self.inlets]
        if self.inlets:
            water.take(self.name, [one.cell for one in self.inlets], wanted)


def block_some(inlets: Sequence[Inlet], share: float, seed: int) -> tuple[Inlet, ...]:
    """The same inlets, each wholly blocked with a probability, by the stream `blocked inlets`; others as they were.

    Raises:
        BadInput: A probability outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise BadInput(f"a share of {share:g} of blocked inlets", place="share", expected="from 0 to 1")
    drawn = stream(seed, "blocked inlets").random(len(inlets)) < share
    return tuple(replace(one, blocked=1.0) if shut else one for one, shut in zip(inlets, drawn, strict=True))


def blocked_capacity(capacity_mm_h: np.ndarray, share: float, seed: int) -> np.ndarray:
    """The drains' capacity (mm/h) of each cell, with a share of cells' inlets blocked, by the stream `blocked inlets`.

    Raises:
        BadInput: A share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise BadInput(f"a share of {share:g} of blocked inlets", place="share", expected="from 0 to 1")
    return np.where(stream(seed, "blocked inlets").random(capacity_mm_h.shape) < share, 0.0, capacity_mm_h)
