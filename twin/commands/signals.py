"""`twin signals`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_answer import back
from twin.commands.signal_atspm import atspm
from twin.commands.signal_check import check
from twin.commands.signal_corridor import corridor
from twin.commands.signal_diff import diff
from twin.commands.signal_equipment import equipment_options, read_standing, with_equipment
from twin.commands.signal_exchange import export_plans, import_plans
from twin.commands.signal_explain import explain
from twin.commands.signal_optimise import optimise
from twin.commands.signal_pressure import pressure
from twin.commands.signal_send import emulate, restore, send
from twin.commands.signal_spat import spat

if TYPE_CHECKING:
    from viz.signals.sheets.sheet import SignalSheet


@click.group("signals", short_help="Show a city's signals; hold plans against the rules of a locale.")
def signals_command() -> None:
    """A city's signals: what they run and whether it is safe."""


signals_command.add_command(atspm)
signals_command.add_command(back)
signals_command.add_command(corridor)
signals_command.add_command(export_plans)
signals_command.add_command(import_plans)
signals_command.add_command(check)
signals_command.add_command(diff)
signals_command.add_command(optimise)
signals_command.add_command(explain)
signals_command.add_command(pressure)
for _command in (emulate, send, restore, spat):
    signals_command.add_command(_command)


@signals_command.command("show")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("tls", required=False)
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write timing sheets with stage pictures."
)
@click.option(
    "--rules",
    default="rilsa",
    show_default=True,
    help="Rules that the plans are held against: a locale, or a TOML file.",
)
@equipment_options
def show(
    city: Path, tls: str | None, html: Path | None, rules: str, countdown: str | None, equipment_file: Path | None
) -> None:
    """Show the signal TLS of CITY (a City folder, or a SUMO network); without TLS, list them all.

    Groups, stages, intergreen matrix, one cycle, phases, where the plan comes from, and which of the rules it fails.
    With --html, one page for screens and A4 paper, English and Chinese, of this signal or of all.
    """
    from rich.console import Console

    from networks import City, read_layouts, read_rules, read_signal_plans
    from twin.signals import sheet_of
    from viz.text_signals import signal_list, signal_sheet

    net, table = city if city.is_file() else City.open(city).net_file, read_rules(rules)
    layouts, plans = read_layouts(net), read_signal_plans(net, source="imported")
    standing = read_standing(countdown, equipment_file, layouts)
    able = [name for name in layouts if name in plans]
    if tls is not None and tls not in able:
        raise _unknown(tls, able, net)
    found: dict[str, SignalSheet] = {}
    for name in able if tls is None else [tls]:
        plan = with_equipment([plans[name]], standing)[0]
        found[name] = sheet_of(layouts[name], plan, table)
    if html is not None:
        _write_sheets(html, city, list(found.values()))
        return
    console = Console()
    if tls is None:
        console.print(signal_list(found))
        console.print(f"{len(found)} signals, held against {table.locale}; twin signals show {city} ID shows one")
        return
    for part in signal_sheet(found[tls], console.width):
        console.print(part)


def _write_sheets(html: Path, city: Path, sheets: Sequence[SignalSheet]) -> None:
    from networks import landing_file
    from viz.signals.pages.page import book

    with landing_file(html) as beside:
        beside.write_text(book(city.name, sheets), encoding="utf-8")
    click.echo(f"{len(sheets)} timing sheet{'s' if len(sheets) > 1 else ''}: {html}")


def _unknown(tls: str, able: Iterable[str], net: Path) -> Exception:
    from networks import NotThere

    names = sorted(able)
    near = difflib.get_close_matches(tls, names, n=3, cutoff=0.5) or [name for name in names if tls in name][:3]
    return NotThere(
        f"there is no signal {tls!r}",
        file=net,
        expected=f"near it: {', '.join(near)}" if near else f"one of {len(names)} signals, e.g. {', '.join(names[:3])}",
        remedy="list them all: twin signals show CITY",
    )
