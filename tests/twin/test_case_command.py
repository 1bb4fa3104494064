"""`twin run --sumocfg` as an engineer meets it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from networks import sumo_home
from twin.cli import run
from twin.seeds import Seeds


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    words = ["--grid", "--grid.number", "3", "--grid.length", "100", "--tls.guess", "--seed", "1", "--no-warnings"]
    command = [str(sumo_home() / "bin" / "netgenerate"), *words, "-o", str(tmp_path / "grid.net.xml")]
    subprocess.run(command, check=True, capture_output=True)
    cars = "".join(f'<vehicle id="v{i}" depart="{i}"><route edges="A0A1 A1B1 B1B2"/></vehicle>' for i in range(80))
    (tmp_path / "cars.rou.xml").write_text(f"<routes>{cars}</routes>")
    (tmp_path / "c.sumocfg").write_text(
        '<configuration><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/></configuration>'
    )
    return tmp_path / "c.sumocfg"


def command(file: Path, *more: str) -> list[str]:
    return ["run", "--sumocfg", str(file), "--serial", "--out", str(file.parent / "runs"), *more]


def test_measures_with_intervals_and_then_a_look_up(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = command(case_file, "--seeds", "1-3", "--end", "200", "--tables", "trips,edges")
    assert run(words) == 0
    told = capsys.readouterr().out
    assert "3 members, microscopic, 0 to 200 s" in told and "± (90%)" in told and "mean_delay_s" in told
    assert "3 of 3 members valid;" in told and "edges (" in told and "looked up" not in told
    assert run(words) == 0
    assert "3 of 3 members valid, 3 of them looked up;" in capsys.readouterr().out
    assert run(command(case_file, "--seeds", "2", "--end", "200", "--meso")) == 0
    told = capsys.readouterr().out
    assert "2 members, mesoscopic" in told and "looked up" not in told


def test_what_is_wrong_is_told_before_the_run(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(case_file, "--begin", "300", "--end", "200")) == 2
    assert "does not come after the begin" in capsys.readouterr().err
    assert run(command(case_file, "--tables", "trips,lane")) == 2
    assert "no table 'lane'" in capsys.readouterr().err
    assert run(command(case_file, "--tables", "detectors", "--end", "100")) == 2
    assert "the case has none" in capsys.readouterr().err
    assert run(command(case_file, "--meso", "--ssm")) == 2
    assert "no conflicts between vehicles" in capsys.readouterr().err
    (case_file.parent / "cars.rou.xml").write_text('<routes><trip id="x" depart="0" from="A0A1" to="no"/></routes>')
    assert run(command(case_file)) == 2
    assert "the network has no edge 'no'" in capsys.readouterr().err
    (case_file.parent / "cars.rou.xml").unlink()
    assert run(command(case_file)) == 2
    assert "<route-files>: there is no such file" in capsys.readouterr().err
    assert not (case_file.parent / "runs").exists() or not list((case_file.parent / "runs").rglob("*.parquet"))


def test_usage_that_makes_no_sense(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run"]) == 2
    assert run(["run", "x.yaml", "--meso"]) == 2
    assert "--meso goes with --sumocfg" in capsys.readouterr().err
    assert run(["run", "x.yaml", "--sumocfg", str(case_file)]) == 2


def test_an_ensemble_without_a_valid_member_is_an_error(case_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jam = "".join(f'<vehicle id="v{i}" depart="0"><route edges="A0A1 A1B1"/></vehicle>' for i in range(400))
    (case_file.parent / "cars.rou.xml").write_text(f"<routes>{jam}</routes>")
    assert run(command(case_file, "--end", "100")) == 3
    told = capsys.readouterr()
    assert "0 of 1 members valid" in told.out and "left out: seed 1" in told.err


@pytest.mark.parametrize(
    ("text", "seeds"), [("16", 16), ("1-3", (1, 2, 3)), ("3,5,8-10", (3, 5, 8, 9, 10)), ("7-7", (7,))]
)
def test_seeds_as_people_write_them(text: str, seeds: object) -> None:
    assert Seeds().convert(text, None, None) == seeds


@pytest.mark.parametrize("text", ["0", "a", "3-1", "1,1", "1-", "-4", "", "1-9999999"])
def test_seeds_that_are_none(text: str) -> None:
    import click

    with pytest.raises(click.BadParameter):
        Seeds().convert(text, None, None)
