"""`twin emergency dispatch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_option import desk_option, propose
from twin.commands.emergency_dispatch_page import Note, dispatch_page, notes_of, shown
from twin.commands.emergency_options import check_answered, kind_for, service_options, services_of

if TYPE_CHECKING:
    from models.emergency import Call
    from scenarios.emergency.service import Service
    from scenarios.emergency.trials import Trials

MOST_ODD = 8
"""So many odd calls are told on the terminal; the page and calls.csv hold all."""
MISSION_H = 1.0
"""A mission takes about so long: without --per-hour calls come at 40 % utilisation (guess)."""


@click.command("dispatch")
@click.argument("city", type=click.Path(path_type=Path))
@service_options
@click.option("--calls", "calls_file", type=click.Path(path_type=Path), help="Real calls as CSV instead of drawn ones.")
@click.option("--kind", help="Kind of calls; the first that each class answers by default.")
@click.option("--mix", help="Calls an hour by kind instead: medical=6,fire=1.")
@click.option("--per-hour", type=click.FloatRange(0.01, 1000), help="Calls an hour; .4 a unit by default.")
@click.option("--seeds", type=click.IntRange(2, 1000), default=20, show_default=True, help="Days that are drawn.")
@click.option("--within", type=click.FloatRange(1, 60), default=8.0, show_default=True, help="Minutes: in time.")
@click.option("--truth", type=click.Path(path_type=Path, exists=True),
              help="Another twin flood run: its members happen, hidden from --flood.")  # fmt: skip
@click.option("--closures", type=click.IntRange(0, 500), default=0, show_default=True, help="Roads shut a day, drawn.")
@click.option("--greenwave-gain", help="Share of the time saved, or CSV of measured calls: blue_s,wave_s.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for dispatch.html and tables.")
@desk_option
def dispatch(
    city: Path, calls_file: Path | None, kind: str | None, mix: str | None, per_hour: float | None, seeds: int,
    within: float, out: Path, greenwave_gain: str | None, desk: str | None, **given: Any,
) -> None:  # fmt: skip
    """Compare ways to send and to place the units of CITY on the same calls: against nearest by live time.

    OUT gets dispatch.html (English and Chinese), measures.csv (every seed) and calls.csv (every clock of the first).
    With several classes (--class ambulance,fire_engine, or all) calls ask for all the units that their kind needs.

    \b
    twin emergency dispatch cities/monaco --resources resources.yaml --flood out/flood --out out/dispatch
    twin emergency dispatch cities/monaco --resources resources.yaml --class all --mix medical=3,fire=.5 --out out/all
    """  # noqa: D301
    from networks import City, landing_folder
    from scenarios.emergency.dispatch_advice import dispatch_advice
    from scenarios.emergency.trials import compare_policies
    from scenarios.emergency.wave_gain import read_wave_gain
    from viz.text import words

    gain = read_wave_gain(greenwave_gain) if greenwave_gain else None
    services = services_of(City.open(city), given)
    service = services[0]
    calls = _given(services, calls_file) if calls_file else ()
    rates = _read_mix(mix) if mix else _rates(services, kind, per_hour)
    if not calls:
        check_answered(rates, services)
    done = compare_policies(
        services, seeds=range(1, seeds + 1), per_hour=rates, within_s=60 * within, given=calls, gain=gain
    )
    told = (
        ", ".join(f"{rate:g} {name}" for name, rate in rates.items()) if len(rates) > 1 else f"{sum(rates.values()):g}"
    )
    drawn = {"seeds": len(done.seeds), "hours": f"{service.hours:g}", "per_hour": told}
    note = ("given", {"calls": len(calls)}) if calls else ("drawn", drawn)
    rests = notes_of(services) + ([gain.told] if gain else [])
    _tell(done, note, services)
    for sentence in rests:
        click.echo(f"  {sentence['en']}")
    with landing_folder(out) as beside:
        (beside / "dispatch.html").write_text(dispatch_page(services, done, note, rests), encoding="utf-8")
        (beside / "measures.csv").write_text(_measures(done), encoding="utf-8")
        import pandas as pd

        tables = [one.table().assign(way=name) for name, one in done.first.items()]
        pd.concat(tables).to_csv(beside / "calls.csv", index=False)
    if desk:
        titles = {name: words(f"emergency.way_{name}") for name in done.deltas}
        propose(desk, dispatch_advice(services, done, titles, rests_on=rests, evidence=[str(out)]))
    click.echo(f"wrote {out / 'dispatch.html'}")


def _given(services: list[Service], file: Path) -> list[Call]:
    """Calls of a file that the classes answer.

    Raises:
        BadInput: It is none, or the classes answer not one of them.
    """
    from models.emergency.resources import call_kinds, read_calls
    from networks.errors import BadInput

    names = {one.roads.vehicle.name for one in services}
    calls, kinds = read_calls(file, services[0].city, services[0].begin), call_kinds()
    own = [call for call in calls if names & set(kinds[call.kind].classes)]
    if len(own) < len(calls):
        click.echo(f"{len(calls) - len(own)} calls are for others than {', '.join(sorted(names))}: left out")
    if not own:
        told = f"no call in it is answered by {', '.join(sorted(names))}"
        raise BadInput(told, file=file, remedy="choose another --class")
    return own


def _rates(services: list[Service], kind: str | None, per_hour: float | None) -> dict[str, float]:
    """Calls an hour by kind: what is asked, else so many that units are busy 40 % of the time."""
    from models.emergency.resources import call_kind

    if kind or len(services) == 1:
        asked = call_kind(kind or kind_for(services[0].roads.vehicle.name)).name
        return {asked: per_hour or 0.4 * len(services[0].units) / MISSION_H}
    found = dict[str, float]()
    for one in services:
        asked = kind_for(one.roads.vehicle.name)
        found[asked] = found.get(asked, 0.0) + 0.4 * len(one.units) / MISSION_H / len(call_kind(asked).asks)
    total = sum(found.values())
    return {name: rate * (per_hour / total if per_hour else 1.0) for name, rate in found.items()}


def _read_mix(text: str) -> dict[str, float]:
    from models.emergency.resources import call_kind
    from networks.errors import BadInput

    found = dict[str, float]()
    for part in text.split(","):
        name, _, rate = part.partition("=")
        try:
            found[call_kind(name.strip()).name] = float(rate)
        except ValueError as error:
            raise BadInput(f"no rate: {part!r}", place="--mix", expected="KIND=CALLS_AN_HOUR,...") from error
    if not all(0.0 < rate < 1e3 for rate in found.values()):
        raise BadInput(f"rates of {text}", place="--mix", expected="calls an hour above 0 and below 1000")
    return found


def _tell(done: Trials, note: Note, services: list[Service]) -> None:
    import numpy as np

    from viz.text import text

    units = ", ".join(f"{len(one.units)} {one.roads.vehicle.name}" for one in services)
    click.echo(f"{units}. {text(f'emergency.{note[0]}', 'en', **note[1])}")
    click.echo(f"{len(done.first['nearest'].records)} calls in the first; busy {100 * done.busy:.0f} % of the time")
    keys = shown(done)
    click.echo(f"{'':15s}" + "".join(f"{key:>24s}" for key in keys))
    for name in done.measures:
        cells = []
        for key in keys:
            mean = done.mean(name, key)
            told = "-" if np.isnan(mean) else f"{mean:.0f} s" if key.endswith("_s") else f"{100 * mean:.1f} %"
            if name in done.deltas:
                delta = done.deltas[name][key]
                size = 1.0 if key.endswith("_s") else 100.0
                if np.isfinite(delta.low):
                    told += f" [{size * delta.low:+.1f} {size * delta.high:+.1f}]"
            cells.append(f"{told:>24s}")
        click.echo(f"{name:15s}" + "".join(cells))
    click.echo("in brackets: difference from nearest, paired, 90 % interval; sited is a plan for years, no rule")
    odd = [one for one in done.first["nearest"].records if one.notes]
    for one in odd[:MOST_ODD]:
        click.echo(f"  call {one.call.call_id}: {'; '.join(sentence['en'] for sentence in one.notes)}")
    if len(odd) > MOST_ODD:
        click.echo(f"  {len(odd) - MOST_ODD} more calls of the first day that something is to be said of: calls.csv")


def _measures(done: Trials) -> str:
    lines = ["way,measure,seed,value"]
    for name, values in done.measures.items():
        for key, column in values.items():
            lines += [f"{name},{key},{seed},{value:.6g}" for seed, value in zip(done.seeds, column, strict=True)]
    return "\n".join(lines) + "\n"
