"""`twin measures list|describe|signals`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from twin.commands.runs import RUNS

_LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")


@click.group("measures", short_help="Say what is measured, in which unit, and after whom.")
def measures_command() -> None:
    """The dictionary of measures: name, unit, direction, definition, source."""


@measures_command.command("list")
@_LANG
@click.option("--markdown", "as_markdown", is_flag=True, help="As the table of docs/reference.md.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, both languages.")
def list_measures(lang: str, as_markdown: bool, as_json: bool) -> None:
    """List every measure."""
    from scenarios import MEASURES
    from scenarios.measures.page import DIRECTION, markdown

    if as_json:
        kept = ("name", "title", "unit", "better", "definition", "source")
        told = [{key: getattr(one, key) for key in kept} for one in MEASURES.values()]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif as_markdown:
        click.echo(markdown(lang), nl=False)
    else:
        for one in MEASURES.values():
            click.echo(f"{one.name:28} {one.unit:12} {DIRECTION[one.better][lang]:8} {one.title[lang]}")


@measures_command.command("describe")
@click.argument("names", nargs=-1, required=True)
@_LANG
def describe(names: tuple[str, ...], lang: str) -> None:
    """Tell all about the measures called NAMES."""
    from difflib import get_close_matches

    from networks.errors import NotThere
    from scenarios import MEASURES
    from scenarios.measures.page import sheet

    for name in names:
        if name not in MEASURES:
            near = get_close_matches(name, MEASURES, n=3)
            raise NotThere(
                f"no measure is called {name!r}",
                expected=", ".join(near) if near else None,
                remedy="`twin measures list` names all",
            )
    click.echo("\n\n".join(sheet(MEASURES[name], lang) for name in names))


@measures_command.command("signals")
@click.argument("run_id")
@click.option("--city", "city_folder", type=click.Path(path_type=Path), required=True, help="City folder.")
@RUNS
def signals(run_id: str, city_folder: Path, runs: Path) -> None:
    """Control delay and level of service (HCM) of every signalised approach, from the volumes of the run RUN_ID.

    An estimate from the busiest quarter of an hour, the greens of the plans that ran and the HCM's formula. Volumes are
    those that came, so where queues stand upstream the demand is higher. Simulated delay has no level of service.
    """
    from rich.console import Console
    from rich.table import Table

    from networks import City, read_signal_plans
    from scenarios import Run, Scenario, Store
    from scenarios.measures.control_delay import peak_volumes_vph, signal_table
    from scenarios.members.dispatching import plans_of

    run, city = Run.open(Store(runs).get("run", run_id)), City.open(city_folder)
    told = run.manifest
    plans = read_signal_plans(city.net_file)
    plans |= {plan.tls_id: plan for plan in plans_of(Scenario.model_validate(told["scenario"]))}
    volumes = peak_volumes_vph(run.table("edges"), told["interval_s"], after_s=told["warm_up_s"])
    found = signal_table(city.net_file, plans, volumes).sort_values("control_delay_s", ascending=False)
    heads = ("signal", "approach", "vehicles/h", "capacity", "green share", "cycle s", "control delay s", "LOS")
    found = found[found["volume_vph"] > 0]
    table = Table(*heads, title=f"HCM control delay, estimated for run {run.run_id} (seed {run.seed})")
    for row in found.itertuples(index=False):
        figures = (f"{row.volume_vph:.0f}", f"{row.capacity_vph:.0f}", f"{row.green_share:.2f}", f"{row.cycle_s:.0f}")
        table.add_row(row.tls_id, row.edge_id, *figures, f"{row.control_delay_s:.1f}", row.level)
    Console().print(table)
