"""Hyetographs and design storms against their closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from models.flood import Hyetograph, chicago_storm, uniform_rain
from networks.errors import BadInput


def test_depth_and_intensity_of_steps() -> None:
    rain = Hyetograph(np.array([0.0, 600.0, 1800.0]), np.array([30.0, 6.0]), "gauge A")
    assert rain.depth_mm == pytest.approx(30 / 6 + 6 / 3)
    assert [rain.at(t) for t in (-1.0, 0.0, 599.9, 600.0, 1799.0, 1800.0)] == [0, 30, 30, 6, 6, 0]
    assert rain.peak_mm_h == 30
    later = rain.delayed(900)
    assert later.at(899) == 0
    assert later.at(901) == 30
    assert later.depth_mm == pytest.approx(rain.depth_mm)


def test_a_hyetograph_cannot_be_changed_behind_its_back() -> None:
    given = np.array([30.0])
    rain = Hyetograph(np.array([0.0, 600.0]), given, "gauge A")
    given[0] = -1
    assert rain.at(0) == 30
    with pytest.raises(ValueError, match="read-only"):
        rain.intensity_mm_h[0] = 5


@pytest.mark.parametrize(
    ("times", "intensity", "source", "says"),
    [
        ([0, 60, 120], [5, -0.1], "gauge", r"intensity_mm_h\[1\]: rain of -0.1"),
        ([0, 60, 120], [5, np.nan], "gauge", r"intensity_mm_h\[1\]"),
        ([0, 60, 60], [5, 1], "gauge", r"times_s\[2\].*do not increase"),
        ([0, np.nan, 120], [5, 1], "gauge", "do not increase"),
        ([0, 60], [5, 1], "gauge", "n \\+ 1 times"),
        ([0, 60], [5], "  ", "without a source"),
    ],
)
def test_bad_rain_is_refused(times: list[float], intensity: list[float], source: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        Hyetograph(np.array(times), np.array(intensity), source)


def test_even_rain() -> None:
    rain = uniform_rain(depth_mm=25, duration_s=1800, begin_s=600, source="drill")
    assert rain.depth_mm == pytest.approx(25)
    assert rain.at(700) == pytest.approx(50)
    assert rain.at(599) == 0
    with pytest.raises(BadInput, match="duration_s"):
        uniform_rain(depth_mm=25, duration_s=0, source="drill")


def test_chicago_storm_holds_the_law_in_every_window_around_its_peak() -> None:
    a, b, c, ratio, step = 1200.0, 11.0, 0.75, 0.4, 1.0
    storm = chicago_storm(a_mm_h=a, b_min=b, c=c, duration_s=7200, peak_ratio=ratio, step_s=step, source="table 3")
    for minutes in (10, 30, 60, 120):
        begin, end = ratio * (7200 - minutes * 60), ratio * 7200 + (1 - ratio) * minutes * 60
        inside = (storm.times_s[:-1] >= begin - 0.5) & (storm.times_s[1:] <= end + 0.5)
        depth = float(np.sum(storm.intensity_mm_h[inside]) * step / 3600)
        assert depth == pytest.approx(a / (minutes + b) ** c * minutes / 60, rel=5e-3)
    peak = 0.5 * (storm.times_s[:-1] + storm.times_s[1:])[np.argmax(storm.intensity_mm_h)]
    assert peak == pytest.approx(ratio * 7200, abs=step)


def test_chicago_storm_by_depth() -> None:
    storm = chicago_storm(depth_mm=40, duration_s=3700, step_s=300, peak_ratio=0.3, source="scenario")
    assert storm.depth_mm == pytest.approx(40)
    assert storm.times_s[-1] == 3700
    assert np.all(np.diff(storm.intensity_mm_h[:3]) > 0)
    assert np.all(np.diff(storm.intensity_mm_h[4:]) < 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"a_mm_h": 900.0}, "either depth_mm or a_mm_h"),
        ({"depth_mm": None}, "either depth_mm or a_mm_h"),
        ({"depth_mm": -3.0}, "rain of"),
        ({"peak_ratio": 1.0}, "peak_ratio"),
        ({"c": 1.2}, "c is 1.2"),
        ({"b_min": 0.0}, "b_min"),
        ({"source": ""}, "source"),
    ],
)
def test_bad_design_storms_are_refused(change: dict[str, object], says: str) -> None:
    arguments: dict[str, object] = {"depth_mm": 40.0, "duration_s": 3600.0, "source": "scenario"} | change
    with pytest.raises(BadInput, match=says):
        chicago_storm(**arguments)  # type: ignore[arg-type]
