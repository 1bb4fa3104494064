#!/usr/bin/env python3
"""Set citytwin up in a virtual environment of its own, then run it.

    python3 start.py demo [twin demo's options]    the main job, on central Helsinki
    python3 start.py test [pytest's options]       lint, types, floors and tests
    python3 start.py docs                          the documentation as a site, in out/site
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
MARK = VENV / "citytwin-setup.txt"
INPUTS = ("pyproject.toml", "constraints.txt")
MOST_WORKERS = 4


def fingerprint(*, tests: bool) -> list[str]:
    """What an environment is made from: this Python in this place, then the two files and what was asked for."""
    inputs = [hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in INPUTS]
    return [f"{sys.version.split()[0]} {ROOT}", *inputs, "test" if tests else "run"]


def stop(message: str) -> None:
    sys.exit(f"start.py: {message}")


def run(command: list[str], *, env: dict[str, str] | None = None) -> None:
    code = subprocess.call(command, cwd=ROOT, env=env)
    if code:
        sys.exit(code)


def make_environment() -> None:
    """A fresh, empty .venv."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        stop("Python's venv module did not work. On Debian or Ubuntu: apt install python3-venv, then run this again.")


def install(what: str) -> None:
    """Install citytwin (editable), with its pins; `[test]` adds what the tests need."""
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input"]
    lazily = ["--no-compile", "--prefer-binary"]  # Python compiles what is imported: a small part of what is installed
    if subprocess.call([*pip, *lazily, "-c", "constraints.txt", "--editable", what], cwd=ROOT):
        stop(
            "the packages could not be installed: see pip's message above.\n"
            "  Is the package registry reachable, and are 3 GB of disk free? What is here is kept; run this again then."
        )


def ensure_environment(*, tests: bool) -> None:
    """Make the environment, or reuse it; it is marked as ready only when it is whole."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must read this file far enough to be told
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: python3.11 start.py ...")
    mark = MARK.read_text(encoding="utf-8").splitlines() if MARK.exists() else []
    tests = tests or mark[-1:] == ["test"]
    wanted = fingerprint(tests=tests)
    if mark == wanted:
        return
    began = time.monotonic()
    print("start.py: setting up .venv (one to three minutes, only now) ...", flush=True)
    if mark[:1] != wanted[:1]:
        make_environment()
    install(".[test]" if tests else ".")
    MARK.write_text("\n".join(wanted), encoding="utf-8")
    print(f"start.py: .venv is ready after {time.monotonic() - began:.0f} s", flush=True)


def tests(options: list[str]) -> list[str]:
    """Side by side, a file at a time, the longest first; what was picked by name or mark: one process."""
    if any(not option.startswith("-") for option in options):
        return ["pytest", *options]
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    return ["pytest", "-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder", *options]


def passed(name: str, began: float) -> None:
    print(f"=== {name}: passed in {time.monotonic() - began:.0f} s", flush=True)


def step(name: str, command: list[str]) -> None:
    """Run one step of `test` to its end."""
    began = time.monotonic()
    print(f"\n=== {name}: {' '.join(command)}", flush=True)
    run([str(BIN / command[0]), *command[1:]])
    passed(name, began)


@contextmanager
def meanwhile(name: str, command: list[str]) -> Iterator[None]:
    """Run a step of one core beside what is done here, then tell what it said."""
    began = time.monotonic()
    both: dict[str, int] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=ROOT, text=True, **both) as process:
        try:
            yield
            print(f"\n=== {name}: {' '.join(command)}\n{process.communicate()[0]}", end="", flush=True)
        finally:
            process.kill()
    if process.returncode:
        sys.exit(process.returncode)
    passed(f"{name} (beside)", began)


def test(options: list[str]) -> None:
    """Lint, floors, then types beside the tests: each stops the rest when it fails."""
    step("lint", ["ruff", "check", "."])
    step("format", ["ruff", "format", "--check", "."])
    step("floors", ["lint-imports"])
    with meanwhile("types", ["mypy"]):
        step("tests", tests(options))


def main() -> None:
    command, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if command not in {"demo", "test", "docs", "twin", "setup"}:
        sys.exit(__doc__)
    ensure_environment(tests=command in {"test", "docs"})
    if command == "test":
        test(rest)
    elif command == "docs":
        run([str(BIN / "mkdocs"), "build", *rest], env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
        print(f"start.py: read it with: {BIN / 'python'} -m http.server --directory {ROOT / 'out' / 'site'}")
    elif command != "setup":
        words = ["demo", *rest] if command == "demo" else rest
        run([str(BIN / "twin"), *words])


if __name__ == "__main__":
    main()
