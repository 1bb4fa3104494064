"""One member of a storm: the flood, and what it does at the places that are watched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models import stream
from models.flood import FloodResult, Rain, WaterAlong, limit_of, simulate_flood, water_along
from networks import City, Terrain, perturbed
from networks.ground.underpass_file import PumpText
from scenarios.flooding.draws import Draw, ScaledRain
from scenarios.flooding.places import Places
from scenarios.flooding.tanks import Tanks, tanks_of

SHUT_CLASSES = ("two_wheeler", "car", "high_clearance")
FOOT_CLASSES = ("walker", "child", "adult")
SHOWN_M = 0.15
"""Depth (m) whose chance the map shows: a cautious driver's limit."""


@dataclass(frozen=True)
class Storm:
    """What all members share.

    Attributes:
        city: The city's folder.
        duration_s: How long.
        every_s: Outputs this often.
        drain_capacity_mm_h: Of all the drains.
        infiltration_mm_h: Of the soil.
        structures: A file of pumps, gates and walls, or None.
        seed: Of the ensemble.
        brought: Mobile pumps: a place's id, and those that stand there.
    """

    city: Path
    duration_s: float
    every_s: float
    drain_capacity_mm_h: float
    infiltration_mm_h: float
    structures: Path | None
    seed: int
    brought: tuple[tuple[str, tuple[PumpText, ...]], ...] = ()


@dataclass(frozen=True)
class MemberFlood:
    """What became of one member.

    Attributes:
        times_s: (t,) s since the run's begin.
        pond_m: (t, ponds) deepest water in each.
        underpass_m: (t, underpasses) at their lowest points.
        edge_m: (edges,) deepest water on each.
        shut_s: (classes, edges) when each edge closes to a class; inf: never.
        opens_s: (classes, edges) when it is open again for good; 0: it never closed.
        link_m: (walk links,) deepest water on each.
        foot_shut_s: (classes, walk links) when each closes to a class of people; inf: never.
        door_m: (buildings,) deepest water at their walls.
        deepest_m: (rows, columns) float32.
        ledger_m3: Every cubic metre by its name.
        ledger_error: What is not accounted for, as a share.
        runoff_m: (t,) rain until then that neither drains nor soil took, mean of the map (m).
        sump_error: The worst of the balances of underpasses that are kept by themselves.
    """

    times_s: np.ndarray
    pond_m: np.ndarray
    underpass_m: np.ndarray
    edge_m: np.ndarray
    shut_s: np.ndarray
    opens_s: np.ndarray
    link_m: np.ndarray
    foot_shut_s: np.ndarray
    door_m: np.ndarray
    deepest_m: np.ndarray
    ledger_m3: dict[str, float]
    ledger_error: float
    sump_error: float
    runoff_m: np.ndarray


def run_flood_member(storm: Storm, places: Places, rain: Rain, draw: Draw) -> MemberFlood:
    """Compute one member.

    Raises:
        BadInput: Structures that do not fit the city.
        InvalidRun: The ledger does not close.
    """
    ready = prepared(storm, places, rain, draw)
    terrain, given = ready.terrain, ready.given
    flood = simulate_flood(
        terrain.elevation_m, terrain.cell_m, ready.falls, duration_s=storm.duration_s, output_every_s=storm.every_s,
        manning=draw.manning, drain_capacity_mm_h=storm.drain_capacity_mm_h * draw.drain_share,
        infiltration_mm_h=storm.infiltration_mm_h, dtype=np.float32,
        **given | {"forcings": (*given.get("forcings", ()), *ready.tanks.forcings)},
    )  # fmt: skip
    return summed_up(flood, ready, places)


@dataclass(frozen=True)
class Prepared:
    """One member before it runs.

    Attributes:
        terrain: Its terrain.
        falls: Its rain.
        takes_mm_h: What drains and soil take of it.
        tanks: Its underpasses.
        given: What structures say, as `simulate_flood` takes it.
    """

    terrain: Terrain
    falls: Rain
    takes_mm_h: float
    tanks: Tanks
    given: dict[str, Any]


