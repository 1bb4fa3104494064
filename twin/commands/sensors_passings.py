"""`twin sensors passings`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import street_options, streets_of

if TYPE_CHECKING:
    from calibration.passings import Clocks, Leg, Passings, Turn

_PATH = click.Path(path_type=Path)


@click.command("passings")
@click.argument("file", type=_PATH)
@street_options
@click.option("--cameras", type=_PATH, help="Where they stand: CSV (sensor_id and edge, lon,lat or x,y; bearing).")
@click.option("--counted", type=_PATH, help="CSV camera,vehicles: what really passed, for the share recognised.")
@click.option("--period", type=click.FloatRange(60.0), default=900.0, show_default=True, help="Of travel times, s.")
@click.option("--rotate", type=click.FloatRange(0.1), default=24.0, show_default=True, help="A salt's life, hours.")
@click.option("--out", type=_PATH, help="Folder for travel_times.csv, routes.csv, ways.csv, turns.csv and cameras.csv.")
def passings(
    file: Path, city: Path | None, sumocfg: Path | None, cameras: Path | None, counted: Path | None, period: float,
    rotate: float, out: Path | None,
) -> None:  # fmt: skip
    """Turn the number-plate passings of FILE (camera,time,plate or token) into travel times, ways and turning shares.

    Plates are hashed as they are read and never kept; the salt rotates and is thrown away. Clocks of cameras are put
    right against the median camera's. What fewer than five vehicles did is not told.

    \b
    twin sensors passings passings.csv --city cities/my-town --cameras cameras.csv --out out/passings
    """  # noqa: D301
    import numpy as np

    from calibration.counting import read_places
    from calibration.counting.matching import match
    from calibration.passings import (
        RotatingSalt,
        clock_offsets,
        free_times,
        path_samples,
        penetration,
        read_passings,
        travel_times,
        turning_shares,
    )  # fmt: skip

    salt = RotatingSalt(rotate_s=3600.0 * rotate)
    seen = read_passings(file, salt)
    salt.forget()
    streets = streets_of(city, sumocfg)
    places = read_places(cameras) if cameras else streets.places
    edge_of, unmatched = match(list(seen.cameras), places, streets.net, str(cameras or ""))
    clocks = clock_offsets(seen, free_times({name: edge for name, (edge, _) in edge_of.items()}, streets.net))
    right = seen.moved(np.nan_to_num(clocks.offset_s))
    share = penetration(right, _counted(counted)) if counted else {}
    legs, ways, turns = travel_times(right, period), path_samples(right), turning_shares(right, share)
    click.echo(f"{len(seen)} passings at {len(seen.cameras)} cameras; {seen.left_out} came after their salt was gone")
    for one in unmatched:
        click.echo(f"  {one.sensor}: {one.action.replace('_', ' ')}: {one.reason['en']}")
    _show(clocks, share)
    click.echo(f"{len(legs)} travel times, {len(ways)} ways, {len(turns)} turns of five vehicles and more")
    if out is not None:
        routes = {name: edge for name, (edge, _) in edge_of.items()}
        _write(out, seen, clocks, share, (legs, ways, turns), period, routes)


def _counted(file: Path) -> dict[str, float]:
    from networks import BadInput
    from networks.imports.table_text import read_rows

    header, lines = read_rows(file)
    if header != ["camera", "vehicles"]:
        raise BadInput(f"its columns are {', '.join(header)}", file=file, place="line 1", expected="camera,vehicles")
    counted = {}
    for line, (camera, vehicles) in lines:
        try:
            counted[camera] = float(vehicles)
        except ValueError as error:
            raise BadInput(f"vehicles is {vehicles!r}", file=file, place=f"line {line}", expected="a number") from error
    return counted


def _show(clocks: Clocks, share: dict[str, float]) -> None:
    click.echo(f"{'camera':<20}{'clock fast by':>15}{'+-':>8}{'recognises':>12}")
    for name, offset, error in zip(clocks.cameras, clocks.offset_s, clocks.error_s, strict=True):
        told = "not known" if offset != offset else f"{offset:+.1f} s"
        sure = "" if offset != offset else f"{error:.1f}"
        click.echo(f"{name:<20.19}{told:>15}{sure:>8}{f'{share[name]:.0%}' if name in share else '':>12}")


def _write(
    out: Path, seen: Passings, clocks: Clocks, share: dict[str, float],
    found: tuple[list[Leg], dict[tuple[str, ...], int], list[Turn]], period: float, edge_of: dict[str, str],
) -> None:  # fmt: skip
    from networks import landing_file

    legs, ways, turns = found
    times = [
        f"{one.start}>{one.end},travel_time,{_told(one.begin_s)},{period:g},{one.median_s:.1f},{one.error_s:.1f},{one.vehicles}"
        for one in legs
    ]
    told = [
        f"{name},{'' if offset != offset else f'{offset:.1f}'},{'' if offset != offset else f'{error:.1f}'},"
        f"{f'{share[name]:.3f}' if name in share else ''}"
        for name, offset, error in zip(seen.cameras, clocks.offset_s, clocks.error_s, strict=True)
    ]
    pairs = dict.fromkeys((one.start, one.end) for one in legs)
    routes = [f"{a}>{b},{edge_of[a]} {edge_of[b]}" for a, b in pairs if a in edge_of and b in edge_of]
    tables = {
        "routes.csv": ["route,edges", *routes],
        "travel_times.csv": ["sensor_id,measure,begin,period_s,result,error_s,vehicles", *times],
        "ways.csv": ["way,vehicles", *(f"{'>'.join(way)},{times}" for way, times in ways.items())],
        "turns.csv": [
            "from,to,share,low95,high95,vehicles",
            *(f"{t.start},{t.end},{t.share:.4f},{t.low:.4f},{t.high:.4f},{t.vehicles}" for t in turns),
        ],
        "cameras.csv": ["camera,clock_fast_s,error_s,recognises", *told],
    }
    for name, lines in tables.items():
        with landing_file(out / name) as beside:
            beside.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    click.echo(f"wrote {out / 'travel_times.csv'} and {', '.join(list(tables)[1:])}")


_EPOCH_S = 1e8


def _told(seconds: float) -> str:
    """Seconds as they are; those since 1970, from a file with dates, as ISO 8601 again."""
    from datetime import UTC, datetime

    return f"{seconds:g}" if seconds < _EPOCH_S else datetime.fromtimestamp(seconds, UTC).isoformat()
