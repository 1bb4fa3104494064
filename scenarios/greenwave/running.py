"""Calls of a case, each driven twice, in a process of its own."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.emergency.greenwave import Rhythm, rhythm_of
from models.sumo import SumoCase, can_fork
from models.sumo.native import arguments, environment
from models.sumo.outputs import ask
from networks import read_layouts, read_rules, rule_controller
from networks.errors import BadInput, EngineFailed
from scenarios.budget.case_plans import plans_today
from scenarios.greenwave.coming import FASTER
from scenarios.greenwave.order import BLUE, Call, Order, Told

_HERE = Path(__file__).parents[2]
TYPE = (
    f'<additional><vType id="{BLUE}" vClass="emergency" guiShape="emergency" length="6.5" speedFactor="{FASTER}">'
    '<param key="has.bluelight.device" value="true"/></vType></additional>'
)


def case_rhythms(case: SumoCase, law: str) -> tuple[dict[str, Rhythm], dict[str, str]]:
    """Signals of a case that can hand over under a table of rules, and why the others cannot."""
    layouts, table = read_layouts(case.net), read_rules(law)
    rhythms, aside = dict[str, Rhythm](), dict[str, str]()
    for tls, plan in sorted(plans_today(case).items()):
        if tls in layouts:
            try:
                rhythms[tls] = rhythm_of(plan, rule_controller(layouts[tls], table), layouts[tls], table)
            except BadInput as error:
                aside[tls] = error.what
    return rhythms, aside


def run_calls(
    case: SumoCase, rhythms: dict[str, Rhythm], calls: Sequence[Call], seed: int, *, scale: float = 1.0,
    record: bool = False, least_signals: int = 1, fewer: Sequence[int] = (),
    one_each: bool = False, search: int = 0,
) -> Iterator[Told]:  # fmt: skip
    """What came of each call, as it comes: with signals that hand over and with blue light alone, from one past.

    Args:
        case: Checked.
        rhythms: From `case_rhythms`.
        calls: In the order of time.
        seed: SUMO's.
        scale: Of the case's demand (SUMO's `--scale`).
        record: Keep what signals showed and who drove on the way.
        least_signals: A call with fewer signals on its way that can hand over is left out, and told so.
        fewer: See `Order`.
        one_each: Of calls at the same time drive the first that comes to something.
        search: See `Order`.

    Raises:
        EngineFailed: SUMO stopped, or this platform does not fork.
    """
    if not can_fork():
        raise EngineFailed("calls are compared from one forked past", expected="Linux")
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        folder = Path(scratch)
        (folder / "type.add.xml").write_text(TYPE, encoding="utf-8")
        files = [*ask(case, folder, tables=()).additionals, folder / "type.add.xml"]
        said = arguments(case, files) | {"seed": str(seed), "scale": f"{scale:g}", "xml-validation": "never"}
        said |= dict.fromkeys(("no-step-log", "no-warnings"), "true")
        said.setdefault("collision.action", "warn")  # else who is touched by a blue light on red is moved by force
        said.pop("end", None)
        said.pop("verbose", None)
        said.pop("duration-log.statistics", None)
        order = Order(said, str(case.net), rhythms, tuple(calls), record, least_signals, tuple(fewer), one_each, search)
        yield from _answers(order, folder)


def _answers(order: Order, folder: Path) -> Iterator[Told]:
    paths = [str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**environment(), "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
    words = [sys.executable, "-P", "-m", "scenarios.greenwave.process"]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=env)
    assert process.stdin is not None and process.stdout is not None
    try:
        pickle.dump(order, process.stdin)
        process.stdin.close()
        for _ in order.calls:
            try:
                told = pickle.load(process.stdout)
            except EOFError:
                lines = (folder / "said.txt").read_text(errors="replace").strip().splitlines() or ["no reason given"]
                raise EngineFailed(f"the simulation ended: {lines[-1]}") from None
            if isinstance(told, str):
                raise EngineFailed(told)
            yield told
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
