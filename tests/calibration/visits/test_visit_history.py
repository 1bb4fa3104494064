"""Reading visitors, the site's own days and weather: every mistake is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.visits import day_kinds, read_history, read_own_days, read_weather
from networks.errors import BadInput


def lines(rows: list[str], header: str = "date,visitors") -> str:
    return "\n".join([header, *rows]) + "\n"


def month(days: int = 30) -> list[str]:
    return [f"{date(2021, 3, 1) + timedelta(days=day)},{100 + day}" for day in range(days)]


def test_days_in_any_order_with_gaps(tmp_path: Path) -> None:
    file = tmp_path / "v.csv"
    rows = month(32)
    file.write_text(lines([*reversed(rows[3:]), rows[0], "2021/3/2,"]), encoding="utf-8")
    told = read_history(file)
    assert told.first == date(2021, 3, 1) and told.last == date(2021, 4, 1)
    assert np.isnan(told.visitors[1:3]).all() and told.visitors[31] == 131
    assert told.notes[0]["en"].startswith("2 days were not counted")


def test_a_weekday_column_that_is_off_by_one_is_told(tmp_path: Path) -> None:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    rows = [f"{row},{names[(at - 1) % 7]}" for at, row in enumerate(month())]
    (tmp_path / "v.csv").write_text(lines(rows, "date,visitors,weekday"), encoding="utf-8")
    assert "does not fit 30 of its dates" in read_history(tmp_path / "v.csv").notes[0]["en"]


@pytest.mark.parametrize(
    ("reader", "text", "told"),
    [
        (read_history, lines(month(20)), "20 days were counted"),
        (read_history, lines([*month(), "2021-03-05,7"]), "line 32.*2021-03-05 is in line 6 already"),
        (read_history, lines([*month(), "2021-13-05,7"]), "line 32.*no date"),
        (read_history, lines([*month(), "2021-05-05,-7"]), "line 32.*visitors is '-7'"),
        (read_history, lines([*month(), "2021-05-05,inf"]), "visitors is 'inf'"),
        (read_history, lines([*month(), "2121-05-05,3"]), "counted between 2021-03-01 and 2121-05-05"),
        (read_history, lines(month(), "date,tourist"), "no column visitors"),
        (read_own_days, lines(["2021-05-01,feast,us"], "date,kind,source"), "no kind of day is 'feast'"),
        (read_own_days, lines(["2021-05-01,closed,"], "date,kind,source"), "has no source"),
        (read_own_days, lines(["2021-05-01,closed"], "date,kind"), "its columns are date, kind"),
        (read_own_days, lines(["2021-05-01,closed,a", "2021-05-01,event,a"], "date,kind,source"), "there twice"),
        (read_weather, lines(["2021-05-01,-3"], "date,rain_mm"), "line 2.*rain_mm is '-3'"),
        (read_weather, lines(["2021-05-01,3"], "date,snow"), "its columns are date, snow"),
        (read_weather, lines(["2021-05-01,3", "2021-05-01,4"], "date,rain_mm"), "there twice"),
    ],
)
def test_what_cannot_be_read_is_told(reader: Callable[[Path], Any], text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=f"(?s){told}"):
        reader(tmp_path / "x.csv")


def test_the_labour_holiday_of_2021_is_as_the_state_council_said() -> None:
    """1 to 5 May off; Sunday 25 April and Saturday 8 May worked (notice of 25 November 2020)."""
    kinds = day_kinds(date(2021, 4, 24), 16)
    told = [kinds.kind(day) for day in range(16)]
    assert told == ["sat", "worked", "mon", "tue", "wed", "thu", "fri"] + ["long"] * 5 + ["thu", "fri", "worked", "sun"]


def test_the_site_s_own_days_go_first(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        lines(["2021-05-03,working,us", "2021-05-12,holiday,us", "2021-05-13,closed,us"], "date,kind,source")
    )
    kinds = day_kinds(date(2021, 5, 1), 14, own=read_own_days(file))
    assert kinds.kind(2) == "mon" and kinds.kind(11) == "short" and kinds.kind(12) == "closed"
    assert kinds.kind(0) == "short", "two days off are no long holiday"


def test_a_country_nobody_knows_and_a_year_without_notice() -> None:
    with pytest.raises(BadInput, match="no calendar for the country 'XX'"):
        day_kinds(date(2021, 5, 1), 3, country="XX")
    assert "2090" in day_kinds(date(2090, 5, 1), 3).notes[0]["en"]
    assert not day_kinds(date(2021, 5, 1), 3, country="FI").notes
