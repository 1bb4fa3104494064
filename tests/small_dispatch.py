"""A control room whose travel times are a table: for answers that are known in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.emergency import Call, Unit
from models.emergency.dispatching import Drive


class TableTravel:
    """Places 0..n-1 with times between them; some may be shut from a moment on."""

    def __init__(self, times_s: Any, shut: dict[int, float] | None = None) -> None:
        self.times_s, self.shut = np.asarray(times_s, dtype=np.float64), shut or {}

    def times(self, origins: Any, destinations: Any, depart_s: float) -> Any:
        found = self.times_s[np.ix_(np.atleast_1d(origins), np.atleast_1d(destinations))].copy()
        for column, place in enumerate(np.atleast_1d(destinations).tolist()):
            if self.shut.get(place, np.inf) <= depart_s:
                found[np.atleast_1d(origins) != place, column] = np.inf
        return found

    def drive(self, origin: int, destination: int, depart_s: float) -> Drive | None:
        spent = float(self.times([origin], [destination], depart_s)[0, 0])
        return Drive((origin, destination), np.array([depart_s, depart_s + spent])) if np.isfinite(spent) else None

    def nearest(self, *_: Any) -> tuple[str, float] | None:
        return "p0", 100.0

    def found_shut(self, *_: Any) -> None:
        raise AssertionError("no road here is found shut")

    def fresh(self) -> TableTravel:
        return self


def index(places: int) -> dict[str, int]:
    """Names of the places."""
    return {f"p{i}": i for i in range(places)}


def fleet(*places: int, **more: Any) -> list[Unit]:
    """One ambulance at each place, u0, u1, ..."""
    return [Unit(f"u{i}", "ambulance", f"p{place}", station_id=f"s{place}", **more) for i, place in enumerate(places)]


def poisson_calls(
    rng: np.random.Generator, number: int, per_s: float, stays_s: Sequence[float], places: Sequence[int]
) -> list[Call]:
    """Calls of a Poisson process at given places, each with its stay."""
    moments = np.cumsum(rng.exponential(1.0 / per_s, number))
    given = zip(moments.tolist(), places, stays_s, strict=True)
    return [Call(f"c{i}", t, f"p{place}", on_scene_s=stay) for i, (t, place, stay) in enumerate(given)]
