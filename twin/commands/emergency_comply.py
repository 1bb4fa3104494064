"""`twin emergency comply`."""

from __future__ import annotations

from pathlib import Path

import click

BROKEN = 6
"""Exit status with --strict."""


@click.command("comply")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("track", type=click.Path(path_type=Path))
@click.option("--class", "class_", default="tanker", show_default=True, help="Who drove, see the reference.")
@click.option("--restrictions", type=click.Path(path_type=Path, exists=True), help="CSV: who may not use which road.")
@click.option("--strict", is_flag=True, help="Exit with 6 where a rule was broken.")
def comply(city: Path, track: Path, class_: str, restrictions: Path | None, strict: bool) -> int | None:
    """Hold the TRACK (CSV: time, lon, lat) of a vehicle in CITY against what binds it: which road, which rule, when.

    Rules are those of the map (height, width, weight, hazardous goods, lorries, one-way roads, forbidden turns) and of
    --restrictions. The roads driven are the likeliest; one against the rules must be likelier by far.

    \b
    twin emergency comply cities/my-town track.csv --class tanker
    """  # noqa: D301
    from models.routing import read_restrictions, vehicle
    from networks import City
    from scenarios.emergency.compliance import breaches, moves
    from scenarios.emergency.map_bans import map_bans
    from scenarios.emergency.matching import match_track
    from scenarios.emergency.track import read_track
    from scenarios.flooding.streets import Streets

    here, who = City.open(city), vehicle(class_)
    bans = map_bans(here, read_restrictions(restrictions) if restrictions else ())
    points = read_track(track, here)
    driven, ids, streets = match_track(here, points, who.vclass), here.road_graph(who.vclass).edge_ids, Streets(here)
    on = len(points.moments) - len(driven.off)
    click.echo(
        f"{on} of {len(points.moments)} positions on {len(driven.edges)} road edges, {driven.length_m / 1000:.2f} km"
    )
    if driven.off:
        click.echo(f"on no road that {who.name} may use: positions {', '.join(str(n + 1) for n in driven.off[:20])}")
    against, unknown = moves(driven, here, who)
    found = sorted([*breaches(driven, ids, who, bans), *against], key=lambda one: one.at)
    for one in found:
        street = streets.through([one.edge_id]) or "a street without a name"
        click.echo(f"{one.at:%H:%M:%S} {street} (edge {one.edge_id}): {one.told(who)}; {one.rule.source}")
    for at, edge in unknown:
        street = streets.through([edge]) or "a street without a name"
        click.echo(f"{at:%H:%M:%S} {street} (edge {edge}): the network has no such move, no rule of the map forbids it")
    click.echo(f"{len(found)} times broken; {len(bans)} rules for roads are known")
    return BROKEN if strict and found else None
