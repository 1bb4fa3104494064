"""The validation of crowds in continuous space: gates are met, missed ones are told, laboratory files are read."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from models.check import Check, failed
from models.crowd import validation
from models.crowd.hotspot import Walking
from models.crowd.hotspot.choosing import FLOW_PMS
from models.crowd.hotspot.placing import scattered
from models.crowd.validation import city_gates, laboratory_gates, validate
from models.crowd.validation.laboratory import FOLDER, RUNS, Figures, measure, read_run, simulate
from models.crowd.validation.rimea import leaving, walking
from models.crowd.validation.rimea.outcome import Outcome, check
from models.crowd.validation.rimea.suite import LONG, TESTS, run_all
from models.crowd.validation.shared_grounds import GROUNDS, in_continuous_space, in_the_city_model
from networks import BadInput
from twin.commands import crowd_validate

CHEAP = (
    walking.keeps_its_speed,
    walking.keeps_its_speed_on_stairs,
    walking.sets_out_when_told,
    walking.walks_round_a_corner,
    walking.walks_at_the_speed_of_its_age,
    leaving.goes_where_it_is_sent,
)


def test_closed_forms_are_met() -> None:
    told: list[Check] = []
    assert validate(told.append) == told
    assert not failed(told)


@pytest.mark.parametrize("test", CHEAP, ids=lambda test: test.__name__)
@pytest.mark.parametrize("degrees", [0, 17])
def test_rimea_is_met_however_the_ground_is_turned(test: Callable[[float], Outcome], degrees: float) -> None:
    outcome = test(degrees)
    assert outcome.passed, outcome.checks


@pytest.mark.full
@pytest.mark.parametrize("test", [test for test in TESTS if test not in CHEAP], ids=lambda test: test.__name__)
def test_dear_tests_of_rimea_are_met(test: Callable[[float], Outcome]) -> None:
    outcome = test(30)
    assert outcome.passed, outcome.checks


def test_a_corner_cut_through_the_wall_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test 6 fails where tracks leave the ground: the same tracks on the ground without its outer leg."""
    outcome = walking.walks_round_a_corner(0)
    beyond = outcome.tracks.xy_m[:, 1] > 2.2
    assert beyond.any(), "people do turn the corner"
    monkeypatch.setattr(walking, "SPEED_MPS", 0.2)
    assert not walking.walks_round_a_corner(0).passed, "nobody is round in time at a fifth of the speed"


def test_dear_tests_are_run_as_drawn_only_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    blank = walking.keeps_its_speed(0)
    stubs = [lambda degrees, test=test: replace(blank, degrees=degrees, title=test.__name__) for test in TESTS]
    monkeypatch.setattr("models.crowd.validation.rimea.suite.TESTS", tuple(stubs))
    monkeypatch.setattr("models.crowd.validation.rimea.suite.LONG", tuple(stubs[TESTS.index(t)] for t in LONG))
    assert len(list(run_all(long=False))) == 4 * (len(TESTS) - len(LONG)) + len(LONG)
    assert len(list(run_all(long=True))) == 4 * len(TESTS)


