"""The doctor finds what was broken on purpose."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version as real_version
from pathlib import Path

import pytest
from click.testing import CliRunner

from networks import City
from networks.errors import EngineFailed
from twin.cli import run, twin
from twin.doctor.city import city_findings
from twin.doctor.finding import Finding
from twin.doctor.machine import machine_findings


@pytest.fixture
def copied(helsinki: City, tmp_path: Path) -> Path:
    shutil.copytree(helsinki.folder, tmp_path / "city")
    return tmp_path / "city"


def _states(findings: list[Finding]) -> dict[str, str]:
    return {one.name: one.state for one in findings}


def test_this_machine_runs_the_twin() -> None:
    found = machine_findings(Path.cwd())
    assert not [one for one in found if one.state == "wrong"]
    assert _states(found)["netconvert"] == "ok" and _states(found)["sumo"] == "ok"
    assert next(one for one in found if one.name == "sumo").found.startswith("1.")


def test_a_package_that_is_too_old_or_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import PackageNotFoundError

    def aged(name: str) -> str:
        if name == "ray":
            return "1.0"
        if name == "shapely":
            raise PackageNotFoundError(name)
        return real_version(name)

    monkeypatch.setattr("twin.doctor.machine.version", aged)
    states = _states(machine_findings(Path.cwd()))
    assert states["package ray"] == "wrong" and states["package shapely"] == "wrong"
    assert "package numpy" not in states


def test_a_machine_without_sumo_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise EngineFailed("SUMO is not installed")

    monkeypatch.setattr("networks.sumo_home", gone)
    found = next(one for one in machine_findings(Path.cwd()) if one.name == "sumo")
    assert found.state == "wrong" and "setup" in found.todo


def test_a_whole_city_is_ok_and_what_it_lacks_is_missing(copied: Path) -> None:
    states = _states(city_findings(copied))
    assert states["files"] == "ok" and states["buildings"] == "ok"
    assert states["terrain"] == "missing" and states["sensors"] == "missing"  # spot heights alone; guessed places
    assert "wrong" not in states.values()


def test_a_check_that_did_not_pass_is_failed_and_told_with_its_figure(copied: Path) -> None:
    report = json.loads((copied / "quality.json").read_text(encoding="utf-8"))
    failed = [check["name"] for check in report["checks"] if check["passed"] is False]
    found = {one.name: one for one in city_findings(copied) if one.state == "failed"}
    assert failed and set(found) == {f"check {name}" for name in failed}
    assert all("quality.html" in one.todo for one in found.values())


def test_a_changed_file_of_the_same_size_is_found(copied: Path) -> None:
    file = copied / "roads.net.xml"
    data = bytearray(file.read_bytes())
    data[-10] ^= 1
    file.write_bytes(data)
    assert _states(city_findings(copied)) == {"files": "wrong"}


def test_a_source_without_licence_and_an_old_map_are_told(copied: Path) -> None:
    manifest = json.loads((copied / "city.json").read_text(encoding="utf-8"))
    manifest["datasets"][0] |= {"licence": "", "date": "2012-05-01T00:00:00Z"}
    (copied / "city.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = city_findings(copied)
    assert _states(found)["dataset map"] == "missing"
    assert any(one.name == "map" and f"twin diff {copied} " in one.todo for one in found)


def test_the_command_ends_with_6_only_when_something_is_wrong(copied: Path) -> None:
    well = CliRunner().invoke(twin, ["doctor", str(copied)])
    assert well.exit_code == 0 and "0 wrong" in well.output
    (copied / "terrain.tif").unlink()
    ill = CliRunner().invoke(twin, ["doctor", str(copied)])
    assert ill.exit_code == 6 and "terrain.tif" not in ill.output.splitlines()[0]
    assert "WRONG" in ill.output


def test_a_folder_that_is_no_city_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", str(tmp_path)]) == 6
    assert "no city" in capsys.readouterr().out
