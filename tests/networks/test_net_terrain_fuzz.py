"""Any map on any terrain: the ground is modelled without a crash, a hole, or a height that cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from ground_world import world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString
from small_towns import town_xml

from networks.ground.burning import burn_in
from networks.ground.checks import dammed, find_pits, pit_figures
from networks.ground.dams import Beneath
from networks.ground.decks import lift_decks, open_passages
from networks.ground.dives import find_dives, merged
from networks.ground.flow import catchments, flow_over
from networks.ground.structures import find_structures, structure_rows, use_of
from networks.ground.way_graph import WayGraph

PLACE = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
KIND = st.sampled_from(
    [
        {"highway": "residential"},
        {"highway": "service"},
        {"highway": "footway"},
        {"railway": "rail"},
        {"waterway": "river"},
    ]
)
LEVEL = st.sampled_from(
    [
        {}, {"bridge": "yes"}, {"bridge": "viaduct", "layer": "2"}, {"tunnel": "yes", "layer": "-1"}, {"tunnel": "yes"},
        {"tunnel": "yes", "layer": "2;3", "maxheight": "default"}, {"tunnel": "building_passage"}, {"covered": "yes"},
        {"tunnel": "culvert"}, {"bridge": "yes", "layer": "yes", "width": "-3"}, {"tunnel": "yes", "maxheight": "0"},
        {"tunnel": "yes", "layer": "-1", "lanes": "many", "citytwin:lowest_m": "abc"},
    ]
)  # fmt: skip
WAY = st.tuples(st.lists(st.integers(1, 12), min_size=2, max_size=6), KIND, LEVEL)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    places=st.lists(PLACE, min_size=12, max_size=12),
    ways=st.lists(WAY, min_size=1, max_size=9),
    slope=st.floats(-0.3, 0.3),
    rough=st.sampled_from([0.0, 1.0, 30.0]),
    cell=st.sampled_from([1.0, 10.0, 90.0]),
    wet=st.booleans(),
)
def test_no_map_breaks_the_ground(
    tmp_path_factory: pytest.TempPathFactory,
    places: list[tuple[int, int]],
    ways: list[tuple[list[int], dict[str, str], dict[str, str]]],
    slope: float,
    rough: float,
    cell: float,
    wet: bool,
) -> None:
    file = tmp_path_factory.mktemp("any") / "town.osm"
    nodes = {i: (float(x), float(y)) for i, (x, y) in enumerate(places, 1)}
    file.write_text(town_xml(nodes, {i: (refs, {**kind, **level}) for i, (refs, kind, level) in enumerate(ways, 100)}))
    here = world(file, lambda x, y: 20 + slope * x + rough * np.sin(x / 37) * np.cos(y / 23), reach=400.0)
    surface = np.zeros(here.terrain.elevation_m.shape, np.uint8)
    surface[40:60, 70:90], surface[100:, 100:] = 2, 1 if wet else 0
    terrain = here.terrain.changed(source_cell_m=cell, surface=surface)
    structures = find_structures(here.extract, here.plane, here.frame)
    assert len(structure_rows(structures)) == len(structures)
    ground = [
        Beneath(
            f"w{way.osm_id}", {"water": "waterway", "road": "road"}[use], LineString([here.plane.xy[n] for n in run])
        )
        for way in here.extract.ways
        if (use := str(use_of(way.tags))) in ("water", "road")
        for run in here.extract.runs(way)
    ]
    before = terrain.elevation_m
    terrain, _ = lift_decks(terrain, structures, ground)
    assert (terrain.elevation_m <= before + 1e-3).all()
    terrain, _ = open_passages(terrain, structures)
    groups = merged(find_dives(WayGraph(here.extract, here.plane, here.frame), terrain, [one.line for one in ground]))
    burned, owner, _ = burn_in(terrain, groups)
    assert np.isfinite(burned.elevation_m).all() and (burned.elevation_m <= terrain.elevation_m + 1e-3).all()
    assert before.min() - 40 < burned.elevation_m.min()
    assert set(np.unique(burned.surface)) <= {0, 1, 2} and not (burned.low_road & (burned.surface == 1)).any()
    flow = flow_over(burned.elevation_m, 5.0, outlet=burned.surface == 1, blocked=burned.surface == 2)
    areas = catchments(flow, owner)
    assert all(0 <= area <= flow.area_m2.sum() for area in areas.values())
    figures = pit_figures(find_pits(burned, flow, burned.low_road), burned)
    assert 0 <= figures["pit_share"] <= 1 and figures["pit_volume_m3"] >= 0
    dammed(burned, structures, ground)
