"""Rain by file, in a scenario and of a flood run: storms, gauges, radar and nowcasts, one reader for all."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_radar import NOON, STEREO, cells

from models.flood.rain import law_named, nowcast_rain, rains_from, read_radar, save_nowcast
from networks.errors import BadInput, BadScenario
from scenarios import Scenario, Store, check_scenario, flood_of, parse_scenario, read_scenario
from scenarios.flooding.rains import rain_for
from scenarios.interventions import Rainfall
from scenarios.members.flood_run import load_flood_grid
from scenarios.rain.rain_run import cells_of, hyetograph_of, rain_of, rain_on_drivers

if TYPE_CHECKING:
    from networks import City

SCENARIO = """\
name: by-file
period: {{begin: 2026-07-17T15:05:00+03:00, end: 2026-07-17T15:12:00+03:00, warm_up_s: 120}}
interventions:
  - kind: rainfall
    file: {file}
    on_drivers: true
"""
STORM = "source: a drill\nhyetograph: {step_s: 240, intensity_mm_h: [6, 30]}\n"
GAUGES = """# source: the town
gauge,lon,lat,time,rain_mm
a,24.94,60.17,2026-07-17T12:05:00Z,1
a,24.94,60.17,2026-07-17T12:10:00Z,3
b,24.95,60.17,2026-07-17T12:05:00Z,1
b,24.95,60.17,2026-07-17T12:10:00Z,5
"""


def frames(folder: Path) -> None:
    """Three frames of rain that moves over Helsinki, pixels of 1 km, five minutes apart from noon on."""
    import rasterio
    from rasterio.transform import from_origin

    from networks.coordinates.projection import own_proj

    folder.mkdir()
    profile = {"driver": "GTiff", "height": 64, "width": 64, "count": 1, "dtype": "float32", "crs": STEREO}
    for at in range(3):
        rain = cells(34, 24 + 2 * at) + cells(28 + at, 36) + 1
        file = folder / f"{NOON + timedelta(minutes=5 * at):%Y%m%d%H%M}.tif"
        with own_proj(), rasterio.open(file, "w", **profile, transform=from_origin(-32e3, -3135e3, 1e3, 1e3)) as raster:
            raster.write(rain.astype(np.float32), 1)
            raster.units = ("mm/h",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rain of every kind."""
    home = tmp_path_factory.mktemp("rain")
    (home / "storm.yaml").write_text(STORM)
    (home / "gauges.csv").write_text(GAUGES)
    frames(home / "radar")
    seen = read_radar(home / "radar", law_named("finland"))
    (home / "cast").mkdir()
    save_nowcast(nowcast_rain(seen, members=3, leads=1), seen, home / "cast", (1.0,), {})
    return home


def by_file(folder: Path, file: str) -> Scenario:
    return parse_scenario(SCENARIO.format(file=file), file=folder / "scenario.yaml")


def test_a_storm_without_a_begin_falls_from_the_periods_begin(folder: Path) -> None:
    scenario = by_file(folder, "storm.yaml")
    rain = hyetograph_of(scenario)
    assert rain is not None and rain.source == "a drill"
    assert rain.times_s.tolist() == [120, 360, 600] and rain.intensity_mm_h.tolist() == [6, 30]


def test_gauges_are_written_into_the_scenario(folder: Path) -> None:
    scenario = by_file(folder, "gauges.csv")
    rain = hyetograph_of(scenario)
    assert rain is not None and "2 gauges" in rain.source
    assert rain.intensity_mm_h.tolist() == [12, 48] and rain.times_s.tolist() == [-180, 120, 420]
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario, "nothing is left to be read"


def test_radar_rain_falls_on_the_cells_and_its_mean_on_drivers(folder: Path, helsinki: City) -> None:
    scenario = by_file(folder, "radar")
    check_scenario(scenario, helsinki)
    field, mean = rain_of(scenario, helsinki), rain_on_drivers(scenario, helsinki)
    direct, _ = rains_from(folder / "radar", cells_of(helsinki), law_named("finland"), begin=scenario.start)
    assert field is not None and mean is not None
    np.testing.assert_array_equal(field.rate_mm_h(0, 400), direct[0].rate_mm_h(0, 400))
    assert mean.rate_mm_h(0, 400) == pytest.approx(float(np.mean(field.rate_mm_h(0, 400))))
    with pytest.raises(BadInput, match="without a city"):
        hyetograph_of(scenario)


