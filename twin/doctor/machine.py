"""What the twin needs of a machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from networks.errors import TwinError
from twin.doctor.finding import Finding

_LEAST_PYTHON = (3, 11)
_LEAST_MEMORY_GB, _LEAST_DISK_GB = 4.0, 5.0
_SETUP = "python3 start.py setup"


def machine_findings(work: Path) -> list[Finding]:
    """Look at Python, packages, SUMO, processors, memory, and the disk that holds the folder `work`."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (_python, _packages, _sumo, _processors, _memory)
    return [finding for look in looks for finding in look()] + list(_disk(work)) + list(_programs())


def _python() -> Iterator[Finding]:
    found = sys.version.split()[0]
    if sys.version_info < _LEAST_PYTHON:
        yield Finding("Python", "wrong", found, "install Python 3.11 or newer")
    else:
        yield Finding("Python", "ok", found)


def _packages() -> Iterator[Finding]:
    """Every dependency, held against the versions that the project asks for."""
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in requires("citytwin") or ()]
    needed = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = []
    for one in needed:
        try:
            have = version(one.name)
        except PackageNotFoundError:
            wrong.append(Finding(f"package {one.name}", "wrong", "not installed", _SETUP))
            continue
        if not one.specifier.contains(have, prereleases=True):
            wrong.append(Finding(f"package {one.name}", "wrong", f"{have}, needs {one.specifier}", _SETUP))
    yield from wrong
    if not wrong:
        yield Finding("packages", "ok", f"all {len(needed)} there, in versions that fit")


def _sumo() -> Iterator[Finding]:
    """Both programs are called: a wheel for another processor installs, and fails only here."""
    from networks import sumo_home

    for program in ("netconvert", "sumo"):
        try:
            command = [str(sumo_home() / "bin" / program), "--version"]
            told = subprocess.run(command, capture_output=True, text=True, timeout=60, errors="replace")
        except (TwinError, OSError, subprocess.TimeoutExpired) as error:
            yield Finding(program, "wrong", " ".join(str(error).split())[:80], _SETUP)
            continue
        words = re.search(rf"{program} (?:Version )?v?(\d[\w.+]*)", told.stdout)
        if told.returncode or not words:
            said = " ".join((told.stderr or told.stdout).split())[:80]
            yield Finding(program, "wrong", f"does not start: {said}", "install the system libraries that it names")
        else:
            yield Finding(program, "ok", words[1])


def _processors() -> Iterator[Finding]:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("processors", "ok", f"{count}: that many members run at once")
    if not hasattr(os, "fork"):
        todo = "use Linux, macOS or WSL for exact copies of a live city"
        yield Finding("fork", "missing", "this system has none; each alternative starts a fresh simulation", todo)


def _memory() -> Iterator[Finding]:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (ValueError, OSError, AttributeError):
        return
    if size < _LEAST_MEMORY_GB:
        yield Finding("memory", "missing", f"{size:.1f} GB", f"{_LEAST_MEMORY_GB:.0f} GB or more for a city with Ray")
    else:
        yield Finding("memory", "ok", f"{size:.1f} GB")


def _disk(work: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(work).free / 1e9
    if free < _LEAST_DISK_GB:
        yield Finding("disk", "missing", f"{free:.1f} GB free at {work}", "free some space: runs are kept there")
    else:
        yield Finding("disk", "ok", f"{free:.1f} GB free")


def _programs() -> Iterator[Finding]:
    """Programs that only the tests need; a twin runs without them."""
    for name, names, purpose, package in (
        ("Chromium", ("chromium", "chromium-browser", "google-chrome"), "tests that look at pages", "chromium"),
        ("Mosquitto", ("mosquitto", "/usr/sbin/mosquitto"), "tests with a second MQTT broker", "mosquitto"),
    ):
        place = next((found for one in names if (found := shutil.which(one))), None)
        if place:
            yield Finding(name, "ok", place)
        else:
            yield Finding(name, "missing", f"not found; only {purpose} need it", f"on Debian: apt install {package}")
