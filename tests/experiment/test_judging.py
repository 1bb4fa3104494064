"""Forecasts are judged where no sensor is, over what everybody spoke of, and no forecaster is told the future."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks.calibration.experiment.baselines import level_now, survey_and_level
from benchmarks.calibration.experiment.corrected import multiple
from benchmarks.calibration.experiment.day import Day
from benchmarks.calibration.experiment.days import Closure
from benchmarks.calibration.experiment.forecasters import FORECASTERS, opened
from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.judging import during, keep_rows, kept_rows, rows, summed
from benchmarks.calibration.experiment.known import cut_places
from benchmarks.calibration.experiment.sensors import watch
from benchmarks.calibration.experiment.setting import Setting
from benchmarks.calibration.experiment.tables import print_tables
from calibration.skill import Forecast, Seen

EDGES = tuple(f"e{number}" for number in range(10))
SENSORS, HELD = EDGES[:4], EDGES[4:]


def a_day(seed: int, level: float = 1.0) -> Day:
    rng = np.random.default_rng(seed)
    usual = np.random.default_rng(99).uniform(10, 60, (10, 36)) * level
    known = 300.0 * np.arange(1, 37) + rng.uniform(0, 600, (2, 36))
    return Day(
        EDGES, 0.0, 300.0, rng.poisson(usual).astype(float), rng.uniform(8, 12, (10, 36)), ("p", "q"),
        rng.uniform(90, 110, (2, 36)), known,
    )  # fmt: skip


def write(folder: Path, name: str, day: Day, closure: Closure | None = None) -> None:
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    day.write(place / "day.npz")
    watch(day, SENSORS, {}, 1, name).write(place / "sensors.npz")
    (place / "known.json").write_text(json.dumps({"kind": "monday to thursday", "rain_s": [3000.0, 5400.0]}))
    if closure is not None:
        (place / "hidden.json").write_text(json.dumps(asdict(closure)))


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    for number in range(5):
        write(tmp_path, f"day-{number:02d}", a_day(number))
    write(tmp_path, "truth", a_day(77, 1.3), Closure("e5", (0,), 6000.0, 8700.0))
    places = {"sensors": SENSORS, "held": HELD, "paths": {"p": ["e4"], "q": ["e5"]}}
    (tmp_path / "places.json").write_text(json.dumps(places))
    return Setting(HiddenTown(None, tmp_path, past=5), "truth", tmp_path / "work")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["survey", "survey-level", "oracles"])
def test_a_forecast_is_the_same_whatever_comes_later(setting: Setting, name: str) -> None:
    at_s, opening, oracle = 3600.0, *opened(name)
    with opening(setting) as forecast:
        before = forecast(setting.known(at_s, oracle=oracle))
    one, other = a_day(77, 1.3), a_day(78, 0.4)
    over, later = int(at_s / 300), np.where(one.travel_known_s <= at_s, one.travel_time_s, other.travel_time_s)
    mixed = [np.hstack([getattr(one, key)[:, :over], getattr(other, key)[:, over:]]) for key in ("flow", "speed_mps")]
    write(setting.hidden.folder, "truth", Day(EDGES, 0.0, 300.0, *mixed, one.paths, later, one.travel_known_s))
    again = Setting(setting.hidden, "truth", setting.folder)
    with opening(again) as forecast:
        after = forecast(again.known(at_s, oracle=oracle))
    assert len(before) == len(after) > 2
    for first, second in zip(before, after, strict=True):
        np.testing.assert_array_equal(first.members, second.members)


def test_only_oracles_see_the_judged_places_live(setting: Setting) -> None:
    assert [name for name in FORECASTERS if opened(name)[1]] == ["oracles", "oracle-boosting", "oracle-served"]
    known = setting.known(3600.0, oracle=False)
    assert known.live is None
    assert [day.seen is not None for day in known.past] == [True, True, False, False, False]
    assert not set(known.today.edges) & set(setting.held)
    assert known.today.counts.shape == (4, 12)
    assert known.rain.tolist() == 10 * [False] + 2 * [True]


def test_the_level_of_today_is_seen_at_the_sensors(setting: Setting) -> None:
    known = setting.known(5400.0, oracle=False)
    assert level_now(known) == pytest.approx(1.3, abs=0.12)
    with survey_and_level(setting) as forecast:
        flow = next(one for one in forecast(known) if one.quantity == "flow")
    truth = cut_places(setting.truth, HELD)["flow"].values[:, 18:30]
    assert np.median(np.median(flow.members, axis=0) / truth) == pytest.approx(1.0, abs=0.12)


def test_rows_and_sums_are_what_they_say(tmp_path: Path) -> None:
    truth = {"flow": Seen("flow", ("a", "b"), 0.0, 300.0, np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, np.nan, 8.0]]))}
    members = np.array([[[2.0, 2.0, 9.0], [7.0, 7.0, 7.0]], [[4.0, 4.0, 9.0], [7.0, 7.0, 7.0]]])
    said = Forecast("x", "flow", ("b", "elsewhere"), 300.0, 300.0, 300.0, members)  # of a it says nothing
    whole = Forecast("y", "flow", ("a", "b"), 300.0, 300.0, 300.0, members)
    keep_rows([rows([said], truth, "truth")], tmp_path, "x", "truth")
    keep_rows([rows([whole], truth, "truth")], tmp_path, "y", "truth")
    found = summed(kept_rows(tmp_path)).set_index(["source", "horizon_min"])
    assert found.loc[("x", 5), "mae"] == 3.0  # |3 - 6| at b
    assert found.loc[("y", 5), "mae"] == 1.0  # |7 - 6| at b: x says nothing of a
    assert found.loc[("x", 5), "said"] == 0.5
    assert found.loc[("y", 5), "said"] == 1.0
    assert ("x", 10) not in found.index  # nobody was at b: nothing in common
    assert found.loc[("y", 15), ["mae", "n", "coverage"]].tolist() == [1.0, 1, 0.0]
    part = during(kept_rows(tmp_path), {"truth": (600.0, 900.0)})
    assert set(part["begin_s"]) == {600.0}


def test_the_tables_print_from_kept_rows(setting: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    truth = cut_places(setting.truth, HELD)
    for name in ("survey", "oracles"):
        opening, oracle = opened(name)
        with opening(setting) as forecast:
            found = [rows(forecast(setting.known(at_s, oracle=oracle)), truth, "truth") for at_s in (4800.0, 6300.0)]
        keep_rows(found, setting.hidden.folder / "rows", name, "truth")
    print_tables(kept_rows(setting.hidden.folder / "rows"), setting.hidden)
    text = capsys.readouterr().out
    assert text.count("### flow") == text.count("### travel_time") == 3
    assert "oracle blend" in text


def test_what_the_twin_says_counts_as_a_multiple_of_its_usual_day() -> None:
    usual = np.broadcast_to(np.array([[10.0], [20.0]]), (3, 2, 8))
    said = np.broadcast_to(np.array([[30.0], [20.0]]), (4, 2, 4))  # all agree: no chance in it
    np.testing.assert_allclose(multiple(said, usual, 6, small=0.0), [[3.0, 3.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]])
    nobody = np.full((1, 2, 1), np.nan)
    assert multiple(nobody, usual, 0, small=1.0).tolist() == [[1.0], [1.0]]
    assert multiple(np.full((1, 2, 1), 900.0), usual, 0, small=1.0).tolist() == [[3.0], [3.0]]


def test_what_chance_explains_is_drawn_to_the_whole_town() -> None:
    rng = np.random.default_rng(5)
    usual = rng.poisson(20.0, (4, 400, 12)).astype(float)
    same = multiple(rng.poisson(10.0, (8, 400, 12)).astype(float), usual, 0, small=1.0)
    assert same.mean() == pytest.approx(11.0 / 21.0, rel=0.02)
    assert same.std() < 0.02  # members alone scatter by .05
    half = np.where(np.arange(400) < 200, 10.0, 40.0)[None, :, None] * np.ones((8, 1, 12))
    apart = multiple(rng.poisson(half).astype(float), usual, 0, small=1.0)
    assert apart[:200].mean() == pytest.approx(11.0 / 21.0, rel=0.03)
    assert apart[200:].mean() == pytest.approx(41.0 / 21.0, rel=0.03)