def test_a_missed_gate_ends_the_command_with_3(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    outcome = walking.keeps_its_speed(0)
    for value, status, words in ((0.04, 0, "2 of 2 gates met"), (0.06, 3, "MISSED")):
        line = check(1, 0, "m", value, 0.05)
        monkeypatch.setattr(validation, "closed_forms", lambda: iter([Check("a", "analytic", "m", 0.0, 0)]))
        monkeypatch.setattr(validation, "city_model", lambda: iter([Check("b", "verification", "m", 0.0, None)]))
        monkeypatch.setattr(validation, "run_all", lambda line=line, **_: iter([replace(outcome, checks=(line,))]))
        result = CliRunner().invoke(crowd_validate.validate, ["--data", str(tmp_path)])
        assert result.exit_code == status
        assert words in result.output
        assert "left out: no data in" in result.output


def _corridor_file(folder: Path, speed_mps: float) -> Path:
    """120 people, four abreast, who walk through the corridor 1 m behind each other."""
    rows = []
    for person in range(120):
        for frame in range(0, 1200, 5):
            x = 4.6 + person // 4 * 1.0 - frame / 25 * speed_mps
            if -5.9 < x < 4.7:
                rows.append(f"{person + 1} {frame + 40} {x:.4f} {0.625 + person % 4 * 1.25:.4f} 1.8")
    file = folder / FOLDER / RUNS["corridor"].file
    file.parent.mkdir(parents=True)
    file.write_text("# made by hand\n" + "\n".join(rows))
    return file


def test_a_run_made_by_hand_has_the_flow_density_and_speed_put_in(tmp_path: Path) -> None:
    _corridor_file(tmp_path, 0.8)
    run = replace(RUNS["corridor"], frames_ps=25.0)
    figures = measure(read_run(run, tmp_path), run)
    assert figures.people == 120
    assert figures.flow_pms == pytest.approx(0.8 * 4 / 5, rel=0.03)
    assert figures.density_pm2 == pytest.approx(0.8, rel=0.03)
    assert figures.speed_mps == pytest.approx(0.8, rel=0.01)


def test_files_that_are_no_runs_are_told(tmp_path: Path) -> None:
    run = RUNS["corridor"]
    with pytest.raises(BadInput, match="no such run"):
        read_run(run, tmp_path)
    file = _corridor_file(tmp_path, 0.8)
    file.write_text("# x\n1 2 three 4\n")
    with pytest.raises(BadInput, match="not a table of numbers"):
        read_run(run, tmp_path)
    file.write_text("1 0 0.1 1 1\n1 5 -0.1 1 1\n")
    with pytest.raises(BadInput, match="1 people cross the line"):
        measure(read_run(run, tmp_path), run)


def test_streams_that_cross_on_a_square_leave_by_doors_of_their_own() -> None:
    crossing, turning = (replace(ground, for_s=15.0) for ground in GROUNDS[6:8])
    there, here = in_continuous_space(crossing), in_the_city_model(crossing, capacity_pms=FLOW_PMS)
    assert here == pytest.approx(there, rel=0.1)
    assert in_the_city_model(turning) == pytest.approx(here, rel=0.01), "by the middle it is as far to any door"
    assert in_continuous_space(turning) < 0.85 * there, "straight from door to door it is not"
    assert not turning.gated


def test_both_models_take_as_long_on_a_shared_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap ones; a bridge that lets out fewer than it says, as a held door once did, is told."""
    stairs, bridge = GROUNDS[5], replace(GROUNDS[4], for_s=20.0)
    monkeypatch.setattr(city_gates, "GROUNDS", (stairs, bridge))
    lines = list(city_gates.city_model())
    assert [line.name for line in lines if line.gate is not None] == [
        "shared ground, stairs", "shared ground, bridge that fills up", "a blocked bridge",
    ]  # fmt: skip
    assert not failed(lines), lines
    slow = replace(bridge.way_out, outflow_ps=1.0)
    monkeypatch.setattr(
        city_gates, "in_continuous_space", lambda ground: in_continuous_space(replace(ground, way_out=slow))
    )
    monkeypatch.setattr(city_gates, "GROUNDS", (bridge,))
    assert [line.name for line in failed(list(city_gates.city_model()))] == ["shared ground, bridge that fills up"]


def test_what_is_off_the_laboratory_s_scatter_misses_its_gate() -> None:
    theirs = Figures(100, 2.0, 1.8, 2.2, 5.0, 0.3, 1.0, 0.05)
    assert not failed(list(laboratory_gates.compare("x", theirs, replace(theirs, flow_pms=2.1, speed_mps=0.35))))
    for worse in ({"flow_pms": 1.7}, {"density_pm2": 7.5}, {"speed_mps": 0.45}, {"people": 99}):
        assert len(failed(list(laboratory_gates.compare("x", theirs, replace(theirs, **worse))))) == 1


def test_no_run_is_judged_by_what_was_fitted_on_it() -> None:
    assert set(laboratory_gates.JUDGED_BY) == set(RUNS)
    for name, fitted in laboratory_gates.FITTED_ON.items():
        assert laboratory_gates.JUDGED_BY[name] != fitted
    assert Walking() not in laboratory_gates.FITTED_ON.values()


def test_people_of_the_laboratory_s_narrow_bottleneck() -> None:
    run = RUNS["narrow"]
    shared_data = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[4] / "shared" / "data"))
    if not (shared_data / FOLDER / run.file).is_file():
        pytest.skip(f"no {FOLDER}/{run.file}: CITYTWIN_DATA names the folder of real data")
    seen = read_run(run, shared_data)
    figures = measure(seen, run)
    assert figures.people == 75
    assert 2.0 < figures.flow_pms < 2.6
    assert measure(simulate(run, seen, Walking()), run).people == 75


def test_places_are_apart_and_inside() -> None:
    from shapely.geometry import box

    places = scattered(box(0, 0, 10, 6), 100, 0.3, np.random.default_rng(1))
    assert len(places) == 100
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + np.eye(100)
    assert apart.min() >= 0.3 - 1e-9
    with pytest.raises(BadInput, match="no room"):
        scattered(box(0, 0, 2, 2), 100, 0.5, np.random.default_rng(1))
