"""`twin sensors read`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import bus_option, count_options, read_given, streets_of

if TYPE_CHECKING:
    from calibration.counting import ReadCounts, Repair

_PATH = click.Path(path_type=Path)
_SHOWN = 12


@click.command("read")
@click.argument("files", type=_PATH, nargs=-1, required=True)
@count_options
@bus_option
@click.option("--out", type=_PATH, help="Clean counts: CSV, a row per sensor and period.")
@click.option("--repairs", type=_PATH, help="CSV of all that was found: sensor, what, file, line, before, after, why.")
def read(
    files: tuple[Path, ...],
    city: Path | None,
    sumocfg: Path | None,
    sensors: Path | None,
    begin: str | None,
    timezone: str | None,
    period: float | None,
    buses: Path | None,
    out: Path | None,
    repairs: Path | None,
) -> None:
    """Read counts from FILES and say what is wrong with them: repaired, left out, or noted, each with its reason.

    FILES are CSV (sensor_id,begin,result; perhaps measure,period_s,unit,result_time: a row per count; or begin and a
    column per sensor), Parquet of the same, SUMO's edgeData or induction-loop XML. A sensor without a place is an edge
    by its own name.

    \b
    twin sensors read counts.csv --city cities/my-town --timezone Europe/Rome --out clean.csv --repairs repairs.csv
    """  # noqa: D301
    from calibration.counting import repair_table
    from networks import landing_file

    found = read_given(files, streets_of(city, sumocfg), sensors, begin, timezone, period, buses)
    _show(found)
    for place, text in ((out, _clean(found) if out else ""), (repairs, repair_table(found.repairs))):
        if place is not None:
            with landing_file(place) as beside:
                beside.write_text(text, encoding="utf-8", newline="")
            click.echo(f"wrote {place}")


def _show(found: ReadCounts) -> None:
    import numpy as np

    counts = found.counts
    gaps = float(np.isnan(counts.vehicles).mean()) if counts.vehicles.size else 0.0
    click.echo(
        f"{len(counts.sensors)} sensors on {len(set(counts.edges))} edges, {counts.vehicles.shape[1]} periods of "
        f"{counts.period_s:g} s from second {counts.begin_s:g}, {100 * gaps:.1f} % gaps"
    )
    if found.begin is not None:
        click.echo(f"second 0 is {found.begin.isoformat()}")
    kinds = Counter((one.action, one.what) for one in found.repairs)
    for (action, what), times in sorted(kinds.items()):
        click.echo(f"{action.replace('_', ' '):<9} {what:<14} {times:>5}")
    for one in found.repairs[:_SHOWN]:
        click.echo(f"  {_line(one)}")
    if len(found.repairs) > _SHOWN:
        click.echo(f"  ... and {len(found.repairs) - _SHOWN} more (--repairs FILE writes all)")


def _line(one: Repair) -> str:
    place = f" ({Path(one.file).name}, line {one.line})" if one.line else ""
    change = f" {one.before} -> {one.after}" if one.after else ""
    return f"{one.sensor or 'all'}: {one.what}{change}{place}: {one.reason['en']}"


def _clean(found: ReadCounts) -> str:
    """Clean counts as the table of observations has them; begin is the wall clock where it is known."""
    from datetime import UTC, timedelta

    lines = ["sensor_id,measure,begin,period_s,result"]
    counts = found.counts
    for period in range(counts.vehicles.shape[1]):
        seconds = counts.begin_s + period * counts.period_s
        begin = f"{seconds:g}"
        if found.begin is not None:
            begin = (found.begin.astimezone(UTC) + timedelta(seconds=seconds)).isoformat()
        for sensor, value in zip(counts.sensors, counts.vehicles[:, period], strict=True):
            told = "" if value != value else f"{value:g}"
            lines.append(f"{sensor},vehicle_count,{begin},{counts.period_s:g},{told}")
    return "\n".join(lines) + "\n"
