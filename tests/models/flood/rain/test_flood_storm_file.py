"""Storms by file: the same words as a scenario's rainfall, and what they cannot mean is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from small_radar import NOON, STEREO

from models.flood.rain import LAWS, Cells, rain_from, read_storm
from networks.errors import BadInput

FORMULA = """source: Suzhou 2025
begin: 2026-07-17T15:00:00+03:00
chicago:
  duration_s: 7200
  peak_ratio: 0.43
  formula: {a1_mm_min: 17.969, c: 1.24, b_min: 18.415, n: 0.785, return_period_years: 10}
"""
STEPS = "source: a drill\nbegin: 2026-07-17T12:00:00Z\nhyetograph: {step_s: 600, intensity_mm_h: [6, 30, 0, 12]}\n"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "storm.yaml"
    file.write_text(text)
    return file


def test_a_design_storm_by_formula(tmp_path: Path) -> None:
    rain, begin = read_storm(written(tmp_path, FORMULA))
    assert begin == NOON and rain.times_s[0] == 0 and rain.times_s[-1] == 7200
    assert rain.depth_mm == pytest.approx(60 * 17.969 * 2.24 / (120 + 18.415) ** 0.785 * 2)
    assert "Suzhou 2025; 10 years" in rain.source


def test_rain_in_steps_later_than_the_run(tmp_path: Path) -> None:
    rain, begin = read_storm(written(tmp_path, STEPS), NOON - timedelta(minutes=10))
    assert begin == NOON - timedelta(minutes=10) and rain.times_s[0] == 600
    np.testing.assert_allclose(rain.intensity_mm_h, [6, 30, 0, 12])
    free, start = read_storm(written(tmp_path, STEPS.replace("begin: 2026-07-17T12:00:00Z\n", "")), NOON)
    assert start == NOON and free.times_s[0] == 0, "without a begin it begins with the run"


def test_a_storm_is_rain_for_a_terrain(tmp_path: Path) -> None:
    cells = Cells(STEREO, Affine(5, 0, 0, 0, -5, 0), (4, 4))
    rain, begin = rain_from(written(tmp_path, STEPS), cells, LAWS["finland"])
    assert begin == NOON and rain.rate_mm_h(0, 600) == 6


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("source: Suzhou 2025", "source: ' '", "no source"),
        ("begin: 2026-07-17T15:00:00+03:00", "begin: 2026-07-17T15:00:00", "no time with its zone"),
        ("begin: 2026-07-17T15:00:00+03:00\n", "", "nobody says when"),
        ("peak_ratio: 0.43", "peak_ratio: 1.43", r"chicago\.peak_ratio: peak_ratio is 1\.43"),
        ("peak_ratio: 0.43", "peak: 0.43", "it holds peak"),
        ("n: 0.785", "n: many", r"chicago\.n: n is 'many'"),
        ("n: 0.785", "m: 0.785", "it holds m"),
        ("duration_s: 7200", "depth_mm: 40", "either depth_mm or formula"),
        ("chicago:", "storm:", "it holds storm"),
        ("chicago:", "hyetograph: {intensity_mm_h: [5]}\nchicago:", "chicago and hyetograph"),
        ("formula: {", "formula: [", "it is no YAML"),
    ],
)
def test_bad_storms_are_refused(tmp_path: Path, was: str, now: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_storm(written(tmp_path, FORMULA.replace(was, now)))


def test_bad_steps_are_refused(tmp_path: Path) -> None:
    for now, says in (("[6, -30]", "rain of -30"), ("heavy", "no list of numbers"), ("[]", "n >= 1 intensities")):
        with pytest.raises(BadInput, match=says):
            read_storm(written(tmp_path, STEPS.replace("[6, 30, 0, 12]", now)))
    with pytest.raises(BadInput, match="there is no such file"):
        read_storm(tmp_path / "none.yaml")
