"""`twin assign`: a planner's static assignment of a city."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    import geopandas as gpd

    from models.assignment import Selected
    from networks import City
    from scenarios.planning import Assigned, Compared, HourlyTrips

_PATH = click.Path(path_type=Path)


@click.command("assign", short_help="Assign trips to a city's streets: flows, v/c, skims, select link, schemes.")
@click.argument("city", type=_PATH)
@click.option("--od", "od_file", type=_PATH, metavar="FILE", help="Trips, .omx or .csv.  [default: twin import od]")
@click.option(
    "--matrix", metavar="CLASS=NAME", multiple=True, help="Matrix of an OMX file for a class.  [default: CLASS]"
)
@click.option("--lookup", metavar="NAME", help="Lookup of an OMX file that names the zones.")
@click.option("--at", metavar="HH:MM", help="Hour of the day.  [default: the busiest]")
@click.option("--growth", type=_PATH, metavar="FILE", help="Growth factors: year,class,factor,source.")
@click.option("--year", type=click.IntRange(1900, 2200), help="Year to grow the trips to.")
@click.option(
    "--scheme", "scheme_file", type=_PATH, metavar="FILE", help="Do-something: a scheme, or a scenario's closures."
)
@click.option("--select", metavar="EDGE", multiple=True, help="Select link: whose trips pass it; a+b is either.")
@click.option("--screenlines", type=_PATH, metavar="FILE", help="Lines with a name, .geojson or .gpkg.")
@click.option("--gap", type=click.FloatRange(1e-8, 0.5), default=1e-4, show_default=True, help="Relative gap to reach.")
@click.option("--rounds", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Rounds at most.")
@click.option("-o", "--out", type=_PATH, default=Path("assigned"), show_default=True, help="Folder to write.")
def assign_command(
    city: Path,
    od_file: Path | None,
    matrix: tuple[str, ...],
    lookup: str | None,
    at: str | None,
    growth: Path | None,
    year: int | None,
    scheme_file: Path | None,
    select: tuple[str, ...],
    screenlines: Path | None,
    gap: float,
    rounds: int,
    out: Path,
) -> None:
    """Assign an hour's trips to the streets of the City folder CITY until nobody gains by another way.

    \b
    twin assign cities/my-town                                      # its own trips, or guessed ones
    twin assign cities/my-town --od trips.omx --at 07:30            # matrices of an OMX file are classes
    twin assign cities/my-town --od trips.omx --matrix car=SOV_AM --matrix truck=HGV_AM
    twin assign cities/my-town --growth growth.csv --year 2035
    twin assign cities/my-town --select 123#1 --screenlines river.geojson
    twin assign cities/my-town --scheme bridge-closed.yaml          # do-minimum against do-something
                                                                    # (or a scenario file: its closures, settled)

    Written to OUT: edges.csv (flow, v/c, time), turns.csv (turning volumes), skims.omx and .csv (time, distance,
    cost), trips.omx, summary.json; with a scheme in two folders, and difference.csv and comparison.json beside them.
    """  # noqa: D301
    from contextlib import ExitStack

    from networks import City
    from scenarios.planning import (
        assign_city,
        check_selected,
        do_something,
        hourly_trips,
        read_scheme_or_scenario,
        read_screenlines,
        scaled,
        selections,
    )
    from twin.assigned_words import tell, tell_lines, tell_selected

    _check_out(out)
    opened = City.open(city)
    lines = read_screenlines(screenlines, opened) if screenlines else None
    scheme = read_scheme_or_scenario(scheme_file) if scheme_file else None
    check_selected(select, opened.layer("edges")["edge_id"].tolist())
    hour = _hour(at) if at is not None or scheme is None else scheme.hour
    trips = hourly_trips(opened, file=od_file, hour=hour, matrices=_matrices(matrix, od_file), lookup=lookup)
    trips = scaled(_grown(trips, growth, year), scheme.scale if scheme is not None else 1.0)
    with ExitStack() as stack:
        show = _progress(stack, gap)
        before = assign_city(opened, trips, gap=gap, rounds=rounds, progress=show)
        done = do_something(opened, before, scheme, gap=gap, rounds=rounds, progress=show) if scheme else None
    states = {"do-minimum": before, "do-something": done.after} if done is not None else {"": before}
    chosen = {name: selections(state, select) for name, state in states.items()}
    written = _write(out, opened, states, chosen, lines, done)
    tell(opened, trips, before, done)
    for name, state in states.items():
        if lines is not None:
            tell_lines(opened, lines, state, name)
        tell_selected(chosen[name], name)
    click.echo(f"written to {out}: " + ", ".join(written))


def _write(
    out: Path,
    city: City,
    states: dict[str, Assigned],
    chosen: dict[str, dict[str, dict[str, Selected]]],
    lines: gpd.GeoDataFrame | None,
    done: Compared | None,
) -> list[str]:
    """Write all files, whole or not at all, and name them."""
    from networks.landing import landing_folder
    from scenarios.planning import write_assigned, write_comparison

    with landing_folder(out) as folder:
        for name, state in states.items():
            write_assigned(folder / name, city, state, chosen[name], lines)
        if done is not None:
            write_comparison(folder, city, states["do-minimum"], done)
        return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def _check_out(out: Path) -> None:
    """A folder that is not ours is not replaced."""
    from networks.errors import BadInput
    from scenarios.planning import is_assignment

    if out.exists() and not is_assignment(out):
        raise BadInput(
            "there is something else here already", file=out, place="--out", remedy="choose another folder with --out"
        )


def _matrices(texts: tuple[str, ...], file: Path | None) -> dict[str, str]:
    """Matrix of each class: `car=SOV_AM`, or a name alone for cars."""
    from networks.errors import BadInput

    pairs = [text.split("=", 1) if "=" in text else ["car", text] for text in texts]
    found = {vclass: name for vclass, name in pairs}
    if len(found) < len(pairs) or not all(vclass and name for vclass, name in pairs):
        raise BadInput(f"{' '.join(texts)}", place="--matrix", expected="CLASS=NAME, each class once")
    if found and file is None:
        raise BadInput("--matrix is about the file of --od", place="--matrix", remedy="give --od FILE.omx")
    return found


def _hour(at: str | None) -> float | None:
    if at is None:
        return None
    from networks.imports.od_cells import moment_s

    return moment_s(at, None, "--at") / 3600.0 % 24.0


def _grown(trips: HourlyTrips, file: Path | None, year: int | None) -> HourlyTrips:
    from networks import say
    from networks.errors import BadInput
    from scenarios.planning.growth import grown, growth_in, read_growth, told_of

    if file is None and year is None:
        return trips
    if file is None or year is None:
        raise BadInput("--growth and --year go together", place="--growth" if year is None else "--year")
    growth = growth_in(read_growth(file), [one.name for one in trips.classes], year, file)
    told = told_of(growth, year)
    return replace(trips, classes=grown(trips.classes, growth), told=(*trips.told, say(told, f"增长后的出行：{told}")))


def _progress(stack: ExitStack, gap: float) -> Callable[[int, float], None]:
    """Rounds and gap on stderr, on a terminal only."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task("assigning", total=None)

    def show(number: int, reached: float) -> None:
        bar.update(task, description=f"round {number}: gap {reached:.1e} of {gap:.0e}")

    return show
