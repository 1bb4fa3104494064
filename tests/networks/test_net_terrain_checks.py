"""Checks of a finished terrain: pits with their size and reason, the coast, and what is doubted."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import LineString, box

from networks.ground.checks import coast_heights_m, find_pits, pit_figures
from networks.ground.doubts import drain_doubts, pit_doubts, terrain_doubts
from networks.ground.drains import drains_of
from networks.ground.flow import flow_over
from networks.ground.grid import Grid
from networks.ground.storms import GUESSED, Storms
from networks.ground.terrain import Terrain
from networks.sentence import say

FRAME = box(0, 0, 300, 300)


def ground(heights: np.ndarray, surface: np.ndarray | None = None, error_m: float = 0.1) -> Terrain:
    rows, columns = heights.shape
    kinds = np.zeros(heights.shape, np.uint8) if surface is None else surface
    grid = Grid(0.0, rows * 5.0, rows, columns)
    terrain = Terrain(heights.astype(np.float32), kinds, 5.0, grid.transform, error_m, False, say("test", "测试"))
    return terrain.changed(source_cell_m=5.0)


def holed() -> np.ndarray:
    """A plane at 10 m with three square pits: 2 m deep, 1 m deep beside water, 0.05 m deep."""
    z = np.full((60, 60), 10.0)
    z[10:14, 10:14] = 8.0
    z[30:32, 30:32] = 9.0
    z[50:52, 50:52] = 9.95
    return z


def test_pits_are_measured_and_explained() -> None:
    z = holed()
    surface = np.zeros(z.shape, np.uint8)
    surface[30:32, 32] = 1
    terrain = ground(z, surface)
    flow = flow_over(z, 5.0)
    streets = [("a", LineString([(0, 240), (300, 240)])), ("b", LineString([(0, 20), (300, 20)]))]
    deep, small = find_pits(terrain, flow, np.zeros(z.shape, bool), streets)
    assert (deep.depth_m, deep.area_m2, deep.volume_m3, deep.reason) == (2.0, 400.0, 800.0, "")
    assert deep.edges == ("a",) and 50 <= deep.x <= 70 and 230 <= deep.y <= 250
    assert (small.depth_m, small.reason, small.edges) == (1.0, "water", ())
    low = np.zeros(z.shape, bool)
    low[12, 12] = True
    assert find_pits(terrain, flow, low)[0].reason == "underpass"
    figures = pit_figures([deep, small], terrain)
    assert (figures["pits"], figures["pits_explained"], figures["pits_within_error"]) == (2, 1, 0)
    assert figures["pit_volume_m3"] == 900.0 and figures["pit_deepest_m"] == 2.0
    assert figures["pit_share"] == pytest.approx(400 / (3598 * 25), abs=1e-5)
    (doubt,) = pit_doubts([deep, small])
    assert doubt.net == "a" and "800 m3" in doubt.what["en"] and "800立方米" in doubt.what["zh"]
    noisy = pit_figures([deep, small], ground(z, surface, error_m=3.0))
    assert noisy["pits_within_error"] == 1
    assert find_pits(ground(np.full((9, 9), 1.0)), flow_over(np.full((9, 9), 1.0), 5.0), np.zeros((9, 9), bool)) == []


def test_the_coast_is_measured_beside_the_sea() -> None:
    z = np.full((20, 20), 3.0)
    sea = np.zeros(z.shape, bool)
    sea[:, :5] = True
    z[sea] = 0.0
    z[:, 5] = 1.25
    assert coast_heights_m(ground(z, sea.astype(np.uint8)), sea) == 1.25
    assert coast_heights_m(ground(z), np.zeros(z.shape, bool)) is None


def test_coarse_terrain_and_guessed_drains_are_doubted() -> None:
    fine = ground(holed())
    assert terrain_doubts(fine, FRAME) == []
    coarse = fine.changed(screening=True, source_cell_m=90.0, vertical_error_m=9.73)
    (doubt,) = terrain_doubts(coarse, FRAME)
    assert doubt.kind == "coarse_terrain" and "9.73 m" in doubt.what["en"] and "9.73米" in doubt.what["zh"]
    (nobody,) = terrain_doubts(coarse.changed(vertical_error_m=float("nan")), FRAME)
    assert nobody.influence > doubt.influence
    assert terrain_doubts(None, FRAME)[0].kind == "no_terrain"
    known = Storms(say("a", "b"), guessed=False, formula=(1000.0, 1.0, 10.0, 0.7))
    assert drain_doubts(drains_of(known, 3.0), FRAME) == []
    for storms, years, words in ((GUESSED, 3.0, "--storm"), (known, None, "--drain-return-period")):
        (doubt,) = drain_doubts(drains_of(storms, years), FRAME)
        assert doubt.kind == "guessed_drains" and words in doubt.remedy["en"]
