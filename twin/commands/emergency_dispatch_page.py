"""The page of `twin emergency dispatch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networks.sentence import Sentence
    from scenarios.emergency.service import Service
    from scenarios.emergency.trials import Trials

Note = tuple[str, dict[str, Any]]
"""What the calls were: an entry of the catalogue and what it is filled with."""

WIDE = 8
"""More measures than these are shown in two tables."""


def shown(done: Trials) -> list[str]:
    """Measures of the table."""
    told = done.measures["nearest"]
    kinds = [key for key in told if key.endswith("_median_s")]
    several = [key for key in ("all_there_s", "incomplete") if key in told]
    keys = [
        *(kinds or ["median_s", "p90_s"]),
        *several,
        "in_time",
        *(f"within_{aim.name}" for aim in done.aims),
        "unanswered",
    ]
    if any(done.mean(way, "turned_round") > 0.0 for way in done.measures):
        keys.append("turned_round")
    return [*keys, "utilisation"]


def notes_of(services: list[Service]) -> list[Sentence]:
    """What all of them rest on, each sentence once."""
    found: list[Sentence] = []
    for one in services:
        found += [note for note in one.notes() if note not in found]
    return found


def dispatch_page(services: list[Service], done: Trials, note: Note, rests: list[Sentence]) -> str:
    """dispatch.html."""
    from viz.emergency.page import named, service_page

    service, keys = services[0], shown(done)
    below = named(note[0], **note[1]) + " " + named("ways_note")
    units = [unit for one in services for unit in one.units]
    stations, classes = len({unit.station_id for unit in units}), ", ".join(one.roads.vehicle.name for one in services)
    lead = named("lead", units=len(units), kind=classes, stations=stations)
    parts = [keys]
    if len(keys) > WIDE:
        times = [key for key in keys if key.endswith("_s") or key in ("incomplete", "in_time")]
        parts = [times, [key for key in keys if key not in times]]
    tables = [_ways(done, part, below if part is parts[-1] else None) for part in parts]
    tables += _open_calls(service, done)
    return service_page(service.city, kind=named("kind_dispatch"), lead=lead, layers=(), tables=tables, notes=rests)


def _ways(done: Trials, keys: list[str], below: Any) -> Any:
    from viz.emergency.page import Cell, ShownTable, named

    limits = {f"within_{aim.name}": named(f"target_{aim.name}") for aim in done.aims}
    head = [named("way"), *(limits[key] if key in limits else _head(key) for key in keys)]
    rows = [[Cell(named(f"way_{name}")), *(_cell(done, name, key) for key in keys)] for name in done.measures]
    title = named("ways" if any(key.endswith("_s") for key in keys) else "shares")
    return ShownTable(title, head, rows, *([] if below is None else [below]))


def _head(key: str) -> Any:
    """A measure's name; of one kind of call with the kind's name."""
    from viz.emergency.page import named

    for what in ("median", "p90"):
        if key == f"{what}_s":
            return named(what)
        if key.endswith(f"_{what}_s"):
            return named(f"call_{key.removesuffix(f'_{what}_s')}") + " " + named(what)
    return named(key.removesuffix("_s"))


def _cell(done: Trials, way: str, key: str) -> Any:
    from viz.emergency.page import Cell, clock, percent

    told = clock if key.endswith("_s") else percent
    text = told(done.mean(way, key))
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
