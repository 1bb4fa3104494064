"""`twin emergency site`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.emergency_options import service_of, service_options, signs_of, tell_notes
from twin.origin import keep_origin

if TYPE_CHECKING:
    from scenarios.emergency.service import Service
    from scenarios.emergency.sites import Proposal


@click.command("site")
@click.argument("city", type=click.Path(path_type=Path))
@service_options
@click.option("--stations", type=click.IntRange(1, 500), required=True, help="In all; with --by expected: units.")
@click.option("--by", type=click.Choice(["cover", "expected", "median"]), default="cover", show_default=True,
              help="Most calls in time, the same with busy units, or least mean time.")  # fmt: skip
@click.option("--within", type=click.FloatRange(1, 60), default=8.0, show_default=True, help="Minutes: in time.")
@click.option("--keep/--move", default=True, show_default=True, help="Today's stations stay, or may go.")
@click.option("--busy", type=click.FloatRange(0, 0.99), default=0.3, show_default=True, help="Share, for expected.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for site.html and site.csv.")
def site(city: Path, stations: int, by: Any, within: float, keep: bool, busy: float, out: Path, **given: Any) -> None:
    """Say where stations of CITY should stand, as the best of all choices; with --flood half of it counts in the water.

    OUT gets site.html (maps of today and of the proposal; English and Chinese) and site.csv.

    \b
    twin emergency site cities/monaco --stations 4 --within 8 --out out/site
    """  # noqa: D301
    from networks import City, landing_folder
    from scenarios.emergency.sites import propose

    service = service_of(City.open(city), given)
    found = propose(service, stations, aim=by, within_s=60.0 * within, keep=keep, busy=busy)
    units = (" s", 1.0) if by == "median" else (" %", 100.0)
    told = {"cover": f"share within {within:g} min", "expected": f"expected share within {within:g} min"}
    values = (f"{size * units[1]:.1f}{units[0]}" for size in (found.today, found.value, found.bound))
    click.echo("{}: today {}, proposed {} (no choice is better than {})".format(told.get(by, "mean response"), *values))
    ids = service.roads.graph.edge_ids
    click.echo(f"{len(found.kept)} stations kept, {len(found.new)} new: {', '.join(ids[edge] for edge in found.new)}")
    tell_notes(service)
    with landing_folder(out) as beside:
        (beside / "site.html").write_text(_page(service, found, by, within), encoding="utf-8")
        (beside / "site.csv").write_text(_table(service, found), encoding="utf-8")
        keep_origin(beside)
    click.echo(f"wrote {out / 'site.html'}")


def _page(service: Service, found: Proposal, by: str, within: float) -> str:
    from scenarios.emergency.coverage import LIMITS_MIN, coverage_at
    from viz.emergency.page import Cell, ShownTable, TimeLayer, clock, named, service_page

    today, then = coverage_at(service, 0.0), coverage_at(service, 0.0, units=found.units)
    signs = signs_of(service, new=found.new, keep=False)
    kept = [one for one in signs_of(service) if one[0] == "station"]
    kept = [one for one, edge in zip(kept, _edges(service), strict=True) if edge in found.kept]
    layers = [
        TimeLayer(named("today"), today.response_s, today.shut, signs_of(service)),
        TimeLayer(named("proposed"), then.response_s, then.shut, [*kept, *signs]),
    ]
    shown = [f"{100 * v:.1f} %" if by != "median" else clock(v) for v in (found.today, found.value, found.bound)]
    aim = named(f"aim_{by}", minutes=f"{within:g}") if by != "median" else named("aim_median")
    head = [
        named("who"),
        aim,
        named("bound"),
        *(named("within_min", minutes=m) for m in LIMITS_MIN),
        named("cut_share"),
    ]
    rows = [
        [Cell(layer.label), Cell(value), Cell(bound)]
        + [Cell(f"{100 * share:.1f} %") for share in (*one.within, one.cut_off)]
        for layer, one, value, bound in zip(layers, (today, then), shown, ("", shown[2]), strict=False)
    ]
    note = named("site_note", kept=len(found.kept), new=len(found.new))
    lead = named("lead", units=len(service.units), kind=service.roads.vehicle.name, stations=len(today.stations))
    return service_page(
        service.city, kind=named("kind_site"), lead=lead, layers=layers,
        tables=[ShownTable(named("within"), head, rows, note)], notes=service.notes(),
    )  # fmt: skip


def _edges(service: Service) -> list[int]:
    used = {unit.station_id for unit in service.units}
    return [
        service.index[one.edge_id] for one in service.resources.stations if one.site_id in used and not one.mutual_aid
    ]


def _table(service: Service, found: Proposal) -> str:
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(service.city.crs, "EPSG:4326", always_xy=True)
    xy, ids, lines = service.roads.router.turns.xy, service.roads.graph.edge_ids, ["edge_id,status,lon,lat"]
    for status, edges in (("kept", found.kept), ("new", found.new)):
        for edge in edges:
            lon, lat = to_degrees.transform(float(xy[edge][0]), float(xy[edge][1]))
            lines.append(f"{ids[edge]},{status},{lon:.6f},{lat:.6f}")
    return "\n".join(lines) + "\n"
