"""Gauges: depths and rates, gaps that are booked, tables that cannot be meant; radar brought to them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from small_radar import GRID, NOON, frames_of

from models.flood.rain import Gauge, Gauges, adjust_to_gauges, read_gauges
from networks.errors import BadInput

HEAD = "# source: the city's gauges\ngauge,lon,lat,time,rain_mm,quality\n"


def table(tmp_path: Path, rows: str, head: str = HEAD) -> Path:
    file = tmp_path / "gauges.csv"
    file.write_text(head + rows)
    return file


def test_a_table_with_a_gap_and_a_bad_value(tmp_path: Path) -> None:
    rows = """A,24.9,60.2,2026-07-17T15:10:00+03:00,1.0,good
A,24.9,60.2,2026-07-17T15:05:00+03:00,0.5,
B,25.0,60.1,2026-07-17T12:05:00Z,2,good
A,24.9,60.2,2026-07-17T15:20:00+03:00,9,suspect
A,24.9,60.2,2026-07-17T15:25:00+03:00,0.25,good
B,25.0,60.1,2026-07-17T12:10:00Z,,missing
"""
    found = read_gauges(table(tmp_path, rows))
    one, two = found.gauges
    assert (one.name, one.period_s, found.gaps) == ("A", 300, 3), "12:15 is missing, 12:20 suspect, B's last empty"
    np.testing.assert_array_equal(one.depth_mm, [0.5, 1.0, np.nan, np.nan, 0.25])
    assert one.fell(NOON, NOON + timedelta(minutes=10)) == (pytest.approx(1.5), 1.0)
    assert one.fell(NOON + timedelta(minutes=2.5), NOON + timedelta(minutes=7.5)) == (pytest.approx(0.75), 1.0)
    assert one.fell(NOON, NOON + timedelta(minutes=25)) == (pytest.approx(1.75), pytest.approx(0.6))
    assert np.isnan(found.depths_mm(NOON, NOON + timedelta(minutes=25))).all(), "too little of it measured"
    np.testing.assert_allclose(found.depths_mm(NOON, NOON + timedelta(minutes=5)), [0.5, 2])
    assert two.lon == 25.0 and found.source == "the city's gauges"


def test_rates_become_depths(tmp_path: Path) -> None:
    head = HEAD.replace("rain_mm,quality", "rain_mm_h")
    rows = "A,24.9,60.2,2026-07-17T12:10:00Z,6\nA,24.9,60.2,2026-07-17T12:20:00Z,12\n"
    np.testing.assert_allclose(read_gauges(table(tmp_path, rows, head)).gauges[0].depth_mm, [1, 2])


GOOD = "A,24.9,60.2,2026-07-17T12:05:00Z,1,good\n"


@pytest.mark.parametrize(
    ("head", "rows", "says"),
    [
        (HEAD, GOOD + "A,24.9,60.2,2026-07-17T12:10:00,1,good\n", "line 4: 2026-07-17T12:10:00 has no time zone"),
        (HEAD, GOOD + "A,24.9,60.2,2026-07-17T12:10:00Z,-1,good\n", "line 4: rain of -1"),
        (HEAD, GOOD + "A,24.9,60.2,2026-07-17T12:10:00Z,nan,good\n", "line 4: rain of nan"),
        (HEAD, GOOD + "A,24.9,60.2,2026-07-17T12:10:00Z,much,good\n", "rain of much"),
        (HEAD, GOOD + GOOD, "two values at 2026-07-17 12:05 UTC"),
        (HEAD, GOOD + "A,24.8,60.2,2026-07-17T12:10:00Z,1,good\n", "stands in two places"),
        (HEAD, GOOD + "A,24.9,60.2,2026-07-17T12:10:00Z,1,fine\n", "its quality is 'fine'"),
        (HEAD, GOOD + "A,24.9,160.2,2026-07-17T12:10:00Z,1,good\n", "is no place"),
        (HEAD, GOOD + "A,east,60.2,2026-07-17T12:10:00Z,1,good\n", "line 4: it cannot be read"),
        (HEAD, GOOD + GOOD.replace("05:00Z", "10:00Z") + GOOD.replace("05:00Z", "17:00Z"), "intervals of A differ"),
        (HEAD, GOOD, "A has one value"),
        (HEAD, "", "no values"),
        (HEAD.replace("rain_mm", "rain_inch"), GOOD, "unit is not known: rain_inch"),
        (HEAD.replace("rain_mm", "rain_mm,rain_mm_h"), GOOD, "unit is not known: rain_mm, rain_mm_h"),
        (HEAD.replace("lon", "x"), GOOD, "its columns are gauge, x"),
        (HEAD.partition("\n")[2], GOOD, "no source"),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, head: str, rows: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_gauges(table(tmp_path, rows, head))


def gauges_at(pixels: list[tuple[float, float]], depths: list[float]) -> Gauges:
    """Gauges at rows and columns of the small radar, each with one depth over the ten minutes after noon."""
    lon, lat = GRID.places([row for row, _ in pixels], [col for _, col in pixels])
    ends = (NOON + timedelta(minutes=5), NOON + timedelta(minutes=10))
    found = [
        Gauge(f"g{at}", float(x), float(y), ends, np.array([depth / 2, depth / 2]), 300.0)
        for at, (x, y, depth) in enumerate(zip(lon, lat, depths, strict=True))
    ]
    return Gauges(tuple(found), 0, "test")


PLACES = [(10.5, 10.5), (10.5, 50.5), (50.5, 30.5), (32.5, 32.5)]
EVEN = frames_of(np.full((3, 64, 64), 12.0))
"""Two millimetres in ten minutes, everywhere."""


@pytest.mark.parametrize("method", ["mean-field", "local"])
def test_a_radar_that_sees_half_is_doubled(method: str) -> None:
    better, told = adjust_to_gauges(EVEN, gauges_at(PLACES, [4, 4, 4, 4]), method)  # type: ignore[arg-type]
    np.testing.assert_allclose(better.rate_mm_h, 24, rtol=1e-6)
    assert told.bias == pytest.approx(2) and told.error_before_mm == pytest.approx(2)
    assert told.error_after_mm == pytest.approx(0, abs=1e-9) and told.used == ("g0", "g1", "g2", "g3")
    assert "4 gauges" in better.source


def test_local_factors_follow_the_gauges_and_the_mean_rules_far_away() -> None:
    wide = frames_of(np.full((3, 64, 300), 12.0))
    better, told = adjust_to_gauges(wide, gauges_at(PLACES, [1, 4, 2, 2]), "local")
    depth = better.rate_mm_h[0] / 6
    assert depth[10, 10] == pytest.approx(1, abs=0.25) and depth[10, 50] == pytest.approx(4, abs=0.5)
    assert depth[32, 299] == pytest.approx(2 * told.bias, rel=1e-3)
    even, _ = adjust_to_gauges(wide, gauges_at(PLACES, [1, 4, 2, 2]), "mean-field")
    np.testing.assert_allclose(even.rate_mm_h, 12 * told.bias, rtol=1e-6)


def test_what_does_not_count_is_said() -> None:
    places = [*PLACES, (-5.5, 3.5), (20.5, 20.5)]
    _, told = adjust_to_gauges(EVEN, gauges_at(places, [4, 4, 4, 4, 4, 0.1]))
    assert dict(told.left_out) == {
        "g4": "the radar does not see it",
        "g5": "gauge 0.1 mm, radar 2.0 mm: below 0.5 mm",
    }


def test_a_mad_gauge_does_not_rule_the_map() -> None:
    better, _ = adjust_to_gauges(EVEN, gauges_at(PLACES, [400, 2, 2, 2]), "local")
    assert better.rate_mm_h.max() <= 12 * 5 + 1e-6


def test_too_few_gauges_leave_the_radar_alone() -> None:
    with pytest.raises(BadInput, match="2 gauges can be held against the radar"):
        adjust_to_gauges(EVEN, gauges_at(PLACES, [4, 4, 0.1, 0.2]))
