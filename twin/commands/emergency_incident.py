"""`twin emergency incident`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.emergency_options import FIRST_MONDAY

if TYPE_CHECKING:
    from scenarios.emergency.incident import Incident

COLUMNS = (
    "task", "unit", "class", "station", "due_s", "begins_s", "deadline_s", "late_s", "depot", "short_m", "streets",
)  # fmt: skip


@click.command("incident")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("kind")
@click.argument("place")
@click.option("--resources", type=click.Path(path_type=Path), help="resources.yaml; the map's by default.")
@click.option("--flood", type=click.Path(path_type=Path, exists=True), help="A folder of twin flood run.")
@click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Shut in so many members.")
@click.option("--at", "at", help="Orders are given: +MIN after the storm's begin, HH:MM or an ISO time.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for incident.html, orders.csv.")
def incident(
    city: Path,
    kind: str,
    place: str,
    resources: Path | None,
    flood: Path | None,
    alarm: float,
    at: str | None,
    out: Path,
) -> None:
    """Order units of several agencies to an incident in CITY: least late over all tasks, on ways that stay open.

    KIND is flooded_underpass, fire, crowd_accident or hazmat_release; PLACE is longitude,latitude, a name on the map,
    or a road edge. A unit that cannot get to the place itself goes to the edge of the water.

    \b
    twin emergency incident cities/my-town fire "City Hall" --resources resources.yaml --out out/fire
    """  # noqa: D301
    from datetime import datetime

    from models.emergency.resources import read_resources, resources_on_map
    from models.routing import vehicle
    from networks import City, landing_folder
    from scenarios.emergency.ends import find_end
    from scenarios.emergency.incident import plan_incident
    from scenarios.emergency.moment import read_moment
    from scenarios.emergency.water import water_ahead

    here = City.open(city)
    began = water_ahead(flood, here, vehicle("car")).begin if flood else None
    moment = read_moment(at, began or datetime.fromisoformat(FIRST_MONDAY))
    begin = began or datetime.fromisoformat(FIRST_MONDAY)
    given = read_resources(resources, here) if resources else resources_on_map(here)
    end = find_end(here, place)
    found = plan_incident(here, given, kind, end, begin=begin, at_s=moment.depart_s, flood=flood, alarm=alarm)
    rows = _rows(found)
    for row in rows:
        late = f", {float(row['late_s']) / 60:.1f} min late" if float(row["late_s"]) else ""
        via = f" with material from {row['depot']}" if row["depot"] else ""
        short = f", ends {row['short_m']} m short" if float(row["short_m"]) else ""
        there = moment.later(float(row["due_s"]) - moment.depart_s)
        click.echo(f"{row['task']:10s} {row['unit']} ({row['class']}){via}: there at {there}{late}{short}")
    for sentence in found.board.told():
        click.echo(f"  {sentence['en']}")
    with landing_folder(out) as beside:
        (beside / "incident.html").write_text(_page(found, rows), encoding="utf-8")
        with (beside / "orders.csv").open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, COLUMNS)
            table.writeheader()
            table.writerows(rows)
    click.echo(f"wrote {out / 'incident.html'}")


def _rows(found: Incident) -> list[dict[str, Any]]:
    from scenarios.flooding.streets import Streets

    rows, streets = [], Streets(next(iter(found.services.values())).city)
    for order in found.board.orders:
        way = found.approach(order)
        rows.append(
            {
                "task": order.task.name, "unit": order.unit.unit_id, "class": order.unit.kind,
                "station": order.unit.facility_name, "due_s": f"{order.due_s:.0f}",
                "begins_s": f"{order.begins_s:.0f}", "deadline_s": f"{order.deadline_s:.0f}",
                "late_s": f"{order.late_s:.0f}", "depot": way.depot, "short_m": f"{way.short_m:.0f}",
                "streets": ", ".join(streets.along(way.edges)),
            }
        )  # fmt: skip
    return rows


def _page(found: Incident, rows: list[dict[str, Any]]) -> str:
    from markupsafe import Markup

    from networks.sentence import say
    from viz.emergency.page import Cell, ShownTable, clock, named, service_page
    from viz.text import spans

    begin = found.board.begin_s
    named_tasks = {order.task.name: order.task.named for order in found.board.orders}
    table = [
        [
            Cell(spans(named_tasks[row["task"]])),
            Cell(row["unit"]),
            Cell(clock(float(row["due_s"]) - begin), (f"≤ {clock(float(row['deadline_s']) - begin)}",),
                 "worse" if float(row["late_s"]) else "better"),
            Cell(clock(float(row["begins_s"]) - begin)),
            Cell(row["depot"] or "–"),
            Cell(row["station"]),
            Cell(row["streets"]),
        ]
        for row in rows
    ]  # fmt: skip
    head = [named(key) for key in ("task", "unit", "there_after", "begins_after", "depot", "from", "way_there")]
    tables = [ShownTable(named("orders"), head, table, named("orders_note"), sentences=True)]
    told = found.board.told()
    if told:
        tables.append(
            ShownTable(named("open_points"), [Markup("")], [[Cell(spans(one))] for one in told], sentences=True)
        )
    service = next(iter(found.services.values()))
    tasks = {order.task.name: order.task for order in found.board.orders}.values()
    guessed = sum("guess" in task.source for task in tasks)
    notes = [
        *service.notes(calls=False),
        say(
            f"tasks and deadlines: {guessed} of {len(tasks)} rest on guesses; the city's own plan goes first",
            f"任务与时限：{len(tasks)}项中{guessed}项为估计；以本市预案为准",
        ),
    ]
    return service_page(
        service.city, kind=named("kind_incident"), lead=named(f"kind_{found.kind}") + " · " + found.place.told,
        layers=(), tables=tables, notes=notes,
    )  # fmt: skip
