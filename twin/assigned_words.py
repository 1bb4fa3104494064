"""What `twin assign` prints: totals, fullest edges or largest changes, screenlines, selected edges, benefits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from rich.table import Table

    from networks import City
    from scenarios.planning import Assigned, Benefit, Compared, HourlyTrips, ValueOfTime
    from scenarios.planning.writing import Selections

_SHOWN = 10


def tell(city: City, trips: HourlyTrips, before: Assigned, done: Compared | None) -> None:
    """Trips, notes, totals, and the edges that matter most; benefits where there is a scheme."""
    from rich.console import Console

    from scenarios.planning import clock, difference_table, edge_table

    per_class = ", ".join(f"{one.trips.sum():,.0f} {one.name}" for one in trips.classes)
    when = f" at {clock(trips.hour)}" if trips.hour is not None else ""
    click.echo(f"{city.name}{when}: {trips.veh_h:,.0f} trips per hour ({per_class})")
    after = done.after if done is not None else None
    told = [s["en"] for s in before.told]
    told += [f"do-something: {s['en']}" for s in after.told if s["en"] not in told] if after is not None else []
    for sentence in told:
        click.echo(f"  note: {sentence}")
    console = Console()
    console.print(_totals(before, after))
    if done is None or after is None:
        top = edge_table(before, city.layer("edges")["name"].fillna("").tolist()).nlargest(_SHOWN, "v_c")
        console.print(_table("fullest edges", top, ("edge_id", "name", "flow_pcu_h", "v_c", "speed_kmh")))
        return
    top = difference_table(city, before, after).head(_SHOWN)
    columns = ("edge_id", "name", "before_pcu_h", "after_pcu_h", "difference_pcu_h")
    console.print(_table("largest changes (pcu per hour)", top, columns))
    _tell_gains(done.gains, done.value)


def _totals(before: Assigned, after: Assigned | None) -> Table:
    from rich.table import Table

    units = {
        "trips": "trips assigned", "trips_without_way": "trips without a way", "vehicle_km": "vehicle-km",
        "vehicle_h": "vehicle-hours", "mean_min": "mean time, min", "mean_km": "mean length, km",
        "edges_over_capacity": "edges over capacity",
    }  # fmt: skip
    table = Table("in an hour", title="totals", title_justify="left")
    for name in ("do-minimum", "do-something", "difference") if after is not None else ("figure",):
        table.add_column(name, justify="right")
    second = after.totals if after is not None else None
    for what, value in before.totals.items():
        digits = 2 if what.startswith("mean") else 0 if what.startswith("edges") else 1
        pair = (f"{second[what]:,.{digits}f}", f"{second[what] - value:+,.{digits}f}") if second is not None else ()
        table.add_row(units[what], f"{value:,.{digits}f}", *pair)
    gaps = [f"{done.found.gap:.1e}" for done in (before, after) if done is not None]
    table.add_row("relative gap", *gaps)
    return table


def _table(title: str, rows: pd.DataFrame, columns: Sequence[str]) -> Table:
    from rich.table import Table

    short = {
        "edge_id": "edge", "flow_pcu_h": "pcu/h", "v_c": "v/c", "speed_kmh": "km/h", "before_pcu_h": "before",
        "after_pcu_h": "after", "difference_pcu_h": "change", "towards": "to", "capacity_pcu_h": "capacity",
    }  # fmt: skip
    table = Table(title=title, title_justify="left")
    for name in columns:
        number = name in rows.columns and rows[name].dtype.kind == "f"
        table.add_column(
            short.get(name, name), justify="right" if number else "left", no_wrap=name != "name", overflow="ellipsis"
        )
    for row in rows[list(columns)].itertuples(index=False):
        table.add_row(*(_cell(name, value) for name, value in zip(columns, row, strict=True)))
    return table


def _cell(name: str, value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if name == "v_c":
        return f"{value:.2f}"
    return f"{value:+,.0f}" if name.startswith("difference") else f"{value:,.0f}"


def _tell_gains(gains: Sequence[Benefit], value: ValueOfTime) -> None:
    click.echo("users' benefit of an hour (rule of half; above 0 is a gain):")
    for gain in gains:
        lost = f"; {gain.lost_trips:,.1f} trips lose their only way and are not in it" if gain.lost_trips else ""
        hours = f"{gain.vehicle_h:+,.2f} generalised vehicle-hours"
        click.echo(f"  {gain.user_class}: {hours} = {gain.money:+,.2f} {value.currency}{lost}")
    rates = ", ".join(f"{name} {rate:g}" for name, rate in value.per_vehicle_h.items())
    click.echo(f"  value of time, {value.currency} per vehicle-hour: {rates}; source: {value.source}")


def tell_lines(city: City, lines: gpd.GeoDataFrame, done: Assigned, name: str) -> None:
    """What crosses each screenline."""
    from rich.console import Console

    from scenarios.planning import crossings

    columns = ("name", "towards", "edges", "flow_pcu_h", "capacity_pcu_h", "v_c")
    title = "screenlines" + (f", {name}" if name else "")
    Console().print(_table(title, crossings(city, lines, done), columns))


def tell_selected(chosen: Selections, name: str) -> None:
    """Whose trips pass each selected edge."""
    for what, by_class in chosen.items():
        parts = ", ".join(
            f"{one.trips.sum():,.1f} {kind} trips between {int((one.trips > 1e-6).sum())} pairs of zones"
            for kind, one in by_class.items()
        )
        click.echo(f"{name}: {what} is passed by {parts}" if name else f"{what} is passed by {parts}")
