"""`twin calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import read_given, streets_of
from twin.origin import keep_origin

if TYPE_CHECKING:
    from calibration.counting import ReadCounts
    from calibration.proof import Journeys, Proof

_PATH = click.Path(path_type=Path)


@click.command("calibrate")
@click.argument("city", type=_PATH, required=False)
@click.option("--sumocfg", type=_PATH, help="Any SUMO configuration instead; its demand is the reference.")
@click.option("--counts", "files", type=_PATH, multiple=True, required=True, help="What was counted; may be repeated.")
@click.option("--sensors", type=_PATH, help="Where sensors stand; see twin sensors read.")
@click.option("--begin", help="Wall-clock time of second 0.  [default: midnight of the first day]")
@click.option("--timezone", help="Of times without offset, like Europe/Rome.  [default: UTC]")
@click.option("--period", type=click.FloatRange(1.0), help="Periods, s.  [default: what most rows have]")
@click.option("--window", help="Hours of the day, like 7:00-9:00.  [default: all counts, within the case's own hours]")
@click.option(
    "--od", type=_PATH, help="Trip table to begin with, CSV or OMX: between zones of CITY, or edges of a case."
)
@click.option("--probes", type=_PATH, help="Ways of observed vehicles: CSV with edges, or a SUMO route file.")
@click.option("--od-hours", help="Its period where it does not say so, like 7:00-9:00.  [default: the whole day]")
@click.option(
    "--ahead",
    type=click.FloatRange(0.0, 240.0),
    help="Minutes in which the streets fill before the first count.  [default: 15, of a case 0, as it begins empty]",
)
@click.option("--days", type=click.Choice(["all", "workdays", "weekends"]), default="all", show_default=True,
              help="Of counts of several days, those whose mean is the usual day.")  # fmt: skip
@click.option(
    "--journeys", type=_PATH, help="Times along routes to judge by: CSV route, begin, seconds, perhaps edges."
)
@click.option("--routes", type=_PATH, help="CSV route, edges: where the times do not say them.")
@click.option("--keep", type=_PATH, multiple=True, help="Route file of vehicles that are known and stay, like buses.")
@click.option("--hold-out", type=click.FloatRange(0.01, 0.9), default=0.2, show_default=True, help="Share of sensors.")
@click.option("--by", type=click.Choice(["edges", "corridors", "screenlines"]), default="corridors", show_default=True,
              help="What is held out whole.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(1, 20), default=8, show_default=True, help="Of estimate and simulation.")
@click.option("--seeds", type=click.IntRange(1, 20), default=2, show_default=True, help="Simulations of the answer.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of every draw.")
@click.option("--peer", is_flag=True, help="SUMO's routeSampler from the same sensors, in the same report.")
@click.option("--before/--no-before", default=True, show_default=True, help="Simulate the case's own demand too.")
@click.option("--report", type=_PATH, required=True, help="A folder for report.html, demand.rou.xml and tables.")
def calibrate_command(
    city: Path | None, sumocfg: Path | None, files: tuple[Path, ...], sensors: Path | None, begin: str | None,
    timezone: str | None, period: float | None, window: str | None, keep: tuple[Path, ...], hold_out: float, by: str,
    rounds: int, seeds: int, seed: int, peer: bool, before: bool, report: Path, od: Path | None, od_hours: str | None,
    ahead: float | None, days: str, journeys: Path | None, routes: Path | None,
    probes: Path | None,
) -> None:  # fmt: skip
    """From counts to a demand, proved on sensors that were held out.

    It is the demand of CITY, or of a SUMO case. It begins with the trip table of --od or of the city, else with who
    lives and works in the city's zones, else with the streets alone. The report's folder gets demand.rou.xml (whole
    vehicles), report.html (English and Chinese), and sensors, criteria and repairs as CSV and Parquet.

    \b
    twin calibrate cities/my-town --counts counts.csv --timezone Europe/Helsinki --window 17:00-18:00 --report out/town
    twin calibrate --sumocfg town/run.sumocfg --counts counts.csv --window 7:00-8:00 --peer --report out/town
    """  # noqa: D301
    from calibration.counting import repair_table
    from calibration.proof import criteria_table, journey_table, sensor_table, write_twice
    from models.sumo import read_case
    from networks import landing_folder
    from twin.calibrating import Wish, calibrated, clock_of
    from twin.calibration_ground import ahead_of, ground_of, watched_of
    from viz.calibration import calibration_page

    streets = streets_of(city, sumocfg)
    ground = ground_of(city, read_case(sumocfg) if sumocfg else None, keep)
    read = read_given(files, streets, sensors, begin, timezone, period)
    watched = watched_of(read, ground, read_window(window), days)
    counts = watched.counts
    left_out = sum(one.action == "left_out" for one in read.repairs)
    hours = (counts.end_s - counts.begin_s) / 3600
    told = f"{len(counts.sensors)} sensors, {hours:g} h in periods of {counts.period_s:g} s"
    told += "" if watched.by_day is None else f", mean of {len(watched.by_day)} days"
    click.echo(f"read: {told}; {left_out} left out")
    times = _journeys(journeys, routes, ground.net_file, read, timezone, (counts.begin_s, counts.end_s))
    repairs = (*read.repairs, *(times.repairs if times else ()))
    ahead_s = ahead_of(ground, counts, ahead)
    wish = Wish(
        hold_out, by, rounds, seeds, seed, peer, before, od, read_window(od_hours, "--od-hours"), ahead_s, probes
    )
    with landing_folder(report) as beside:
        found = calibrated(ground, watched, wish, beside, click.echo, clock_s=clock_of(read), journeys=times)
        proof = found.proof
        page = calibration_page(ground.title, ground.net_file, proof, repairs, seeds, found.notes)
        (beside / "report.html").write_text(page, encoding="utf-8", newline="")
        tables = {
            "sensors": sensor_table(proof),
            "criteria": criteria_table(proof.verdicts),
            "repairs": repair_table(repairs),
        }
        if proof.journeys is not None:
            tables["journeys"] = journey_table(proof.journeys)
        for name, text in tables.items():
            write_twice(beside, name, text)
        keep_origin(beside)
    _tell(proof)
    click.echo(f"wrote {report / 'report.html'} and {report / 'demand.rou.xml'}")


def _tell(proof: Proof) -> None:
    sides = (("calibrated", proof.ours), ("own demand", proof.before), ("routeSampler", proof.peer))
    heads = (("held out: GEH<5", 17), ("MAPE", 8), ("R2", 7), ("at used: GEH<5", 17), ("vehicles", 11), ("no room", 9))
    click.echo("\n" + " " * 14 + "".join(f"{name:>{wide}}" for name, wide in heads))
    for name, side in sides:
        if side is not None:
            held, used = side.held, side.used
            shares = f"{100 * held.geh5:15.0f} %{100 * held.mape:6.0f} %{held.r2:7.2f}{100 * used.geh5:15.0f} %"
            click.echo(f"{name:<14}{shares}{side.runs.vehicles:>11,}{100 * side.runs.waiting:7.1f} %")
    if proof.ceiling == proof.ceiling:
        click.echo(f"seeds of the simulation agree with each other on {100 * proof.ceiling:.0f} % of held-out flows\n")
    for one in proof.verdicts:
        told = one.figure["en"] or (one.reason or {"en": ""})["en"]
        click.echo(f"{one.guide:<10}{one.name['en']:<40}{one.state:<16}{told}")


def _journeys(
    file: Path | None, routes: Path | None, net_file: Path, read: ReadCounts, timezone: str | None,
    window: tuple[float, float],
) -> Journeys | None:  # fmt: skip
    if file is None:
        return None
    from calibration.flows import read_roads
    from calibration.proof import read_journeys

    found = read_journeys(
        file, read_roads(net_file), routes=routes, begin=read.begin, timezone=timezone or "UTC", window=window
    )
    click.echo(f"journeys: {len(found.names)} routes, {len(found.days)} days")
    return found


def read_window(text: str | None, option: str = "--window") -> tuple[float, float] | None:
    """Seconds of the day of an option; None without one.

    Raises:
        BadInput: It is no window.
    """
    from networks import BadInput

    if text is None:
        return None
    try:
        first, last = (_seconds(part) for part in text.split("-"))
        if last > first >= 0:
            return first, last
    except ValueError:
        pass
    raise BadInput(f"{option} is {text!r}", expected="two times of the day, the earlier first, like 7:00-9:00")


def _seconds(text: str) -> float:
    hours, _, minutes = text.strip().partition(":")
    return 3600.0 * int(hours) + 60.0 * int(minutes or 0)
