"""`twin signals diff`: what a proposed plan changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from networks import SignalPlan


@click.command("diff", short_help="Show what proposed plans change: splits, offsets, clearances.")
@click.argument("place", type=click.Path(path_type=Path))
@click.argument("proposed", type=click.Path(path_type=Path))
@click.argument("tls", nargs=-1)
@click.option(
    "--today", type=click.Path(path_type=Path), help="SUMO additional file with today's plans; else PLACE's own."
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write sheets with room for a reason.")
def diff(place: Path, proposed: Path, tls: tuple[str, ...], today: Path | None, html: Path | None) -> None:
    """Show what the plans of PROPOSED (a SUMO additional file) change at PLACE (a City folder or a SUMO network).

    Control, cycle, offset, order of stages, splits and limits, greens and yellows by group, clearances between groups.
    """
    from networks import City, build_controller, landing_file, read_layouts, read_signal_plans
    from viz.signals.pages.page import page
    from viz.signals.plans.plan_change import plan_changes
    from viz.signals.sheets.diff_sheet import diff_sheet
    from viz.signals.sheets.sheet import SignalSheet
    from viz.text import both, text

    net = place if place.is_file() else City.open(place).net_file
    old = read_signal_plans(net, source="imported") | (read_signal_plans(today) if today else {})
    new, layouts = read_signal_plans(proposed), read_layouts(net)
    chosen = [name for name in tls or sorted(new) if _known(name, new, old, proposed, net)]
    parts = []
    for name in chosen:
        signal = SignalSheet(layouts[name], build_controller(layouts[name]), old[name])
        changes = plan_changes(old[name], new[name], signal.controller)
        click.echo(f"signal {name}: {len(changes)} changes" + ("" if changes else ", the plans are equal"))
        for one in changes:
            needed = "" if one.needed is None else f"  (needed {one.needed:g}{', too short' if one.shorter else ''})"
            what = f"{text(f'diff.{one.kind}', 'en')} {one.subject}".rstrip()
            click.echo(f"  {what:<24} {one.before or '-':>10} -> {one.after or '-'}{needed}")
        parts += [diff_sheet(signal, new[name])] if changes else []
    if html is not None:
        written = page(proposed.name, parts, kind=both("diff.kind"), lead=both("sheet.count", count=len(parts)))
        with landing_file(html) as beside:
            beside.write_text(written, encoding="utf-8")
        click.echo(f"{len(parts)} sheets of changes: {html}")


def _known(name: str, new: Mapping[str, SignalPlan], old: Mapping[str, SignalPlan], proposed: Path, net: Path) -> bool:
    from networks import BadInput, NotThere

    if name not in new:
        raise NotThere(
            f"there is no plan for signal {name!r}", file=proposed, expected=f"one of {', '.join(sorted(new))}"
        )
    if name not in old:
        raise NotThere(f"there is no signal {name!r}, which {proposed.name} has a plan for", file=net)
    links = [len(plans[name].phases[0].state) for plans in (old, new)]
    if links[0] != links[1]:
        raise BadInput(
            f"the plan has {links[1]} links, the signal {links[0]}", file=proposed, place=f"signal {name}",
            remedy="export the plan for this network",
        )  # fmt: skip
    return True
