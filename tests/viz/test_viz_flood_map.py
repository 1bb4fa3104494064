"""Marks on a flood's map: none hides another, and those that need not move stay."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.flood.water_map import apart

PLACES = st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), max_size=25)


@settings(max_examples=40, deadline=None)
@given(points=PLACES, least=st.floats(0.5, 8))
def test_no_two_marks_are_nearer_than_asked(points: list[tuple[float, float]], least: float) -> None:
    placed = apart(points, least)
    assert len(placed) == len(points) and placed[:1] == points[:1]
    for at, (x, y) in enumerate(placed):
        assert all(np.hypot(x - a, y - b) >= least - 1e-9 for a, b in placed[:at])
        assert np.hypot(x - points[at][0], y - points[at][1]) <= (1 + len(points)) * least


def test_a_mark_in_the_place_of_another_stands_right_beside_it() -> None:
    first, second, third = apart([(10, 10), (10, 10), (30, 30)], 2.0)
    assert first == (10, 10) and third == (30, 30)
    assert 2.0 <= np.hypot(second[0] - 10, second[1] - 10) <= 2.5
