"""The folder of an answer of `twin signals optimise`: plans, report, exports; and `twin signals back`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_check import account
from twin.commands.signal_exchange import export_plans
from twin.commands.signal_landing import FOUND, TODAY, land_plans, landed
from twin.origin import keep_origin

if TYPE_CHECKING:
    from models.sumo import SumoCase
    from scenarios.signals.searching.answer import Answer

ANSWER, REPORT = "answer.json", "report.html"
_ENDINGS = {
    "utdf": ".utdf.csv",
    "gmns": "_gmns",
    "nema": ".nema.add.xml",
    "sumo": ".sumo.add.xml",
    "gat1049": ".gat1049.xml",
    "spat": ".spat.json",
}


def write_answer(answer: Answer, case: SumoCase, rules: str, out: Path) -> Path:
    """Write everything but the exports; gives the file of the plans found."""
    from networks import landing_file
    from viz.signals.pages.answer_page import answer_page

    place = land_plans(
        out,
        lambda file: _write_plans(answer, rules, file),
        answer.today,
        answer.offer,
        failing=bool(answer.failing),
    )
    with landing_file(out / ANSWER) as beside:
        told = json.dumps(answer.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
        beside.write_text(told + "\n", encoding="utf-8")
    undo = f"twin signals back {out.name}"
    with landing_file(out / REPORT) as beside:
        title = f"{case.file.parent.name}/{case.name}"
        beside.write_text(answer_page(answer, case.net, title, rules, undo=undo), encoding="utf-8")
    keep_origin(out)
    return place


def leaves_of(answer: Answer) -> list[str]:
    """The engineer's leave to drop protected stages, as overrides of `twin signals export`."""
    return [
        f"protected_turn@{one.tls_id}=leave to drop the stage: --may-drop {','.join(one.permitted)}"
        for one in answer.droppable
        if one.dropped
    ]


def _write_plans(answer: Answer, rules: str, file: Path) -> None:
    """The plans; with an audit beside them where leave was used."""
    from networks import export_checked, read_override, read_rules, write_signal_plans

    if answer.failing or not answer.permitted:
        write_signal_plans(answer.plans, file)
        return
    leaves = [read_override(words) for words in leaves_of(answer)]
    plans = [answer.plans[tls] for tls in sorted(answer.plans)]
    export_checked(
        plans, answer.permitted, read_rules(rules), file, overrides=leaves, who=account(), when=datetime.now(UTC)
    )


def export_answer(kinds: Sequence[str], answer: Answer, case: SumoCase, rules: str, plan: Path) -> bool:
    """Write the plans in further formats beside them, by `twin signals export`; whether something had to stay out."""
    if kinds and (answer.failing or not answer.offer.offered):
        why = "fails the rules" if answer.failing else "is not offered"
        click.echo(f"nothing exported: what was found {why}", err=True)
        return True
    left_out = False
    for kind in dict.fromkeys(kinds):
        out = plan.with_name(f"plan{_ENDINGS.get(kind, f'.{kind}')}")
        try:
            click.get_current_context().invoke(
                export_plans,
                plan=plan,
                ground=case.net,
                kind=kind,
                out=out,
                rules=rules,
                leaves=leaves_of(answer),
            )
        except click.exceptions.Exit:
            left_out = True
    return left_out


@click.command("back", short_help="Put today's plans back in the place of those that were found.")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--signal", "only", multiple=True, metavar="ID", help="Of this signal alone; may be given again.")
def back(out: Path, only: tuple[str, ...]) -> None:
    """Write what ran before into OUT/plan.add.xml, the folder of an answer of twin signals optimise.

    What was found is kept as OUT/found.add.xml: copy it over plan.add.xml to go forward again.
    """
    from networks import BadInput, NotThere, landing_file, read_signal_plans, write_signal_plans

    plan = landed(out)
    for file in (plan, out / TODAY):
        if not file.is_file():
            raise BadInput("there is no such file", file=file, expected="the folder of twin signals optimise --out")
    running, today = read_signal_plans(plan), read_signal_plans(out / TODAY)
    strange = sorted(set(only) - set(today))
    if strange:
        raise NotThere(f"there is no signal {strange[0]!r}", file=out / TODAY, expected=", ".join(sorted(today)[:8]))
    by_time = "<WAUT" in plan.read_text(encoding="utf-8")
    if by_time and only:
        raise BadInput(
            "its programmes are switched by the time of day, for all signals together", file=plan, place="--signal",
            remedy="leave --signal out",
        )  # fmt: skip
    if not (out / FOUND).is_file():
        with landing_file(out / FOUND) as beside:
            beside.write_bytes(plan.read_bytes())
    chosen = {tls: today[tls] for tls in only or today}
    write_signal_plans(chosen if by_time else running | chosen, plan)
    click.echo(f"{plan}: {len(chosen)} signals run as before; what was found: {out / FOUND}")
