"""`twin crowd spot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.crowd.hotspot import MapSpot
    from models.crowd.hotspot.moment import Moment
    from models.crowd.hotspot.outlook import Outlook
    from networks import City
    from viz.crowd.spot_page import DoorLine


@click.command("spot")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("place")
@click.option("--people", type=click.IntRange(1, 20000), default=600, show_default=True, help="How many walk.")
@click.option(
    "--minutes", type=click.FloatRange(0.5, 120), default=10.0, show_default=True, help="They set out within."
)
@click.option("--evacuate", is_flag=True, help="They stand on the place and leave it, instead of crossing it.")
@click.option("--shut", multiple=True, help="With --evacuate: a door that is shut, e.g. 'door 2'. Repeatable.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the draws.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for spot.html and density.csv.")
def spot(
    city: Path, place: str, people: int, minutes: float, evacuate: bool, shut: tuple[str, ...], seed: int, out: Path
) -> None:
    """Walk a square, a bridge or a drawn polygon person by person: density, crush index, alarms and their lead time.

    PLACE is a name or a number on the map (w4227155), or a file with one polygon (.geojson). People come along the
    streets of the city model, which fills up where the place is full. Demand is synthetic: drawn by the doors' widths.

    \b
    twin crowd spot cities/monaco "Place d'Armes" --people 1500 --minutes 5 --out out/spot
    twin crowd spot cities/monaco "Place d'Armes" --people 2000 --evacuate --shut "door 2" --out out/leave
    """  # noqa: D301
    from models.crowd.hotspot import hot_spot_of
    from networks import BadInput, City

    if shut and not evacuate:
        raise BadInput("doors are shut with --evacuate only", place="--shut", remedy="give --evacuate too")
    opened = City.open(city)
    found = hot_spot_of(opened, place)
    for note in found.notes:
        click.echo(f"note: {note['en']}")
    if evacuate:
        _evacuate(found, people, shut, seed, out)
    else:
        _cross(opened, found, people, 60 * minutes, seed, out)


def _evacuate(found: MapSpot, people: int, shut: tuple[str, ...], seed: int, out: Path) -> None:
    from models.crowd.hotspot.leaving import leave
    from models.crowd.hotspot.outlook import outlook
    from viz.crowd.spot_page import DoorLine

    left = leave(found, people, shut=shut, seed=seed)
    doors = [
        DoorLine(one.door.name, one.door.width_m, 0, int(count), 0)
        for one, count in zip(found.doors, left.by_door.tolist(), strict=True)
    ]
    last = float(left.left_s[-1]) if len(left.left_s) and not left.still_there else None
    judged = outlook(left.ground.tracks(), found.area)
    _tell(found, judged, doors, people, last, left.still_there, out)


def _cross(city: City, found: MapSpot, people: int, over_s: float, seed: int, out: Path) -> None:
    import numpy as np

    from models.crowd.hotspot.crossers import draw_crossers
    from models.crowd.hotspot.crossing import SpotCrossing
    from models.crowd.hotspot.in_city import TELL_EVERY_S
    from models.crowd.hotspot.moment import ARRIVED
    from models.crowd.hotspot.outlook import outlook
    from viz.crowd.spot_page import DoorLine

    graph = city.walk_graph()
    both = SpotCrossing(graph, found, draw_crossers(graph, found, people, over_s, seed=seed), seed=seed)
    jam = both.run(2 * over_s + 1800, _progress)
    if jam is not None:
        click.echo(
            f"stopped, jammed since {jam.since_s:.0f} s: {jam.inside} people block each other on the place "
            f"({jam.density_pm2:.1f} persons/m2), {jam.in_doorways} in doorways, {jam.outside} have not come to it"
        )
    elif both.moments[-1].people[ARRIVED] < people:
        on_way = people - both.moments[-1].people[ARRIVED]
        click.echo(f"stopped at {both.moments[-1].time_s:.0f} s with {on_way} people still on their way")
    flows = [
        np.sum([getattr(one, key) for one in both.moments], axis=0) * TELL_EVERY_S
        for key in ("inflow_ps", "outflow_ps")
    ]
    waited = np.max([one.waiting for one in both.moments], axis=0)
    doors = [
        DoorLine(one.door.name, one.door.width_m, round(came), round(left), int(most))
        for one, came, left, most in zip(found.doors, *flows, waited, strict=True)
    ]
    left_s = [person.left_s for person in both.ground.people.values()]
    still = both.ground.still_there()
    judged = outlook(both.ground.tracks(), found.area)
    _tell(found, judged, doors, people, None if still else float(np.max(left_s)), still, out)


def _progress(moment: Moment) -> None:
    """A line now and then: such runs take minutes."""
    coming, door, inside, going, arrived = moment.people
    on_way = f"{coming + going} on the streets, {door} in doorways, {inside} on the place, {arrived} there"
    click.echo(f"{moment.time_s / 60:.0f} min: {on_way}", err=True)


def _tell(
    found: MapSpot, judged: Outlook, doors: list[DoorLine], people: int, last_s: float | None, still: int, out: Path
) -> None:
    """Print the figures, and write the page and the densities."""
    from networks import landing_folder
    from viz.crowd.spot_page import spot_page

    click.echo(f"{found.name}: {found.area.area:,.0f} m2 free, {len(found.doors)} doors, {people} people")
    click.echo(
        f"most {judged.peak_pm2.max():.1f} persons/m2 on 10 m2 over 10 s, {int(judged.inside.max())} people at once"
    )
    click.echo(f"{judged.red_person_min:,.1f} person-minutes at 3.5 persons/m2 and more")
    bands = {name: judged.crush.count(name) for name in ("watch", "turbulent")}
    click.echo(f"crush index: {bands['watch']} patches to watch, {bands['turbulent']} turbulent of {len(judged.crush)}")
    leads = [one.lead_s for one in judged.alarms if one.lead_s is not None]
    lead = f", least lead {min(leads):.0f} s" if leads else ""
    click.echo(f"{len(judged.alarms)} alarms, {len(leads)} before 5 persons/m2{lead}")
    click.echo(f"{still} still there" if still or last_s is None else f"last one out after {last_s:.0f} s")
    page = spot_page(found, judged, doors, people=people, last_s=last_s, still_there=still)
    with landing_folder(out) as folder:
        (folder / "spot.html").write_text(page, encoding="utf-8")
        rows = zip(judged.seen.time_s, judged.inside, judged.seen.density_pm2.max(axis=1), strict=True)
        lines = [f"{time:g},{inside},{dense:.3f}" for time, inside, dense in rows]
        (folder / "density.csv").write_text("\n".join(["time_s,people,densest_pm2", *lines]) + "\n", encoding="utf-8")
    click.echo(f"wrote {out / 'spot.html'}")
