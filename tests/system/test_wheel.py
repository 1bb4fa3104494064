"""The wheel as a city installs it: whole, in an environment of its own by its pins, serving a town."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.live.small_town import tell, words, write_town
from networks import demo_extract

pytestmark = [pytest.mark.full, pytest.mark.alone, pytest.mark.timeout(3600)]
HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("networks", "models", "scenarios", "calibration", "viz", "twin")


def done(*command: str | Path, cwd: Path, **environment: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    kept |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "HTTP", "http"))}
    told = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept | environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    done("git", "clone", "-q", HOUSE, place / "clone", cwd=place)
    done(sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "-q", "-w", place / "dist", cwd=place / "clone")
    (made,) = (place / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("opt")
    done(sys.executable, "-m", "venv", place / "citytwin", cwd=place)
    pip = [place / "citytwin" / "bin" / "python", "-m", "pip", "install", "-q", "--no-input", "--prefer-binary"]
    done(*pip, "-c", HOUSE / "constraints.txt", wheel, cwd=place)
    return place / "citytwin" / "bin"


def test_the_wheel_holds_what_is_tracked_and_nothing_else(wheel: Path) -> None:
    tracked = set(done("git", "ls-files", *ROOMS, cwd=wheel.parents[1] / "clone").splitlines())
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if name.split("/")[0] in ROOMS and not name.endswith("/")}
    assert inside == tracked


def test_it_builds_a_city_and_finds_nothing_wrong(installed: Path, tmp_path: Path) -> None:
    assert "0 wrong" in done(installed / "twin", "doctor", cwd=tmp_path)
    done(installed / "twin", "build", demo_extract(), "-o", tmp_path / "helsinki", cwd=tmp_path)
    assert "0 wrong" in done(installed / "twin", "doctor", tmp_path / "helsinki", cwd=tmp_path)


def test_it_serves_a_town_and_its_manager_hears_of_it(installed: Path, tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    tell(write_town(town), tmp_path / "data", 0, 3)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(600)
        said = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "4000000", "PATH": os.environ["PATH"]}
        command = [str(installed / "twin"), *words(town, tmp_path)]
        with subprocess.Popen(command, cwd=tmp_path, env=said | {"HOME": str(tmp_path)}) as service:
            heard = ""
            while "in step" not in heard:
                heard = manager.recv(500).decode()
            service.send_signal(signal.SIGTERM)
            assert service.wait(120) == 143
    assert "holds" in done(
        installed / "twin", "audit", "verify", "--desk", tmp_path / "out" / "desk.sqlite", cwd=tmp_path
    )
