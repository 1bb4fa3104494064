"""All tests of the guideline that hot spots are held to, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.crowd.validation.rimea import documented, leaving, walking
from models.crowd.validation.rimea.outcome import ANGLES, Outcome

TESTS: tuple[Callable[[float], Outcome], ...] = (
    walking.keeps_its_speed,
    walking.keeps_its_speed_on_stairs,
    walking.slower_where_dense,
    walking.sets_out_when_told,
    walking.walks_round_a_corner,
    walking.walks_at_the_speed_of_its_age,
    documented.what_figures_do,
    leaving.leaves_a_large_room,
    leaving.goes_where_it_is_sent,
    leaving.some_take_the_other_door,
    leaving.jams_before_the_narrow_way_only,
    documented.the_longer_way_round,
    leaving.a_crowd_round_a_corner,
)
"""Tests 1, 2 (with 3 and 13), 4-12, 14 and 15."""
LONG = (leaving.leaves_a_large_room, walking.slower_where_dense)
"""Tests that take longer than a few seconds an angle."""


def run_all(*, long: bool = True, angles: tuple[float, ...] = ANGLES) -> Iterator[Outcome]:
    """Every test at every angle; without `long` the long ones as drawn only."""
    for test in TESTS:
        for degrees in angles if long or test not in LONG else angles[:1]:
            yield test(degrees)
