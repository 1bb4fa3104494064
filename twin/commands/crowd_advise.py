"""`twin crowd advise`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_option import desk_option

if TYPE_CHECKING:
    from scenarios.visits.advising.advice import CrowdAdvice
    from scenarios.visits.advising.judging import Judged


@click.command("advise")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("day", type=click.Path(path_type=Path))
@click.option("--sites", "sites", type=click.Path(path_type=Path), help="sites.yaml instead of the day's own.")
@click.option("--people", type=click.IntRange(1), help="How many come in all, instead of the day's own.")
@click.option("--flood", type=click.Path(path_type=Path), help="A flood run of CITY whose depths shut paths.")
@click.option("--compliance", type=click.FloatRange(0, 1), default=0.3, show_default=True, help="Share who follow.")
@click.option("--minutes", type=click.FloatRange(1), default=10.0, show_default=True, help="Time for the search.")
@click.option("--draws", type=click.IntRange(2), default=5, show_default=True, help="Fresh draws to judge on.")
@click.option("--serial", is_flag=True, help="In this process, without Ray.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for advice.json and advice.html.")
@desk_option
def advise(
    city: Path, day: Path, sites: Path | None, people: int | None, flood: Path | None, compliance: float,
    minutes: float, draws: int, serial: bool, out: Path, desk: str | None,
) -> None:  # fmt: skip
    """Find what to do about a visitor DAY in CITY, by simulating it; or that nothing is best.

    DAY is a day.yaml, or the name of a day that comes with the twin (twin crowd run CITY --scenario).

    Signs, booked slots, holding back, one-way and closed paths, gates, shuttles, other car parks, leaving in turn and
    extra runs are tried one by one and together, on the same draws. Chosen, on other draws, is the first of the best
    that leaves fewer person-minutes above 3.5 persons/m2, costs people less than it spares them, and keeps 97 % of the
    visit-hours; what it brings is told from draws that neither the search nor the choice saw.

    \b
    twin crowd advise cities/my-town day.yaml --compliance 0.3 --minutes 10 --out out/advice
    """  # noqa: D301
    from datetime import UTC, datetime

    from networks import City
    from scenarios import RayExecutor, SerialExecutor
    from scenarios.visits import library_days, read_visit_day
    from scenarios.visits.advising.advice import advise_day
    from scenarios.visits.advising.visit_case import VisitCase
    from twin.commands.desk_option import propose

    given = read_visit_day(library_days().get(str(day), day), City.open(city), sites=sites, people=people, flood=flood)
    executor = SerialExecutor() if serial else RayExecutor()
    try:
        found = advise_day(
            VisitCase(given), executor, created=datetime.now(UTC), compliance=compliance, draws=draws,
            budget_s=60.0 * minutes, rests_on=given.notes, tell=_tell,
        )  # fmt: skip
    finally:
        executor.close()
    _show(found)
    _write(out, given.title, given.graph, found)
    if desk is not None and found.recommendation is None:
        click.echo(f"nothing is recommended: {found.why['en']}")
    elif desk is not None:
        propose(desk, found.recommendation)


def _tell(what: str, done: int, total: int) -> None:
    if done == total:
        click.echo(f"{what}: {done} days simulated", err=True)


def _show(found: CrowdAdvice) -> None:
    from scenarios.visits.advising.judging import CHOOSING_SEEDS

    click.echo(found.why["en"])
    if found.searched.left_out:
        click.echo(f"{found.searched.left_out} candidates left out for want of time (--minutes)")
    told = found.chosen or found.withdrawn
    head = f"{'less above 3.5/m2 (90 %)':>26}{'visit-hours kept':>18}{'trouble, h (90 %)':>32}"
    if told is not None:
        click.echo(f"{head}  on {len(found.seeds)} fresh draws")
        click.echo(_line(told))
    losers = [one for one in found.weighed if told is None or one.candidate != told.candidate]
    if losers:
        click.echo(f"not chosen, on the {len(CHOOSING_SEEDS)} draws that chose:")
    for one in losers:
        click.echo(_line(one))
    for share, one in found.beside:
        click.echo(f"if {share:.0%} follow:")
        click.echo(_line(one))
    if found.chosen is not None:
        for key in ("refused", "shortened", "shifted", "moved", "held_h"):
            effect = found.chosen.effects[key]
            span = f"({effect.low:+,.0f} .. {effect.high:+,.0f})"
            click.echo(f"  {key} ({effect.unit}): {effect.base:,.0f} as it is, {effect.difference:+,.0f} {span}")


def _line(one: Judged) -> str:
    trouble, (low, high) = one.effects["trouble_h"], one.less_between
    less = f"{one.less:.0%} ({low:.0%} .. {high:.0%})"
    span = f"{trouble.difference:+,.0f} ({trouble.low:+,.0f} .. {trouble.high:+,.0f})"
    why = "" if one.why_not is None else f": {one.why_not['en']}"
    return f"{less:>26}{one.kept:>18.1%}{span:>32}  {one.candidate.name}{why}"


def _write(out: Path, title: Any, graph: Any, found: CrowdAdvice) -> None:
    import json

    from networks.landing import landing_file
    from viz.crowd.advice_page import advice_page

    out.mkdir(parents=True, exist_ok=True)
    answer = found.recommendation.to_json() if found.recommendation else {"recommendation": None, "why": found.why}
    for name, text in (
        ("advice.json", json.dumps(answer, ensure_ascii=False, indent=1) + "\n"),
        ("advice.html", advice_page(title, graph, found)),
    ):
        with landing_file(out / name) as beside:
            beside.write_text(text, encoding="utf-8")
        click.echo(f"wrote {out / name}")
