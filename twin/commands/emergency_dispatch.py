"""`twin emergency dispatch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.emergency_options import kind_for, service_of, service_options

if TYPE_CHECKING:
    from models.emergency import Call
    from networks.sentence import Sentence
    from scenarios.emergency.service import Service
    from scenarios.emergency.trials import Trials

Note = tuple[str, dict[str, Any]]
"""What the calls were: an entry of the catalogue and what it is filled with."""
MISSION_H = 1.0
"""A mission takes about so long: without --per-hour calls come at 40 % utilisation (guess)."""


@click.command("dispatch")
@click.argument("city", type=click.Path(path_type=Path))
@service_options
@click.option("--calls", "calls_file", type=click.Path(path_type=Path), help="Real calls as CSV instead of drawn ones.")
@click.option("--kind", help="Kind of calls; the first that the class answers by default.")
@click.option("--per-hour", type=click.FloatRange(0.01, 1000), help="Calls an hour; .4 a unit by default.")
@click.option("--seeds", type=click.IntRange(2, 1000), default=20, show_default=True, help="Days that are drawn.")
@click.option("--within", type=click.FloatRange(1, 60), default=8.0, show_default=True, help="Minutes: in time.")
@click.option("--truth", type=click.Path(path_type=Path, exists=True),
              help="Another twin flood run: its members happen, hidden from --flood.")  # fmt: skip
@click.option("--closures", type=click.IntRange(0, 500), default=0, show_default=True, help="Roads shut a day, drawn.")
@click.option("--greenwave-gain", help="Share of the time saved, or CSV with blue_s,wave_s, a row a measured call.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for dispatch.html and tables.")
def dispatch(
    city: Path, calls_file: Path | None, kind: str | None, per_hour: float | None, seeds: int, within: float, out: Path,
    greenwave_gain: str | None, **given: Any,
) -> None:  # fmt: skip
    """Compare ways to send and to place the units of CITY on the same calls: against nearest by live time.

    OUT gets dispatch.html (English and Chinese), measures.csv (every seed) and calls.csv (every clock of the first).

    \b
    twin emergency dispatch cities/monaco --resources resources.yaml --flood out/flood --out out/dispatch
    """  # noqa: D301
    from models.emergency.resources import call_kind
    from networks import City, landing_folder
    from scenarios.emergency.trials import compare_policies
    from scenarios.emergency.wave_gain import read_wave_gain

    gain = read_wave_gain(greenwave_gain) if greenwave_gain else None
    service = service_of(City.open(city), given)
    asked = call_kind(kind or kind_for(given["class_"])).name
    rate = per_hour or 0.4 * len(service.units) / MISSION_H
    calls = _given(service, calls_file) if calls_file else ()
    done = compare_policies(
        service, seeds=range(1, seeds + 1), per_hour=rate, kind=asked, within_s=60 * within, given=calls, gain=gain
    )
    drawn = {"seeds": len(done.seeds), "hours": f"{service.hours:g}", "per_hour": f"{rate:g}"}
    note = ("given", {"calls": len(calls)}) if calls else ("drawn", drawn)
    rests = service.notes() + ([gain.told] if gain else [])
    _tell(done, note, service)
    for sentence in rests:
        click.echo(f"  {sentence['en']}")
    with landing_folder(out) as beside:
        (beside / "dispatch.html").write_text(_page(service, done, note, rests), encoding="utf-8")
        (beside / "measures.csv").write_text(_measures(done), encoding="utf-8")
        import pandas as pd

        tables = [one.table().assign(way=name) for name, one in done.first.items()]
        pd.concat(tables).to_csv(beside / "calls.csv", index=False)
    click.echo(f"wrote {out / 'dispatch.html'}")


def _given(service: Service, file: Path) -> list[Call]:
    """Calls of a file that the class answers.

    Raises:
        BadInput: It is none, or the class answers not one of them.
    """
    from models.emergency.resources import call_kinds, read_calls
    from networks.errors import BadInput

    name, calls = service.roads.vehicle.name, read_calls(file, service.city, service.begin)
    own = [call for call in calls if name in call_kinds()[call.kind].classes]
    if len(own) < len(calls):
        click.echo(f"{len(calls) - len(own)} calls are for others than {name}: left out")
    if not own:
        raise BadInput(f"no call in it is answered by {name}", file=file, remedy="choose another --class")
    return own


def _shown(done: Trials) -> list[str]:
    keys = ["median_s", "p90_s", *(f"within_{aim.name}" for aim in done.aims), "unanswered"]
    if any(values["turned_round"].any() for values in done.measures.values()):
        keys.append("turned_round")
    return [*keys, "utilisation"]


def _tell(done: Trials, note: Note, service: Service) -> None:
    import numpy as np

    from viz.text import text

    click.echo(f"{len(service.units)} units. {text(f'emergency.{note[0]}', 'en', **note[1])}")
    click.echo(f"{len(done.first['nearest'].records)} calls in the first; busy {100 * done.busy:.0f} % of the time")
    keys = _shown(done)
    click.echo(f"{'':15s}" + "".join(f"{key:>24s}" for key in keys))
    for name, values in done.measures.items():
        cells = []
        for key in keys:
            mean = float(np.nanmean(values[key]))
            told = f"{mean:.0f} s" if key.endswith("_s") else f"{100 * mean:.1f} %"
            if name in done.deltas:
                delta = done.deltas[name][key]
                size = 1.0 if key.endswith("_s") else 100.0
                if np.isfinite(delta.low):
                    told += f" [{size * delta.low:+.1f} {size * delta.high:+.1f}]"
            cells.append(f"{told:>24s}")
        click.echo(f"{name:15s}" + "".join(cells))
    click.echo("in brackets: difference from nearest, paired, 90 % interval; sited is a plan for years, no rule")


def _page(service: Service, done: Trials, note: Note, rests: list[Sentence]) -> str:
    from viz.emergency.page import Cell, ShownTable, named, service_page

    keys = _shown(done)
    limits = {f"within_{aim.name}": named(f"target_{aim.name}") for aim in done.aims}
    plain = {"median_s": "median", "p90_s": "p90"} | {k: k for k in ("unanswered", "turned_round", "utilisation")}
    head = [named("way"), *(limits[key] if key in limits else named(plain[key]) for key in keys)]
    rows = [[Cell(named(f"way_{name}")), *(_cell(done, name, key) for key in keys)] for name in done.measures]
    below = named(note[0], **note[1]) + " " + named("ways_note")
    stations = len({unit.station_id for unit in service.units})
    lead = named("lead", units=len(service.units), kind=service.roads.vehicle.name, stations=stations)
    tables = [ShownTable(named("ways"), head, rows, below), *_open_calls(service, done)]
    return service_page(service.city, kind=named("kind_dispatch"), lead=lead, layers=(), tables=tables, notes=rests)


def _cell(done: Trials, way: str, key: str) -> Any:
    import numpy as np

    from viz.emergency.page import Cell, clock, percent

    told = clock if key.endswith("_s") else percent
    text = told(float(np.nanmean(done.measures[way][key])))
    if way not in done.deltas:
        return Cell(text)
    delta = done.deltas[way][key]
    low, high = told(delta.low, signed=True), told(delta.high, signed=True)
    sort = "unsure" if delta.verdict == "cannot tell" or key == "utilisation" else delta.verdict
    return Cell(text, (told(delta.difference, signed=True), f"{low} … {high}"), sort)


def _open_calls(service: Service, done: Trials) -> list[Any]:
    """Calls of the first seed of which the baseline has something to say, at most twelve."""
    from networks.sentence import joined
    from viz.emergency.page import Cell, ShownTable, named
    from viz.text import spans

    told = [one for one in done.first["nearest"].records if one.notes][:12]
    rows = [
        [Cell(one.call.call_id), Cell(service.street(one.call.edge_id)), Cell(spans(joined(one.notes)))] for one in told
    ]
    head = [named("call"), named("where"), named("said")]
    return [ShownTable(named("open"), head, rows, sentences=True)] if rows else []


def _measures(done: Trials) -> str:
    lines = ["way,measure,seed,value"]
    for name, values in done.measures.items():
        for key, column in values.items():
            lines += [f"{name},{key},{seed},{value:.6g}" for seed, value in zip(done.seeds, column, strict=True)]
    return "\n".join(lines) + "\n"
