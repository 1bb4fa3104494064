"""Lines of a day's file: people wait for their run home, and extra runs are advised where these are the bottleneck."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.crowd.city import CityDay
from models.crowd.city.controls import Controls, Line, Runs
from networks import BadInput
from scenarios import SerialExecutor
from scenarios.visits import city_day, library_days, read_visit_day
from scenarios.visits.advising.advice import advise_day
from scenarios.visits.advising.lived import live_with_model
from scenarios.visits.advising.proposals import single_measures
from scenarios.visits.advising.trouble import trouble_of
from scenarios.visits.visit_day import live_through
from tests.scenarios.visits.test_crowd_advice import fork
from tests.scenarios.visits.test_visit_day import HEAD, SOURCES, write

if TYPE_CHECKING:
    from networks import City

METRO = "lines:\n  - {id: m1, name: Metro 1, stop: station, headway_min: 10, places: 40, area_m2: 30, source: us}\n"
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_people_wait_for_runs_that_take_as_many_as_they_hold(helsinki: City, tmp_path: Path) -> None:
    text = HEAD + "sites: sites.yaml\narrivals: {from: '10:00', shares: [1, 1]}\nhome_by: '13:00'\n" + SOURCES
    day = read_visit_day(write(tmp_path, text + METRO), helsinki)
    (line,) = day.lines
    assert (line.name, line.headway_s, line.places, line.area_m2) == ("Metro 1", 600.0, 40, 30.0)
    model = city_day(day, 1)
    live_through(day, model, 3600.0, lambda _at: None)
    (platform,) = model.guide.platforms
    assert model.guide.lines == (Line(0, 600.0, 40, 30.0, "Metro 1"),)
    assert platform.most > 40 and platform.waited_s > 0 and platform.dense_s > 0
    assert len(platform) == 0, "300 people, 40 every 10 minutes: all are away after 80"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (METRO.replace("stop: station", "stop: harbour"), ["line 9", "no people come from 'harbour'", "station, pier"]),
        (METRO + METRO.partition("\n")[2].replace("m1", "m2"), ["line 10", "two lines, m1 and m2", "one for each"]),
        (METRO.replace("headway_min: 10", "headway_min: 0"), ["line 9", "headway_min"]),
        (METRO.replace("places: 40", "places: -1"), ["line 9", "places"]),
        (METRO.replace("area_m2: 30, ", ""), ["line 9", "area_m2"]),
        (METRO.replace("places", "seats"), ["line 9", "seats"]),
    ],
)
def test_mistakes_in_lines_are_told_with_their_line(
    helsinki: City, tmp_path: Path, lines: str, told: list[str]
) -> None:
    with pytest.raises(BadInput) as caught:
        read_visit_day(write(tmp_path, HEAD + SOURCES + lines + "sites: sites.yaml\n"), helsinki)
    assert all(one in str(caught.value) for one in told), str(caught.value)


def test_a_line_that_cannot_take_its_people_home_is_told(helsinki: City, tmp_path: Path) -> None:
    few = METRO.replace("headway_min: 10, places: 40", "headway_min: 60, places: 20")
    notes = read_visit_day(write(tmp_path, HEAD + SOURCES + few + "sites: sites.yaml\n"), helsinki).notes
    assert any(
        "Metro 1 takes 140 people home in the whole day, and 300 come from station" in one["en"] for one in notes
    )


def test_extra_runs_are_advised_where_a_platform_is_the_bottleneck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.visits.advising.search.KEPT", 1)
    case = fork(slow_gate_ps=9.0)
    wide = replace(case.graph, width_m=np.array([40.0, 40.0]))
    case = replace(case, graph=wide, lines=(Line(0, 900.0, 200, 60.0, "Metro 1"),))
    found = advise_day(case, SerialExecutor(), created=NOW, draws=2)
    assert found.recommendation is not None and found.searched.trouble is not None
    assert found.searched.trouble.lines == (0,) and found.searched.trouble.links == ()
    runs = [one for one in Controls.from_json(found.recommendation.action).measures if isinstance(one, Runs)]
    assert [one.headway_s for one in runs] in ([450.0], [300.0])
    title = found.recommendation.title
    assert "extra runs home: Metro 1 every" in title["en"] and "加开返程班次：Metro 1每" in title["zh"]
    assert any("drivers for the extra runs" in one["en"] for one in found.recommendation.risks)
    assert found.recommendation.effect.high < 0


def test_no_runs_are_tried_where_nobody_is_left_behind() -> None:
    case = replace(fork(), lines=(Line(0, 120.0, 2000, 5000.0, "Metro 1"),))
    lived, model = live_with_model(case, 1, Controls())
    trouble = trouble_of(lived, model)
    assert isinstance(model, CityDay) and trouble is not None and trouble.lines == ()
    assert not any("extra runs" in one.name for one in single_measures(trouble, model))


def test_the_concert_by_metro_of_the_library_fits_its_town(helsinki: City) -> None:
    day = read_visit_day(library_days()["harbour_concert_metro"], helsinki, people=600)
    assert [one.stop for one in day.lines] == ["metro", "trams"] and day.people == 600
