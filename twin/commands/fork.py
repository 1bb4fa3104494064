"""`twin fork`: copies of a live city, held against the city itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

DIGITS = 12
"""How much of a digest is shown; all of it is compared."""

if TYPE_CHECKING:
    from models.sumo import SumoCase
    from models.sumo.branch import Ended
    from models.sumo.verification import Verified
    from models.sumo.warm import WarmCity


@click.command("fork", short_help="Copy a live simulation exactly, and prove it.")
@click.argument("city", required=False, type=click.Path(path_type=Path))
@click.option("--sumocfg", type=click.Path(path_type=Path), help="A SUMO case instead of a City folder.")
@click.option("--n", default=4, show_default=True, help="Untouched copies.")
@click.option("--verify", is_flag=True, help="Run copies and city on, and compare every vehicle to the last digit.")
@click.option("--warm", default=600.0, show_default=True, help="Seconds to run before the copies are made.")
@click.option("--horizon", default=600.0, show_default=True, help="Seconds to run after that (with --verify).")
@click.option("--begin", type=float, help="First second.  [default: as in FILE, or 0]")
@click.option("--end", type=float, help="Last second.  [default: as in FILE, or as long as needed]")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of SUMO and of a city's demand.")
@click.option("--at-once", type=click.IntRange(1), help="Copies that run at a time.  [default: one per CPU]")
@click.option(
    "--runs", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Keeps a city's routes."
)
def fork_command(
    city: Path | None, sumocfg: Path | None, n: int, verify: bool, warm: float, horizon: float,
    begin: float | None, end: float | None, seed: int, at_once: int | None, runs: Path,
) -> None:  # fmt: skip
    """Run CITY (or --sumocfg FILE) for a while, copy it N times, and say how long that took.

    With --verify the copies, the city itself and one more copy with a signal held in its phase run on: all but the last
    must end with every vehicle where the city has it. Exit status 3 if not.
    """
    from models.sumo.prepared import prepared
    from models.sumo.warm import WarmCity

    horizon = horizon if verify else 0.0
    _check_numbers(n, warm)
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        case = _case_of(city, sumocfg, begin, end, warm + horizon, seed, runs, Path(scratch))
        _check_times(case, warm, horizon)
        with WarmCity(prepared(case, seed), Path(scratch) / "warm") as warm_city:
            if not warm_city.forks:
                click.echo("this platform cannot copy a process: each copy is a fresh one, warmed up instead", err=True)
            warm_city.step_until(case.begin_s + warm)
            holds = _verify(warm_city, n, horizon, at_once) if verify else _copy(warm_city, n)
    if not holds:
        raise click.exceptions.Exit(3)


def _check_numbers(n: int, warm: float) -> None:
    from networks.errors import BadInput

    if n < 1:
        raise BadInput(f"{n} copies", place="--n", expected="1 or more")
    if not 0 <= warm < float("inf"):
        raise BadInput(f"{warm:g} s is no time to run", place="--warm", expected="0 s or more")


def _case_of(
    city: Path | None, sumocfg: Path | None, begin: float | None, end: float | None, needed_s: float, seed: int,
    runs: Path, scratch: Path,
) -> SumoCase:  # fmt: skip
    from models.sumo import check_case, read_case
    from networks.errors import BadInput

    if (city is None) == (sumocfg is None):
        what = "neither a city nor a SUMO case" if city is None else "both a city and a SUMO case"
        raise BadInput(what, expected="twin fork CITY, or twin fork --sumocfg FILE")
    if sumocfg is not None:
        case = read_case(sumocfg).between(begin, end)
        check_case(case)
        return case
    from networks import City
    from scenarios.cases.city_case import city_case, plain_evening
    from scenarios.results.store import Store

    assert city is not None
    opened = City.open(city, verify=True)
    last = end if end is not None else (begin or 0.0) + needed_s
    if not 1.0 <= last <= 86400.0:
        raise BadInput(f"{last:g} s is no time to end", place="--end", expected="1 s to a day")
    return city_case(opened, plain_evening(opened, last), seed, Store(runs), scratch).between(begin, None)


def _check_times(case: SumoCase, warm: float, horizon: float) -> None:
    from networks.errors import BadInput

    if case.end_s is None:
        return
    until = case.begin_s + warm
    if until > case.end_s or until + horizon > case.end_s:
        what = f"--warm {warm:g}" + (f" and --horizon {horizon:g}" if until <= case.end_s else "")
        raise BadInput(
            f"{what} lead beyond the end", file=case.file, place=f"end {case.end_s:g} s",
            expected=f"at most {case.end_s - case.begin_s:g} s in all",
            remedy=f"make them shorter, or set --end {until + horizon:g}",
        )  # fmt: skip


def _verify(city: WarmCity, n: int, horizon: float, at_once: int | None) -> bool:
    from models.sumo.verification import verify_copies

    verified = verify_copies(city, n, horizon, at_once=at_once)
    _print_verified(verified)
    return verified.holds


def _copy(city: WarmCity, n: int) -> bool:
    """Copy the city one after another, and hold each against it at once."""
    from models.sumo.branch import Branch

    ended = city.fork([Branch(f"child {k}", city.now.time_s) for k in range(1, n + 1)], at_once=1)
    _print([(one, one.before == city.now) for one in ended], f"{city.now.vehicles} vehicles at {city.now.time_s:g} s")
    return all(one.before == city.now for one in ended)


def _print_verified(verified: Verified) -> None:
    rows = [(child, verified.equal(child)) for child in (*verified.children, verified.changed)]
    moment, parent = verified.moment, verified.parent
    title = f"copied at {moment.time_s:g} s with {moment.vehicles} vehicles, compared at {parent.time_s:g} s"
    _print(rows, title, parent=(f"{parent.vehicles}", parent.digest[:DIGITS]))
    click.echo(f"changed: {verified.change.words}")
    if verified.holds:
        click.echo("every untouched copy and the city are equal to the last digit; the changed one differs")
    else:
        click.echo("NOT exact: see the table", err=True)


def _print(rows: list[tuple[Ended, bool]], title: str, parent: tuple[str, str] | None = None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("who", "made in ms", "dirty MB", "vehicles", "digest", "equal to the city", title=title)
    if parent is not None:
        table.add_row("the city", "", "", *parent, "")
    for ended, equal in rows:
        if ended.after is None:
            table.add_row(ended.name, "", "", "", "", f"no: {ended.problem}")
            continue
        seen = (f"{ended.after.vehicles}", ended.after.digest[:DIGITS], "yes" if equal else "no")
        table.add_row(ended.name, f"{ended.ready_ms:.1f}", f"{ended.dirty_mb:.1f}", *seen)
    Console().print(table)
