"""`twin signals atspm`: performance measures of signals, of a simulation or of the field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from models.sumo import Recording
    from scenarios.measures.channels import Channels


@click.command("atspm", short_help="Performance of signals from events: simulated or of the field.")
@click.argument("place", type=click.Path(path_type=Path))
@click.argument("tls", nargs=-1)
@click.option(
    "--detectors", type=click.Path(path_type=Path), help="CSV of the field's detectors, with a CSV of events."
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the page with the diagrams.")
@click.option("--events", "kept", type=click.Path(path_type=Path, dir_okay=False), help="Keep the events as CSV.")
@click.option("--plans", type=click.Path(path_type=Path), help="SUMO additional file with other plans to simulate.")
@click.option("--seed", default=1, show_default=True, help="SUMO's seed, with a .sumocfg.")
def atspm(
    place: Path, tls: tuple[str, ...], detectors: Path | None, html: Path | None, kept: Path | None,
    plans: Path | None, seed: int,
) -> None:  # fmt: skip
    """Arrivals on green, split failures, volume over capacity and coordination diagrams of the signals TLS...

    PLACE is a .sumocfg, which is run once with detectors laid at every approach, or a CSV of high-resolution events
    from the field (time, controller, code, parameter), with --detectors. Both go through the same measures.
    """
    from networks import BadInput, landing_file
    from scenarios.measures.channels import detector_table, read_detectors
    from scenarios.measures.signal_events import read_events, write_events
    from viz.signals.pages.page import page
    from viz.signals.sheets.performance_sheet import performance_sheet
    from viz.text import both

    names: dict[str, dict[int, str]] = {}
    queues: dict[str, pd.DataFrame] = {}
    if place.name.endswith(".sumocfg"):
        channels, recording, events, told = _simulated(place, tls, seed, plans)
        own = tuple(one for each in channels for one in each.detectors)
        names = {each.controller: {n: name for n, (name, _) in each.phases.items()} for each in channels}
        queues = {each.controller: _queues(each, recording, place) for each in channels}
    elif detectors is None:
        raise BadInput("events of the field need to know their detectors", place="--detectors", expected="a CSV file")
    else:
        events, own = read_events(place), read_detectors(detectors)
        told = both("atspm.field", file=place.name, count=len(events))
    chosen = list(tls) or sorted(set(events["controller"]))
    _say(events, own, chosen)
    if kept is not None:
        write_events(events, kept)
        beside = kept.with_suffix(".detectors.csv")
        detector_table(own).to_csv(beside, index=False)
        click.echo(f"{len(events)} events: {kept}; detectors: {beside}")
    if html is not None:
        parts = [
            performance_sheet(one, events, own, told=told, names=names.get(one), queues=queues.get(one))
            for one in chosen
        ]
        written = page(place.name, parts, kind=both("atspm.kind"), lead=both("sheet.count", count=len(parts)))
        with landing_file(html) as file:
            file.write_text(written, encoding="utf-8")
        click.echo(f"{len(parts)} sheets: {html}")


def _simulated(
    file: Path, tls: tuple[str, ...], seed: int, plans: Path | None
) -> tuple[list[Channels], Recording, pd.DataFrame, Markup]:
    """One run with detectors at every approach of the signals."""
    import tempfile

    from models.sumo import Loop, read_case, record
    from networks import NotThere, build_controller, read_layouts
    from networks.signals.layouts.lane_lengths import read_lane_lengths
    from scenarios.measures.channels import lay_channels
    from scenarios.measures.signal_events import events_of_run, loops_of
    from viz.text import both

    case = read_case(file)
    layouts, lengths = read_layouts(case.net), read_lane_lengths(case.net)
    for name in tls:
        if name not in layouts:
            raise NotThere(f"there is no signal {name!r}", file=case.net, expected=f"one of {', '.join(layouts)}")
    channels = [lay_channels(layouts[name], build_controller(layouts[name]), lengths) for name in tls or layouts]
    with tempfile.TemporaryDirectory() as folder:
        told = record(
            case,
            seed,
            Path(folder),
            signals=[one.controller for one in channels],
            loops=[Loop(*spot) for one in channels for spot in loops_of(one)],
            edges={d.lane_id.rsplit("_", 1)[0] for one in channels for d in one.detectors},
            plans=plans.absolute() if plans else None,
        )
    events = events_of_run(told.states, told.passed, channels)
    words = both("atspm.simulated", case=case.name, seed=seed, begin=f"{told.begin_s:g}", end=f"{told.end_s:g}")
    return channels, told, events, words


def _queues(channels: Channels, recording: Recording, file: Path) -> pd.DataFrame:
    """The worst lane of each phase."""
    from models.sumo import read_case
    from networks.signals.layouts.lane_lengths import read_lane_lengths
    from scenarios.measures.queue_storage import queue_against_storage

    lengths = read_lane_lengths(read_case(file).net)
    phase_of = {d.lane_id: d.phase for d in channels.detectors}
    table = queue_against_storage(recording.tracks, {lane: lengths[lane] for lane in phase_of})
    table["phase"] = table["lane_id"].map(phase_of)
    table["fill"] = table["longest_m"] / table["storage_m"]
    return table.sort_values(["phase", "full", "fill"], ascending=[True, False, False]).groupby("phase").head(1)


def _say(events: pd.DataFrame, detectors: tuple[object, ...], chosen: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    from scenarios.measures import atspm as measures

    own = events[events["controller"].isin(chosen)]
    arrived = measures.arrivals_on_green(own, detectors)  # type: ignore[arg-type]
    ratio = measures.volume_to_capacity(own, detectors)  # type: ignore[arg-type]
    splits = measures.split_failures(own, detectors)  # type: ignore[arg-type]
    failed = splits.groupby(["controller", "phase"])["failed"].agg(["sum", "size"]).astype(int)
    shares = ratio.set_index(["controller", "phase"])["ratio"]
    table = Table("signal", "phase", "arrivals", "on green", "green share", "platoon ratio", "split failures", "v/c")
    for row in arrived.itertuples(index=False):
        key = (row.controller, row.phase)
        lost = f"{failed.loc[key, 'sum']} of {failed.loc[key, 'size']}" if key in failed.index else "-"
        table.add_row(
            str(row.controller), str(row.phase), str(row.arrivals), _figure(row.on_green), _figure(row.green_share),
            _figure(row.platoon_ratio), lost, _figure(shares.get(key, float("nan"))),
        )  # fmt: skip
    Console().print(table)


def _figure(value: float) -> str:
    return f"{value:.2f}" if value == value else "-"
