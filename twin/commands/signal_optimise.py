"""`twin signals optimise`."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_answer import export_answer, write_answer
from twin.commands.signal_equipment import equipment_options, read_standing
from twin.commands.signal_periods import optimise_periods
from twin.seeds import Seeds
from twin.signals.exporting import FORMATS

if TYPE_CHECKING:
    from models.sumo import SumoCase
    from scenarios.ensembles.executor import Executor
    from scenarios.signals.explaining.neighbours import Probing
    from scenarios.signals.searching.search import Rules
    from scenarios.signals.trying.aim import Purpose

FAILS = 3


@click.command("optimise")
@click.argument("city", type=click.Path(path_type=Path), required=False)
@click.option("--sumocfg", type=click.Path(path_type=Path), help="A SUMO case instead of a City folder.")
@click.option(
    "--day",
    "days",
    type=click.Path(path_type=Path),
    multiple=True,
    help="SUMO case of another day on the same network; may be given again: plans must hold on each.",
)
@click.option("--begin", type=float, help="First second of the simulation.")
@click.option("--end", type=float, help="Last second.  [default: the case's; an hour of a city]")
@click.option("--area", metavar="ID,... | LON,LAT,M", help="Signals that may change, or a circle.  [default: all]")
@click.option("--budget", default="500", show_default=True, help="Simulations (500) or time (20min).")
@click.option(
    "--class",
    "plan_class",
    type=click.Choice(("fixed", "actuated", "coordinated", "zones")),
    default="actuated",
    show_default=True,
    help="Fixed times; loops too; loops in step too; detectors of a whole zone (radar, video) too.",
)
@click.option(
    "--for",
    "purpose",
    type=click.Choice(("delay", "stops", "emissions", "pedestrians", "bicycles", "buses", "queues")),
    default="delay",
    show_default=True,
    help="What is to become less: of all, of a mode, or queues that fill their lanes.",
)
@click.option("--rules", default="rilsa", show_default=True, help="gb, ite, rilsa, uk, resco, or a TOML file.")
@click.option(
    "--limit",
    type=click.FloatRange(0.0),
    default=1.25,
    show_default=True,
    help="95th percentile of a movement's delay, at most so many times today's; 0: any.",
)
@equipment_options
@click.option("--may-drop", metavar="EDGE,...|all", help="Approaches whose turns may lose their protected stage.")
@click.option(
    "--periods", type=click.IntRange(1, 24), default=1, help="A plan for each of so many times of like demand."
)
@click.option("--judge", type=Seeds(), default=10, show_default=True, help="Seeds that judge; none of the search's.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the search's draws.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the answer.")
@click.option(
    "--export", "exports", type=click.Choice(FORMATS), multiple=True, help="In this format too; may be given again."
)
@click.option("--ray-address", help="host:port of a Ray cluster.  [default: processes on this machine]")
@click.option("--workers", type=click.IntRange(1), help="Simulations at a time.  [default: one per CPU]")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON on standard output.")
def optimise(
    city: Path | None,
    sumocfg: Path | None,
    days: tuple[Path, ...],
    begin: float | None,
    end: float | None,
    area: str | None,
    budget: str,
    plan_class: str,
    purpose: Purpose,
    rules: str,
    limit: float,
    countdown: str | None,
    equipment_file: Path | None,
    may_drop: str | None,
    periods: int,
    judge: int | tuple[int, ...],
    seed: int,
    out: Path,
    exports: tuple[str, ...],
    ray_address: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Search better timings for the signals of CITY (a City folder), or of the SUMO case of --sumocfg.

    Writes OUT/plan.add.xml (the plans alone, under a programme of their own), OUT/report.html (what they gain on seeds
    that the search has not seen, what changes at each signal), OUT/answer.json and OUT/today.add.xml (what runs today,
    for twin signals back). Where nothing better was found OUT/plan.add.xml holds today's plans and OUT/found.add.xml
    what was found. Exit status 3 where what was found is worse than today's plans (OUT/worse.plan.add.xml holds it),
    fails a rule (plan.failing.add.xml; neither is exported), or a format cannot hold a signal. With --periods the
    budget is parted among them, OUT/plan.add.xml switches between their programmes, each has its folder OUT/period-N.
    """
    from networks import read_layouts
    from networks.signals.layouts.area import read_area
    from scenarios.signals.searching.optimising import Wish, optimise
    from scenarios.signals.trying.days import read_days
    from viz.text_optimise import optimise_sheet

    began = time.perf_counter()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="citytwin-")))
        case = _case_of(city, sumocfg, begin, end, scratch)
        others = read_days(days, case)
        seeds = tuple(range(1, judge + 1)) if isinstance(judge, int) else judge
        only = read_area(area, case.net) if area else ()
        asked_for = countdown or equipment_file
        standing = read_standing(countdown, equipment_file, read_layouts(case.net)) if asked_for else {}
        executor = _executor(ray_address, workers)
        stack.callback(executor.close)
        dropped = tuple(filter(None, (may_drop or "").split(",")))

        def wish() -> Wish:
            how_long, probing = _rules(_share(budget, periods), limit or math.inf)
            asked = (how_long, plan_class, rules, only, seeds, seed)
            told = Wish(*asked, closely=True, purpose=purpose, probing=probing, may_drop=dropped, failed=FAILED)
            return replace(told, standing=standing, days=others)

        if periods > 1:
            tell = _progress(began)
            whole = optimise_periods(
                case, wish, executor, periods=periods, out=out, exports=exports, tell=tell, as_json=as_json
            )
            if not whole:
                click.get_current_context().exit(FAILS)
            return
        answer = optimise(case, wish(), executor, tell=_progress(began))
        place = write_answer(answer, case, rules, out)
        left_out = export_answer(exports, answer, case, rules, place)
    if as_json:
        click.echo((out / "answer.json").read_text(encoding="utf-8"))
    else:
        from rich.console import Console

        console = Console()
        for part in optimise_sheet(answer, f"{case.file.parent.name}/{case.name}", time.perf_counter() - began):
            console.print(part)
        what = "plans" if answer.offer.offered else "what was found"
        click.echo(f"{what} in {place}, report in {out / 'report.html'}")
    if answer.failing or answer.offer.advised_against or left_out:
        click.get_current_context().exit(FAILS)