def prepared(storm: Storm, places: Places, rain: Rain, draw: Draw) -> Prepared:
    """One member's world, as its draw says.

    Raises:
        BadInput: Structures that do not fit the city.
    """
    city = City.open(storm.city)
    terrain = city.terrain()
    if draw.terrain_seed is not None:
        terrain = perturbed(terrain, stream(draw.terrain_seed, "terrain"))
    falls: Rain = ScaledRain(rain, draw.rain_factor)
    takes = storm.drain_capacity_mm_h * draw.drain_share + storm.infiltration_mm_h
    tanks = tanks_of(places.underpasses, places.ponds, falls, takes, dict(storm.brought))
    return Prepared(terrain, falls, takes, tanks, _structures(storm, city, terrain, falls, draw.member))


def summed_up(flood: FloodResult, ready: Prepared, places: Places) -> MemberFlood:
    """What a member's flood means at the places that are watched."""
    flood = ready.tanks.shown(flood, ready.terrain)
    underpass_m, sump_error = ready.tanks.depths_m(flood, ready.falls, ready.takes_mm_h)
    along, afoot = water_along(flood, places.roads), water_along(flood, places.links)
    return MemberFlood(
        times_s=flood.times_s,
        pond_m=np.array([places.pond_cells.greatest(frame) for frame in flood.depth_m]),
        underpass_m=underpass_m,
        edge_m=along.depth_m.max(axis=0),
        shut_s=np.array([_first(along, name) for name in SHUT_CLASSES]),
        opens_s=np.array([_last(along, name) for name in SHUT_CLASSES]),
        link_m=afoot.depth_m.max(axis=0),
        foot_shut_s=np.array([_first(afoot, name) for name in FOOT_CLASSES]),
        door_m=places.doors.greatest(flood.max_depth_m),
        deepest_m=flood.max_depth_m,
        ledger_m3=flood.ledger.amounts(),
        ledger_error=float(flood.ledger.error),
        sump_error=sump_error,
        runoff_m=_runoff_m(ready.falls, ready.takes_mm_h, flood.times_s),
    )


def _runoff_m(rain: Rain, takes_mm_h: float, times_s: np.ndarray) -> np.ndarray:
    """(t,) m that ran off until each moment: what falls faster than drains and soil take it."""
    pieces = zip(times_s[:-1].tolist(), times_s[1:].tolist(), strict=True)
    left = [max(0.0, float(np.mean(rain.rate_mm_h(a, b))) - takes_mm_h) * (b - a) / 3.6e6 for a, b in pieces]
    return np.cumsum([0.0, *left])


def _structures(storm: Storm, city: City, terrain: Terrain, rain: Rain, member: int) -> dict[str, Any]:
    if storm.structures is None:
        return {"surface": terrain.surface}
    from models.flood.forcing import Site, place_structures, read_structures

    site = Site(terrain.elevation_m, terrain.surface, terrain.cell_m, city.crs, terrain.transform)
    placed = place_structures(read_structures(storm.structures), site, rain=rain, seed=storm.seed + member)
    return {
        "surface": placed.surface,
        "initial_depth_m": placed.initial_depth_m,
        "inflows": placed.inflows,
        "forcings": placed.forcings,
    }


def _first(along: WaterAlong, name: str) -> np.ndarray:
    """(lines,) the first moment at which each is shut to a class, inf where it never is."""
    shut = limit_of(name).closes(along.depth_m, along.force_m2s)
    return np.where(shut.any(axis=0), along.times_s[shut.argmax(axis=0)], np.inf)


def _last(along: WaterAlong, name: str) -> np.ndarray:
    """(lines,) the first output after the last at which each is shut to a class, 0 where it never is."""
    shut = limit_of(name).closes(along.depth_m, along.force_m2s)
    after = len(shut) - shut[::-1].argmax(axis=0)
    moments = np.r_[along.times_s, along.times_s[-1] + np.diff(along.times_s[-2:])]
    return np.where(shut.any(axis=0), moments[after], 0.0)
