"""`twin emergency coverage`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.emergency_options import service_of, service_options, signs_of, tell_notes
from twin.origin import keep_origin

if TYPE_CHECKING:
    from scenarios.emergency.coverage import Coverage
    from scenarios.emergency.service import Service


@click.command("coverage")
@click.argument("city", type=click.Path(path_type=Path))
@service_options
@click.option("--after", type=click.IntRange(1, 1440), default=120, show_default=True, help="Minutes: the second map.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for coverage.html and .csv.")
def coverage(city: Path, after: int, out: Path, **given: Any) -> None:
    """Say how soon a unit of CITY is at any road, now and later, dry or by the forecast of a flood.

    OUT gets coverage.html (maps and shares; English and Chinese) and coverage.csv (seconds for every road edge).

    \b
    twin emergency coverage cities/monaco --flood out/flood --after 60 --out out/coverage
    """  # noqa: D301
    from networks import City, landing_folder
    from scenarios.emergency.coverage import LIMITS_MIN, coverage_at

    service = service_of(City.open(city), given)
    found = [coverage_at(service, moment) for moment in (0.0, after * 60.0)]
    told = [f"within {m} min" for m in LIMITS_MIN]
    click.echo(f"{'':12s}" + "".join(f"{one:>15s}" for one in [*told, "cut off"]))
    for name, one in zip(("now", f"in {after} min"), found, strict=True):
        click.echo(f"{name:12s}" + "".join(f"{100 * share:13.1f} %" for share in (*one.within, one.cut_off)))
        for hospital in one.hospitals:
            click.echo(f"  cut off: hospital {hospital}")
        if one.shut.any():
            click.echo(f"  {int(one.shut.sum())} road edges under water")
    tell_notes(service)
    with landing_folder(out) as beside:
        (beside / "coverage.html").write_text(_page(service, found, after), encoding="utf-8")
        (beside / "coverage.csv").write_text(_table(service, found), encoding="utf-8")
        keep_origin(beside)
    click.echo(f"wrote {out / 'coverage.html'}")


def _page(service: Service, found: list[Coverage], after: int) -> str:
    from scenarios.emergency.coverage import LIMITS_MIN
    from viz.emergency.page import Cell, ShownTable, TimeLayer, named, service_page

    names, signs = [named("now"), named("later", minutes=after)], signs_of(service)
    layers = [TimeLayer(name, one.response_s, one.shut, signs) for name, one in zip(names, found, strict=True)]
    head = [named("when"), *(named("within_min", minutes=m) for m in LIMITS_MIN), named("cut_share")]
    rows = [
        [Cell(name), *(Cell(f"{100 * share:.1f} %") for share in (*one.within, one.cut_off))]
        for name, one in zip(names, found, strict=True)
    ]
    return service_page(
        service.city,
        kind=named("kind_coverage"),
        lead=named("lead", units=len(service.units), kind=service.roads.vehicle.name, stations=len(found[0].stations)),
        layers=layers,
        tables=[ShownTable(named("within"), head, rows)],
        notes=service.notes(),
    )


def _table(service: Service, found: list[Coverage]) -> str:
    ids, lines = service.roads.graph.edge_ids, ["edge_id,now_s,later_s,now_shut,later_shut"]
    now, later = found
    for i, edge in enumerate(ids):
        times = ",".join(f"{one.response_s[i]:.1f}" for one in found)
        lines.append(f"{edge},{times},{int(now.shut[i])},{int(later.shut[i])}")
    return "\n".join(lines) + "\n"