def _share(budget: str, periods: int) -> str:
    """The part of a budget that each period has."""
    from scenarios.budget.clock import read_budget

    if periods == 1:
        return budget
    return str(int(budget) // periods) if budget.isdigit() else f"{read_budget(budget) / periods:.0f}s"


def _rules(budget: str, limit: float) -> tuple[Rules, Probing]:
    """How long is searched, and how much of it is kept for what a little more or less would cost."""
    from networks.errors import BadInput
    from scenarios.budget.clock import Clock, read_budget
    from scenarios.signals.explaining.neighbours import Probing
    from scenarios.signals.searching.search import Rules

    if budget.isdigit():
        if int(budget) < LEAST:
            raise BadInput(f"{budget} simulations", place="--budget", expected=f"at least {LEAST}, or a time: 20min")
        probes = int(PROBING * int(budget))
        return Rules(simulations=int(budget) - probes, limit=limit), Probing(probes)
    clock = Clock(read_budget(budget))
    return (
        Rules(simulations=1_000_000, over=lambda: clock.left_s(SEARCHING - PROBING) <= 0, limit=limit),
        Probing(1_000_000, over=lambda: clock.left_s(SEARCHING) <= 0),
    )


LEAST = 60
FAILED = 0.1
"""Share of the detectors that are taken to be out of order when the answer is judged once more."""
SEARCHING, PROBING = 0.85, 0.1
"""Share of a time that is searched, the rest judges; share of it, or of the simulations, that neighbours may take."""


def _case_of(
    city: Path | None, sumocfg: Path | None, begin: float | None, end: float | None, scratch: Path
) -> SumoCase:
    from models.sumo import read_case
    from networks.errors import BadInput

    if (city is None) == (sumocfg is None):
        what = "neither a city nor a SUMO case" if city is None else "both a city and a SUMO case"
        raise BadInput(what, expected="twin signals optimise CITY, or --sumocfg FILE")
    if sumocfg is not None:
        return read_case(sumocfg).between(begin, end)
    from networks import City
    from scenarios.cases.city_case import city_case, plain_evening
    from scenarios.results.store import Store

    assert city is not None
    opened = City.open(city, verify=True)
    last = end or 3600.0
    return city_case(opened, plain_evening(opened, last), 1, Store(scratch / "runs"), scratch).between(begin, last)


def _executor(ray_address: str | None, workers: int | None) -> Executor:
    if ray_address is not None:
        from scenarios.ensembles.executor import RayExecutor

        return RayExecutor(workers=workers, address=ray_address)
    from models.sumo.spent import end_running
    from scenarios.budget.threads import ThreadExecutor

    return ThreadExecutor(workers, end_running)


def _progress(began: float) -> Callable[[int, float], None]:
    def tell(simulations: int, cost: float) -> None:
        spent = time.perf_counter() - began
        click.echo(f"  {spent:6.0f} s  {simulations} simulations: {cost:.1f} s per vehicle", err=True)

    return tell
