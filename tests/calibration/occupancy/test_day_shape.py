"""The rest of a day from past days: better than no change and than the usual day, with intervals that hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.occupancy import (
    Counter,
    Followed,
    Foreseen,
    OccupancyFilter,
    PeopleDays,
    Shown,
    ZoneFacts,
    foresee_rest,
    judged_shape,
    read_people_days,
    shape_of,
)
from calibration.occupancy.counters import layout_of
from calibration.occupancy.people_days import BINS, bin_of
from models.emergency.resources.shift import Shift
from networks import BadInput

FIRST = date(2026, 3, 2)


def days_of(count: int, seed: int) -> PeopleDays:
    """Days that are full or empty as a whole, earlier or later, fuller at weekends; what comes within a day drifts."""
    rng, at = np.random.default_rng(seed), np.arange(BINS) / 4.0
    days = tuple(FIRST + timedelta(days=step) for step in range(count))
    rows = []
    for day in days:
        peak, size = 13.0 + rng.normal(0, 0.7), (700.0 if day.weekday() >= 5 else 400.0) * np.exp(rng.normal(0, 0.35))
        drift = np.exp(0.25 * np.cumsum(rng.normal(0, 0.15, BINS)))
        rows.append(rng.poisson(size * np.exp(-(((at - peak) / 3.0) ** 2)) * drift))
    return PeopleDays(days, np.array(rows, dtype=float))


def test_it_beats_no_change_and_the_usual_day_and_its_intervals_hold() -> None:
    _, skill = judged_shape(days_of(40, 1))
    assert [one.minutes for one in skill] == [30, 60, 120, 240]
    for one in skill:
        assert one.n > 500 and one.mae < 0.8 * min(one.mae_now, one.mae_usual), one
        assert one.held == pytest.approx(0.9, abs=0.06)
    assert skill[0].mae < skill[-1].mae


def test_what_is_to_come_is_not_looked_at() -> None:
    table = days_of(14, 2)
    _, skill = judged_shape(table)
    cut = table.people.copy()
    cut[-1, 60:] = np.nan
    shape = shape_of(PeopleDays(table.days[:-1], table.people[:-1]))
    so_far = np.where(np.arange(BINS) <= 59, table.people[-1], np.nan)
    assert np.array_equal(shape.rest(table.days[-1], so_far)[0], shape.rest(table.days[-1], cut[-1])[0])
    longer = PeopleDays((*table.days, FIRST + timedelta(days=30)), np.vstack([table.people, np.full(BINS, np.nan)]))
    assert judged_shape(longer)[1] == skill


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), at=st.integers(0, BINS - 1))
def test_more_known_makes_surer_and_nobody_is_below_zero(seed: int, at: int) -> None:
    table = days_of(8, seed)
    shape = shape_of(table)
    day, row = table.days[3], table.people[3]
    some, more = (np.where(np.arange(BINS) < cut, row, np.nan) for cut in (at // 2, at))
    sd = [shape.rest(day, one)[1] / max(1.0, shape.surprise(day, one)) ** 0.5 for one in (some, more)]
    assert (sd[1] <= sd[0] + 1e-9).all()
    median, low, high = shape.bounds(*shape.rest(day, more))
    assert (low >= 0).all() and (low <= median + 1e-9).all() and (median <= high + 1e-9).all()


def test_quarter_hours_end_on_the_clock() -> None:
    for hour, minute, found in ((0, 1, 0), (9, 45, 38), (9, 46, 39), (10, 0, 39), (23, 59, 95), (0, 0, 95)):
        assert bin_of(datetime(2026, 3, 2, hour, minute, tzinfo=UTC)) == found


def test_a_zone_keeps_its_hours_and_others_stay_what_they_were() -> None:
    table = days_of(20, 3)
    layout = layout_of([Counter(zone, "presence", zone, zone, 1.0, 0.1, "t") for zone in ("hall", "yard")])
    begin = datetime(2026, 4, 1, tzinfo=UTC)
    times = tuple(begin + timedelta(minutes=15 * (step + 1)) for step in range(48))
    series = tuple(Shown(float(people), people - 5.0, people + 5.0) for people in 1.5 * table.people[2, :48])
    found = Followed(times, dict.fromkeys(layout.zones, series), {}, {}, (), OccupancyFilter(layout))
    later = tuple(times[-1] + timedelta(minutes=15 * (step + 1)) for step in range(44))
    soon = Foreseen(later, dict.fromkeys(layout.zones, (series[-1],) * 44))
    told, notes = foresee_rest(found, soon, {"hall": shape_of(table)}, {"hall": ZoneFacts((Shift(480, 1080),))})
    assert notes == () and told.people["yard"] == soon.people["yard"]
    hall = dict(zip(later, told.people["hall"], strict=True))
    assert hall[later[0]].mean == pytest.approx(series[-1].mean, rel=0.15)
    assert hall[begin + timedelta(hours=17)].mean > 30.0
    assert hall[begin + timedelta(hours=18, minutes=30)] == Shown(0.0, 0.0, 0.0)


def test_a_day_like_none_of_the_past_ones_is_told_and_not_forced_into_them() -> None:
    table = days_of(20, 3)
    shape, at = shape_of(table), np.arange(BINS)
    usual = [shape.surprise(day, row) for day, row in zip(days_of(10, 5).days, days_of(10, 5).people, strict=True)]
    early = np.where(at < 48, 900.0 * np.exp(-(((at / 4.0 - 6.0) / 1.5) ** 2)), np.nan)
    assert np.median(usual) < 2.0 < 4.0 < shape.surprise(FIRST, early)
    layout = layout_of([Counter("hall", "presence", "hall", "hall", 1.0, 0.1, "t")])
    begin = datetime(2026, 4, 1, tzinfo=UTC)
    times = tuple(begin + timedelta(minutes=15 * (step + 1)) for step in range(48))
    series = tuple(Shown(float(people), people - 5.0, people + 5.0) for people in early[:48])
    found = Followed(times, {"hall": series}, {}, {}, (), OccupancyFilter(layout))
    soon = Foreseen((times[-1] + timedelta(minutes=15),), {"hall": (series[-1],)})
    told, notes = foresee_rest(found, soon, {"hall": shape}, {})
    assert told.people == soon.people and "like none of the past ones" in notes[0]["en"]


def test_days_are_read_from_what_now_wrote(tmp_path: Path) -> None:
    for day in (1, 2):
        rows = [f"2026-05-0{day}T10:{minute:02d}:00+08:00,hall,{int(minute > 50)},{minute},0,0" for minute in range(60)]
        more = [f"2026-05-0{day}T{hour}:00:00+08:00,hall,0,7,0,0" for hour in range(11, 20)]
        text = "\n".join(["time,zone,foreseen,people,low90,high90", *rows, *more])
        (tmp_path / f"{day}.csv").write_text(text, encoding="utf-8")
    files = [tmp_path / "2.csv", tmp_path / "1.csv"]
    found = read_people_days(files)["hall"]
    assert [day.day for day in found.days] == [1, 2]
    assert found.people[0, 40] == 8.0 and found.people[0, 43] == (46 + 47 + 48 + 49 + 50 + 7) / 6
    with pytest.raises(BadInput, match="2 past days are known"):
        shape_of(found)
    (tmp_path / "3.csv").write_text((tmp_path / "1.csv").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"hall on 2026-05-01 is in .*1.csv too"):
        read_people_days([*files, tmp_path / "3.csv"])
