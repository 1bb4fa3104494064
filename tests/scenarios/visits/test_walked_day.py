"""A day that was walked: nobody is lost, alarms come when shares are met, water shuts paths when the flood run says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import yaml

from models.crowd.sites import AlarmLevels
from networks import BadInput
from scenarios.visits import default_day, library_days, read_visit_day
from scenarios.visits.alarms import dense_paths, first_levels, site_alarms
from scenarios.visits.shut_paths import shut_at, under_water
from scenarios.visits.tables import figure_rows, write_tables
from scenarios.visits.text import VisitDayText
from scenarios.visits.visit_day import VisitDay, told_cut_off
from scenarios.visits.walked import WalkedDay, walk_days

if TYPE_CHECKING:
    from networks import City

BEGIN = datetime(2026, 7, 18, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def concert(helsinki: City) -> VisitDay:
    return read_visit_day(library_days()["harbour_concert"], helsinki, people=3000)


@pytest.fixture(scope="module")
def walked(concert: VisitDay) -> list[WalkedDay]:
    return walk_days(concert, [1, 2])


def test_nobody_is_lost_and_everybody_gets_home(concert: VisitDay, walked: list[WalkedDay]) -> None:
    for one in walked:
        there = one.inside.sum(axis=1) + one.queue.sum(axis=1) + one.walking + one.at_home
        assert (there <= 3000).all() and (np.diff(one.at_home) >= 0).all()
        assert one.at_home[-1] == one.people == 3000 and one.stranded == 0
        assert one.figures()["visits"] == 3000.0
        assert one.figures()["back_share"] == 1.0
    ends = (datetime.fromisoformat("2026-07-18T22:00:00+03:00") - concert.begin).total_seconds()
    assert all(one.inside[one.times_s <= ends - 300.0][-1].sum() > 2900 for one in walked), "all stay to the end"
    assert all(one.inside[one.times_s >= ends + 600.0].sum() == 0 for one in walked), "let out over five minutes"


def test_a_staggered_exit_is_less_dense(concert: VisitDay, walked: list[WalkedDay]) -> None:
    slow = walk_days(replace(concert, shows={"concert": 2700.0}), [1])[0]
    assert slow.walking.max() < 0.6 * walked[0].walking.max()
    assert slow.dense_s.sum() <= walked[0].dense_s.sum()


def test_alarms_and_tables_agree_with_the_course(concert: VisitDay, walked: list[WalkedDay], tmp_path: Path) -> None:
    holds = 2000.0
    site = replace(concert.sites[0], area_m2=holds * 2.0, m2_per_person=2.0)
    day = replace(concert, sites=(site,))
    alarm = site_alarms(day, walked)[0]
    assert alarm.capacity.instant == holds and alarm.share == pytest.approx(1.5, abs=0.02)
    first = [one.times_s[np.argmax(one.inside[:, 0] >= 0.8 * holds)] for one in walked]
    assert alarm.first_s[0] == np.median(first) and alarm.chance == (1.0, 1.0, 1.0)
    assert alarm.lead_s is not None and alarm.lead_s > 0
    write_tables(tmp_path, day, walked, [alarm])
    names = {"figures.csv", "sites.csv", "course.csv", "paths.csv", "sources.csv", "draws.parquet"}
    assert {one.name for one in tmp_path.iterdir()} == names
    rows = {name: (mean, low, high) for name, mean, low, high in figure_rows(walked)}
    assert rows["people"] == (3000.0, 3000.0, 3000.0)
    for one in dense_paths(walked):
        assert one.person_min > 0 and 0 < one.chance <= 1 and one.lead_s >= 0


def test_levels_come_when_shares_are_met_and_never_twice() -> None:
    times = np.arange(6) * 300.0
    day = default_levels()
    assert first_levels(day, times, np.array([0.1, 0.85, 0.7, 0.95, 1.2, 0.2])).tolist() == [300.0, 900.0, 1200.0]
    assert first_levels(day, times, np.full(6, 0.5)).tolist() == [np.inf] * 3


def default_levels() -> VisitDay:
    class Levels:
        alarms = AlarmLevels()

    return Levels()  # type: ignore[return-value]


def flood_folder(folder: Path, digest: str, begin: str | None) -> Path:
    head = {"format": "citytwin-flood-run-1", "digest": digest, "city": "Helsinki", "begin": begin}
    (folder / "flood_run.json").write_text(json.dumps(head), encoding="utf-8")
    (folder / "places.csv").write_text("place\n", encoding="utf-8")
    rows = "link_id,walker_chance,walker_shut_s\n3,1.0,600\n4,0.4,600\n5,0.0,\n"
    (folder / "paths.csv").write_text(rows, encoding="utf-8")
    return folder


def test_water_shuts_paths_from_the_moment_that_the_flood_run_says(helsinki: City, tmp_path: Path) -> None:
    folder = flood_folder(tmp_path, helsinki.digest, "2026-07-18T10:00:00+00:00")
    wet = under_water(folder, helsinki, BEGIN, 0.5, 7200.0)
    assert wet.links.tolist() == [3] and wet.from_s.tolist() == [4200.0]
    day = default_day(helsinki, 100, BEGIN, flood=folder, alarm=0.3)
    links = len(day.graph.length_m)
    assert [int(shut_at(day.shut, at, links).sum()) for at in (4199.0, 4200.0, 57600.0)] == [0, 2, 2]
    assert under_water(folder, helsinki, BEGIN, 0.5, 7200.0, storm_s=60.0).from_s.tolist() == [660.0]


def test_many_sites_cut_off_by_one_water_are_one_sentence() -> None:
    told = told_cut_off([("a", "water", 600.0), ("b", "works", 0.0), ("c", "water", 3600.0)], BEGIN)
    assert [one["en"] for one in told] == [
        "water cuts off a from 09:10 on and 1 more sites by 10:00: nobody gets there then",
        "b is cut off by works from 09:00 on: nobody gets there then",
    ]


def test_a_flood_of_another_city_or_of_no_hour_is_refused(helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nobody says when the storm begins"):
        under_water(flood_folder(tmp_path, helsinki.digest, None), helsinki, BEGIN, 0.5, 7200.0)
    with pytest.raises(BadInput, match="another Helsinki"):
        under_water(flood_folder(tmp_path, "0" * 64, None), helsinki, BEGIN, 0.5, 7200.0)


@pytest.mark.parametrize("name", sorted(library_days()))
def test_every_day_of_the_library_is_right_and_bilingual(name: str) -> None:
    file = library_days()[name]
    said = VisitDayText.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert said.title.en and said.title.zh and said.description.en and said.description.zh
    assert any(word in said.source for word in ("synthetic", "assumed"))
    assert said.sites is None or (file.parent / said.sites).exists()
