"""Proofs are run: each row's tests in one process, each command in one of its own, and what came of them is told."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from networks.sentence import Sentence, joined, say
from twin.conformance.capability import Capability

ROOT = Path(__file__).resolve().parents[2]
State = Literal["passed", "failed", "not run", "absent", "later"]
_NO_ANSWER = -1


@dataclass(frozen=True)
class Proved:
    """What came of one row: its state, why it is not simply passed, and the seconds it took."""

    capability: Capability
    state: State
    why: Sentence
    seconds: float = 0.0


def prove(capability: Capability, *, root: Path = ROOT, limit_s: float = 600.0) -> Proved:
    """Run all that proves a row, in the repository at `root`.

    It is passed when everything passed; failed when anything failed or is not there; not run when nothing could be.
    What was left out (data that is not here, a browser) is told even where the rest passed.
    """
    if capability.later:
        return Proved(capability, "later", say("not asked for yet", "尚未要求"))
    if not capability.proof:
        return Proved(capability, "absent", say("nothing is built", "尚未实现"))
    began = time.monotonic()
    tests = [one for one in capability.proof if one.startswith("tests/")]
    parts = [_command(one, root, limit_s) for one in capability.proof if one.startswith("twin ")]
    parts += [_tests(tests, root, limit_s)] if tests else []
    states = [state for state, _ in parts]
    state: State = "failed" if "failed" in states else "passed" if "passed" in states else "not run"
    why = joined(reason for _, reason in parts if reason["en"])
    return Proved(capability, state, why, time.monotonic() - began)


def _command(command: str, root: Path, limit_s: float) -> tuple[State, Sentence]:
    with tempfile.TemporaryDirectory() as folder:
        code, said = _run([sys.executable, "-m", "twin.cli", *shlex.split(command)[1:]], Path(folder), root, limit_s)
    if code == 0:
        return "passed", say("", "")
    if code == _NO_ANSWER:
        return "not run", _too_long(limit_s)
    last = said.strip().splitlines()[-1:] or [""]
    return "failed", say(f"`{command}` ended with {code}: {last[0]}", f"`{command}` 以 {code} 结束：{last[0]}")


def _tests(tests: list[str], root: Path, limit_s: float) -> tuple[State, Sentence]:
    if not (root / "tests").is_dir():
        return "not run", say(
            "tests are in the repository, not in an installed package: run it in a clone",
            "测试在代码仓库中，安装包里没有：请在克隆的仓库中运行",
        )
    if find_spec("pytest") is None:
        remedy = "pip install 'citytwin[test]'"
        return "not run", say(f"pytest is not installed: {remedy}", f"未安装 pytest：{remedy}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
        code, said = _run([sys.executable, "-m", "pytest", *options], root, root, limit_s)
        if code == _NO_ANSWER:
            return "not run", _too_long(limit_s)
        if not report.exists():
            return "failed", say(_last(said), _last(said))
        return _judged(code, report, said)


def _judged(code: int, report: Path, said: str) -> tuple[State, Sentence]:
    """From pytest's status and its report: failures by name, what was skipped with its reason."""
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    failed = [case.get("name", "") for case in cases if {"failure", "error"} & {part.tag for part in case}]
    reasons = [part.get("message", "") for case in cases for part in case if part.tag == "skipped"]
    names = ", ".join(failed[:3]) or _last(said)
    if failed or code not in (0, 5):
        en, zh = f"{len(failed)} of {len(cases)} tests failed", f"{len(cases)} 项测试中 {len(failed)} 项失败"
        return "failed", say(f"{en}: {names}", f"{zh}：{names}")
    if not cases:
        return "failed", say("no such test", "没有这样的测试")
    if not reasons:
        return "passed", say("", "")
    why = "; ".join(sorted(set(reasons))[:2]) + (" ..." if len(set(reasons)) > 2 else "")
    en, zh = f"{len(reasons)} of {len(cases)} tests not run", f"{len(cases)} 项测试中 {len(reasons)} 项未运行"
    return ("not run" if len(reasons) == len(cases) else "passed"), say(f"{en}: {why}", f"{zh}：{why}")


def _run(command: list[str], folder: Path, root: Path, limit_s: float) -> tuple[int, str]:
    """Run to its end, or stop it at the limit (then `_NO_ANSWER`)."""
    paths = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _NO_ANSWER, ""
    return done.returncode, done.stdout + done.stderr


def _last(said: str) -> str:
    return next((line for line in reversed(said.strip().splitlines()) if line.strip()), "")


def _too_long(limit_s: float) -> Sentence:
    return say(f"stopped after {limit_s:.0f} s (--limit)", f"{limit_s:.0f} 秒后停止（--limit）")
