"""`twin signals check`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_equipment import equipment_options, read_standing, with_equipment

if TYPE_CHECKING:
    from networks import Layout, RuleTable, SignalGroup, SignalPlan, Verdict

FAILS = 3


@click.command("check")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--net", type=click.Path(path_type=Path), help="The SUMO network that the plan is for.")
@click.option("--city", type=click.Path(path_type=Path), help="Or the City folder.")
@click.option(
    "--rules", default="rilsa", show_default=True, help="gb, ite, rilsa, uk, resco, or a TOML file of your own."
)
@click.option("--signal", help="One signal only, each failure in words.")
@click.option("--detectors", type=click.Path(path_type=Path), help="A SUMO additional file with the detectors.")
@equipment_options
@click.option("--from", "today", type=click.Path(path_type=Path), help="Today's plans: the change from them is judged.")
@click.option("--json", "as_json", is_flag=True, help="Every verdict as one line of JSON.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="A page to print, English and Chinese.")
@click.option("--export", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plans if they pass.")
@click.option(
    "--override", "leaves", multiple=True, metavar="RULE[@SIGNAL]=REASON", help="Export although the rule fails."
)
@click.option("--by", help="Who exports, for the audit; without, the name of the account.")
def check(
    plan: Path,
    net: Path | None,
    city: Path | None,
    rules: str,
    signal: str | None,
    detectors: Path | None,
    countdown: str | None,
    equipment_file: Path | None,
    today: Path | None,
    as_json: bool,
    html: Path | None,
    out: Path | None,
    leaves: tuple[str, ...],
    by: str | None,
) -> None:
    """Hold PLAN, a SUMO additional file or network, against the rules of a locale.

    What fails comes first, then each rule with its value and source. Exit status 3 where something fails. With
    --export the plans are written where all rules hold, or each that fails is overridden with a reason; the audit
    beside the file keeps the reasons.
    """
    from networks import Refused, check_plans, export_checked, read_override, read_rules
    from networks.rules.detectors import read_detectors

    overrides, table = [read_override(words) for words in leaves], read_rules(rules)
    places = read_detectors(detectors) if detectors else None
    ground = _net(net, city)
    layouts, plans = _read(plan, ground, signal)
    plans = with_equipment(plans, read_standing(countdown, equipment_file, layouts))
    before = {one.tls_id: one for one in _read(today, ground, None)[1]} if today else {}
    verdicts = check_plans(plans, layouts, table, detectors=places, today=before)
    refused = None
    if out is not None:
        try:
            audit = export_checked(
                plans, verdicts, table, out, overrides=overrides, who=by or account(), when=datetime.now(UTC)
            )
            click.echo(f"written: {out}; audit: {audit}", err=True)
        except Refused as error:
            refused = error
    if html is not None:
        _write_page(html, plan.name, verdicts, table)
    _tell(verdicts, table, layouts, plans[0] if signal is not None else None, as_json=as_json)
    if refused is not None:
        raise refused
    if out is None and any(one.passed is False for one in verdicts):
        click.get_current_context().exit(FAILS)


def _net(net: Path | None, city: Path | None) -> Path:
    from networks import City

    if (net is None) == (city is None):
        raise click.UsageError("say which ground the plan stands on: --net NET or --city CITY")
    return net if net is not None else City.open(city).net_file  # type: ignore[arg-type]


def _read(path: Path, net: Path, signal: str | None) -> tuple[dict[str, Layout], list[SignalPlan]]:
    """Layouts, and the plans of the file that are asked for."""
    from networks import BadInput, NotThere, read_layouts
    from networks.safe_xml import read_xml
    from networks.signals.plans.plan_file import plans_in

    layouts = read_layouts(net)
    plans = plans_in(read_xml(path, roots=("net", "additional", "add", "tlLogics")), path, source="imported")
    if not plans:
        raise BadInput("it holds no plan", file=path, expected="a tlLogic for each signal")
    strange = sorted({one.tls_id for one in plans} - set(layouts))
    if strange:
        raise BadInput(
            f"the network has no signal {strange[0]}" + (f" nor {len(strange) - 1} others" if strange[1:] else ""),
            file=path,
            place=f"signal {strange[0]}",
            expected=f"signals of {net}, e.g. {', '.join(sorted(layouts)[:3])}",
        )
    own = [one for one in plans if signal in (None, one.tls_id)]
    if not own:
        raise NotThere(f"there is no plan of signal {signal!r}", file=path)
    return layouts, own


def _tell(
    verdicts: Sequence[Verdict],
    table: RuleTable,
    layouts: dict[str, Layout],
    only: SignalPlan | None,
    *,
    as_json: bool,
) -> None:
    """Print it all; `only` is the plan of the one signal that was asked for."""
    if as_json:
        import json

        for one in sorted(verdicts, key=lambda v: v.passed is not False):
            click.echo(json.dumps(one.record(), ensure_ascii=False))
        return
    from rich.console import Console

    from viz.text_rules import lamp_list, rule_sheet

    console = Console()
    streets = {
        tls: ", ".join(sorted({edge.name for edge in layout.edges.values() if edge.name})[:2])
        for tls, layout in layouts.items()
    }
    legend = lamp_list(layouts[only.tls_id], _lamps(layouts[only.tls_id], only)) if only else ()
    for part in rule_sheet(verdicts, table, streets, whole=only is not None, legend=legend):
        console.print(part, highlight=False)


def _write_page(html: Path, name: str, verdicts: Sequence[Verdict], table: RuleTable) -> None:
    from networks import landing_file
    from viz.signals.pages.rule_page import rule_page

    with landing_file(html) as beside:
        beside.write_text(rule_page(verdicts, table, name), encoding="utf-8")
    click.echo(f"rule check: {html}", err=True)


def _lamps(layout: Layout, plan: SignalPlan) -> tuple[SignalGroup, ...]:
    from networks import build_controller
    from networks.rules.lamps import plan_lamps

    return plan_lamps(plan, build_controller(layout))


def account() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown account"
