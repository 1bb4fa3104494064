"""`twin incidents`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import read_given, streets_of

if TYPE_CHECKING:
    import numpy as np

    from calibration.counting import Counts, ReadCounts
    from calibration.incidents import Verdict
    from models.sumo import SumoCase

_PATH = click.Path(path_type=Path)


@click.command("incidents", short_help="Blocked lanes found from counts, told from lying sensors and other demand.")
@click.option("--sumocfg", type=_PATH, required=True, help="The twin: a SUMO case that drives usual traffic.")
@click.option("--counts", "files", type=_PATH, multiple=True, required=True, help="Counts and speeds of the day.")
@click.option("--usual", type=_PATH, multiple=True,
              help="Counts of an earlier day, one file each, three at least.  [default: runs of the twin]")  # fmt: skip
@click.option("--sensors", type=_PATH, help="Where sensors stand; see twin sensors read.")
@click.option("--begin", help="Wall-clock time of second 0.  [default: midnight of the first day]")
@click.option("--timezone", help="Of times without offset, like Europe/Rome.  [default: UTC]")
@click.option("--period", type=click.FloatRange(1.0), help="Periods, s.  [default: what most rows have]")
@click.option("--per-day", type=click.FloatRange(0.01, 100), default=24.0, show_default=True,
              help="How often explanations may be weighed in vain, a day; alarms are rarer.")  # fmt: skip
@click.option("--runs", "members", type=click.IntRange(3, 50), default=6, show_default=True, help="Of the twin.")
@click.option("--out", type=_PATH, help="Folder for incidents.html (map, English and Chinese) and incidents.csv.")
def incidents_command(
    sumocfg: Path, files: tuple[Path, ...], usual: tuple[Path, ...], sensors: Path | None, begin: str | None,
    timezone: str | None, period: float | None, per_day: float, members: int, out: Path | None,
) -> None:  # fmt: skip
    """Find blocked lanes in what sensors say, period by period as if it came in now.

    What is usual is told by earlier days, or by runs of the twin with other drivers. Where flow or speed stay away from
    it, copies of the twin try a vehicle that stands in a lane; the answer is a place with its probability, or that a
    sensor lies, that traffic was more or less than usual, or chance.

    \b
    twin incidents --sumocfg town/run.sumocfg --counts today.csv --out out/incidents
    """  # noqa: D301
    from calibration.health import review
    from calibration.incidents import TownForks, Watch, heard_out, reach_in, streets_in, usual_of
    from models.sumo import read_case
    from twin.usual_days import days_of, runs_and_ways

    streets = streets_of(None, sumocfg)
    case = read_case(sumocfg)
    read = read_given(files, streets, sensors, begin, timezone, period)
    counts, speeds = _within(read, case)
    runs, paths, flows = runs_and_ways(case, counts, 0 if usual else members)
    if usual:
        given = [read_given((file,), streets, sensors, begin, timezone, counts.period_s) for file in usual]
        runs = days_of(given, counts)
    what = usual_of(*runs, counts.period_s, per_day)
    health = review(counts, streets.net, speeds_mps=speeds)
    sure = {one.sensor for one in health.findings if one.fault in ("stuck", "impossible", "clock")}
    reach = reach_in(case.net, paths, flows, counts.edges)
    with TownForks(case, counts.edges, counts.period_s) as forks:
        watch = Watch(what.expected, reach, streets_in(case.net), what.threshold, forks, what.errors)
        verdicts = heard_out(watch, counts, speeds, frozenset(sure))
    told = "earlier days" if usual else "runs of the twin"
    click.echo(
        f"{len(counts.sensors)} sensors, {len(runs[0])} {told}; sums pass {what.threshold:.1f} about {per_day:g} times "
        f"a day by chance; left out as faulty: {', '.join(sorted(sure)) or 'none'}"
    )
    _tell(verdicts)
    if out is not None:
        _write(out, sumocfg.stem, case.net, verdicts, counts)


def _within(read: ReadCounts, case: SumoCase) -> tuple[Counts, np.ndarray]:
    """Counts and speeds within the hours that the case drives."""
    from dataclasses import replace

    from networks import BadInput

    counts, speeds = read.counts, read.speeds_mps
    end_s = min(counts.end_s, case.end_s if case.end_s is not None else counts.end_s)
    first = max(0, round((case.begin_s - counts.begin_s) / counts.period_s))
    last = int((end_s - counts.begin_s) // counts.period_s)
    if last - first < 3:
        raise BadInput(
            "the counts and the case have less than three periods in common", file=case.file,
            expected=f"counts between {case.begin_s:g} and {case.end_s} s of the simulation's clock",
            remedy="set --begin, or a case over the counts' hours",
        )  # fmt: skip
    part = slice(first, last)
    begin_s = counts.begin_s + first * counts.period_s
    return replace(counts, begin_s=begin_s, vehicles=counts.vehicles[:, part]), speeds[:, part]


def _tell(verdicts: list[Verdict]) -> None:
    from viz.calibration.jams_page import clock

    if not verdicts:
        click.echo("nothing was suspected")
    for one in verdicts:
        click.echo(f"{clock(one.told_s)}  since {clock(one.since_s)}  {one.words['en']}")


def _write(out: Path, title: str, net_file: Path, verdicts: list[Verdict], counts: Counts) -> None:
    from networks import landing_file
    from viz.calibration.incidents_page import incidents_page

    lines = ["told_s,since_s,kind,edge,lanes,sensor,probability,level,rests_on"]
    for one in verdicts:
        lanes, rests = " ".join(map(str, one.lanes)), " ".join(one.rests_on)
        lines.append(
            f"{one.told_s:g},{one.since_s:g},{one.kind},{one.edge},{lanes},{one.sensor},{one.probability:.3f},"
            f"{one.level:g},{rests}"
        )
    sensors = dict(zip(counts.sensors, counts.edges, strict=True))
    page = incidents_page(title, net_file, verdicts, sensors, (counts.begin_s, counts.end_s))
    for name, text in (("incidents.csv", "\n".join(lines) + "\n"), ("incidents.html", page)):
        with landing_file(out / name) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
    click.echo(f"wrote {out / 'incidents.html'}")
