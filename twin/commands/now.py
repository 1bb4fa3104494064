"""`twin now`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import count_options, read_given, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calibration.live import Cycle
    from twin.following import Street

_PATH = click.Path(path_type=Path)


@click.command("now", short_help="Follow a town by its counts, and forecast the next hour.")
@click.option("--counts", "files", type=_PATH, multiple=True, required=True, help="What was counted; may be repeated.")
@count_options
@click.option("--keep", type=_PATH, multiple=True, help="Route file of the case that stays as it is, like buses.")
@click.option("--until", help="Time of day of the last cycle, like 8:30.  [default: the end of the counts]")
@click.option("--members", type=click.IntRange(1, 100), default=8, show_default=True, help="Futures of each cycle.")
@click.option("--at-once", type=click.IntRange(1), help="Futures that run at a time.  [default: one per CPU]")
@click.option("--usual", type=_PATH, multiple=True,
              help="Counts of an earlier day, one file each, three at least: incidents are sought.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of every draw.")
@click.option("--folder", type=_PATH, required=True, help="Forecasts and journal; the same again goes on from there.")
def now_command(
    files: tuple[Path, ...], city: Path | None, sumocfg: Path | None, sensors: Path | None, begin: str | None,
    timezone: str | None, period: float | None, keep: tuple[Path, ...], until: str | None, members: int,
    at_once: int | None, usual: tuple[Path, ...], seed: int, folder: Path,
) -> None:  # fmt: skip
    """Follow a SUMO case through counts, one cycle each period (5 minutes, if they are counted so).

    The case's own cars are the usual demand. In each cycle the counts of the last half hour correct it, the simulation
    of now moves on, and its copies run through the next hour. A line tells the demand as a multiple of the usual
    (lowest and highest member), the misfit at the sensors (mean GEH), valid members and seconds; below it the counted
    streets on which most comes in half an hour, with 90 % of what members say. All is in FOLDER/live/forecasts.

    With --usual, what strays from those days is tried in copies of the town as a blocked lane; an incident is told with
    its probability, and drives in the forecasts from the next cycle on until no sensor feels it any more.

    \b
    twin now --sumocfg town/run.sumocfg --counts counts.csv --folder out/now
    """  # noqa: D301
    from twin.following import Wish, followed

    if sumocfg is None or ".net.xml" in sumocfg.name:
        raise click.UsageError("give --sumocfg with a .sumocfg: its own demand is the usual one")
    streets = streets_of(city, sumocfg)
    read = read_given(files, streets, sensors, begin, timezone, period)
    days = tuple(read_given((file,), streets, sensors, begin, timezone, read.counts.period_s) for file in usual)
    click.echo(f"read: {len(read.counts.sensors)} sensors in periods of {read.counts.period_s:g} s")
    wish = Wish(sumocfg, keep, _seconds(until), members, at_once, seed, folder, days)
    cycles = 0
    for cycle, most, verdict in followed(read, wish):
        _tell(cycle, most)
        if verdict is not None:
            click.echo(f"         since {_clock(verdict.since_s)}: {verdict.words['en']}")
        cycles += 1
    ended = f"cycles: {cycles}" if cycles else "no new cycle: the journal has all of them"
    click.echo(f"{ended}; forecasts in {folder / 'live' / 'forecasts'}")


def _tell(cycle: Cycle, streets: Sequence[Street]) -> None:
    low, mode, high = cycle.factor
    rough = "  approximate: found again after a stop" if cycle.approximate else ""
    click.echo(
        f"{_clock(cycle.now_s)}  demand {mode:.2f} ({low:.2f} to {high:.2f}) of the usual  GEH {cycle.misfit:.1f}"
        f"  {cycle.members} members  {cycle.seconds:.0f} s{rough}"
    )
    for name, why in cycle.left_out.items():
        click.echo(f"         {name} left out: {why['en']}")
    for one in streets:
        soon = f"{one.soon:.0f} ({one.low:.0f} to {one.high:.0f}) in 30 min"
        click.echo(f"         {one.edge}: {one.counted:.0f} counted, {soon}")


def _clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds // 60 % 60):02d}"


def _seconds(until: str | None) -> float | None:
    """Seconds of a time of day.

    Raises:
        BadInput: It is none.
    """
    from networks.errors import BadInput

    if until is None:
        return None
    hours, colon, minutes = until.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(minutes) < 60):
        raise BadInput(f"{until!r} is no time of day", place="--until", expected="hours:minutes, like 8:30")
    return 3600.0 * int(hours) + 60.0 * int(minutes)
