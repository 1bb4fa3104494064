"""`twin run --sumocfg FILE --budget 60s`: the best signal plans that a budget of time can find."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from networks.errors import BadInput

if TYPE_CHECKING:
    from scenarios.budget.answering import Wish
    from scenarios.ensembles.executor import Executor
    from twin.commands.case_options import Where

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--candidates", {"help": "How many plans to search, or a file of plans: one programID is one.  [default: 200]"}),
    ("--confirm", {"type": click.IntRange(1, 50), "help": "Candidates that are run in micro.  [default: 2]"}),
    ("--regret", {"type": click.IntRange(1, 200), "help": "Beyond the budget: so many random ones in micro, too."}),
    ("--plan", {"type": click.Path(path_type=Path), "help": "The chosen plans, for SUMO.  [default: in --runs]"}),
    ("--json", {"is_flag": True, "help": "Machine-readable."}),
)
"""Options that only mean something with --budget."""
_DECIDED = ("meso", "tables", "interval", "warm_up", "emissions", "ssm")


def budget_options(command: Callable[..., None]) -> Callable[..., None]:
    """--budget and what belongs to it."""
    for name, settings in reversed(_OPTIONS):
        command = click.option(name, **{**settings, "help": f"{settings['help']}  (--budget)"})(command)
    told = "Find better signal plans within a time: 60s, 5min.  (--sumocfg)"
    return click.option("--budget", help=told)(command)


def taken(given: dict[str, Any]) -> dict[str, Any]:
    """The values of these options, taken out of all that were given."""
    names = ["budget", *(name[2:].replace("-", "_") for name, _ in _OPTIONS)]
    return {name: given.pop(name) for name in names}


def refuse_without_budget(asked: Mapping[str, Any]) -> None:
    """A usage error where an option of --budget is given without it."""
    for name, _ in _OPTIONS:
        if asked[name[2:].replace("-", "_")]:
            raise click.UsageError(f"{name} goes with --budget")


def run_budget(file: Path, asked: Mapping[str, Any], given: Mapping[str, Any], seeds: object, where: Where) -> None:
    """Search, print the answer, and write the chosen plans."""
    from scenarios.budget.clock import Clock, read_budget

    budget_s = read_budget(asked["budget"])
    clock = Clock(budget_s)
    _refuse(given, seeds)
    wish = _wish(asked, budget_s)
    from models.sumo.case import read_case
    from networks.signals.plans.stretching import joined_phases
    from scenarios.budget.answering import answer_within
    from scenarios.budget.case_plans import plans_today
    from scenarios.budget.case_trials import write_plans
    from viz.text_budget import budget_sheet

    case = read_case(file).between(given["begin"], given["end"])
    with ExitStack() as stack:
        executor = _executor(where)
        stack.callback(executor.close)
        answer, plans = answer_within(case, wish, executor, clock=clock, tell=_progress(stack, clock))
    place = asked["plan"] or where.runs / "budget" / f"{case.file.parent.name}-{case.name}.add.xml"
    if plans:
        write_plans(plans, place)
    if asked["json"]:
        told = {**answer.as_json(), "plan": str(place) if plans else None}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))
        return
    from rich.console import Console

    console = Console()
    today = {tls: joined_phases(plan) for tls, plan in plans_today(case).items()}
    for part in budget_sheet(answer, today, plans, f"{case.file.parent.name}/{case.name}"):
        console.print(part)
    if plans:
        click.echo(f"plans in {place}; SUMO takes them as the last of its --additional-files")


def _refuse(given: Mapping[str, Any], seeds: object) -> None:
    """A usage error where something is asked for that a budget decides by itself."""
    from twin.commands.case_options import refuse_without_sumocfg

    if seeds is not None:
        raise click.UsageError("--seeds does not go with --budget, which decides it by itself")
    try:
        refuse_without_sumocfg({name: value for name, value in given.items() if name in _DECIDED} | _plain(given))
    except click.UsageError as error:
        word = error.message.split()[0]
        raise click.UsageError(f"{word} does not go with --budget, which decides it by itself") from None


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None for name in given if name not in _DECIDED}


def _wish(asked: Mapping[str, Any], budget_s: float) -> Wish:
    from scenarios.budget.answering import Wish
    from scenarios.budget.schedule import Rules

    words = asked["candidates"] or str(Rules().candidates)
    number = int(words) if words.isdigit() else 0
    if words.isdigit() and not 1 <= number <= 100_000:
        raise BadInput(f"{words} candidates", place="--candidates", expected="1 to 100000, or a file of plans")
    rules = Rules(candidates=number or Rules().candidates, finalists=asked["confirm"] or Rules().finalists)
    given = None if number else Path(words)
    return Wish(budget_s, rules, given, _share(asked["half_width"]), asked["regret"] or 0)


def _share(text: str | None) -> float:
    if text is None:
        return 0.0
    try:
        value = float(text.removesuffix("%")) / 100.0
    except ValueError:
        value = 0.0
    if not text.endswith("%") or not 0.0 < value < 1.0:
        raise BadInput(f"{text!r} is no share", place="--half-width", expected="per cent of today's cost: 1%")
    return value


def _executor(where: Where) -> Executor:
    """Threads that watch SUMO's processes: Ray takes seconds to start, and is for clusters here."""
    from models.sumo.spent import end_running
    from scenarios.budget.threads import ThreadExecutor

    if where.serial or where.ray_address:
        return where.executor()
    return ThreadExecutor(where.workers, end_running)


def _progress(stack: ExitStack, clock: Any) -> Callable[[str, int, int], None]:
    """What is done now and the time left, on stderr."""
    from rich.console import Console

    status = stack.enter_context(Console(stderr=True).status("reading the case"))

    def show(part: str, runs: int, candidates: int) -> None:
        status.update(f"{part}: {runs} runs, {candidates - 1} candidates, {max(0.0, clock.left_s()):.0f} s left")

    return show
