"""Whatever structures do to water that the whole equations move: no negative depth, no NaN, and a closed ledger."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import Forcing, Hyetograph, simulate_flood
from models.flood.constants import BUILDING, LAND, WATER
from models.flood.forcing import (
    Barrier,
    Gate,
    GreenAmpt,
    Inlet,
    Inlets,
    LevelBoundary,
    Opening,
    Pump,
    Series,
    side_cells,
    soil_named,
)

KINDS = ("pump", "pump out", "gate", "gate to a level", "soil", "level", "barrier", "inlets")


@st.composite
def forced(draw: st.DrawFn) -> tuple[np.ndarray, float, list[Forcing], dict[str, Any]]:
    """Terrain, cell size, one to four structures of any kind at any cells of land, and settings."""
    rows, cols = draw(st.integers(2, 8)), draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cell = draw(st.sampled_from([1.0, 5.0, 20.0]))
    bed = draw(st.sampled_from([0.0, 900.0])) + rng.normal(0, 1, (rows, cols)) * draw(st.sampled_from([0.0, 0.1, 3.0]))
    surface = rng.choice([LAND, WATER, BUILDING], bed.shape, p=[0.8, 0.1, 0.1])
    surface[0, 0] = surface[-1, -1] = LAND
    land = np.flatnonzero(surface == LAND)
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    forcings = [_made(kind, f"{kind} {at}", rng, land, surface, bed) for at, kind in enumerate(kinds)]
    chosen: dict[str, Any] = {
        "duration_s": draw(st.sampled_from([3.0, 20.0])),
        "output_every_s": 4.0,
        "surface": surface,
        "initial_depth_m": rng.random(bed.shape) * draw(st.sampled_from([0.0, 1e-4, 1.0])),
        "border": draw(st.sampled_from(["open", "closed"])),
        "manning": draw(st.sampled_from([0.01, 0.05])),
        "scheme": "shallow",
    }
    return bed, cell, forcings, chosen


def _made(
    kind: str, name: str, rng: np.random.Generator, land: np.ndarray, surface: np.ndarray, bed: np.ndarray
) -> Forcing:
    one, two = int(land[0]), int(land[-1])
    some = rng.choice(land, min(3, len(land)), replace=False)
    tide = Series(np.array([0.0, 10.0]), bed.mean() + rng.normal(0, 1, 2))
    curve = [[0.0, rng.random() * 10], [3.0, 0.0]]
    every = {"every_s": float(rng.choice([0.7, 5.0]))}
    if kind.startswith("pump"):
        outlet = two if kind == "pump" else None
        levels: dict[str, Any] = {"start_depth_m": 0.05, "stop_depth_m": 0.0, "outlet": outlet}
        return Pump(name, [one], curve, **levels, **every)
    if kind.startswith("gate"):
        opening = Opening(width_m=2.0, height_m=float(rng.random() + 0.1), sill_m=float(bed.min() - rng.random()))
        return Gate(name, opening, one, two if kind == "gate" else tide, **every)
    if kind == "soil":
        return GreenAmpt(soil_named("sand"), name=name, **every)
    if kind == "level":
        sides = [cells for side in ("west", "east", "north", "south") if (cells := side_cells(surface, side)).size]
        return LevelBoundary(name, sides[int(rng.integers(len(sides)))], tide, **every)
    if kind == "barrier":
        return Barrier(name, some[:1], float(bed.max() + 0.5), [(1.0, 12.0)], **every)
    return Inlets([Inlet("a", one, 1.0, 0.2), Inlet("b", two, 2.0, 0.1, blocked=0.5)], name=name, **every)


@settings(max_examples=60, deadline=None)
@given(forced(), st.sampled_from([np.float32, np.float64]), st.booleans())
def test_structures_neither_make_nor_lose_water(
    case: tuple[np.ndarray, float, list[Forcing], dict[str, Any]], dtype: type, rains: bool
) -> None:
    bed, cell, forcings, chosen = case
    rain = Hyetograph(np.array([0.0, 15.0]), np.array([200.0]), "property") if rains else None
    result = simulate_flood(bed, cell, rain, forcings=forcings, dtype=dtype, **chosen)
    assert np.all(np.isfinite(result.depth_m))
    assert np.all(np.isfinite(result.speed_mps))
    assert result.depth_m.min() >= 0
    assert np.all(result.depth_m[:, chosen["surface"] != LAND] == 0)
    assert result.ledger.error <= (1e-6 if dtype is np.float32 else 1e-12), result.ledger
