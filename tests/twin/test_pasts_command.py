"""`twin run --sumocfg FILE --from SECONDS --alternatives FILE`: what a planner sees."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from models.sumo.own_files import can_fork
from networks import sumo_home
from twin.cli import run

CASE = """<configuration>
<input><net-file value="grid.net.xml"/><route-files value="cars.rou.xml"/></input><time><end value="240"/></time>
</configuration>
"""
ALTERNATIVES = """alternatives:
  - name: as-it-is
  - {name: slow, changes: [{kind: speed_limit, edge: A1B1, speed_mps: 5}]}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.number", "3", "--grid.length", "150"]
    subprocess.run([*command, "--output-file", folder / "grid.net.xml"], check=True, capture_output=True)
    car = '<vehicle id="v{}" depart="{}"><route edges="A0A1 A1B1 B1B2 B2C2"/></vehicle>\n'
    cars = "".join(car.format(i, 3 * i) for i in range(70))
    (folder / "cars.rou.xml").write_text(f"<routes>\n{cars}</routes>\n", encoding="utf-8")
    (folder / "alternatives.yaml").write_text(ALTERNATIVES, encoding="utf-8")
    file = folder / "run.sumocfg"
    file.write_text(CASE, encoding="utf-8")
    return file


@pytest.mark.skipif(not can_fork(), reason="this platform cannot copy a process")
def test_alternatives_are_run_from_their_moment_and_looked_up_again(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "--sumocfg", str(case), "--seeds", "1-2", "--from", "60", "--serial", "--runs", str(tmp_path)]
    words += ["--alternatives", str(case.parent / "alternatives.yaml")]
    assert run(words) == 0
    first = capsys.readouterr().out
    assert "2 alternatives from 60 s on, 2 pasts" in first and "4 members, 0 of them looked up" in first
    slow = next(line for line in first.splitlines() if " slow " in line).split("│")
    assert float(slow[4]) > 5 and slow[6].strip() == "2"  # mean_delay_s against the first alternative
    assert run(words) == 0
    assert "4 members, 4 of them looked up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "60"], "go together"),
        (["--from", "60", "--alternatives", "nowhere.yaml"], "nowhere.yaml"),
        (["--from", "500", "--alternatives", "alternatives.yaml"], "where the case does not run"),
    ],
)
def test_bad_input_is_told(
    case: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(case.parent)
    assert run(["run", "--sumocfg", str(case), "--serial", *words]) == 2
    assert said in capsys.readouterr().err
