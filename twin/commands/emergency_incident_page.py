"""An incident's orders as lines on a terminal, as a table, and as a page: what was ordered and what became of it."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.emergency.incidents import Order
    from scenarios.emergency.kept_incident import KeptIncident
    from viz.emergency.page import Cell, ShownTable

COLUMNS = (
    "task", "unit", "class", "station", "due_s", "begins_s", "deadline_s", "late_s", "depot", "short_m", "state",
    "since_s", "streets",
)  # fmt: skip


def told_orders(kept: KeptIncident, now_s: float) -> list[str]:
    """Lines: every order with its state, then what has to be said."""
    from scenarios.emergency.moment import Moment

    begin_s, lines = kept.board.begin_s, list[str]()
    clock = kept.about["on_clock"]
    moment = Moment(begin_s, datetime.fromisoformat(clock) if clock else None)
    for one in kept.board.orders:
        way = kept.ways[one.task.name, one.unit.unit_id]
        via = f" with material from {way['depot']}" if way["depot"] else ""
        ends = "waits {:.0f} m away" if one.task.away_m else "ends {:.0f} m short"
        short = f", {ends.format(way['short_m'])}" if way["short_m"] else ""
        late = f", {one.late_s / 60:.1f} min late" if one.late_s else ""
        there = f"there at {moment.later(one.due_s - begin_s)}{late}{short}" if one.live else "withdrawn"
        lines.append(f"{one.task.name:10s} {one.unit.unit_id} ({one.unit.kind}){via}: {there} [{_state(one)}]")
    return [*lines, *(f"  {one['en']}" for one in kept.board.told(now_s))]


def write_pages(folder: Path, kept: KeptIncident, now_s: float) -> None:
    """`incident.html` and `orders.csv`, each as a whole."""
    from networks.landing import landing_file

    with landing_file(folder / "orders.csv") as beside, beside.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, COLUMNS)
        table.writeheader()
        table.writerows(_row(kept, one) for one in kept.board.orders)
    with landing_file(folder / "incident.html") as beside:
        beside.write_text(_page(kept, now_s), encoding="utf-8")


def _state(order: Order) -> str:
    if order.silent:
        return "not acknowledged"
    return order.state.replace("_", " ")


def _row(kept: KeptIncident, one: Order) -> dict[str, Any]:
    way = kept.ways[one.task.name, one.unit.unit_id]
    return {
        "task": one.task.name, "unit": one.unit.unit_id, "class": one.unit.kind, "station": one.unit.facility_name,
        "due_s": f"{one.due_s:.0f}", "begins_s": f"{one.begins_s:.0f}", "deadline_s": f"{one.deadline_s:.0f}",
        "late_s": f"{one.late_s:.0f}", "depot": way["depot"], "short_m": f"{way['short_m']:.0f}",
        "state": _state(one), "since_s": f"{one.since_s:.0f}", "streets": way["streets"],
    }  # fmt: skip


def _page(kept: KeptIncident, now_s: float) -> str:
    from markupsafe import Markup

    from viz.emergency.page import Cell, ShownTable, clock, named, tables_page
    from viz.text import spans

    head = ("task", "unit", "state", "there_after", "begins_after", "depot", "from", "way_there")
    rows = [_cells(kept, one) for one in kept.board.orders]
    tables = [ShownTable(named("orders"), [named(key) for key in head], rows, named("orders_note"), sentences=True)]
    told = kept.board.told(now_s)
    if told:
        cells = [[Cell(spans(one))] for one in told]
        tables.append(ShownTable(named("open_points"), [Markup("")], cells, sentences=True))
    if kept.log:
        tables.append(_log(kept))
    lead = named(f"kind_{kept.about['kind']}") + f" · {kept.about['place']} · "
    return tables_page(
        kept.about["city"], kind=named("kind_incident"),
        lead=lead + named("as_of", after=clock(now_s - kept.board.begin_s)), tables=tables, notes=kept.about["notes"],
    )  # fmt: skip


def _cells(kept: KeptIncident, one: Order) -> list[Cell]:
    from viz.emergency.page import Cell, clock, named
    from viz.text import spans

    begin, way = kept.board.begin_s, kept.ways[one.task.name, one.unit.unit_id]
    state = named("state_silent" if one.silent else f"state_{one.state}")
    since = "" if one.state == "ordered" else clock(one.since_s - begin)
    return [
        Cell(spans(one.task.named)),
        Cell(one.unit.unit_id),
        Cell(state, (since,) if since else (), "worse" if one.silent else ""),
        Cell(clock(one.due_s - begin) if one.live else "–", (f"≤ {clock(one.deadline_s - begin)}",),
             "" if not one.live else "worse" if one.late_s else "better"),
        Cell(clock(one.begins_s - begin) if one.live else "–"),
        Cell(way["depot"] or "–"),
        Cell(one.unit.facility_name),
        Cell(way["streets"]),
    ]  # fmt: skip


def _log(kept: KeptIncident) -> ShownTable:
    """Who reported what, the latest first."""
    from viz.emergency.page import Cell, ShownTable, clock, named

    rows = [
        [
            Cell(clock(one.now_s - kept.board.begin_s)),
            Cell(one.unit_id),
            Cell(named(f"state_{one.state}")),
            Cell(one.who),
            Cell(one.why or "–", (one.refused,) if one.refused else (), "worse" if one.refused else ""),
        ]
        for one in reversed(kept.log)
    ]
    head = [named(key) for key in ("after", "unit", "state", "by", "said")]
    return ShownTable(named("reports"), head, rows, sentences=True)
