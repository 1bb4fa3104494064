"""Plots of any alternatives, however long their titles: no warning reaches the terminal, nothing is cut."""

from __future__ import annotations

import warnings
from datetime import datetime

import numpy as np
import pytest

from viz.phrases import amount
from viz.plots import difference_plot, flood_plot, response_plot, series_plot

ZERO = datetime(2026, 7, 17, 17)
TIMES, VALUES = np.arange(0.0, 3600.0, 60.0), np.ones(60)


@pytest.mark.parametrize("title", ["short", "New timings for sixteen signals near the market square " * 3, "x" * 120])
@pytest.mark.parametrize("count", [1, 4, 6])
def test_long_titles_draw_without_a_warning(title: str, count: int) -> None:
    names = [f"{number} {title}" for number in range(count)]
    lines = dict.fromkeys(names, (TIMES, VALUES))
    row = {"low": -2.0, "high": 1.0, "difference": -0.5, "verdict": "cannot tell"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for language in ("en", "zh"):
            assert difference_plot([{**row, "label": name} for name in names], "person minutes", language)
            assert series_plot(lines, axis="people per m²", zero=ZERO, language=language)
            assert flood_plot((TIMES, VALUES), lines, (TIMES, VALUES), zero=ZERO, language=language)
            assert response_plot({name: {"call-1": 3.0} for name in names}, language)


def test_one_is_singular_in_english() -> None:
    assert amount(1, "calls") == {"en": "1 call", "zh": "1 次呼叫"}
    assert amount(-1, "entries", signed=True)["en"] == "−1 entry"
    assert amount(2, "calls")["en"] == "2 calls" and amount(0.5, "calls")["en"] == "0.5 calls"
