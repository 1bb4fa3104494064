"""The page of an evacuation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from markupsafe import Markup

    from scenarios.emergency.evacuation_plan import Planned
    from viz.emergency.page import ShownTable


def evacuation_page(planned: Planned) -> str:
    """Map, what is to be said, who is left when, gatherings, shelters, trips."""
    from viz.emergency.page import named, tables_page
    from viz.emergency.way_map import way_map

    found, service = planned.found, planned.service
    ground = found.ground
    signs = [("gather", str(at + 1), one.x, one.y) for at, one in enumerate(ground.gatherings)]
    signs += [("shelter", f"S{at + 1}", x, y) for at, (_, x, y, _) in enumerate(ground.shelters)]
    signs += [("yard", "B", x, y) for _, x, y, _ in ground.depots]
    map_ = way_map(
        service.city, area=ground.area.shape, shut=np.isfinite(service.shut_s), rides=planned.ridden(),
        walks=planned.walk_lines(), signs=signs,
    )  # fmt: skip
    tables = [_said(planned), _steps(planned), _places(planned), _shelters(planned)]
    tables += [_trips(planned)] if found.shuttled.trips else []
    lead = named("evacuate_lead", area=ground.area.told, people=found.people, at=planned.clock(found.wish.at_s))
    return tables_page(
        service.city.name, kind=named("kind_evacuation"), lead=lead, tables=tables, notes=planned.notes(), map_=map_
    )


def _said(planned: Planned) -> ShownTable:
    from markupsafe import Markup

    from viz.emergency.page import Cell, ShownTable, named
    from viz.text import spans

    rows = [[Cell(spans(one))] for one in planned.told()]
    return ShownTable(named("in_short"), [Markup("")], rows, sentences=True)


def _steps(planned: Planned) -> ShownTable:
    from viz.emergency.page import Cell, ShownTable, clock, named

    rows = [
        [Cell(clock(60.0 * minutes), (planned.clock(planned.found.wish.at_s + 60.0 * minutes),)),
         *(Cell(str(number)) for number in numbers)]
        for minutes, *numbers in planned.steps()
    ]  # fmt: skip
    return ShownTable(named("left_when"), _head("after", "still_there", "on_way", "safe"), rows)


def _places(planned: Planned) -> ShownTable:
    from viz.emergency.page import Cell, ShownTable, named

    rows = []
    for row in planned.place_rows():
        last = planned.clock(float(row["last_way_s"])) if row["last_way_s"] else "–"
        left = Cell(str(row["left"]), ("!",) if row["left"] else (), "worse")
        rows.append(
            [Cell(str(row[name])) for name in ("gathering", "people", "on_foot", "by_bus")] + [left, Cell(last)]
        )
    head = _head("gather", "people", "on_foot", "by_bus", "left", "last_way")
    return ShownTable(named("gatherings"), head, rows, named("gatherings_note"))


def _shelters(planned: Planned) -> ShownTable:
    from viz.emergency.page import Cell, ShownTable, named

    rows = [
        [Cell(f"S{at + 1} {name}"), Cell(str(planned.found.in_shelter(at))), Cell(str(places))]
        for at, (name, _, _, places) in enumerate(planned.found.ground.shelters)
    ]
    return ShownTable(named("shelters"), _head("shelter", "people", "places"), rows)


def _trips(planned: Planned) -> ShownTable:
    from viz.emergency.page import Cell, ShownTable, named

    rows = [
        [
            Cell(row["bus"]),
            Cell(str(row["gathering"])),
            Cell(str(row["people"])),
            Cell(planned.clock(float(row["leaves_s"]))),
            Cell(planned.clock(float(row["there_s"]))),
            Cell(row["shelter"]),
            Cell(row["streets"]),
        ]
        for row in planned.trip_rows()
    ]
    head = _head("bus", "gather", "people", "leaves", "there_at", "shelter", "way_there")
    return ShownTable(named("trips"), head, rows, sentences=True)


def _head(*keys: str) -> list[Markup]:
    from viz.emergency.page import named

    return [named(key) for key in keys]
