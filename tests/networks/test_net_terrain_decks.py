"""Decks lifted off: a V valley under a bridge, water and roads that pass below, passages through buildings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ground_world import World, world
from shapely.geometry import LineString, Polygon
from small_towns import ROAD, town_xml

from networks.ground.checks import dammed
from networks.ground.dams import Beneath
from networks.ground.decks import lift_decks, open_passages
from networks.ground.flow import flow_over
from networks.ground.structures import Structure, find_structures, kind_of, use_of, with_edges
from networks.roads.net_file import NetEdge
from networks.roads.source import RoadSource

Write = Callable[..., Path]
DECK_M, SLOPE = 12.0, 0.1


def valley(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """V valley along y at x = 200, falling to the south; the banks are 10 m high 100 m away."""
    return SLOPE * np.abs(x - 200.0) + 0.005 * (y + 500)


def with_deck(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The valley as a surface model sees it: the deck of a street along y = 0 from bank to bank."""
    deck = (np.abs(y) <= 5.0) & (np.abs(x - 200.0) <= 98.0)
    return np.where(deck, DECK_M, valley(x, y))


def bridged(write: Write, height: Callable[..., np.ndarray], **tags: str) -> tuple[World, list[Structure]]:
    """A street along y = 0 whose middle 200 m are a bridge over a stream along x = 200."""
    nodes = {1: (-2.0, 0.0), 2: (1.0, 0.0), 3: (3.0, 0.0), 4: (5.0, 0.0), 5: (2.0, 4.0), 6: (2.0, -4.0)}
    ways = {
        10: ([1, 2], ROAD),
        11: ([2, 3], {**ROAD, "bridge": "yes", "name": "Valley Bridge", **tags}),
        12: ([3, 4], ROAD),
        20: ([5, 6], {"waterway": "stream"}),
    }
    here = world(write(town_xml(nodes, ways)), height)
    return here, find_structures(here.extract, here.plane, here.frame)


def beneath(here: World, kind: str = "waterway") -> list[Beneath]:
    return [
        Beneath(f"w{w.osm_id}", kind, LineString([here.plane.xy[n] for n in w.nodes]))
        for w in here.extract.ways
        if use_of(w.tags) == "water"
    ]


def test_a_deck_in_a_surface_model_is_lifted_and_the_stream_flows_on(write: Write) -> None:
    here, structures = bridged(write, with_deck)
    truth = world(here.extract.file, valley).terrain.elevation_m
    assert np.abs(here.terrain.elevation_m - truth).max() > 9
    assert len(dammed(here.terrain, structures, beneath(here))) == 1
    lifted, repairs = lift_decks(here.terrain, structures, beneath(here))
    assert np.abs(lifted.elevation_m - truth).max() < 1.0  # the V is rounded within a deck's width of its floor
    assert np.abs(lifted.elevation_m - truth).mean() < 0.01
    assert dammed(lifted, structures, beneath(here)) == []
    assert "deck_lifted" in {one.rule for one in repairs}
    told = next(one for one in repairs if one.rule == "deck_lifted")
    assert told.osm == "w11" and float(told.before.split()[1]) > float(told.after.split()[1])
    pond = flow_over(lifted.elevation_m, 5.0).filled_m - lifted.elevation_m
    assert pond.max() < 0.1  # no water stands before the bridge
    assert (flow_over(here.terrain.elevation_m, 5.0).filled_m - here.terrain.elevation_m).max() > 2


def test_a_terrain_without_the_deck_is_let_be(write: Write) -> None:
    here, structures = bridged(write, valley)
    lifted, repairs = lift_decks(here.terrain, structures, beneath(here))
    assert repairs == []
    np.testing.assert_array_equal(lifted.elevation_m, here.terrain.elevation_m)


