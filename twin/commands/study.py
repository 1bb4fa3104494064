"""`twin run` and `twin compare`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.budget import budget_options, refuse_without_budget, run_budget, taken
from twin.commands.case import Where, refuse_without_sumocfg, run_sumocfg, sumocfg_options
from twin.commands.runs import RUNS
from twin.seeds import Seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenarios import Comparison


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
    **of_case: Any,
) -> None:
    """Run the scenario in FILE, or the SUMO case of --sumocfg; runs that are kept already are looked up."""
    where = Where(runs, ray_address, workers, serial)
    asked = taken(of_case)
    if asked["budget"] is None:
        refuse_without_budget(asked)
    elif sumocfg is None:
        raise click.UsageError("--budget goes with --sumocfg")
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
    _run_scenario(file, city_folder, seeds, responses, where)


def _seeds(given: int | tuple[int, ...], first: int) -> tuple[int, ...]:
    return given if isinstance(given, tuple) else tuple(range(first, first + given))


def _run_scenario(
    file: Path, city_folder: Path | None, seeds: int | tuple[int, ...] | None, responses: str | None, where: Where
) -> None:
    from networks import City
    from scenarios import Store, check_scenario, read_scenario, run_ensemble
    from twin.ensemble_file import save_ensemble
    from twin.ensemble_tables import print_ensemble

    scenario = read_scenario(file)
    city = City.open(city_folder or Path("cities") / (scenario.city or "helsinki"), verify=True)
    check_scenario(scenario, city, file=file)
    members = _seeds(seeds, scenario.seeds.first) if seeds else scenario.seeds.all
    with ExitStack() as stack:
        executor = where.executor()
        stack.callback(executor.close)
        if responses is not None:
            from twin.commands.responses import run_responses

            if not run_responses(city, scenario, responses, members, where.runs, executor, _progress(stack)):
                raise click.exceptions.Exit(3)
            return
        ensemble = run_ensemble(city, scenario, members, Store(where.runs), executor, _progress(stack))
    place = save_ensemble(where.runs, ensemble, city_digest=city.digest)
    print_ensemble(ensemble)
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
    from twin.ensemble_tables import print_benefit, print_comparison

    before, after = open_ensemble(runs, a), open_ensemble(runs, b)
    if before.city_digest != after.city_digest:
        raise BadInput(f"{a} and {b} were run in different cities", remedy="run both in the same City folder")
    comparison = compare(before.ensemble, after.ensemble)
    if as_json:
        click.echo(json.dumps(_rows(comparison), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print_comparison(comparison)
        print_benefit(before.ensemble, after.ensemble)


def _progress(stack: ExitStack) -> Callable[[str, int, int], None]:
    """A bar on stderr with the time left."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    tasks: dict[str, TaskID] = {}

    def show(label: str, done: int, total: int) -> None:
        if label not in tasks:
            tasks[label] = bar.add_task(label, total=total)
        bar.update(tasks[label], completed=done, total=total)

    return show


def _rows(comparison: Comparison) -> list[dict[str, object]]:
    """Rows as JSON; what is not a number is null."""
    from dataclasses import asdict

    rows = [asdict(row) for row in comparison.rows]
    return [{k: None if isinstance(v, float) and v != v else v for k, v in row.items()} for row in rows]
