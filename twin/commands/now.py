"""`twin now`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.commands.counts_option import count_options, read_given, streets_of

_PATH = click.Path(path_type=Path)


@click.command("now", short_help="Follow a town by its counts, and forecast the next hour.")
@click.option("--counts", "files", type=_PATH, multiple=True, required=True, help="What was counted; may be repeated.")
@count_options
@click.option("--keep", type=_PATH, multiple=True, help="Route file of the case that stays as it is, like buses.")
@click.option("--until", help="Time of day of the last cycle, like 8:30.  [default: the end of the counts]")
@click.option("--members", type=click.IntRange(1, 100), default=8, show_default=True, help="Futures of each cycle.")
@click.option("--at-once", type=click.IntRange(1), help="Futures that run at a time.  [default: one per CPU]")
@click.option("--meso", is_flag=True, help="Mesoscopic, several times as fast: for towns whose cycle takes too long.")
@click.option("--usual", type=_PATH, multiple=True,
              help="Counts of an earlier day, one file each, three at least: incidents are sought.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of every draw.")
@click.option("--folder", type=_PATH, required=True, help="Forecasts and journal; the same again goes on from there.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the lines.")
def now_command(
    files: tuple[Path, ...], city: Path | None, sumocfg: Path | None, sensors: Path | None, begin: str | None,
    timezone: str | None, period: float | None, keep: tuple[Path, ...], until: str | None, members: int,
    at_once: int | None, meso: bool, usual: tuple[Path, ...], seed: int, folder: Path, lang: str,
) -> None:  # fmt: skip
    """Follow a SUMO case through counts, one cycle each period (5 minutes, if they are counted so).

    The case's own cars are the usual demand. In each cycle the counts of the last half hour correct it, the simulation
    of now moves on, and its copies run through the next hour. A line tells the demand as a multiple of the usual
    (lowest and highest member), the misfit at the sensors (mean GEH), valid members and seconds; below it the counted
    streets on which most comes in half an hour, with a 90 % interval, from whoever was better there so far: the twin,
    what is usual (--usual), the last value, or a mixture (`twin skill FOLDER/skill`). All is in FOLDER/live/forecasts.

    With --usual, what strays from those days is tried in copies of the town as a blocked lane; an incident is told with
    its probability, and drives in the forecasts from the next cycle on until no sensor feels it any more. With --meso
    there are no lanes to block, and none is sought.

    \b
    twin now --sumocfg town/run.sumocfg --counts counts.csv --folder out/now
    """  # noqa: D301
    from twin.cycle_told import cycle_told
    from twin.following import Wish, followed

    if sumocfg is None or ".net.xml" in sumocfg.name:
        raise click.UsageError("give --sumocfg with a .sumocfg: its own demand is the usual one")
    streets = streets_of(city, sumocfg)
    read = read_given(files, streets, sensors, begin, timezone, period)
    days = tuple(read_given((file,), streets, sensors, begin, timezone, read.counts.period_s) for file in usual)
    zh = lang == "zh"
    many, every_s = len(read.counts.sensors), read.counts.period_s
    click.echo(
        f"已读取：{many}个检测器，每{every_s:g}秒" if zh else f"read: {many} sensors in periods of {every_s:g} s"
    )
    wish = Wish(sumocfg, keep, _seconds(until), members, at_once, seed, folder, days, meso)
    cycles = 0
    for cycle, most, verdict in followed(read, wish):
        for line in cycle_told(cycle, most, verdict, lang):
            click.echo(line)
        cycles += 1
    where = folder / "live" / "forecasts"
    if zh:
        click.echo(f"共{cycles}轮；预测在{where}" if cycles else f"没有新的一轮：日志中已全有；预测在{where}")
    else:
        ended = f"cycles: {cycles}" if cycles else "no new cycle: the journal has all of them"
        click.echo(f"{ended}; forecasts in {where}")


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
