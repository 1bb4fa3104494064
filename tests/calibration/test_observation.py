"""The table of observations: each once, corrections win, gaps stay gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calibration import Observation, ObservationTable

BEGIN = datetime(2026, 7, 17, 14, tzinfo=UTC)


def count(minute: int, result: float | None, *, sensor: str = "d1", said_after_s: float = 60.0) -> Observation:
    begin = BEGIN + timedelta(minutes=minute)
    quality = "good" if result is not None else "missing"
    return Observation(sensor, "vehicle_count", begin, 60.0, result, quality, begin + timedelta(seconds=said_after_s))


def test_a_gap_is_not_a_zero() -> None:
    table = ObservationTable()
    for minute, result in enumerate([4.0, None, 6.0, 0.0]):
        table.add(count(minute, result))
    total = table.totals("vehicle_count", BEGIN, BEGIN + timedelta(minutes=4))["d1"]
    assert (total.total, total.covered_s) == (10.0, 180.0)
    assert [(begin - BEGIN).total_seconds() / 60 for begin, _ in total.spans] == [0, 2, 3]
    assert table.totals("rain_intensity", BEGIN, BEGIN + timedelta(minutes=4)) == {}


def test_a_window_takes_only_what_lies_wholly_inside() -> None:
    table = ObservationTable()
    for minute in range(10):
        table.add(count(minute, 1.0))
    window = BEGIN + timedelta(minutes=2, seconds=1), BEGIN + timedelta(minutes=5)
    assert table.totals("vehicle_count", *window)["d1"].total == 2.0


def test_a_later_word_on_the_same_minute_wins_and_an_earlier_one_does_not() -> None:
    table = ObservationTable()
    assert table.add(count(0, 5.0))
    assert not table.add(count(0, 5.0))
    assert table.add(count(0, 7.0, said_after_s=90.0))
    assert not table.add(count(0, 9.0, said_after_s=30.0))
    assert [o.result for o in table] == [7.0]


@given(st.permutations(range(12)))
def test_order_of_arrival_does_not_matter(order: list[int]) -> None:
    table, sorted_table = ObservationTable(), ObservationTable()
    for minute in order:
        table.add(count(minute, float(minute)))
    for minute in range(12):
        sorted_table.add(count(minute, float(minute)))
    assert table.table().equals(sorted_table.table())


def test_memory_is_bounded_and_what_is_too_old_is_not_taken() -> None:
    table = ObservationTable(keep_s=3600.0)
    for minute in range(24 * 60):
        table.add(count(minute, 1.0))
    assert 60 <= len(table) <= 70
    assert not table.add(count(0, 1.0))
