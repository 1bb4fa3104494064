#!/usr/bin/env python3
"""Set citytwin up in a virtual environment of its own, then run it.

    python3 start.py demo [twin demo's options]    the main job, on central Helsinki
    python3 start.py test [pytest's options]       lint, types, floors and tests
    python3 start.py twin ...                      any other command of the twin
    python3 start.py setup                         the environment alone

Needs Python 3.11 or newer with its standard `venv`; everything else comes from the package registry, with the
versions that constraints.txt pins. The environment is kept in .venv and reused until pyproject.toml or
constraints.txt changes. It uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
MARK = VENV / "citytwin-setup.txt"
INPUTS = ("pyproject.toml", "constraints.txt")


def fingerprint() -> str:
    """What the environment was made from: the two files and this Python."""
    parts = [sys.version.split()[0], str(ROOT)]
    parts += [hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in INPUTS]
    return "\n".join(parts)


def stop(message: str) -> None:
    sys.exit(f"start.py: {message}")


def run(command: list[str], *, env: dict[str, str] | None = None) -> None:
    code = subprocess.call(command, cwd=ROOT, env=env)
    if code:
        sys.exit(code)


def make_environment() -> None:
    """A fresh .venv with citytwin (editable) and its test tools; marked as whole only at the end."""
    began = time.monotonic()
    print("start.py: setting up .venv (about two minutes on a fast network, once) ...", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        stop("Python's venv module did not work. On Debian or Ubuntu: apt install python3-venv, then run this again.")
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
    constraints = ["-c", str(ROOT / "constraints.txt"), "--prefer-binary"]
    if subprocess.call([*pip, *constraints, "--editable", f"{ROOT}[test]"], cwd=ROOT):
        stop("the packages could not be installed: see pip's message above. Is the package registry reachable? Run this again when it is.")
    MARK.write_text(fingerprint(), encoding="utf-8")
    print(f"start.py: .venv is ready after {time.monotonic() - began:.0f} s", flush=True)


def ensure_environment() -> None:
    if sys.version_info < (3, 11):
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: python3.11 start.py ...")
    if not (MARK.exists() and MARK.read_text(encoding="utf-8") == fingerprint()):
        make_environment()


def test(options: list[str]) -> None:
    """Lint, types, floors, tests: each stops the rest when it fails."""
    steps: list[tuple[str, list[str]]] = [
        ("lint", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
        ("types", ["mypy"]),
        ("floors", ["lint-imports"]),
        ("tests", ["pytest", *options]),
    ]
    for name, command in steps:
        began = time.monotonic()
        print(f"\n=== {name}: {' '.join(command)}", flush=True)
        run([str(BIN / command[0]), *command[1:]])
        print(f"=== {name}: passed in {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    command, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if command not in {"demo", "test", "twin", "setup"}:
        sys.exit(__doc__)
    ensure_environment()
    if command == "test":
        test(rest)
    elif command != "setup":
        words = ["demo", *rest] if command == "demo" else rest
        run([str(BIN / "twin"), *words])


if __name__ == "__main__":
    main()
