"""`twin sensors health`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import bus_option, count_options, read_given, streets_of

if TYPE_CHECKING:
    from calibration.counting import ReadCounts
    from calibration.health import Filled, Health

_PATH = click.Path(path_type=Path)


@click.command("health")
@click.argument("files", type=_PATH, nargs=-1, required=True)
@count_options
@bus_option
@click.option("--before", type=_PATH, multiple=True, help="Counts of an earlier, honest day; repeat for several files.")
@click.option("--issues", type=_PATH, help="List of issues (JSON): kept and carried on over reruns.")
@click.option("--filled", type=_PATH, help="CSV of counts with what stands in for sensors that are out.")
@click.option("--report", type=_PATH, help="Folder for health.html: issues, a plot of each suspicious sensor, a map.")
@click.option(
    "--false-alarms", type=click.FloatRange(1e-6, 0.5), default=0.01, show_default=True,
    help="Share of honest sensors that may be named by chance.",
)  # fmt: skip
def health(
    files: tuple[Path, ...],
    city: Path | None,
    sumocfg: Path | None,
    sensors: Path | None,
    begin: str | None,
    timezone: str | None,
    period: float | None,
    buses: Path | None,
    before: tuple[Path, ...],
    issues: Path | None,
    filled: Path | None,
    report: Path | None,
    false_alarms: float,
) -> None:
    """Say which sensors of FILES lie, how, and what stands in for them: sensors in series, the usual day, the others.

    Without --before a level that was always wrong, or a share that drifts, is at most doubted: a street of the morning
    looks like a failing sensor.

    \b
    twin sensors health today.csv --city cities/my-town --before monday.csv --issues issues.json --report out/health
    twin sensors issue d12:stuck --issues issues.json --state acknowledged --owner "signal workshop"
    """  # noqa: D301
    from calibration.health import after_review, fill, from_repairs, network_flows, read_issues, review, write_issues

    streets = streets_of(city, sumocfg)
    read = read_given(files, streets, sensors, begin, timezone, period, buses)
    earlier = read_given(before, streets, sensors, None, timezone, period, buses) if before else None
    usual = _same_sensors(read, earlier) if earlier is not None else None
    found = review(
        read.counts, streets.net, before=usual, speeds_mps=read.speeds_mps, noted=from_repairs(read.repairs),
        flows=None if usual is not None else network_flows(streets.net_file), false_alarms=false_alarms,
    )  # fmt: skip
    stand_in = fill(found, streets.net, history=usual is not None)
    _show(found, stand_in)
    kept = after_review(read_issues(issues) if issues else [], found.findings, datetime.now(UTC))
    if issues is not None:
        write_issues(issues, kept)
        click.echo(f"{issues}: {sum(one.state == 'open' for one in kept)} open of {len(kept)} issues")
    if filled is not None:
        from networks import landing_file

        with landing_file(filled) as beside:
            beside.write_text(_filled(stand_in), encoding="utf-8", newline="")
        click.echo(f"wrote {filled}")
    if report is not None:
        from networks import landing_file
        from viz.calibration.health_page import health_page

        title = city.name if city else (sumocfg or Path()).stem
        with landing_file(report / "health.html") as beside:
            beside.write_text(health_page(title, streets.net_file, found, stand_in, kept), encoding="utf-8")
        click.echo(f"wrote {report / 'health.html'}")


def _same_sensors(read: ReadCounts, earlier: ReadCounts):  # type: ignore[no-untyped-def]
    """The earlier day in the rows and times of day of this one; gaps where it says nothing."""
    import numpy as np

    now, then = read.counts, earlier.counts
    usual = np.full_like(now.vehicles, np.nan)
    if abs(now.period_s - then.period_s) > 1e-6:
        from networks import BadInput

        what = f"the earlier day has periods of {then.period_s:g} s, these counts of {now.period_s:g} s"
        raise BadInput(what, expected="the same periods; --period brings both to one")
    row_of = {name: row for row, name in enumerate(then.sensors)}
    day = round(86400 / now.period_s)
    at = (np.arange(now.vehicles.shape[1]) + round((now.begin_s - then.begin_s) / now.period_s)) % day
    there = at < then.vehicles.shape[1]
    for row, name in enumerate(now.sensors):
        if name in row_of:
            usual[row, there] = then.vehicles[row_of[name]][at[there]]
    return usual


def _show(found: Health, stand_in: Filled) -> None:
    from calibration.health import FAULTS

    out, counts = found.out, found.counts
    doubted = {one.sensor for one in found.findings} - out
    sound = len(counts.sensors) - len(out) - len(doubted)
    click.echo(f"{len(counts.sensors)} sensors: {sound} sound, {len(out)} out, {len(doubted)} doubtful")
    set_to = f"set to name {100 * found.false_alarms:g} % of sound ones by chance"
    click.echo(f"{set_to}; on two simulated towns it named up to 3.8 %")
    click.echo(f"{'sensor':<18}{'fault':<12}{'sure':>6}  {'instead':<9}what was seen")
    for one in found.findings:
        source = stand_in.used(one.sensor) if one.sensor in out else "sensor"
        click.echo(f"{one.sensor:<18.17}{one.fault:<12}{one.score:>6.1f}  {source:<9}{one.evidence['en']}")
    for name in dict.fromkeys(one.fault for one in found.findings):
        click.echo(f"  {name}: {FAULTS[name]['en']}")


def _filled(stand_in: Filled) -> str:
    from calibration.health import SOURCES

    counts = stand_in.counts
    lines = ["sensor_id,begin_s,period_s,vehicles,source"]
    for row, sensor in enumerate(counts.sensors):
        for period, (value, source) in enumerate(zip(counts.vehicles[row], stand_in.source[row], strict=True)):
            told = "" if value != value else f"{value:.6g}"
            lines.append(
                f"{sensor},{counts.begin_s + period * counts.period_s:g},{counts.period_s:g},{told},{SOURCES[source]}"
            )
    return "\n".join(lines) + "\n"
