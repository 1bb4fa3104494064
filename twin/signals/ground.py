"""`SignalGround`: a city's signals, what they run now, and how those plans stand against the rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput, NotThere
from twin.signals.sheets import sheet_of

if TYPE_CHECKING:
    from networks import City, Corridor, Layout, SignalPlan, Verdict
    from viz.signals.sheets.sheet import SignalSheet

_RUNNING_FOR_S = 5.0
"""What receivers said that they run is asked again after so many seconds."""


class SignalGround:
    """Signals of one network; the network itself never changes while it is open.

    Args:
        net_file: SUMO's network.
        plans: Of its files, by signal.
        running: Signals that run other plans than the files say.
        places: Longitude and latitude (degrees) of signals, as far as they are known.
    """

    def __init__(
        self,
        net_file: Path,
        plans: Mapping[str, SignalPlan],
        *,
        running: Callable[[], Mapping[str, SignalPlan]] = dict,
        places: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        from networks import read_layouts

        self.net_file, self.places = net_file, dict(places or {})
        self.layouts: dict[str, Layout] = read_layouts(net_file)
        self._filed = {tls: plans[tls] for tls in self.layouts if tls in plans}
        self._running, self._asked = running, -1e9
        self._told: dict[str, SignalPlan] = {}
        self._sheets: dict[tuple[SignalPlan, str], SignalSheet] = {}
        self._corridors: dict[tuple[str, ...], Corridor] = {}

    @classmethod
    def of(
        cls,
        city: City,
        *,
        net: Path | None = None,
        additionals: Iterable[Path] = (),
        running: Callable[[], Mapping[str, SignalPlan]] = dict,
    ) -> SignalGround:
        """Of a city, or of a case in it: plans in its additional files go before the network's own.

        Raises:
            BadInput: A file is damaged.
        """
        from twin.advice import AdviceGround

        ground = AdviceGround.of(net or city.net_file, additionals)
        return cls(ground.net_file, ground.plans, running=running, places=_places(city))

    def today(self) -> dict[str, SignalPlan]:
        """What each signal runs, by id."""
        if time.monotonic() - self._asked > _RUNNING_FOR_S:
            told = {tls: plan for tls, plan in self._running().items() if tls in self._filed}
            self._told, self._asked = told, time.monotonic()
        return self._filed | self._told

    def plan(self, tls: str) -> SignalPlan:
        """What one signal runs.

        Raises:
            NotThere: There is no such signal.
        """
        known = self.today()
        if tls not in known:
            near = ", ".join(sorted(known)[:3]) or "none: this city has no signals"
            raise NotThere(f"there is no signal {tls!r}", expected=f"one of {near}" if near.count(",") else near)
        return known[tls]

    def layout(self, tls: str) -> Layout:
        """The ground of one signal.

        Raises:
            NotThere: There is no such signal.
        """
        return self.layouts[self.plan(tls).tls_id]

    def sheet(self, plan: SignalPlan, rules: str, *, keep: bool = True) -> SignalSheet:
        """A plan on its ground, held against a locale's rules.

        Args:
            plan: Of a signal of this network.
            rules: Name of a locale.
            keep: It is asked for again: what runs today.

        Raises:
            NotThere: There is no such signal.
            BadInput: The plan cannot be run there at all.
        """
        from networks import read_rules

        key = plan, rules
        if key in self._sheets:
            return self._sheets[key]
        sheet = sheet_of(self.layout(plan.tls_id), plan, read_rules(rules))
        if keep:
            self._sheets[key] = sheet
        return sheet

    def judged(self, plans: Iterable[SignalPlan], rules: str) -> list[Verdict]:
        """Verdicts on plans, and on the change to them from what runs today.

        Raises:
            NotThere: There is no such signal.
            BadInput: A plan cannot be run there at all.
        """
        from networks import check_plans, read_rules

        own = list(plans)
        today = {plan.tls_id: self.plan(plan.tls_id) for plan in own}
        return check_plans(own, self.layouts, read_rules(rules), today=today)

    def corridor(self, signals: tuple[str, ...]) -> Corridor:
        """The way over signals in this order.

        Raises:
            BadInput: No car can drive so.
            NotThere: There is no such signal.
        """
        from networks import find_corridor

        for tls in signals:
            self.plan(tls)
        if any(one == other for one, other in pairwise(signals)):
            raise BadInput("a signal follows itself", expected="signals in the order of travel")
        if signals not in self._corridors:
            found = find_corridor(self.net_file, signals)
            if len(self._corridors) > 100:
                self._corridors.clear()
            self._corridors[signals] = found
        return self._corridors[signals]


def _places(city: City) -> dict[str, tuple[float, float]]:
    """Where signals stand, as far as the city has them and lies somewhere."""
    from viz.blocks import lonlat

    layer = city.layer("signals")
    if not len(layer) or not city.georeferenced:
        return {}
    points = layer.geometry.centroid
    at = lonlat(list(zip(points.x, points.y, strict=True)), city.crs)
    return {str(tls): (lon, lat) for tls, (lon, lat) in zip(layer["tls_id"], at, strict=True)}
