"""`twin fork`: copies of a live city, held against the city itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    pass


@click.command("fork", short_help="Copy a live simulation exactly, and prove it.")
@click.argument("city", required=False, type=click.Path(path_type=Path))
@click.option("--sumocfg", type=click.Path(path_type=Path), help="A SUMO scenario instead of a City folder.")
@click.option("--n", default=4, show_default=True, help="Untouched copies.")
@click.option("--verify", is_flag=True, help="Run copies and city on, and compare every vehicle to the last digit.")
@click.option("--warm", default=600.0, show_default=True, help="Seconds to run before the copies are made.")
@click.option("--horizon", default=600.0, show_default=True, help="Seconds to run after that (with --verify).")
@click.option("--begin", type=float, help="First second.  [default: the configuration's, or 0]")
@click.option("--end", type=float, help="Last second.  [default: the configuration's; a city: what is needed]")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="SUMO's seed and a city's demand.")
@click.option("--at-once", type=click.IntRange(1), help="Copies that run at a time.  [default: one per CPU]")
def fork_command(
    city: Path | None, sumocfg: Path | None, n: int, verify: bool, warm: float, horizon: float,
    begin: float | None, end: float | None, seed: int, at_once: int | None,
) -> None:  # fmt: skip
    """Run CITY (or --sumocfg FILE) for a while, copy it N times, and say how long that took.

    With --verify the copies, the city itself and one more copy with a signal held in its phase run on: all but the last
    must end with every vehicle where the city has it. Exit status 3 if not.
    """
    from models.sumo.verification import verify_copies
    from models.sumo.warm import WarmCity

    horizon = horizon if verify else 0.0
    with tempfile.TemporaryDirectory(prefix="citytwin-") as scratch:
        case = _case(city, sumocfg, Path(scratch), seed, begin, end, warm + horizon)
        begin_s = _check(case, n, warm, horizon)
        with WarmCity(lambda folder: _arguments(case, folder, seed), Path(scratch) / "warm") as warm_city:
            if not warm_city.forks:
                click.echo("this platform cannot copy a process: each copy is a fresh one, warmed up instead", err=True)
            warm_city.step_until(begin_s + warm)
            if verify:
                verified = verify_copies(warm_city, n, horizon, at_once=at_once)
                _print_verified(verified)
                holds = verified.holds
            else:
                holds = _copy_only(warm_city, n)
    if not holds:
        raise click.exceptions.Exit(3)
