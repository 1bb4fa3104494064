"""Density and danger against answers that a pencil gives, and as properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import area as areas
from shapely.geometry import Point, Polygon, box

from models.crowd.hotspot import Tracks
from models.crowd.hotspot.danger import alarms, crowding, crush_band
from models.crowd.hotspot.density import density_and_speed, density_pm2, own_ground
from models.crowd.hotspot.patches import cut
from networks import BadInput


def lattice(apart_m: float, columns: int, rows: int) -> np.ndarray:
    x, y = np.meshgrid((np.arange(columns) + 0.5) * apart_m, (np.arange(rows) + 0.5) * apart_m)
    return np.column_stack([x.ravel(), y.ravel()])


def moving(at_m: np.ndarray, velocity_mps: np.ndarray, seconds: float, every_s: float = 0.5) -> Tracks:
    """Everybody goes straight on at their own velocity."""
    times = np.arange(round(seconds / every_s) + 1) * every_s
    xy = at_m[None] + times[:, None, None] * np.broadcast_to(velocity_mps, at_m.shape)[None]
    people = np.arange(len(at_m))
    return Tracks(
        np.repeat(np.arange(len(times)), len(people)), np.tile(people, len(times)), xy.reshape(-1, 2), every_s
    )


@pytest.mark.parametrize("density", [0.5, 2.0, 4.0])
def test_a_square_lattice_has_exactly_its_density(density: float) -> None:
    apart = density**-0.5
    ground = box(0, 0, 12 * apart, 9 * apart)
    cells = own_ground(lattice(apart, 12, 9), ground)
    np.testing.assert_allclose(areas(cells), 1 / density, rtol=1e-9)
    patches = [box(0.3, 0.2, 3.1, 4.4), Point(4 * apart, 4 * apart).buffer(2 * apart)]
    np.testing.assert_allclose(density_pm2(cells, patches), density, rtol=1e-9)


def test_a_triangular_lattice_has_exactly_its_density_away_from_the_edge() -> None:
    xy = np.array([(i + 0.5 * (j % 2), j * 3**0.5 / 2) for i in range(12) for j in range(12)], dtype=float)
    cells = own_ground(xy, box(-1, -1, 13, 11))
    assert density_pm2(cells, [box(3, 3, 8, 7)]) == pytest.approx(2 / 3**0.5, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_everybody_owns_the_ground_they_stand_on_and_all_of_it_is_owned_once(people: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    ground = box(0, 0, 10, 6).difference(box(4, 2, 6, 6))
    xy = draw.uniform((0, 0), (10, 2), (people, 2))
    cells = own_ground(xy, ground)
    assert all(cell.buffer(1e-9).covers(Point(place)) for cell, place in zip(cells, xy, strict=True))
    assert areas(cells).sum() <= ground.area + 1e-6
    whole = own_ground(xy, box(0, 0, 10, 6))
    assert areas(whole).sum() == pytest.approx(60.0)
    assert density_pm2(whole, [box(0, 0, 10, 6)])[0] * 60 == pytest.approx(people)


def test_a_wall_between_two_people_parts_what_they_own() -> None:
    """A horseshoe: the ground across the slot is near in a straight line, and not theirs."""
    ground = box(0, 0, 9, 5).difference(box(4, 0, 5, 4))
    cells = own_ground(np.array([(3.5, 1.0), (3.5, 4.5)]), ground)
    assert all(cell.geom_type == "Polygon" for cell in cells)
    assert cells[0].bounds[2] <= 4.0


def test_speed_on_a_patch_is_that_of_those_who_own_it() -> None:
    tracks = moving(lattice(1.0, 12, 4), np.array([0.5, 0.0]), 4.0)
    rows = density_and_speed(tracks, box(0, 0, 20, 4), box(4, 1, 8, 3))
    np.testing.assert_allclose(rows[:, 1], 1.0, rtol=0.3)
    np.testing.assert_allclose(rows[:, 2], 0.5)


def test_places_that_cannot_be_are_told() -> None:
    for xy, words in (([(1, 1), (1, 1)], "in one place"), ([(1, 1), (9, 1)], "outside the area")):
        with pytest.raises(BadInput, match=words):
            own_ground(np.array(xy, dtype=float), box(0, 0, 2, 2))


@settings(max_examples=25, deadline=None)
@given(st.floats(0.5, 40), st.floats(0.5, 40), st.floats(0, 90), st.floats(0, 0.8))
def test_patches_are_the_ground_cut_up(width: float, height: float, turn: float, slot: float) -> None:
    from shapely.affinity import rotate

    ground = rotate(box(0, 0, width, height).difference(box(width * 0.4, -1, width * 0.5, height * slot)), turn)
    patches = cut(ground)
    assert sum(shape.area for shape in patches.shapes) == pytest.approx(ground.area)
    inside = np.array([shape.representative_point().coords[0] for shape in patches.shapes])
    assert patches.of(inside).tolist() == list(range(len(patches.shapes)))
    assert max(shape.area for shape in patches.shapes) < 10 + 4 * 5 + 1e-6
    assert patches.of(np.array([[-1e6, 0.0], [1e6, 0.0]])).tolist() == [-1, -1]


SQUARE = box(0, 0, 30, 30)


def test_people_who_walk_alike_have_no_variance_and_no_crush_index() -> None:
    seen = crowding(moving(lattice(0.5, 20, 20) + 2, np.array([0.6, 0.3]), 15.0), SQUARE)
    assert seen.crush_ps2.max() < 1e-9
    assert seen.density_pm2.max() == pytest.approx(4.0, rel=0.02)


def test_the_crush_index_is_density_times_the_variance_that_was_put_in() -> None:
    """Half walk at +u, half at -u: the variance is u^2; steps are short, so that nobody changes patches."""
    at = lattice(0.5, 40, 40) + 5
    velocity = np.where((np.arange(len(at)) % 2 == 0)[:, None], (0.001, 0.0), (-0.001, 0.0))
    seen = crowding(moving(at, velocity, 11.0), SQUARE)
    middle = np.flatnonzero([shape.within(box(7, 7, 23, 23)) for shape in seen.patches.shapes])
    np.testing.assert_allclose(seen.density_pm2[:, middle], 4.0, rtol=0.02)
    np.testing.assert_allclose(seen.variance_m2s2[:, middle], 1e-6, rtol=0.05)


def test_what_comes_less_what_goes_is_what_is_there_more() -> None:
    draw = np.random.default_rng(3)
    tracks = moving(draw.uniform(9, 21, (200, 2)), draw.uniform(-0.5, 0.5, (200, 2)), 14.0, every_s=1.0)
    seen = crowding(tracks, SQUARE)
    where = seen.patches.of(tracks.xy_m)
    count = np.array([np.bincount(where[tracks.frame == f], minlength=len(seen.patches.shapes)) for f in range(15)])
    np.testing.assert_allclose((seen.inflow_ps - seen.outflow_ps) * 10, count[10:] - count[:-10])


def gathering(seconds: float, stop_m: float) -> Tracks:
    """A crowd that closes in on a place, everybody in proportion, until it is `stop_m` wide."""
    at, times = lattice(1.0, 20, 20) - 10.0, np.arange(round(seconds / 0.5) + 1) * 0.5
    shrink = np.maximum(stop_m / 20, 1 - times / 60.0)
    xy = 15 + at[None] * shrink[:, None, None]
    return Tracks(np.repeat(np.arange(len(times)), 400), np.tile(np.arange(400), len(times)), xy.reshape(-1, 2), 0.5)


def test_a_crowd_that_closes_in_is_told_before_it_is_critical() -> None:
    found = alarms(crowding(gathering(50.0, 4.0), SQUARE))
    assert found
    lead = [alarm.lead_s for alarm in found if alarm.lead_s is not None]
    assert lead
    assert min(lead) > 5
    assert all(alarm.inflow_ps > alarm.outflow_ps and alarm.density_pm2 >= 2 for alarm in found)


def test_a_dense_crowd_that_nobody_joins_raises_no_alarm() -> None:
    assert alarms(crowding(moving(lattice(0.5, 20, 20) + 5, np.array([0.0, 0.0]), 20.0), SQUARE)) == []
    assert all(alarm.lead_s is None for alarm in alarms(crowding(gathering(40.0, 12.0), SQUARE))), "false ones say so"


def test_bands_begin_where_they_say_and_only_in_a_dense_crowd() -> None:
    assert [crush_band(v, 4.0) for v in (0.0, 0.0199, 0.02)] == ["calm", "watch", "turbulent"]
    assert crush_band(1.7, 1.0) == "calm", "people who pass each other freely"


def test_tracks_that_are_too_short_are_told() -> None:
    with pytest.raises(BadInput, match="tracks of 5 s"):
        crowding(moving(lattice(1, 2, 2), np.zeros(2), 5.0), Polygon([(0, 0), (9, 0), (9, 9), (0, 9)]))
