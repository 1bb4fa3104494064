"""The flood of a storm: computed once for a city and shared by every member, plan and seed that meets it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.interventions import Rainfall
from scenarios.rain.rain_run import rain_inputs, rain_of
from scenarios.results.store import Store, address
from scenarios.results.versions import code_version, engine_versions

if TYPE_CHECKING:
    from models.flood import FloodResult, LineCells
    from networks import City, Sentence, Terrain
    from scenarios.schema import Scenario

OUTPUT_EVERY_S = 60.0
ROUGHNESS = 0.03


@dataclass(frozen=True)
class FloodOnRoads:
    """Depths where people are.

    Attributes:
        times_s: (t,) s after the run's start.
        road_depth_m: (t, edges).
        link_depth_m: (t, walk links).
        road_force_m2s: (t, edges) greatest depth times speed in one place of the road.
        link_force_m2s: (t, walk links) the same on them.
    """

    times_s: np.ndarray
    road_depth_m: np.ndarray
    link_depth_m: np.ndarray
    road_force_m2s: np.ndarray
    link_force_m2s: np.ndarray


def flood_of(city: City, scenario: Scenario, store: Store, *, seed: int | None = None) -> str | None:
    """Look up or compute the flood; returns its id, or None when no rain stands on the roads.

    Args:
        city: Where it rains.
        scenario: Its rainfall counts.
        store: Where floods are kept.
        seed: The member's; where the rainfall says `terrain_error`, each seed has a terrain of its own, and where it
            is a nowcast's, one of its members.

    Raises:
        NotThere: The city has no terrain.
        BadInput: The scenario asks for the terrain's error, and nobody knows it; or its rain's folder is not there,
            holds something else by now, or does not reach this city.
    """
    if not any(rain.on_roads for rain in scenario.of(Rainfall)):
        return None
    losses = scenario.of(Rainfall)[0]
    terrain_seed = seed if losses.terrain_error else None
    inputs: dict[str, Any] = {
        "city": city.digest,
        **rain_inputs(scenario, seed),
        "drain_capacity_mm_h": losses.drain_capacity_mm_h,
        "infiltration_mm_h": losses.infiltration_mm_h,
        "heeded": heeded(city, losses),
        "terrain_seed": terrain_seed,
        "duration_s": scenario.end_s,
        "code": code_version(),
        "engines": engine_versions(),
    }
    flood_id = address(inputs)
    if store.find("flood", flood_id) is None:
        _compute(city, scenario, seed, store, flood_id, inputs)
    return flood_id


def heeded(city: City, rain: Rainfall) -> bool:
    """Whether water slows and closes roads and paths: not by itself where the terrain is for screening alone."""
    return rain.assume_depths or not city.terrain().screening


def water_words(city: City, scenario: Scenario) -> Sentence | None:
    """What is to be told of the water's effect where the terrain is for screening alone; None elsewhere."""
    from networks import say

    rain = scenario.of(Rainfall)
    if not rain or not rain[0].on_roads or not city.terrain().screening:
        return None
    if heeded(city, rain[0]):
        return say(
            "the terrain is for screening alone; that its water slows and closes roads here is an assumption of the "
            "scenario, no ground for closing one",
            "地形数据仅供筛查；本情景假定积水会减速并封闭道路，不可作为实际封路的依据",
        )
    return say(
        "the terrain is for screening alone: its water is shown, but slows and closes nothing (assume_depths: false)",
        "地形数据仅供筛查：积水仅作显示，不减速、不封闭道路（assume_depths: false）",
    )


def load_flood(store: Store, flood_id: str) -> FloodOnRoads:
    """Depths on roads and walk links of a flood."""
    with np.load(store.get("flood", flood_id) / "depths.npz") as arrays:
        return FloodOnRoads(**{one.name: arrays[one.name] for one in fields(FloodOnRoads)})


def load_flood_grid(store: Store, flood_id: str) -> FloodResult:
    """The whole flood: depths and speeds on the terrain's cells, with its ledger."""
    from models.flood import FloodResult

    return FloodResult.load(store.get("flood", flood_id) / "grid")


def no_flood(city: City, end_s: float) -> FloodOnRoads:
    """A dry city."""
    edges, links = len(city.layer("edges")), len(city.layer("walk_links"))
    times = np.array([0.0, end_s])
    dry = np.zeros((2, edges), np.float32)
    dry_links = np.zeros((2, links), np.float32)
    return FloodOnRoads(times, dry, dry_links, dry, dry_links)


def water_on(city: City, terrain: Terrain, result: FloodResult) -> FloodOnRoads:
    """What a flood on a city's terrain means on its roads and walk links: decks stay dry, tunnels have their sumps."""
    from models.flood import water_along

    roads, links = lanes_and_paths(city, terrain)
    on_roads, on_links = water_along(result, roads), water_along(result, links)
    return FloodOnRoads(result.times_s, on_roads.depth_m, on_links.depth_m, on_roads.force_m2s, on_links.force_m2s)


def lanes_and_paths(city: City, terrain: Terrain) -> tuple[LineCells, LineCells]:
    """The terrain's cells under the city's edges and under its walk links, found once."""
    from models.flood import cells_under
    from networks import read_underpasses

    edges, links = city.layer("edges"), city.layer("walk_links")
    through = {edge for one in read_underpasses(city) for edge in one.edges}
    where = (terrain.elevation_m.shape, terrain.cell_m)
    roads = cells_under(
        terrain.transform,
        list(edges.geometry),
        *where,
        bridge=(edges["bridge"] | (edges["highway"] == "outside")).tolist(),
        low_cells=terrain.low_road,
        low=edges["edge_id"].isin(through).tolist(),
        roofed=edges["tunnel"].tolist(),
    )
    return roads, cells_under(terrain.transform, list(links.geometry), *where, low_cells=terrain.low_road)


def _compute(
    city: City, scenario: Scenario, seed: int | None, store: Store, flood_id: str, inputs: dict[str, Any]
) -> None:
    from models import stream
    from models.flood import simulate_flood
    from networks import perturbed

    terrain = city.terrain()
    if inputs["terrain_seed"] is not None:
        terrain = perturbed(terrain, stream(inputs["terrain_seed"], "terrain"))
    rain, losses = rain_of(scenario, city, seed), scenario.of(Rainfall)[0]
    assert rain is not None
    result = simulate_flood(
        terrain.elevation_m,
        terrain.cell_m,
        rain,
        duration_s=scenario.end_s,
        output_every_s=OUTPUT_EVERY_S,
        manning=ROUGHNESS,
        surface=terrain.surface,
        drain_capacity_mm_h=losses.drain_capacity_mm_h,
        infiltration_mm_h=losses.infiltration_mm_h,
    )
    wet = water_on(city, terrain, result)
    deepest = float(wet.road_depth_m.max(initial=0.0))
    if not inputs["heeded"]:
        names = (one.name for one in fields(FloodOnRoads) if one.name != "times_s")
        wet = replace(wet, **{name: np.zeros_like(getattr(wet, name)) for name in names})
    with store.landing("flood", flood_id) as landing:
        result.save(landing.folder / "grid")
        np.savez(landing.folder / "depths.npz", **vars(wet))
        landing.manifest |= {
            "inputs": inputs,
            "rain_mm": round(float(np.mean(rain.depth_mm)), 3),
            "ledger_error": float(result.ledger.error),
            "max_road_depth_m": round(deepest, 4),
            "terrain": {"source": terrain.source, "screening": bool(terrain.screening), "cell_m": terrain.cell_m},
        }
