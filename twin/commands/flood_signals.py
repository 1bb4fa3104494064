"""`twin flood signals`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np

    from models.flood.rain import Gauge, Nowcast, Reached


@click.command("signals")
@click.argument("gauges", type=click.Path(path_type=Path))
@click.option("--nowcast", "folder", type=click.Path(path_type=Path), help="Forecast to count on: a folder of nowcast.")
@click.option("--table", default="cma", show_default=True, help="cma, or a TOML file of a city's own levels.")
@click.option("--chance", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Likely from here on.")
@click.option("--at", help="The moment to judge, with its zone.  [default: the last value's, or the nowcast's]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def signals(gauges: Path, folder: Path | None, table: str, chance: float, at: str | None, as_json: bool) -> None:
    """Hold the rain of GAUGES (CSV) against official rain signals, observed plus forecast in rolling windows.

    GAUGES has the columns gauge, lon, lat, time, rain_mm (or rain_mm_h) and a line `# source: ...`. With --nowcast,
    each member's rain at the gauge counts on. Gaps count as dry and are told.

    \b
    twin flood signals gauges.csv --nowcast out/nowcast
    """  # noqa: D301
    from models.flood.rain import hold_signals, load_nowcast, read_gauges, read_signal_table

    read, levels = read_gauges(gauges), read_signal_table(table)
    cast = load_nowcast(folder) if folder else None
    moment = _moment(at) or (cast[0].issued if cast else None)
    found: list[tuple[Gauge, list[Reached], bool]] = []
    for gauge in read.gauges:
        ahead = _ahead(cast[0], cast[1].rate_mm_h[-1], gauge, moment) if cast else None
        steps, rain = ahead or (None, None)
        found.append((gauge, hold_signals(gauge, levels, now=moment, ahead_s=steps, ahead_mm=rain), ahead is not None))
    if as_json:
        click.echo(json.dumps([_as_json(*one, chance) for one in found], ensure_ascii=False, indent=1))
        return
    click.echo(f"{levels.name['en']}; {levels.source}")
    if read.gaps:
        click.echo(f"{read.gaps} values are missing or not good; they count as dry")
    for gauge, held, forecast in found:
        _tell(gauge, held, forecast, chance, cast is not None)


def _moment(at: str | None) -> datetime | None:
    from networks.errors import BadInput

    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise BadInput(f"{at} is no time with its zone", place="--at", expected="as in 2026-07-17T17:00:00+03:00")
    return moment


def _ahead(
    cast: Nowcast, now_mm_h: np.ndarray, gauge: Gauge, moment: datetime | None
) -> tuple[np.ndarray, np.ndarray] | None:
    """Steps (s after the moment) and rain (mm) of each member at a gauge; None where the forecast does not know."""
    import numpy as np

    row, col = (int(np.floor(one)) for one in cast.grid.pixels(gauge.lon, gauge.lat))
    if not (0 <= row < cast.grid.shape[0] and 0 <= col < cast.grid.shape[1]):
        return None
    start = np.full((len(cast.members_mm_h), 1), now_mm_h[row, col])
    rates = np.concatenate([start, cast.members_mm_h[:, :, row, col]], axis=1)
    edges = np.concatenate([[0.0], cast.leads_s])
    rain = (rates[:, 1:] + rates[:, :-1]) / 2 * np.diff(edges) / 3600
    ends = cast.leads_s + ((cast.issued - moment).total_seconds() if moment else 0.0)
    if np.isnan(rain).any() or ends[0] <= 0:
        return None
    return ends, rain


def _tell(gauge: Gauge, held: list[Reached], forecast: bool, chance: float, asked: bool) -> None:
    from models.flood.rain import highest_signal

    now = highest_signal(held, chance)
    click.echo(f"{gauge.name}: {now.label['en'] if now else 'no signal'}")
    if asked and not forecast:
        click.echo("  the nowcast does not reach here; observed rain alone")
    for one in held:
        low, middle, high = one.most_mm
        line = f"  {one.level.label['en']:8} {one.level.hours:g} h >= {one.level.depth_mm:g} mm: {one.now_mm:.1f} mm"
        line += f" ({one.measured:.0%} of it measured)"
        if one.since:
            line += f", holds since {one.since:%H:%M %Z}"
        if forecast:
            line += f", up to {middle:.1f} mm ({low:.1f} to {high:.1f}), chance {one.chance:.0%}"
            if one.expected and not one.since:
                line += f", by {one.expected:%H:%M %Z}"
        click.echo(line)


def _as_json(gauge: Gauge, held: list[Reached], forecast: bool, chance: float) -> dict[str, Any]:
    from models.flood.rain import highest_signal

    now = highest_signal(held, chance)
    levels = [
        {
            "level": one.level.level_id,
            "hours": one.level.hours,
            "depth_mm": one.level.depth_mm,
            "now_mm": round(one.now_mm, 3),
            "measured": round(one.measured, 4),
            "since": one.since.isoformat() if one.since else None,
            "chance": one.chance,
            "expected": one.expected.isoformat() if one.expected else None,
            "most_mm": [round(value, 3) for value in one.most_mm],
        }
        for one in held
    ]
    return {"gauge": gauge.name, "signal": now.level_id if now else None, "forecast": forecast, "levels": levels}
