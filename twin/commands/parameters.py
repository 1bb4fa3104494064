"""`twin parameters`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.counts_option import read_given, streets_of
from twin.origin import keep_origin

if TYPE_CHECKING:
    from calibration.counting import Counts
    from calibration.parameters import FittedParameters, Side, Street
    from models.sumo import SumoCase

_PATH = click.Path(path_type=Path)
_UNITS = {"flow": ("flows", "vehicles", 1.0), "speed": ("speeds", "km/h", 3.6), "travel_time": ("travel times", "s", 1)}


@click.command("parameters")
@click.option("--sumocfg", type=_PATH, required=True, help="Any SUMO configuration, with vehicle types and signals.")
@click.option("--counts", "files", type=_PATH, multiple=True, required=True,
              help="Counts, and speeds where they have any; may be repeated.")  # fmt: skip
@click.option("--demand", type=_PATH, help="Route file instead of the case's own, as twin calibrate wrote it.")
@click.option("--keep", type=_PATH, multiple=True, help="Route file that stays beside --demand, like buses.")
@click.option("--speeds/--no-speeds", default=True, show_default=True, help="Whether speeds in the counts are used.")
@click.option("--journeys", type=_PATH, help="Travel times: CSV path,edges,begin,seconds; begin in simulation seconds.")
@click.option("--sensors", type=_PATH, help="Where sensors stand; see twin sensors read.")
@click.option("--begin", help="Wall-clock time of second 0.  [default: midnight of the first day]")
@click.option("--timezone", help="Of times without offset, like Europe/Rome.  [default: UTC]")
@click.option("--period", type=click.FloatRange(1.0), help="Periods, s.  [default: what most rows have]")
@click.option("--window", help="Hours of the day, like 7:00-9:00.  [default: all counts, within the case's own hours]")
@click.option("--ahead", type=click.FloatRange(0.0), default=0.0, show_default=True,
              help="Time simulated before the first count, s.")  # fmt: skip
@click.option("--fit", help="Parameters, parted by commas.  [default: what capacity and speed depend on most]")
@click.option("--car-following", help="SUMO's model for all cars and trucks, like IDM.  [default: each type's own]")
@click.option("--search", type=click.Choice(["surrogate", "spsa"]), default="surrogate", show_default=True)
@click.option("--simulations", type=click.IntRange(15, 5000), default=120, show_default=True, help="Of the search.")
@click.option("--fresh", type=click.IntRange(2, 50), default=5, show_default=True, help="Seeds that judge.")
@click.option("--hold-out", type=click.FloatRange(0.01, 0.9), default=0.2, show_default=True, help="Share of sensors.")
@click.option("--by", type=click.Choice(["edges", "corridors", "screenlines"]), default="corridors", show_default=True,
              help="What is held out whole.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Of every draw.")
@click.option("--serial", is_flag=True, help="One simulation after another instead of Ray.")
@click.option("--report", type=_PATH, required=True, help="A folder for drivers.add.xml, run.sumocfg and tables.")
def parameters_command(
    sumocfg: Path, files: tuple[Path, ...], demand: Path | None, keep: tuple[Path, ...], speeds: bool,
    journeys: Path | None, sensors: Path | None, begin: str | None, timezone: str | None, period: float | None,
    window: str | None, ahead: float, fit: str | None, car_following: str | None, search: str, simulations: int,
    fresh: int, hold_out: float, by: str, seed: int, serial: bool, report: Path,
) -> None:  # fmt: skip
    """What drivers, signals and gaps are like, from counts, speeds and travel times.

    What the data do not inform stays as it is, and so does everything that is not better on fresh seeds at sensors
    that were held out. The report's folder gets drivers.add.xml (vehicle types), run.sumocfg, parameters.csv and
    report.html (English and Chinese).

    \b
    twin parameters --sumocfg town/run.sumocfg --counts counts.csv --window 7:00-8:00 --report out/drivers
    """  # noqa: D301
    from calibration.parameters import USUAL, fit_parameters, parameter_table, write_fitted
    from models.sumo import read_case
    from networks import landing_folder
    from scenarios import RayExecutor, SerialExecutor
    from twin.calibration_ground import ground_of, window_of
    from twin.commands.calibrate import read_window
    from viz.calibration import parameters_page

    case = read_case(sumocfg)
    if demand is not None:
        case = replace(case, routes=(demand.absolute(), *(one.absolute() for one in keep)))
    read = read_given(files, streets_of(None, sumocfg), sensors, begin, timezone, period)
    counts = window_of(read.counts, ground_of(None, case, keep), read_window(window))
    street = _street(case, counts, read.counts, read.speeds_mps if speeds else None, journeys)
    held = _held(street, case, by, hold_out, seed)
    click.echo(f"read: {_seen(street)}; held out: {len(held)}")
    with landing_folder(report) as beside, SerialExecutor() if serial else RayExecutor() as executor:
        found = fit_parameters(
            case, street, held, beside, fit=tuple(fit.split(",")) if fit else USUAL, search=search,
            simulations=simulations, fresh=fresh, seed=seed, ahead_s=ahead, car_following=car_following or "",
            executor=executor, tell=click.echo,
        )  # fmt: skip
        write_fitted(found, beside)
        (beside / "parameters.csv").write_text(parameter_table(found), encoding="utf-8", newline="")
        (beside / "report.html").write_text(parameters_page(case.name, found), encoding="utf-8")
        keep_origin(beside)
    _tell(found)
    click.echo(f"wrote {report / 'drivers.add.xml'}, {report / 'run.sumocfg'} and {report / 'report.html'}")


def _street(case: SumoCase, counts: Counts, whole: Counts, speeds: object, journeys: Path | None) -> Street:
    import numpy as np

    from calibration.parameters import Street, edge_facts, read_journeys

    seen = None
    if isinstance(speeds, np.ndarray):
        first = round((counts.begin_s - whole.begin_s) / whole.period_s)
        place = {name: row for row, name in enumerate(whole.sensors)}
        seen = speeds[[place[name] for name in counts.sensors]][:, first : first + counts.vehicles.shape[1]]
        seen = seen if np.isfinite(seen).any() else None
    times = read_journeys(journeys, counts, edge_facts(case.net)) if journeys else None
    return Street(counts, seen, times)


def _held(street: Street, case: SumoCase, by: str, share: float, seed: int) -> tuple[str, ...]:
    """Sensors by their rule, and the same share of the paths."""
    from calibration.proof import hold_out
    from models.streams import stream
    from networks.roads.net_file import read_net

    sensors = hold_out(street.counts, read_net(case.net), by, share, seed).held
    paths = street.journeys.names if street.journeys else ()
    some = stream(seed, "paths held out").permutation(len(paths))[: round(share * len(paths))]
    return (*sensors, *(paths[at] for at in some))


def _seen(street: Street) -> str:
    counts = street.counts
    told = f"{len(counts.sensors)} sensors, {counts.vehicles.shape[1]} periods of {counts.period_s:g} s"
    told += ", speeds" if street.speeds_mps is not None else ", no speeds"
    return told + (f", {len(street.journeys.names)} paths" if street.journeys else "")


def _tell(found: FittedParameters) -> None:
    click.echo(f"\n{'parameter':<24}{'unit':>6}{'before':>9}{'found':>9}{'90 % interval':>18}  data")
    for one in found.found:
        data = "inform it" if one.informed else "say nothing of it: left as it was"
        data += f", only together with {', '.join(one.trades)}" if one.trades else ""
        span = f"{one.low:.2f} to {one.high:.2f}"
        about = one.parameter
        click.echo(
            f"{about.name:<24}{about.kind.unit:>6}{about.start:>9.2f}{one.value:>9.2f}{span:>18}  {data}"
        )  # fmt: skip
    verdict = found.judgement
    click.echo(f"\n{'mean absolute error':<24}{'before':>12}{'after':>12}")
    _errors("at used sensors", verdict.used_before, verdict.used_after)
    if verdict.held_before is not None and verdict.held_after is not None:
        _errors("held out", verdict.held_before, verdict.held_after)
    click.echo(f"\n{'kept: what was found' if verdict.kept else 'kept: the values before'}; {verdict.reason['en']}")
    if verdict.left is not None:
        click.echo(f"note: {verdict.left['en']}")


def _errors(where: str, before: Side, after: Side) -> None:
    click.echo(f"{where + ', misfit':<24}{before.misfit:>12.2f}{after.misfit:>12.2f}")
    for kind, (name, unit, times) in _UNITS.items():
        old, new = times * before.errors[kind], times * after.errors[kind]
        if old == old:
            click.echo(f"{'  ' + name:<24}{old:>12.2f}{new:>12.2f} {unit}")
