"""Lines at gates and stays against lists that are walked one by one, and rows that begin where memory is read."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from crowd_world import square_grid
from hypothesis import given, settings
from hypothesis import strategies as st

from models.crowd.city import CityDay, SiteTable, Sources, draw_people
from models.crowd.city.attractions import LOOK_S
from models.crowd.city.streets import CACHE_LINE, aligned_rows

GATES_PS = (0.05, 0.35, 2.0)


def a_day(seed: int) -> CityDay:
    sites = SiteTable(
        ("a", "b", "c"), np.array([1, 4, 7]), np.zeros(3), np.array(GATES_PS), np.full(3, 90.0), np.full(3, 0.5),
        np.full(3, 2000.0), np.array([np.nan, 6.0, np.nan]), np.zeros(3),
    )  # fmt: skip
    sources = Sources(("station",), np.array([0]), np.array([120]))
    return CityDay(square_grid(3), sources, sites, draw_people(sources, seed), one_out_one_in=np.array([0, 1, 0], bool))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_lines_and_stays_are_those_of_lists_walked_one_by_one(seed: int) -> None:
    day, draw = a_day(seed), np.random.default_rng(seed)
    shown, people = day.attractions, day.people
    lines, inside, credit = [deque[int]() for _ in range(3)], [dict[int, int]() for _ in range(3)], np.zeros(3)
    for look, who in enumerate(np.array_split(draw.permutation(120), 30), start=1):
        site = draw.integers(0, 3, len(who))
        shown.come(who, site)
        for person, at in zip(who.tolist(), site.tolist(), strict=True):
            lines[at].append(person)
        out, left = shown.let_out(look)
        due = [(person, at) for at in range(3) for person, end in inside[at].items() if end == look]
        assert sorted(zip(out.tolist(), left.tolist(), strict=True)) == sorted(due)
        for person, at in due:
            del inside[at][person]
        room = np.where(day.one_out_one_in, np.maximum(0, day.holds - shown.inside), np.inf)
        shown.admit(look, day.now_s, room, day.visit)
        for at, rate in enumerate(GATES_PS):
            credit[at] = min(credit[at] + rate * LOOK_S, rate * LOOK_S + 1.0)
            while lines[at] and credit[at] >= 1.0 and not (at == 1 and len(inside[at]) >= 6):
                credit[at] -= 1.0
                person = lines[at].popleft()
                stay = 90.0 * np.exp(0.5 * people.stay_z[people.party[person], 0])
                inside[at][person] = look + max(1, int(np.ceil(stay / LOOK_S)))
        assert shown.queue.tolist() == [len(line) for line in lines]
        assert shown.inside.tolist() == [len(one) for one in inside]
    assert shown.visits.sum() == 120 - shown.queue.sum() > 0


@pytest.mark.parametrize(("columns", "dtype"), [(8, np.float32), (16, np.int32), (4, np.int32)])
def test_rows_begin_at_a_cache_line_and_are_zero(columns: int, dtype: type) -> None:
    for count in (0, 1, 1001):
        rows = aligned_rows(count, columns, dtype)
        assert rows.shape == (count, columns) and rows.dtype == dtype and rows.flags.c_contiguous and not rows.any()
        assert rows.ctypes.data % CACHE_LINE == 0 or count == 0