def test_a_coarse_terrain_is_only_opened_for_the_stream(write: Write) -> None:
    here, structures = bridged(write, with_deck)
    coarse = here.terrain.changed(source_cell_m=90.0)
    lifted, repairs = lift_decks(coarse, structures, beneath(here))
    assert {one.rule for one in repairs} == {"opened_below_deck"}
    assert dammed(lifted, structures, beneath(here)) == []
    assert lift_decks(coarse, structures, beneath(here, "road"))[1] == []


def test_what_is_a_structure_and_of_which_kind(write: Write) -> None:
    _, (bridge,) = bridged(write, valley, layer="2")
    assert (bridge.kind, bridge.use, bridge.level, bridge.name) == ("bridge", "road", 2, "Valley Bridge")
    assert bridge.structure_id == "bridge_w11" and bridge.half_width_m == pytest.approx(3.5)
    assert bridge.line.length == pytest.approx(200, rel=0.02)
    assert kind_of({"bridge": "no"}) is None and kind_of({"bridge": "viaduct"}) == "bridge"
    assert kind_of({"tunnel": "building_passage"}) == "passage" and kind_of({"covered": "yes"}) == "passage"
    assert kind_of({"tunnel": "culvert"}) == "tunnel" and kind_of({"tunnel": "no", "covered": "no"}) is None
    assert use_of({"railway": "abandoned"}) is None and use_of({"highway": "construction"}) is None
    assert use_of({"highway": "footway"}) == "foot" and use_of({"highway": "residential"}) == "road"


def test_a_passage_lets_water_through_a_building(write: Write) -> None:
    nodes = {1: (-2.0, 0.0), 2: (0.8, 0.0), 3: (1.2, 0.0), 4: (3.0, 0.0)}
    ways = {
        10: ([1, 2], ROAD),
        11: ([2, 3], {**ROAD, "tunnel": "building_passage"}),
        12: ([3, 4], ROAD),
    }
    here = world(write(town_xml(nodes, ways)), lambda x, y: 10 - 0.01 * x + 0 * y)
    corners = [here.place(x, y) for x, y in ((85, -100), (115, -100), (115, 100), (85, 100))]
    house = here.terrain.grid.covered([Polygon(corners)])
    roofed = here.terrain.elevation_m + np.where(house, 15.0, 0.0).astype(np.float32)
    surface = np.where(house, 2, 0).astype(np.uint8)
    structures = find_structures(here.extract, here.plane, here.frame)
    opened, repairs = open_passages(here.terrain.changed(elevation_m=roofed, surface=surface), structures)
    freed = (surface == 2) & (opened.surface == 0)
    assert 6 <= freed.sum() <= 14
    assert np.abs(opened.elevation_m - here.terrain.elevation_m)[freed].max() < 0.3
    assert [one.rule for one in repairs] == ["passage_opened"]


def test_edges_of_a_network_that_names_no_ways_are_found_by_where_they_lie(write: Write) -> None:
    here, structures = bridged(write, valley)

    def edge(name: str, *places: tuple[float, float], ways: tuple[int, ...] = ()) -> NetEdge:
        shape = tuple(here.place(x, y) for x, y in places)
        return NetEdge(name, "a", "b", "residential", "", 1, 10.0, 100.0, shape, frozenset({"passenger"}), ways)

    source = RoadSource(here.extract.file, {}, {}, frozenset(), ())
    on, below = edge("on", (100, 1.5), (300, 1.5)), edge("below", (200, -90), (200, 90))
    beside = edge("beside", (100, 12), (300, 12))
    (bridge,) = with_edges(structures, source, [on, below, beside])
    assert (bridge.edges, bridge.crossed_by) == (("on",), ("below",))
    assert bridge.clearance_source == "guessed"
    (named,) = with_edges(
        structures,
        RoadSource(here.extract.file, {11: {}, 20: {"maxheight": "3.2"}}, {11: (2, 3), 20: (5, 6)}, frozenset(), ()),
        [edge("on", (100, 1.5), (300, 1.5), ways=(11,)), edge("below", (200, -90), (200, 90), ways=(20,)), beside],
    )
    assert (named.edges, named.crossed_by, named.clearance_m) == (("on",), ("below",), 3.2)
