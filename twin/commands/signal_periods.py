"""`twin signals optimise --periods`: the folder of a day's answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.signal_answer import ANSWER, REPORT, export_answer, write_answer
from twin.commands.signal_landing import land_plans

if TYPE_CHECKING:
    from models.sumo import SumoCase
    from scenarios.ensembles.executor import Executor
    from scenarios.signals.periods.day import Day
    from scenarios.signals.searching.wish import Wish


def optimise_periods(
    case: SumoCase,
    wish: Callable[[], Wish],
    executor: Executor,
    *,
    periods: int,
    out: Path,
    exports: Sequence[str],
    tell: Callable[[int, float], None],
    as_json: bool,
) -> bool:
    """Search a plan for each period, write everything, print the table; whether all may run."""
    from scenarios.signals.periods.day import optimise_day

    day = optimise_day(case, wish, executor, periods=periods, tell=tell, began=_began)
    law = wish().law
    place, left_out = _write(day, case, law, out), False
    for number, period in enumerate(day.periods, 1):
        folder = out / f"period-{number}"
        plan = write_answer(period.answer, case.between(period.begin_s, period.end_s), law, folder)
        left_out = export_answer(exports, period.answer, case, law, plan) or left_out
    if as_json:
        click.echo((out / ANSWER).read_text(encoding="utf-8"))
    else:
        from rich.console import Console

        from viz.text_periods import day_sheet

        for part in day_sheet(day, f"{case.file.parent.name}/{case.name}"):
            Console().print(part)
        what = "plans" if day.offer.offered else "what was found"
        click.echo(f"{what} in {place}, report in {out / REPORT}")
    return not day.failing and not day.offer.advised_against and not left_out


def _began(number: int, begin_s: float, end_s: float) -> None:
    click.echo(f"period {number}: {begin_s:.0f} to {end_s:.0f} s", err=True)


def _write(day: Day, case: SumoCase, law: str, out: Path) -> Path:
    from networks import landing_file
    from viz.signals.pages.day_page import day_page

    place = land_plans(out, day.write, day.periods[0].answer.today, day.offer, failing=bool(day.failing))
    with landing_file(out / ANSWER) as beside:
        told = json.dumps(day.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
        beside.write_text(told + "\n", encoding="utf-8")
    with landing_file(out / REPORT) as beside:
        beside.write_text(day_page(day, f"{case.file.parent.name}/{case.name}", law), encoding="utf-8")
    return place
