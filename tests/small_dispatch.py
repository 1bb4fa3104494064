"""A control room whose travel times are a table: for answers that are known in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.emergency import Call, Unit
from models.emergency.dispatching import TableTravel

__all__ = ["TableTravel", "fleet", "index", "poisson_calls"]


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
