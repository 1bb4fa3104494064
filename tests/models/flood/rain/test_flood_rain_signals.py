"""Official rain signals: the CMA's table, rolling windows over what was and what may come, tables of one's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from small_radar import NOON

from models.flood.rain import Gauge, Reached, highest_signal, hold_signals, read_signal_table
from networks.errors import BadInput

CMA = read_signal_table("cma")


def gauge(hourly_mm: list[float]) -> Gauge:
    """A gauge with one value an hour, the last at noon."""
    ends = tuple(NOON - timedelta(hours=len(hourly_mm) - 1 - at) for at in range(len(hourly_mm)))
    return Gauge("g", 24.9, 60.2, ends, np.array(hourly_mm, float), 3600.0)


def by_level(found: list[Reached]) -> dict[str, Reached]:
    return {one.level.level_id: one for one in found}


def test_the_table_of_the_cma() -> None:
    assert [(one.level_id, one.hours, one.depth_mm) for one in CMA.levels] == [
        ("blue", 12, 50),
        ("yellow", 6, 50),
        ("orange", 3, 50),
        ("red", 3, 100),
    ]
    assert "Secondary source" in CMA.source and CMA.levels[0].label["zh"] == "蓝色"


def test_fifty_millimetres_in_eight_hours_are_blue_alone() -> None:
    found = by_level(hold_signals(gauge([0] * 8 + [6.5] * 8), CMA))
    assert found["blue"].now_mm == pytest.approx(52) and found["blue"].since == NOON
    assert found["yellow"].now_mm == pytest.approx(39) and found["yellow"].since is None
    assert highest_signal(list(found.values())).level_id == "blue"  # type: ignore[union-attr]


def test_a_level_ends_when_its_window_has_moved_on() -> None:
    found = by_level(hold_signals(gauge([60] + [0] * 4), CMA))
    assert found["orange"].since is None and found["orange"].now_mm == 0
    assert found["yellow"].since == NOON - timedelta(hours=4)
    assert highest_signal(hold_signals(gauge([60] + [0] * 20), CMA)) is None


def test_observed_and_forecast_count_together() -> None:
    """40 mm in the last 2 h, members with 0, 15 and 30 mm in the coming hour: orange in two of three."""
    ahead = np.array([[0.0, 0.0], [5.0, 10.0], [20.0, 10.0]])
    found = by_level(hold_signals(gauge([0, 20, 20]), CMA, ahead_s=np.array([1800.0, 3600.0]), ahead_mm=ahead))
    assert found["orange"].since is None and found["orange"].chance == pytest.approx(2 / 3)
    assert found["orange"].expected == NOON + timedelta(hours=1), "the second of three members"
    assert found["orange"].most_mm[1] == pytest.approx(55)
    assert found["red"].chance == 0 and found["red"].expected is None
    assert highest_signal(list(found.values())).level_id == "orange"  # type: ignore[union-attr]
    assert highest_signal(list(found.values()), 0.9) is None


def test_windows_roll_through_the_middle_of_intervals() -> None:
    """48 mm fell between 8:00 and 9:00; at 11:30 half of that hour is within 3 h."""
    ahead = np.zeros((1, 1))
    seen = gauge([48, 0, 0])
    now = by_level(hold_signals(seen, CMA, ahead_s=np.array([1800.0]), ahead_mm=ahead))
    assert now["orange"].now_mm == pytest.approx(48)
    later = by_level(hold_signals(gauge([48, 0, 0, 0]), CMA, now=NOON - timedelta(minutes=30)))
    assert later["orange"].now_mm == pytest.approx(24)


def test_gaps_are_dry_and_told() -> None:
    found = by_level(hold_signals(gauge([30, np.nan, 30]), CMA))
    assert found["orange"].now_mm == pytest.approx(60) and found["orange"].measured == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("steps", "rain", "says"),
    [
        ([600.0, 600.0], [[1.0, 1.0]], "do not increase"),
        ([600.0], [[-1.0]], "negative or no number"),
        ([600.0], [[np.nan]], "negative or no number"),
        ([600.0, 1200.0], [[1.0]], "members by steps"),
    ],
)
def test_bad_forecasts_are_refused(steps: list[float], rain: list[list[float]], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        hold_signals(gauge([1, 1]), CMA, ahead_s=np.array(steps), ahead_mm=np.array(rain))


def test_nothing_observed_is_refused() -> None:
    with pytest.raises(BadInput, match="measured nothing before"):
        hold_signals(gauge([1, 1]), CMA, now=NOON - timedelta(days=1))


OWN = """name = { en = "Our town", zh = "本市" }
source = "decree of 2025"
[[level]]
id = "watch"
label = { en = "watch", zh = "关注" }
colour = "#ffcc00"
hours = 1
depth_mm = 20
"""


def test_a_city_s_own_table(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN)
    own = read_signal_table(file)
    assert own.levels[0].depth_mm == 20 and own.source == "decree of 2025"
    assert highest_signal(hold_signals(gauge([0, 25]), own)).level_id == "watch"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("depth_mm = 20", "depth_mm = 0", "depth_mm is 0"),
        ("hours = 1", 'hours = "one"', "hours is 'one'"),
        ("hours = 1", "minutes = 60", "its fields are others"),
        ('source = "decree of 2025"', "", "no source"),
        ("#ffcc00", "yellow", "its colour is 'yellow'"),
        ('zh = "关注"', 'zh = ""', "lacks a language"),
        ('id = "watch"', 'id = "Watch!"', "its id is"),
        ("[[level]]", "[level]", "has no levels"),
        ("name = {", "name = [", "no TOML"),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, was: str, now: str, says: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(was, now))
    with pytest.raises(BadInput, match=says):
        read_signal_table(file)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_signal_table("bma")
