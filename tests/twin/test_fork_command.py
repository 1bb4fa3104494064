"""`twin fork`: the table that proves exact copies, its exit status, and what it says to bad input."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from models.sumo.own_files import can_fork
from networks import sumo_home
from twin.cli import run

CASE = """<configuration>
<input><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/></input><time><end value="300"/></time>
</configuration>
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of nine lights and 150 cars, its end at 300 s."""
    folder = tmp_path_factory.mktemp("case")
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "3", "--grid.length", "150"]
    command += ["--default-junction-type", "traffic_light", "--output-file", folder / "grid.net.xml"]
    subprocess.run(command, check=True, capture_output=True)
    car = '<vehicle id="v{}" depart="{}"><route edges="A0A1 A1B1 B1B2 B2C2"/></vehicle>\n'
    cars = "".join(car.format(i, 2 * i) for i in range(150))
    (folder / "cars.rou.xml").write_text(f"<routes>\n{cars}</routes>\n", encoding="utf-8")
    file = folder / "run.sumocfg"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_copies_are_held_against_the_city(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fork", "--n", "2", "--verify", "--sumocfg", str(case), "--warm", "60", "--horizon", "90"]) == 0
    told = capsys.readouterr().out
    rows = [line.split("│") for line in told.splitlines() if line.startswith("│")]
    digests = [row[5].strip() for row in rows]
    assert [row[1].strip() for row in rows] == ["the city", "child 1", "child 2", "changed"]
    assert len(set(digests[:3])) == 1 and digests[3] != digests[0]
    assert [row[6].strip() for row in rows] == ["", "yes", "yes", "no"]
    assert all(float(row[2]) > 0 and float(row[3]) > 0 for row in rows[1:])
    assert "held in its phase" in told and "differs" in told


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_a_copy_that_is_not_exact_ends_with_status_3(
    case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.sumo import verification

    monkeypatch.setattr(verification.Verified, "equal", lambda self, child: child is not self.children[0])
    assert run(["fork", "--n", "2", "--verify", "--sumocfg", str(case), "--warm", "60", "--horizon", "30"]) == 3
    assert "NOT exact" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--n", "0"], "0 copies"),
        (["--warm", "-5"], "no time to run"),
        (["--warm", "400"], "--end 1000"),
        (["--warm", "200", "--horizon", "200"], "--end 400"),
        (["--warm", "0", "--horizon", "30"], "no vehicles left"),
        (["--warm", "100", "--horizon", "0.1"], "shows nothing"),
        (["--warm", "1000", "--end", "1100", "--horizon", "60"], "no vehicles left"),
    ],
)
def test_bad_input_is_told(case: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fork", "--verify", "--sumocfg", str(case), *words]) == 2
    assert said in capsys.readouterr().err


def test_what_is_copied_must_be_said(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fork"]) == 2 and "neither" in capsys.readouterr().err
    assert run(["fork", str(case.parent), "--sumocfg", str(case)]) == 2 and "both" in capsys.readouterr().err
    assert run(["fork", str(case.parent)]) == 2 and "to do" in capsys.readouterr().err