def test_each_seed_meets_a_member_of_the_nowcast(folder: Path, helsinki: City, store: Store) -> None:
    scenario, second = by_file(folder, "cast"), by_file(folder, "{path: cast, member: 1}")
    assert scenario.of(Rainfall)[0].by_seed and not second.of(Rainfall)[0].by_seed
    falls = {seed: hyetograph_of(scenario, helsinki, seed) for seed in (1, 2, 4)}
    last = {seed: rain.intensity_mm_h[-1] for seed, rain in falls.items() if rain is not None}
    assert last[1] == last[4] != last[2], "three members, in turn"
    pinned = hyetograph_of(second, helsinki, 1)
    assert pinned is not None and pinned.intensity_mm_h[-1] == last[2]
    floods = {seed: flood_of(helsinki, scenario, store, seed=seed) for seed in (1, 4)}
    assert floods[1] == floods[4] is not None
    assert load_flood_grid(store, floods[1]).ledger.rain_m3 > 0


def test_where_the_folder_lies_is_no_part_of_the_digest_but_what_is_in_it_is(
    folder: Path, helsinki: City, tmp_path: Path
) -> None:
    shutil.copytree(folder / "radar", tmp_path / "radar")
    here, there = by_file(folder, "radar"), by_file(tmp_path, "radar")
    assert here.digest == there.digest and here != there
    (tmp_path / "radar" / "notes.txt").write_text("left alone")
    assert by_file(tmp_path, "radar").digest == here.digest
    next((tmp_path / "radar").glob("*.tif")).unlink()
    assert by_file(tmp_path, "radar").digest != here.digest
    with pytest.raises(BadScenario, match="another rain than when the scenario was read"):
        check_scenario(there, helsinki)


def test_a_flood_run_takes_each_of_them(folder: Path, helsinki: City) -> None:
    storm = folder / "begun.yaml"
    storm.write_text(STORM + "begin: 2026-07-17T12:00:00Z\n")
    plain = folder / "scenario.yaml"
    plain.write_text(SCENARIO.format(file="cast"))
    rains = {name: rain_for(helsinki, folder / name) for name in ("begun.yaml", "gauges.csv", "radar", "cast")}
    assert {one.begin for one in rains.values()} == {NOON}
    assert {name: len(one.rains) for name, one in rains.items()} == {**dict.fromkeys(rains, 1), "cast": 3}
    assert rains["begun.yaml"].depth_mm(480) == pytest.approx(2.4)
    said = rain_for(helsinki, plain)
    assert len(said.rains) == 3 and said.ensemble and said.begin == read_scenario(plain).start


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("none.csv", "there is no such file"),
        ("none", "there is no such file"),
        (".", "0 radar frames"),
        ("{path: cast, member: 3}", "there is no member 3; the folder has 3"),
        ("{path: cast, law: none}", "no Z-R law 'none'"),
        ("{path: gauges.csv, law: finland}", "law and member are a folder's"),
        ("{folder: cast}", "it is {'folder': 'cast'}"),
        (
            "storm.yaml\n    chicago: {begin: 2026-07-17T15:05:00+03:00, depth_mm: 9}",
            "a file and chicago",
        ),
    ],
)
def test_what_is_no_rain_is_told_with_its_line(folder: Path, file: str, says: str) -> None:
    with pytest.raises(BadScenario) as told:
        by_file(folder, file)
    assert says in told.value.what and told.value.place is not None and "line" in told.value.place


def test_rain_of_another_day_is_refused(folder: Path, helsinki: City) -> None:
    text = SCENARIO.format(file="gauges.csv").replace("2026-07-17", "2026-07-18")
    with pytest.raises(BadScenario, match="falls outside the period"):
        check_scenario(parse_scenario(text, file=folder / "late.yaml"), helsinki)


def test_a_yaml_that_is_neither_storm_nor_scenario_is_refused(helsinki: City, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    for text, says in (("source: a drill\n", "nobody says when"), ("- 1\n", "it holds all"), ("a: [", "no YAML")):
        file.write_text(text)
        with pytest.raises(BadInput, match=says):
            rain_for(helsinki, file)
