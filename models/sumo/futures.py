"""What nobody knows about the future: drivers, demand and weather, drawn by member.

libsumo cannot be given another seed, so untouched copies of a city stay equal for ever. Members of a forked ensemble
differ by these. Each draw comes from the stream of (member, purpose, vehicle): it does not depend on what else happens,
so a member meets the same future in every alternative.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from models.streams import stream
from models.sumo.change import AfterStep, Change

TWIN = ".twin"
"""Added to the name of a vehicle that a member's demand has twice."""
TIMETABLED = frozenset(["bus", "coach", "tram", "rail", "rail_urban", "rail_electric", "rail_fast", "subway", "ship"])
"""Classes that drive whatever the demand."""
SLOWEST = 0.3


@dataclass(frozen=True)
class Drivers(Change):
    """Every driver's wished speed, as a share of the limit, is multiplied by exp(spread x a normal draw).

    Attributes:
        member: Whose draws.
        spread: Standard deviation of the logarithm; .05 to .1 is what SUMO gives passenger cars from the start.
    """

    member: int
    spread: float

    def carry_out(self, sumo: Any) -> AfterStep:
        """All that are there or loaded; later drivers when SUMO loads them."""
        self._draw(sumo, sumo.vehicle.getLoadedIDList())
        return lambda after: self._draw(after, after.simulation.getLoadedIDList())

    def _draw(self, sumo: Any, names: Iterable[str]) -> None:
        for name in sorted(names):
            factor = math.exp(self.spread * stream(self.member, f"future drivers {name}").normal())
            with contextlib.suppress(sumo.TraCIException):  # the member's demand left it out
                sumo.vehicle.setSpeedFactor(name, max(sumo.vehicle.getSpeedFactor(name) * factor, SLOWEST))


@dataclass(frozen=True)
class Demand(Change):
    """The member's future demand is exp(spread x a normal draw) times the case's, from `level` on.

    Vehicles that are still to depart are left out, or driven twice, each by its own draw. Timetabled vehicles stay.

    Attributes:
        member: Whose draws.
        spread: Standard deviation of the logarithm of the member's level.
        level: The level of all members: 1 is the case's demand; at most twice the demand is driven.
    """

    member: int
    spread: float
    level: float = 1.0

    @property
    def factor(self) -> float:
        """The member's own level, 0 to 2."""
        return min(self.level * math.exp(self.spread * float(stream(self.member, "future demand").normal())), 2.0)

    def carry_out(self, sumo: Any) -> AfterStep:
        """Those that are loaded and not yet due; later vehicles when SUMO loads them, twins when they are due."""
        due = {*sumo.vehicle.getIDList(), *sumo.simulation.getPendingVehicles()}
        self._leave_out(sumo, set(sumo.vehicle.getLoadedIDList()) - due)

        def after_step(after: Any) -> None:
            departed = after.simulation.getDepartedIDList()
            fresh = {*departed, *after.simulation.getPendingVehicles()} - due
            self._leave_out(after, set(after.simulation.getLoadedIDList()) - fresh)
            self._double(after, fresh)
            due.update(fresh)

        return after_step

    def _double(self, sumo: Any, names: Iterable[str]) -> None:
        for name in sorted(names):
            if not name.endswith(TWIN) and self._draw(name) < self.factor - 1.0 and self._counts(sumo, name):
                route, kind = sumo.vehicle.getRouteID(name), sumo.vehicle.getTypeID(name)
                sumo.vehicle.add(f"{name}{TWIN}", route, kind, "now", "best", "base", "max")

    def _leave_out(self, sumo: Any, names: Iterable[str]) -> None:
        for name in sorted(names):
            if self._draw(name) > self.factor and not name.endswith(TWIN) and self._counts(sumo, name):
                sumo.vehicle.remove(name)

    def _draw(self, name: str) -> float:
        return float(stream(self.member, f"future demand {name}").uniform())

    def _counts(self, sumo: Any, name: str) -> bool:
        return sumo.vehicle.getVehicleClass(name) not in TIMETABLED


@dataclass(frozen=True)
class Weather(Change):
    """All limits are multiplied by exp(-spread x |a normal draw|): the member's weather slows everybody down.

    Attributes:
        member: Whose draw.
        spread: Standard deviation of the logarithm before it is folded.
    """

    member: int
    spread: float

    @property
    def factor(self) -> float:
        """The member's own factor, in (0, 1]."""
        return math.exp(-self.spread * abs(float(stream(self.member, "future weather").normal())))

    def carry_out(self, sumo: Any) -> None:
        """On every lane."""
        for lane in sumo.lane.getIDList():
            sumo.lane.setMaxSpeed(lane, sumo.lane.getMaxSpeed(lane) * self.factor)
