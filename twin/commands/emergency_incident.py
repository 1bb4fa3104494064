"""`twin emergency incident`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_option import desk_option, propose
from twin.commands.emergency_incident_page import told_orders, write_pages
from twin.commands.emergency_options import FIRST_MONDAY

if TYPE_CHECKING:
    from networks.sentence import Sentence
    from scenarios.emergency.incident import Incident
    from scenarios.emergency.moment import Moment


@click.command("incident")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("kind")
@click.argument("place")
@click.option("--resources", type=click.Path(path_type=Path), help="resources.yaml; the map's by default.")
@click.option(
    "--committed",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Folders of incidents and of twin flood place that have material.",
)
@click.option("--flood", type=click.Path(path_type=Path, exists=True), help="A folder of twin flood run.")
@click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Shut in so many members.")
@click.option("--at", "at", help="Orders are given: +MIN after the storm's begin, HH:MM or an ISO time.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for incident.html, orders.csv.")
@desk_option
def incident(
    city: Path,
    kind: str,
    place: str,
    resources: Path | None,
    committed: tuple[Path, ...],
    flood: Path | None,
    alarm: float,
    at: str | None,
    out: Path,
    desk: str | None,
) -> None:
    """Order units of several agencies to an incident in CITY: least late over all tasks, on ways that stay open.

    KIND is flooded_underpass, fire, crowd_accident or hazmat_release; PLACE is longitude,latitude, a name on the map,
    or a road edge. A unit that cannot get to the place itself goes to the edge of the water. `twin emergency orders`
    then follows who has acknowledged, is there, and is done.

    \b
    twin emergency incident cities/my-town fire "City Hall" --resources resources.yaml --out out/fire
    """  # noqa: D301
    from datetime import datetime

    from models.emergency.resources import read_resources, resources_on_map, stock_left
    from models.routing import vehicle
    from networks import City, landing_folder
    from scenarios.emergency.committed import read_committed
    from scenarios.emergency.ends import find_end
    from scenarios.emergency.incident import out_of_stock, plan_incident
    from scenarios.emergency.incident_advice import incident_advice
    from scenarios.emergency.kept_incident import KeptIncident, keep_incident
    from scenarios.emergency.moment import read_moment
    from scenarios.emergency.water import water_ahead

    _refuse_followed(out)
    here = City.open(city)
    began = water_ahead(flood, here, vehicle("car")).begin if flood else None
    moment = read_moment(at, began or datetime.fromisoformat(FIRST_MONDAY))
    begin = began or datetime.fromisoformat(FIRST_MONDAY)
    given = read_resources(resources, here) if resources else resources_on_map(here)
    given = stock_left(given, read_committed(committed))
    end = find_end(here, place)
    found = plan_incident(here, given, kind, end, begin=begin, at_s=moment.depart_s, flood=flood, alarm=alarm)
    short = out_of_stock(given, found.board.tasks)
    for note in [*given.notes, *short] if committed else short:
        click.echo(note["en"])
    with landing_folder(out) as beside:
        keep_incident(beside, found, _streets(found), _told(found, moment, short))
        kept = KeptIncident(beside)
        click.echo("\n".join(told_orders(kept, kept.now_s(0.0))))
        write_pages(beside, kept, kept.now_s(0.0))
    if desk:
        propose(
            desk,
            incident_advice(found, rests_on=kept.about["notes"], evidence=[str(one) for one in (out, flood) if one]),
        )
    click.echo(f"wrote {out / 'incident.html'}; reports go there: twin emergency orders {out} ack UNIT --who NAME")


def _streets(found: Incident) -> dict[tuple[str, str], str]:
    from scenarios.flooding.streets import Streets

    streets = Streets(next(iter(found.services.values())).city)
    return {key: ", ".join(streets.along(way.edges)) for key, way in found.approaches.items()}


def _told(found: Incident, moment: Moment, short: list[Sentence]) -> dict[str, Any]:
    """What the page says besides the orders."""
    from networks.sentence import say

    service, tasks = next(iter(found.services.values())), found.board.tasks
    guessed = sum("guess" in task.source for task in tasks)
    note = say(
        f"tasks and deadlines: {guessed} of {len(tasks)} rest on guesses; the city's own plan goes first",
        f"任务与时限：{len(tasks)}项中{guessed}项为估计；以本市预案为准",
    )
    clock = moment.on_clock.isoformat() if moment.on_clock else None
    return {"city": service.city.name, "on_clock": clock, "notes": [*short, *service.notes(calls=False), note]}


def _refuse_followed(out: Path) -> None:
    """An incident about which something was reported is not written over.

    Raises:
        Refused: There is one.
    """
    from networks.errors import Refused

    if (out / "log.jsonl").exists():
        what = "units have reported here already: these orders are followed"
        raise Refused(what, file=out, remedy="another folder for a new incident; twin emergency orders shows this one")
