"""What the hidden city's sensors say: what passed them, by each sensor's own factor, and by its fault if it has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.live.planted import Concert, Planted
from benchmarks.live.street_water import Water
from calibration import Observation
from models.streams import stream

GAUGE, SYNTHETIC = "gauge", True


@dataclass
class Passed:
    """What passed a sensor's street in the present period."""

    vehicles: int = 0
    driven_m: float = 0.0
    spent_s: float = 0.0
    before: frozenset[str] = field(default_factory=frozenset)

    @property
    def speed_mps(self) -> float | None:
        """Way driven by the time spent; None without anybody."""
        return self.driven_m / self.spent_s if self.spent_s > 0 else None


class Counters:
    """Sensors of streets: vehicles that entered a street or set out on it, and its mean speed."""

    def __init__(self, sumo: Any, planted: Planted, edges: Sequence[str]) -> None:
        self._sumo, self._planted, self.edges = sumo, planted, tuple(edges)
        self.passed = {edge: Passed() for edge in edges}
        errors = stream(planted.seed, "street sensors").normal(0.0, planted.error, len(edges))
        self._factor = dict(zip(sorted(edges), np.exp(errors), strict=True))
        self._last: dict[str, tuple[float, float | None]] = {}

    def after_step(self, step_s: float) -> None:
        """Look at every street."""
        edge, vehicle = self._sumo.edge, self._sumo.vehicle
        for name, passed in self.passed.items():
            here = edge.getLastStepVehicleIDs(name)
            now = frozenset(one for one in here if not one.startswith("blocked."))
            if now:
                passed.vehicles += len(now - passed.before)
                passed.driven_m += step_s * sum(vehicle.getSpeed(one) for one in now)
                passed.spent_s += step_s * len(now)
            passed.before = now

    def say(self, from_s: float, to_s: float) -> Iterator[Observation]:
        """What all of them say of a period, which ends with it."""
        for edge, passed in self.passed.items():
            told: tuple[float, float | None] = round(passed.vehicles * self._factor[edge]), passed.speed_mps
            told, silent = self._faulty(edge, told, to_s)
            self.passed[edge] = Passed(before=passed.before)
            if not silent:
                yield said(self._planted, edge, "vehicle_count", told[0], from_s, to_s)
                if told[1] is not None:
                    yield said(self._planted, edge, "speed", told[1], from_s, to_s)

    def _faulty(
        self, edge: str, told: tuple[float, float | None], to_s: float
    ) -> tuple[tuple[float, float | None], bool]:
        """What it says for what it saw, and whether it says nothing."""
        for fault in self._planted.faults:
            if fault.edge == edge and fault.from_s < to_s <= fault.to_s:
                if fault.kind == "silent":
                    return told, True
                if fault.kind == "stuck":
                    return self._last.setdefault(edge, told), False
                grown = max(0.0, 1.0 + fault.per_hour * (to_s - fault.from_s) / 3600.0)
                told = round(told[0] * grown), told[1]
        self._last[edge] = told
        return told, False


class Gates:
    """The counters at a concert's gates, and who is inside; each gate counts one way in a period."""

    def __init__(self, planted: Planted) -> None:
        self._planted = planted
        self._times = {concert.site: _gate_times(concert, planted.seed) for concert in planted.concerts}

    def inside(self, site: str, at_s: float) -> int:
        """How many are in a site at a moment."""
        come, go = self._times[site]
        return int((come <= at_s).sum() - (go <= at_s).sum())

    def say(self, from_s: float, to_s: float) -> Iterator[Observation]:
        """What gates count of a period, and how many are inside at its end."""
        for concert in self._planted.concerts:
            for way, times in zip(("in", "out"), self._times[concert.site], strict=True):
                through = int(((times > from_s) & (times <= to_s)).sum())
                for gate in range(concert.gates):
                    part = through // concert.gates + (gate < through % concert.gates)
                    yield said(
                        self._planted, f"{concert.site}/gate-{gate + 1}/{way}", "person_count", part, from_s, to_s
                    )
            inside = self.inside(concert.site, to_s)
            yield said(self._planted, concert.site, "presence", inside, to_s, to_s)


def levels(planted: Planted, water: Water, mean_mm_h: float, from_s: float, to_s: float) -> Iterator[Observation]:
    """What the rain gauge and the gauges of hollows say."""
    yield said(planted, GAUGE, "rain_intensity", round(mean_mm_h, 3), from_s, to_s)
    for name, depth_m in water.depth_m.items():
        yield said(planted, f"level/{name}", "water_level", round(depth_m, 3), to_s, to_s)


def said(planted: Planted, sensor: str, measure: str, value: float, from_s: float, to_s: float) -> Observation:
    """One observation on the day's clock."""
    begin, end = planted.moment(from_s), planted.moment(to_s)
    return Observation(sensor, measure, begin, to_s - from_s, float(value), "good", end, synthetic=SYNTHETIC)


def _gate_times(concert: Concert, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """When visitors come in and go out (s), each sorted."""
    rng = stream(seed, f"street gates {concert.site}")
    come = concert.from_s - rng.triangular(-600.0, 1500.0, 5400.0, concert.visitors)
    return np.sort(come), np.sort(concert.to_s + rng.gamma(3.0, 240.0, concert.visitors))
