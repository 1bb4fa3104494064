"""`twin bottlenecks`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from calibration.bottlenecks import Cause, Ends, Jam, Proof, Traffic
    from calibration.flows import Roads, SimulatedCounts
    from models.sumo import SumoCase

    Found = list[tuple[Jam, Cause, Proof | None]]

_PATH = click.Path(path_type=Path)
_PERIOD_S = 300.0


@click.command("bottlenecks", short_help="Where queues begin, what they cost, why, and whether more green helps.")
@click.argument("city", type=_PATH, required=False)
@click.argument("run", required=False)
@click.option("--sumocfg", type=_PATH, help="Any SUMO configuration, simulated here, instead of a run of a city.")
@click.option("--runs", type=_PATH, default=Path("runs"), show_default=True, help="Where runs are kept.")
@click.option("--seeds", type=click.IntRange(1, 50), default=3, show_default=True, help="Simulations.  (--sumocfg)")
@click.option("--closed", multiple=True, help="Edge with a known incident or closure; may be repeated.")
@click.option("--prove", type=click.IntRange(0), default=3, show_default=True,
              help="Try the worst signals with more green; 0 is none.  (--sumocfg)")  # fmt: skip
@click.option("--out", type=_PATH, help="Folder for bottlenecks.html (map, English and Chinese) and bottlenecks.csv.")
def bottlenecks_command(
    city: Path | None, run: str | None, sumocfg: Path | None, runs: Path, seeds: int, closed: tuple[str, ...],
    prove: int, out: Path | None,
) -> None:  # fmt: skip
    """Say where queues begin, what they cost, and why.

    It reads RUN of CITY, or simulates a SUMO case. A queue belongs to the street at whose end it begins. Causes: a
    known incident, a signal with too little green, a turn that blocks its lane, being held back from beyond, a lane
    drop, giving way, or unknown. A signal is tried with 30 % of the others' green: told is what that saves, with
    interval over seeds.

    \b
    twin bottlenecks --sumocfg town/run.sumocfg --out out/bottlenecks
    twin bottlenecks cities/my-town 3f2a9c
    """  # noqa: D301
    from calibration.bottlenecks import cause_of, ends_in, find_jams, mean_traffic, runs_of
    from calibration.flows import read_roads
    from models.sumo import read_case

    if (sumocfg is None) == (city is None or run is None):
        raise click.UsageError("give CITY and RUN, or --sumocfg")
    found: Found = []
    if sumocfg is not None:
        case = read_case(sumocfg)
        simulated = runs_of(case, seeds, _PERIOD_S)
        traffic, net_file, ends = mean_traffic(simulated), case.net, ends_in(case.net, case.additionals)
        roads = read_roads(net_file)
        jams = find_jams(traffic, roads)
        turns = _turns(case) if jams else {}
        found = [(jam, cause_of(jam, ends, closed, turns), None) for jam in jams]
        found = _proved(case, found, roads, simulated, prove)
    else:
        assert city is not None and run is not None
        traffic, net_file = _of_run(city, run, runs)
        roads, ends, seeds = read_roads(net_file), ends_in(net_file), 0
        found = [(jam, cause_of(jam, ends, closed), None) for jam in find_jams(traffic, roads)]
    _tell(found, ends)
    if out is not None:
        title = city.name if city else (sumocfg or Path()).stem
        _write(out, title, net_file, found, seeds, traffic)


def _turns(case: SumoCase) -> dict[tuple[str, str], float]:
    import tempfile

    from calibration.bottlenecks import turns_driven
    from calibration.incidents import ways_of

    with tempfile.TemporaryDirectory(prefix="citytwin-ways-") as scratch:
        paths, vehicles = ways_of(case, 1, Path(scratch))
    return turns_driven((paths.path(number) for number in range(len(paths))), vehicles)


def _proved(
    case: SumoCase, found: Found, roads: Roads, usual: list[SimulatedCounts], most: int
) -> Found:  # fmt: skip
    """The worst queues at signals, tried with more green."""
    import tempfile

    from calibration.bottlenecks import green_file, proved, runs_of
    from scenarios.budget.case_plans import plans_today

    wanted = [jam.head for jam, cause, _ in found if cause.name in ("signal", "turning")][:most]
    if not wanted:
        return found
    plans, out = plans_today(case), []
    for jam, cause, _ in found:
        proof = None
        if jam.head in wanted:
            with tempfile.TemporaryDirectory(prefix="citytwin-green-") as scratch:
                file = green_file(case, plans, jam.head, cause.signal, Path(scratch) / "green.add.xml")
                if file is not None:
                    proof = proved(jam, roads, usual, runs_of(case, len(usual), _PERIOD_S, [file]))
        out.append((jam, cause, proof))
    return out


def _of_run(city: Path, run: str, runs: Path) -> tuple[Traffic, Path]:
    from calibration.bottlenecks import Traffic
    from networks import City
    from networks.city import NET_FILE
    from scenarios import Run, Store

    opened = City.open(city)
    read = Run.open(Store(runs).get("run", run))
    table = read.table("edges")
    length = opened.layer("edges").set_index("edge_id")["length_m"]
    return _traffic(table, length.to_dict(), Traffic), city / NET_FILE


def _traffic(table, length_m, kind: type[Traffic]) -> Traffic:  # type: ignore[no-untyped-def]
    """The table of edges of a run in periods of five minutes."""
    import numpy as np

    times = np.unique(table["time_s"].to_numpy(float))
    step_s = float(np.diff(times).min()) if len(times) > 1 else 60.0
    begin_s = float(times[0])
    period_s = max(_PERIOD_S, step_s)
    edges = tuple(sorted(set(table["edge_id"]) & set(length_m)))
    row = {edge: at for at, edge in enumerate(edges)}
    table = table[table["edge_id"].isin(row)]
    shape = (len(edges), int((times[-1] - begin_s) / period_s) + 1)
    at = table["edge_id"].map(row).to_numpy(int), ((table["time_s"].to_numpy(float) - begin_s) / period_s).astype(int)
    metres = table["edge_id"].map(length_m).to_numpy(float)
    spent_s = np.nan_to_num(table["density_vpkm"].to_numpy(float)) * metres / 1000.0 * step_s
    came = np.nan_to_num(table["entered"].to_numpy(float))
    if "departed" in table:
        came = came + np.nan_to_num(table["departed"].to_numpy(float))
    vehicles, spent, driven = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(vehicles, at, came)
    np.add.at(spent, at, spent_s)
    np.add.at(driven, at, spent_s * np.nan_to_num(table["speed_mps"].to_numpy(float)))
    speed = np.where(spent > 0, driven / np.maximum(spent, 1e-9), np.nan)
    return kind(edges, begin_s, period_s, vehicles, spent, speed)


def _tell(found: Found, ends: Ends) -> None:
    from calibration.bottlenecks import CAUSES
    from viz.calibration.jams_page import clock

    if not found:
        click.echo("no queue stood that cost half a vehicle-hour")
        return
    click.echo(f"{'':>3} {'begins at':<24}{'when':<13}{'longest m':>10}{'veh-h lost':>12}  cause")
    for number, (jam, cause, proof) in enumerate(found, 1):
        when = f"{clock(jam.begin_s)}-{clock(jam.end_s)}"
        told = f"{CAUSES[cause.name]['en']}: {cause.why['en']}"
        click.echo(f"{number:>3} {jam.head:<24.23}{when:<13}{jam.longest_m:>10.0f}{jam.lost_h:>12.1f}  {told}")
        if proof is not None:
            width = f"{proof.half_width_h:.1f}" if proof.half_width_h == proof.half_width_h else "?"
            sure = "the queue shrinks" if proof.holds else "not sure that it helps"
            click.echo(
                f"{'':>4}with more green: {proof.with_h:.1f} -> {proof.without_h:.1f} veh-h here "
                f"({proof.saved_h:+.1f} +- {width} saved, {proof.seeds} seeds), whole town {proof.town_h:+.1f}: {sure}"
            )
    lost = sum(jam.lost_h for jam, _, _ in found)
    click.echo(f"{len(found)} queues cost {lost:.1f} vehicle-hours; {len(ends.lanes)} streets")


def _write(out: Path, title: str, net_file: Path, found: Found, seeds: int, traffic: Traffic) -> None:
    from networks import landing_file
    from viz.calibration.jams_page import jams_page

    lines = ["rank,head,begin_s,end_s,jammed_s,longest_m,lost_h,cause,saturation,saved_h,half_width_h,streets"]
    for rank, (jam, cause, proof) in enumerate(found, 1):
        told = f"{proof.saved_h:.3f},{proof.half_width_h:.3f}" if proof else ","
        lines.append(
            f"{rank},{jam.head},{jam.begin_s:g},{jam.end_s:g},{jam.jammed_s:g},{jam.longest_m:.0f},{jam.lost_h:.3f},"
            f"{cause.name},{cause.saturation:.3f},{told},{' '.join(jam.streets)}"
        )
    end_s = traffic.begin_s + traffic.vehicles.shape[1] * traffic.period_s
    page = jams_page(title, net_file, found, seeds, (traffic.begin_s, end_s))
    for name, text in (("bottlenecks.csv", "\n".join(lines) + "\n"), ("bottlenecks.html", page)):
        with landing_file(out / name) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
    click.echo(f"wrote {out / 'bottlenecks.html'}")
