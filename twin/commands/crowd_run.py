"""`twin crowd run`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.origin import keep_origin

if TYPE_CHECKING:
    from networks import City
    from scenarios.visits import VisitDay
    from scenarios.visits.alarms import DensePath, SiteAlarm
    from scenarios.visits.walked import WalkedDay

_TOLD_SITES = 10


@click.command("run")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--day", "file", type=click.Path(path_type=Path), help="day.yaml: who comes, when, what is shut.")
@click.option("--scenario", help="A day that comes with the twin, by name; twin crowd run CITY --scenario list.")
@click.option("--sites", type=click.Path(path_type=Path), help="sites.yaml; without it the day's own, or the map's.")
@click.option("--people", type=click.IntRange(min=1), help="How many come in all.  [default: as the day says]")
@click.option("--begin", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Without a day: when it begins, local time.")
@click.option(
    "--flood", type=click.Path(path_type=Path), help="A folder of twin flood run: paths under water are shut."
)
@click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Share of its members.")
@click.option("--draws", type=click.IntRange(1, 200), default=3, show_default=True, help="Seeds 1 to so many.")
@click.option("--ray-address", help="Walk the draws on this Ray cluster; local: on this machine's cores.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for day.html and the tables.")
def run(
    city: Path, file: Path | None, scenario: str | None, sites: Path | None, people: int | None, begin: datetime | None,
    flood: Path | None, alarm: float, draws: int, ray_address: str | None, out: Path,
) -> None:  # fmt: skip
    """Live through a day of visitors in CITY: sites against their capacity, and where and when it gets too dense.

    Who comes from where is read from the map (stations, stops, car parks, hotels) where no day says it.

    \b
    twin crowd run cities/monaco --people 20000 --begin 2026-07-18T08:00 --out out/day
    twin crowd run cities/monaco --scenario monaco_grand_prix --draws 5 --out out/race
    """  # noqa: D301
    from networks import City, landing_folder
    from scenarios.visits.alarms import dense_paths, site_alarms
    from scenarios.visits.tables import figure_rows, write_tables
    from viz.crowd.day_page import day_page

    opened = City.open(city)
    day = _the_day(opened, file, scenario, sites, people, begin, flood, alarm)
    for note in day.notes:
        click.echo(f"note: {note['en']}")
    walked = _walk(day, draws, ray_address)
    alarms, paths, figures = site_alarms(day, walked), dense_paths(walked), figure_rows(walked)
    _tell(day, figures, alarms, paths)
    with landing_folder(out) as beside:
        (beside / "day.html").write_text(day_page(opened, day, walked, figures, alarms, paths), encoding="utf-8")
        write_tables(beside, day, walked, alarms)
        keep_origin(beside)
    click.echo(f"wrote {out / 'day.html'}")


def _the_day(
    city: City, file: Path | None, scenario: str | None, sites: Path | None, people: int | None, begin: datetime | None,
    flood: Path | None, alarm: float,
) -> VisitDay:  # fmt: skip
    from networks import BadInput
    from scenarios.visits import default_day, library_days, read_visit_day

    if file is not None and scenario is not None:
        raise BadInput("a day is either a file or one that comes with the twin", remedy="give --day or --scenario")
    if scenario is not None:
        known = library_days()
        if scenario not in known:
            raise BadInput(f"no day is called {scenario!r}", expected=", ".join(known))
        file = known[scenario]
    if file is not None:
        return read_visit_day(file, city, sites=sites, people=people, flood=flood, alarm=alarm)
    if people is None or begin is None:
        raise BadInput(
            "nobody said how many come, or when", remedy="give --people and --begin, or a --day, or a --scenario"
        )
    return default_day(city, people, begin.astimezone(), sites=sites, flood=flood, alarm=alarm)


def _walk(day: VisitDay, draws: int, ray_address: str | None) -> list[WalkedDay]:
    from scenarios.visits.walked import walk_days

    seeds = range(1, draws + 1)
    if ray_address is None:
        return walk_days(day, seeds)
    from scenarios.ensembles.executor import RayExecutor

    executor = RayExecutor(address=None if ray_address == "local" else ray_address)
    try:
        return walk_days(day, seeds, executor)
    finally:
        executor.close()


def _tell(
    day: VisitDay,
    figures: Sequence[tuple[str, float, float, float]],
    alarms: Sequence[SiteAlarm],
    paths: Sequence[DensePath],
) -> None:
    from datetime import timedelta

    def clock(at_s: float | None) -> str:
        return "" if at_s is None else f"{day.begin + timedelta(seconds=at_s):%H:%M}"

    click.echo(f"{'':<24}{'mean':>14}{'90 % interval':>30}")
    for name, mean, low, high in figures:
        if name == "last_inside_s":
            click.echo(f"{'last_inside':<24}{clock(mean):>14}")
            continue
        digits = 3 if name == "back_share" else 1
        span = f"{low:,.{digits}f} to {high:,.{digits}f}" if low == low else ""
        click.echo(f"{name:<24}{mean:14,.{digits}f}{span:>30}")
    levels = [f"{100 * share:g} %" for share in day.alarms.shares]
    click.echo(
        f"\n{'site':<30}{'most':>8}{'holds':>8}  {'':<10}" + "".join(f"{level:>8}" for level in levels) + "    lead"
    )
    for one in alarms[:_TOLD_SITES]:
        holds = f"{one.capacity.instant:.0f}" if one.capacity.instant else ""
        first = "".join(f"{clock(at):>8}" for at in one.first_s)
        lead = f"{one.lead_s / 60:.0f} min" if one.lead_s is not None else ""
        name = one.site.name or one.site.site_id
        click.echo(f"{name:<30.29}{one.most:8.0f}{holds:>8}  {one.capacity.instant_basis:<10}{first}{lead:>8}".rstrip())
    if paths:
        worst = paths[0]
        click.echo(
            f"\n{len(paths)} paths or more above 3.5 persons/m2; worst: link {worst.link}, {worst.person_min:.0f} "
            f"person-minutes, from {clock(3600.0 * worst.hour)} on"
        )
    else:
        click.echo("\nnowhere more than 3.5 persons/m2")
