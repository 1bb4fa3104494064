"""A flood on the clock."""

from __future__ import annotations

import numpy as np
import pytest

from models.clock import Clock, Exchange
from models.flood import FloodReplay
from networks.errors import BadInput

TIMES = np.array([60.0, 120.0, 240.0])
ROADS = np.array([[0, 0.1], [0.2, 0.3], [0.0, 0.6]], np.float32)
LINKS = np.array([[0.0], [0.4], [0.4]], np.float32)


def test_linear_between_outputs_and_held_outside() -> None:
    flood, exchange = FloodReplay(TIMES, ROADS, LINKS), Exchange()
    flood.start(exchange)
    np.testing.assert_allclose(exchange.fields["road_depth_m"], [0, 0.1], atol=1e-7)
    for until, roads, links in (
        (60, [0, 0.1], 0.0),
        (90, [0.1, 0.2], 0.2),
        (120, [0.2, 0.3], 0.4),
        (210, [0.05, 0.525], 0.4),
        (240, [0.0, 0.6], 0.4),
        (999, [0.0, 0.6], 0.4),
    ):
        flood.advance(until, exchange)
        np.testing.assert_allclose(exchange.fields["road_depth_m"], roads, atol=1e-7)
        np.testing.assert_allclose(exchange.fields["link_depth_m"], [links], atol=1e-7)


def test_force_is_played_on_roads_and_on_links_and_is_none_where_nobody_says() -> None:
    force, exchange = np.linspace(0, 1, LINKS.size).reshape(LINKS.shape), Exchange()
    FloodReplay(TIMES, ROADS, LINKS, ROADS * 2, force).advance(999, exchange)
    np.testing.assert_allclose(exchange.fields["link_force_m2s"], force[-1])
    np.testing.assert_allclose(exchange.fields["road_force_m2s"], ROADS[-1] * 2)
    FloodReplay(TIMES, ROADS, LINKS).advance(999, exchange)
    assert not exchange.fields["link_force_m2s"].any() and exchange.fields["link_force_m2s"].shape == LINKS[0].shape


def test_it_runs_on_the_clock() -> None:
    exchange = Clock([FloodReplay(TIMES, ROADS, LINKS)], step_s=50).run(180)
    np.testing.assert_allclose(exchange.fields["road_depth_m"], [0.1, 0.45], atol=1e-7)


def test_what_a_reader_does_to_a_field_does_not_come_back() -> None:
    flood, exchange = FloodReplay(TIMES, ROADS, LINKS), Exchange()
    flood.advance(240, exchange)
    exchange.fields["road_depth_m"][:] = 9
    flood.advance(240, exchange)
    np.testing.assert_allclose(exchange.fields["road_depth_m"], [0.0, 0.6], atol=1e-7)


def test_a_single_output_is_held() -> None:
    flood, exchange = FloodReplay(TIMES[:1], ROADS[1:2], LINKS[:1]), Exchange()
    flood.advance(500, exchange)
    np.testing.assert_allclose(exchange.fields["road_depth_m"], [0.2, 0.3], atol=1e-7)


@pytest.mark.parametrize(
    ("times", "roads", "links", "says"),
    [
        (TIMES[::-1], ROADS, LINKS, "increase"),
        (TIMES[:0], ROADS[:0], LINKS[:0], "increase"),
        (TIMES, ROADS[:2], LINKS, "road_depth_m of shape"),
        (TIMES, ROADS, LINKS[:, 0], "link_depth_m of shape"),
        (TIMES, -ROADS, LINKS, "negative"),
        (TIMES, ROADS * np.nan, LINKS, "no number"),
    ],
)
def test_bad_floods_are_refused(times: np.ndarray, roads: np.ndarray, links: np.ndarray, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        FloodReplay(times, roads, links)
