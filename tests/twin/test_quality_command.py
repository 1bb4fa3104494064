"""`twin quality` and `twin build --strict`: the summary, the page, and the gate's own exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from networks import BadInput, City, read_thresholds
from networks.quality.rules import RULES
from twin.cli import run

GATE = 6


@pytest.fixture()
def city(helsinki: City, tmp_path: Path) -> Path:
    """A copy that a command may write into."""
    return Path(shutil.copytree(helsinki.folder, tmp_path / "helsinki"))


def lenient(folder: Path) -> Path:
    """Thresholds that any city passes."""
    file = folder / "lenient.yaml"
    lines = [
        f"{rule.name}: {0 if rule.direction == 'at_least' else 1e9}"
        for rule in RULES.values()
        if rule.threshold is not None
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_it_tells_what_failed_and_writes_the_page(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digest = City.open(city).digest
    assert run(["quality", str(city)]) == 0
    told = capsys.readouterr().out
    assert "checks passed" in told and "What results hang on most" in told and "quality.html" in told
    assert max(map(len, told.splitlines())) <= max(100, len(str(city)) + 20)
    again = City.open(city, verify=True)
    assert again.digest == digest, "a page does not change what runs are addressed by"
    assert "quality.html" in again.manifest["files"]
    first = (city / "quality.html").read_bytes()
    assert run(["quality", str(city)]) == 0
    assert (city / "quality.html").read_bytes() == first


def test_the_gate_ends_with_its_status_and_thresholds_move_it(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["quality", str(city), "--strict"]) == GATE
    assert "checks failed: " in capsys.readouterr().err and (city / "quality.html").is_file()
    assert run(["quality", str(city), "--strict", "--thresholds", str(lenient(tmp_path))]) == 0
    assert run(["quality", str(city), "--json"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told[told.index("{\n") :])["failed"] > 0


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no_such_check: 1", "line 1"),
        ("strongly_connected: 0.9\nstrongly_connected: 0.8", "line 2"),
        ("strongly_connected: many", "line 1"),
        ("strongly_connected: .nan", "line 1"),
        ("strongly_connected: [1]", "line 1"),
        ("plans_guessed: 0.5", "line 1"),
        ("- 1", None),
        ("", None),
    ],
)
def test_thresholds_are_read_strictly(tmp_path: Path, text: str, place: str | None) -> None:
    file = tmp_path / "thresholds.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as wrong:
        read_thresholds(file)
    assert wrong.value.file == str(file) and (place is None or wrong.value.place == place)


def test_a_city_built_under_the_gate_is_there_when_it_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "town.osm", tmp_path / "town"
    nodes = [(0, 0), (0, 1), (1, 1), (1, 0), (5, 5), (5, 6)]
    lines = [
        f'<node id="{i + 1}" lat="{60.17 + y * 0.001}" lon="{24.94 + x * 0.002}"/>' for i, (x, y) in enumerate(nodes)
    ]
    road = '<tag k="highway" v="residential"/></way>'
    lines.append('<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>' + road)
    lines.append('<way id="2"><nd ref="5"/><nd ref="6"/>' + road)
    file.write_text(f'<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    assert run(["build", str(file), "--out", str(out), "--strict"]) == GATE
    assert "length_kept" in capsys.readouterr().err
    assert City.open(out, verify=True).name == "town" and (out / "quality.html").is_file()
    assert run(["build", str(file), "--out", str(out), "--strict", "--thresholds", str(lenient(tmp_path))]) == 0


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--thresholds", b"strongly_conected: 0.9", "did you mean strongly_connected?"),
        ("--thresholds", b"\xbd\xff", "no text in UTF-8"),
        ("--storm", b"\xbd\xff", "no text in UTF-8"),
        ("--dem", b"PK\x03\x04 zipped", "this is a zip, not a terrain"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_before_the_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, text: bytes, said: str
) -> None:
    (tmp_path / "given").write_bytes(text)
    out = tmp_path / "city"
    assert run(["build", "town.osm", option, str(tmp_path / "given"), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told and str(tmp_path / "given") in told and "reading the map" not in told and not out.exists()


@pytest.mark.parametrize("command", [["quality"], ["catalog"], ["signals", "show"]])
def test_a_folder_that_is_not_there_and_a_file_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert run([*command, str(tmp_path / "nowhere")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    if command != ["signals", "show"]:  # it takes a network too
        (tmp_path / "town.osm").write_text("<osm/>", encoding="utf-8")
        assert run([*command, str(tmp_path / "town.osm")]) == 2
        assert "this is a file, not a city" in capsys.readouterr().err
