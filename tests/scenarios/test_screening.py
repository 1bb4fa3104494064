"""Terrain for screening alone closes nothing by itself, and members may each meet a terrain of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scenarios import Scenario, Store, flood_of, load_flood, load_flood_grid, water_words

if TYPE_CHECKING:
    from networks import City


def raining(short: Scenario, **said: bool) -> Scenario:
    """The short evening with other words about its rain."""
    items = [item.model_dump(mode="json") for item in short.interventions]
    return short.replacing(interventions=[{**i, **said} if i["kind"] == "rainfall" else i for i in items])


def depths(city: City, scenario: Scenario, store: Store, seed: int | None = None) -> np.ndarray:
    flood_id = flood_of(city, scenario, store, seed=seed)
    assert flood_id
    return load_flood(store, flood_id).road_depth_m


def test_water_on_a_screening_terrain_closes_roads_only_where_the_scenario_assumes_it(
    helsinki: City, short: Scenario, store: Store
) -> None:
    assert helsinki.terrain().screening
    assert depths(helsinki, short, store).max() > 0.1
    told = water_words(helsinki, short)
    assert told and "assumption of the scenario" in told["en"] and "假定" in told["zh"]
    cautious = raining(short, assume_depths=False)
    assert depths(helsinki, cautious, store).max() == 0.0
    flood_id = flood_of(helsinki, cautious, store)
    assert flood_id and load_flood_grid(store, flood_id).depth_m.max() > 0.1  # it is still shown
    told = water_words(helsinki, cautious)
    assert told and "closes nothing" in told["en"]
    dry = short.replacing(interventions=[])
    assert water_words(helsinki, dry) is None


def test_each_member_meets_a_terrain_of_its_own_and_pairs_share_it(
    helsinki: City, short: Scenario, store: Store
) -> None:
    unsure = raining(short, terrain_error=True)
    first, again = (flood_of(helsinki, unsure, store, seed=1) for _ in range(2))
    other, plain = flood_of(helsinki, unsure, store, seed=2), flood_of(helsinki, short, store, seed=1)
    assert first == again and len({first, other, plain}) == 3
    assert plain == flood_of(helsinki, short, store, seed=2)
    one, two = depths(helsinki, unsure, store, 1), depths(helsinki, unsure, store, 2)
    assert one.shape == two.shape and np.abs(one - two).max() > 0.02
    assert one.max() == pytest.approx(two.max(), abs=5.0) and (one >= 0).all()
