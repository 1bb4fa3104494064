"""What must hold of the repository itself: the two commands, the pins, the names of the rooms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest

from networks import LAYERS
from scenarios import scenario_schema
from scenarios.measures.page import markdown

pytestmark = pytest.mark.beside

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("networks", "models", "scenarios", "calibration", "viz", "twin")


def tracked() -> list[Path]:
    """Files that git tracks; a copy without git has nothing to check."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("this copy is no git checkout")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name]


def test_ci_calls_the_readme_s_test_command() -> None:
    command = "python3 start.py test"
    assert f"    {command} " in (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(command)}", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_dependency_is_pinned_and_says_why_it_is_here() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^    "([A-Za-z0-9_.-]+)[><=][^"]*",(.*)$', text, re.MULTILINE)
    assert len(lines) > 30
    pins = {
        re.split(r"==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    for name, comment in lines:
        assert comment.strip().startswith("#"), f"{name} does not say why it is here"
        assert name.lower().replace("_", "-") in pins, f"{name} is not pinned in constraints.txt"


def test_pins_hold_no_address() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r'[\w.-]+==[\w.+-]+( ; python_version [<>=]+ "[\d.]+")?', line), (
            line
        )


def test_no_lock_file_with_addresses_is_tracked() -> None:
    assert not [path for path in tracked() if path.name == "uv.lock" or path.name.startswith("pylock")]


def test_the_published_schema_is_the_one_that_scenarios_are_read_with() -> None:
    published = json.loads((ROOT / "docs" / "scenario.schema.json").read_text(encoding="utf-8"))
    assert published == scenario_schema(), "twin scenario schema > docs/scenario.schema.json"


def test_the_published_corrections_schema_is_the_codes() -> None:
    from networks import corrections_schema

    published = json.loads((ROOT / "docs" / "corrections.schema.json").read_text(encoding="utf-8"))
    assert published == corrections_schema(), "twin corrections schema > docs/corrections.schema.json"


def test_the_reference_names_every_measure_and_layer() -> None:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for language in ("en", "zh"):
        assert markdown(language) in text, f"twin measures list --markdown --lang {language} > docs/reference.md"
    for name, columns in LAYERS.items():
        assert f"| `{name}` | " + ", ".join(f"`{column}`" for column in columns) + " |" in text


def test_files_fit_a_room() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked() if path.suffix == ".py"}
    assert not {path.name: n for path, n in lengths.items() if n > 600}
    ours = sorted(n for path, n in lengths.items() if path.relative_to(ROOT).parts[0] in ROOMS)
    assert ours[len(ours) // 2] < 200


def test_no_other_distribution_brings_a_package_of_a_room_s_name() -> None:
    """The rooms are top-level packages; a collision would import the wrong one in silence."""
    owners = packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ["citytwin"])) == {"citytwin"}, f"{room} is also in {owners[room]}"
        assert Path(__import__(room).__file__ or "").is_relative_to(ROOT)
    assert any(one.name == "citytwin" for one in distributions())


def test_start_says_what_it_can_do() -> None:
    told = subprocess.run([sys.executable, "start.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "start.py demo" in told.stderr
    assert "start.py test" in told.stderr
