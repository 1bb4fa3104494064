"""`twin signals export` and `twin signals import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_check import account
from twin.signals.exporting import EDITIONS, FORMATS, not_told, write_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from networks import Layout, SignalPlan
    from networks.exchange.exporting import Report
    from networks.exchange.utdf_reading import UtdfRead
    from networks.timing.ring_plan import RingPlan

_READABLE = ("utdf", "gmns", "nema", "ntcip", "gat1049", "gbt20999", "spat")
_WHOLE = ("gat1049", "gbt20999", "spat")
_LEFT_OUT_STATUS = 3
_net = click.option(
    "--net", "ground", required=True, type=click.Path(path_type=Path), help="The SUMO network, or a City folder."
)


@click.command("export")
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@_net
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option(
    "--rules", default="rilsa", show_default=True, help="Rules that the plans must pass; see twin signals check."
)
@click.option("--override", "leaves", multiple=True, metavar="RULE[@SIGNAL]=REASON", help="Write although it fails.")
@click.option("--by", help="Who exports, for the audit; without, the name of the account.")
@click.option("--edition", type=click.Choice(EDITIONS), default="2024", show_default=True, help="Of gat1049.")
@click.pass_context
def export_plans(
    context: click.Context,
    plan: Path,
    ground: Path,
    kind: str,
    out: Path,
    rules: str,
    leaves: tuple[str, ...],
    by: str | None,
    edition: str,
) -> None:
    """Write the plans of PLAN (a SUMO additional file, or the network itself) in another tool's format.

    They must pass the rules of a locale, or each rule that fails is overridden with a reason: the audit beside the file
    keeps it. Each signal is read back from what was written and compared second by second; what the format does not
    hold is said. Exit status 3 if a signal had to be left out.
    """
    from networks import check_plans, export_audited, read_override, read_rules, read_signal_plans

    layouts, table = _layouts(ground), read_rules(rules)
    plans = read_signal_plans(plan, source="imported")
    _of_network(plans, layouts)
    verdicts = check_plans(list(plans.values()), layouts, table)
    reports: list[Report] = []
    audit = export_audited(
        lambda path: reports.append(write_as(kind, plans, layouts, path, net=_net_file(ground), edition=int(edition))),
        verdicts,
        table,
        out,
        overrides=[read_override(words) for words in leaves],
        who=by or account(),
        when=datetime.now(UTC),
    )
    click.echo(f"{out}: {len(reports[0].written)} signals as {kind.upper()}; audit: {audit}")
    for tls, lines in reports[0].written.items():
        click.echo(f"  {tls}: {lines[0]}")
        for line in (*lines[1:], *not_told(kind, plans[tls])):
            click.echo(f"    {line}")
    for tls, why in reports[0].left_out.items():
        click.echo(f"  {tls}: left out: {why}", err=True)
    if reports[0].left_out:
        context.exit(_LEFT_OUT_STATUS)


def _of_network(plans: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]) -> None:
    from networks import BadInput

    strange = sorted(set(plans) - set(layouts))
    if strange:
        raise BadInput(
            "the network has no such signal",
            place=f"signal {strange[0]}",
            expected=f"plans of its signals, e.g. {', '.join(sorted(layouts)[:3])}",
            remedy="give the network that the plan is for: --net",
        )


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_net
@click.option("--format", "kind", type=click.Choice(_READABLE), required=True, help="What FILE is.")
@click.option(
    "--plan", type=click.Path(path_type=Path, dir_okay=False), help="Plans of today; without, those of the network."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="SUMO file to write.")
def import_plans(file: Path, ground: Path, kind: str, plan: Path | None, out: Path) -> None:
    """Read signal plans from another tool's FILE and write them as SUMO programs; say what they change.

    What the format does not hold is kept from the plans of today.
    """
    from networks import build_controller, carrying, check_plan, equipment_of, read_signal_plans, write_signal_plans
    from networks.signals.plans.stretching import new_faults

    layouts = _layouts(ground)
    today = read_signal_plans(plan or _net_file(ground), source="imported")
    strangers: tuple[str, ...] = ()
    if kind in _WHOLE:
        plans, changed = _whole(kind, file, today, layouts)
    else:
        plans, changed, strangers = _rings(kind, file, today, layouts)
    plans = {tls: carrying(one, equipment_of(today[tls])) if tls in today else one for tls, one in plans.items()}
    write_signal_plans(plans, out)
    click.echo(f"{out}: {len(plans)} signals from {kind.upper()}")
    for tls, said in sorted(changed.items()):
        click.echo(f"  {tls}: {'; '.join(said)}")
        controller = build_controller(layouts[tls])
        for fault in new_faults(check_plan(plans[tls], controller), check_plan(today[tls], controller)):
            click.echo(f"    unsafe: {fault}", err=True)
    same = sorted(set(plans) - set(changed))
    if same:
        click.echo(f"  as today: {', '.join(same)}")
    for stranger in strangers:
        click.echo(f"  no signal of the network: {stranger}", err=True)


def _whole(
    kind: str, file: Path, today: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]
) -> tuple[dict[str, SignalPlan], dict[str, list[str]]]:
    """Plans of a format that tells all that is shown, and what they change."""
    from networks.protocols.importing import import_gat1049, import_gbt20999, import_spat

    if kind == "spat":
        replayed = import_spat(file, {tls: today[tls] for tls in layouts if tls in today})
        return replayed.plans, replayed.changed
    found = {"gat1049": import_gat1049, "gbt20999": import_gbt20999}[kind](file, today, layouts)
    return found.plans, found.changed


def _rings(
    kind: str, file: Path, today: Mapping[str, SignalPlan], layouts: Mapping[str, Layout]
) -> tuple[dict[str, SignalPlan], dict[str, list[str]], tuple[str, ...]]:
    """Plans of a format that tells rings, what they change, and signals that the network does not have."""
    from networks.exchange.telling import changed_plan, differences, tell_rings

    now = tell_rings({tls: today[tls] for tls in layouts if tls in today}, layouts)
    read = _read(kind, file, now.rings, layouts)
    changed = {tls: said for tls, rings in read.rings.items() if (said := differences(now.rings[tls], rings))}
    plans = {tls: today[tls] for tls in read.rings if tls not in changed}
    for tls in changed:
        plans[tls] = changed_plan(today[tls], now.rings[tls], read.rings[tls], layouts[tls])
    return plans, changed, tuple(read.strangers)


def _read(kind: str, file: Path, now: Mapping[str, RingPlan], layouts: Mapping[str, Layout]) -> UtdfRead:
    from networks.exchange.gmns_reading import read_gmns
    from networks.exchange.nema_reading import read_nema
    from networks.exchange.ntcip_reading import read_ntcip
    from networks.exchange.utdf_reading import UtdfRead, read_utdf

    if kind == "utdf":
        return read_utdf(file, now, layouts)
    if kind == "gmns":
        return UtdfRead(read_gmns(file, now, layouts), ())
    return UtdfRead({"nema": read_nema, "ntcip": read_ntcip}[kind](file, now), ())


def _net_file(ground: Path) -> Path:
    from networks import City

    return ground if ground.is_file() else City.open(ground).net_file


def _layouts(ground: Path) -> dict[str, Layout]:
    from networks import read_layouts

    return read_layouts(_net_file(ground))
