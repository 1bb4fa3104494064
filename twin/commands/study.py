"""`twin run` and `twin compare`."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from twin.commands.budget import budget_options, refuse_without_budget, run_budget, taken
from twin.commands.case import run_sumocfg
from twin.commands.case_options import Where, refuse_without_sumocfg, sumocfg_options
from twin.commands.runs import RUNS, Size
from twin.seeds import Seeds


@click.command("run", short_help="Run a scenario, or any SUMO case, with several seeds in parallel.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--city", "city_folder", type=click.Path(path_type=Path), help="City folder.  [default: cities/<city of FILE>]"
)
@click.option(
    "--seeds", type=Seeds(), help="Members (16) or their seeds (1-16, or 3,5,8-10).  [default: as in FILE; 1]"
)
@sumocfg_options
@budget_options
@RUNS
@click.option("--ray-address", help="host:port of a Ray cluster.  [default: a local Ray]")
@click.option("--workers", type=click.IntRange(1), help="Members at a time.  [default: one per CPU]")
@click.option("--serial", is_flag=True, help="One after another in this process, without Ray.")
@click.option("--responses", help="How drivers respond, side by side: none,informed(0.3),day_to_day(10),equilibrium.")
@click.option("--memory-cap", type=Size(), help="Memory a member may take, e.g. 2GB; beyond, it is stopped.")
@click.option(
    "--half-width",
    "half_widths",
    multiple=True,
    metavar="MEASURE=5%",
    help="Add seeds until the 90 % interval of a mean is so narrow (or 2.5, in its unit); with --budget: 1%.",
)
@click.option("--max-seeds", type=click.IntRange(2, 100_000), default=100, show_default=True, help="With --half-width.")
@click.option("--certified", is_flag=True, help="Machine code for any processor, so that a replay elsewhere is equal.")
def run_command(
    file: Path | None,
    city_folder: Path | None,
    seeds: int | tuple[int, ...] | None,
    runs: Path,
    ray_address: str | None,
    workers: int | None,
    serial: bool,
    sumocfg: Path | None,
    responses: str | None,
    memory_cap: int | None,
    half_widths: tuple[str, ...],
    max_seeds: int,
    certified: bool,
    **of_case: Any,
) -> None:
    """Run the scenario in FILE, or the SUMO case of --sumocfg; runs that are kept already are looked up."""
    where = Where(runs, ray_address, workers, serial, memory_cap)
    if certified:
        os.environ["NUMBA_CPU_NAME"] = "generic"  # read when Numba is imported; workers get it from here
    asked = taken(of_case) | {"half_width": half_widths[0] if half_widths else None}
    if asked["budget"] is None:
        refuse_without_budget(asked)
    elif sumocfg is None:
        raise click.UsageError("--budget goes with --sumocfg")
    if half_widths and (
        responses is not None or (sumocfg is not None and (asked["budget"] is None or half_widths[1:]))
    ):
        raise click.UsageError("--half-width goes with a scenario FILE, or once with --budget")
    if sumocfg is not None:
        if file is not None or city_folder is not None:
            raise click.UsageError("--sumocfg is run by itself: leave out FILE and --city")
        if responses is not None:
            raise click.UsageError("--responses are of a scenario FILE; those of a SUMO case drive as they are told")
        if asked["budget"] is not None:
            run_budget(sumocfg, asked, of_case, seeds, where)
        else:
            run_sumocfg(sumocfg, of_case, _seeds(seeds or 1, 1), where)
        return
    if file is None:
        raise click.UsageError("give a scenario FILE, or --sumocfg FILE")
    refuse_without_sumocfg(of_case)
    _run_scenario(file, city_folder, seeds, responses, where, half_widths, max_seeds)


def _seeds(given: int | tuple[int, ...], first: int) -> tuple[int, ...]:
    return given if isinstance(given, tuple) else tuple(range(first, first + given))


def _run_scenario(
    file: Path,
    city_folder: Path | None,
    seeds: int | tuple[int, ...] | None,
    responses: str | None,
    where: Where,
    half_widths: tuple[str, ...],
    max_seeds: int,
) -> None:
    from networks import City
    from scenarios import Store, check_scenario, read_scenario, run_ensemble, sweep, sweep_after
    from scenarios.ensembles.sequential import LEAST, parse_goal, run_until
    from twin.commands.responses import print_days, run_responses
    from twin.ensemble_file import save_ensemble
    from twin.ensemble_tables import print_ensemble
    from twin.progress import show_progress

    goals = [parse_goal(text) for text in half_widths]
    if goals and isinstance(seeds, tuple):
        raise click.UsageError("--half-width chooses the seeds: give --seeds a number, for its first look")
    scenario = read_scenario(file)
    city = City.open(city_folder or Path("cities") / (scenario.city or "helsinki"), verify=True)
    check_scenario(scenario, city, file=file)
    members = _seeds(seeds, scenario.seeds.first) if seeds else scenario.seeds.all
    store = Store(where.runs)
    sweep(store)
    with ExitStack() as stack:
        stack.push(lambda kind, *_: sweep_after(store) if kind else None)
        executor = where.executor()
        stack.callback(executor.close)
        progress = show_progress(stack)
        if responses is not None:
            if not run_responses(city, scenario, responses, members, where.runs, executor, progress):
                raise click.exceptions.Exit(3)
            return
        if goals:
            least = max(2, seeds if isinstance(seeds, int) else LEAST)
            ensemble, standings = run_until(
                city, scenario, goals, store, executor, least=least, most=max(max_seeds, least), progress=progress
            )
        else:
            ensemble, standings = run_ensemble(city, scenario, members, store, executor, progress), ()
    place = save_ensemble(where.runs, ensemble, city_digest=city.digest)
    print_ensemble(ensemble)
    for one in standings:
        click.echo(one.words["en"])
    print_days(ensemble)
    click.echo(f"kept as {scenario.name} in {place}; twin compare A B sets two beside each other")
    if not ensemble.valid:
        raise click.exceptions.Exit(3)


@click.command("compare", short_help="Compare two ensembles, seed by seed, with intervals.")
@click.argument("a")
@click.argument("b")
@RUNS
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def compare_command(a: str, b: str, runs: Path, as_json: bool) -> None:
    """Compare ensemble B with ensemble A (names of scenarios that were run, or files of ensembles)."""
    from networks.errors import BadInput
    from scenarios import compare
    from twin.ensemble_file import open_ensemble
    from twin.ensemble_tables import comparison_rows, print_benefit, print_comparison

    before, after = open_ensemble(runs, a), open_ensemble(runs, b)
    if before.city_digest != after.city_digest:
        raise BadInput(f"{a} and {b} were run in different cities", remedy="run both in the same City folder")
    comparison = compare(before.ensemble, after.ensemble)
    if as_json:
        click.echo(json.dumps(comparison_rows(comparison), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print_comparison(comparison)
        print_benefit(before.ensemble, after.ensemble)
