"""The command line: quick, in words, with the right exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from networks.errors import BadMap, EngineFailed, Refused, StorageFailed
from twin import Desk
from twin.cli import COMMANDS, run, twin
from twin.lazy_group import LazyGroup

HEAVY = ("ray", "numba", "geopandas", "libsumo", "matplotlib", "pandas", "numpy", "pydantic", "fastapi", "sqlalchemy")


def test_help_names_every_command() -> None:
    told = subprocess.run([sys.executable, "-m", "twin.cli", "--help"], capture_output=True, text=True, check=True)
    assert all(name in told.stdout for name in COMMANDS)


def test_nothing_heavy_is_imported_for_the_command_line() -> None:
    modules = ", ".join(f"twin.commands.{module}" for module, _ in COMMANDS.values())
    code = f"import sys, twin.cli, {modules}; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_list_of_commands_says_what_each_says_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(twin, LazyGroup)
    for name, (_, line) in COMMANDS.items():
        assert run([name, "--help"]) == 0
        command = twin.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None and command.get_short_help_str(200) == line
    assert "Usage: twin" in capsys.readouterr().out
    assert run(["nosuch"]) == 2 and "No such command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadMap("no roads", file="x.osm", place="line 3", expected="a road", remedy="look"), 2),
        (EngineFailed("SUMO stopped"), 3),
        (Refused("too late"), 4),
        (StorageFailed("the disk is full"), 5),
        (OSError(28, "No space left on device", "runs/x"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_errors_are_told_in_words_with_their_status(
    error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import scenarios

    def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(scenarios, "read_scenario", fail, raising=False)
    assert run(["scenario", "check", "x.yaml"]) == status
    told = capsys.readouterr()
    assert told.out == "" and told.err.lstrip().startswith("twin: ") and "Traceback" not in told.err
    if isinstance(error, BadMap):
        assert "x.osm, line 3: no roads" in told.err and "to do: look" in told.err


def test_a_program_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    import scenarios

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(scenarios, "read_scenario", fail, raising=False)
    with pytest.raises(ZeroDivisionError):
        run(["scenario", "check", "x.yaml"])


def test_scenarios_are_checked_with_the_line_of_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from scenarios import library_scenarios

    for path in library_scenarios().values():
        assert run(["scenario", "check", str(path)]) == 0
    wrong = tmp_path / "wrong.yaml"
    text = next(iter(library_scenarios().values())).read_text(encoding="utf-8")
    wrong.write_text(text + "\nsurprise: 1\n", encoding="utf-8")
    assert run(["scenario", "check", str(wrong)]) == 2
    assert f"line {len(text.splitlines()) + 2}" in capsys.readouterr().err
    assert run(["scenario", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "citytwin scenario"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    now = datetime.now(UTC)
    desk = Desk.open(tmp_path / "desk.sqlite")
    for rec_id, minutes in (("aaa-1", 30), ("aab-2", -1)):
        desk.propose(
            {
                "rec_id": rec_id,
                "kind": "road_closure",
                "title": {"en": "Close the quay", "zh": "封闭码头"},
                "created": (now - timedelta(hours=1)).isoformat(),
                "valid_until": (now + timedelta(minutes=minutes)).isoformat(),
                "action": [{"kind": "road_closure", "edges": ["e1"]}],
            }
        )
    desk.close()
    return tmp_path / "desk.sqlite"


def test_the_desk_from_the_command_line(place: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk = ["desk", "--desk", str(place)]
    assert run([*desk, "list"]) == 0
    listed = capsys.readouterr().out
    assert "aaa-1  proposed" in listed and "aab-2  expired" in listed and "Close the quay" in listed
    assert run([*desk, "approve", "aaa", "--who", "operator 1", "--why", "water on the quay"]) == 0
    assert "approved   by operator 1: water on the quay" in capsys.readouterr().out
    assert run([*desk, "reject", "aaa-1", "--who", "operator 2", "--why", "no"]) == 4
    assert "operator 1 has already approved" in capsys.readouterr().err
    assert run([*desk, "approve", "aab-2", "--who", "operator 2", "--why", "late"]) == 4
    assert run([*desk, "approve", "zzz", "--who", "operator 2", "--why", "x"]) == 2
    assert run([*desk, "approve", "aaa-1", "--who", "operator 2"]) == 2
    capsys.readouterr()
    assert run([*desk, "show", "aaa"]) == 0
    assert "refused reject" in capsys.readouterr().out
    assert run([*desk, "list", "--json", "--status", "approved"]) == 0
    assert json.loads(capsys.readouterr().out)["decision"]["why"] == "water on the quay"
    assert run([*desk, "export", "aaa-1", "--out", str(tmp_path / "x.add.xml")]) == 2
    assert "no signal plan" in capsys.readouterr().err and not (tmp_path / "x.add.xml").exists()
    assert run(["desk", "--desk", str(tmp_path / "none.sqlite"), "list"]) == 2
    assert not (tmp_path / "none.sqlite").exists()


def test_ctrl_c_ends_with_130_and_a_word(tmp_path: Path) -> None:
    code = "import scenarios, time, twin.cli\n"
    code += "scenarios.read_scenario = lambda _: print('at it', flush=True) or time.sleep(60)\ntwin.cli.main()"
    restore = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command = [sys.executable, "-c", restore + code, "scenario", "check", "x.yaml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None and process.stdout.readline() == "at it\n"
        os.kill(process.pid, signal.SIGINT)
        told = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert "Ctrl-C" in told and "kept" in told and "Traceback" not in told


def test_build_wants_one_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build"]) == 2
    assert run(["build", "x.osm", "--place", "y"]) == 2
    assert "either FILE or --place" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Helsinki.osm.pbf", "helsinki"),
        ("a b.osm.gz", "a-b"),
        ("x.osm", "x"),
        ("Porvoo, Finland", "porvoo"),
        ("???", "city"),
        ("st.gallen.osm.bz2", "st.gallen"),
    ],
)
def test_a_city_gets_its_name(text: str, name: str) -> None:
    from twin.commands.build import _name_of

    assert _name_of(text) == name
