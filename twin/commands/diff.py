"""`twin diff`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from networks import Update

_WIDTH = 80
_IMPORTED = {"zones": "zones", "od": "od", "transit": "gtfs", "sensors": "sensors", "cameras": "cameras"}
"""Dataset -> the `twin import` command that brings it."""
_LAYERS = (".parquet", ".geojson", ".gpkg")


@click.command("diff", short_help="Say what changed on a newer map, and what to check again.")
@click.argument("city_folder", metavar="CITY", type=click.Path(path_type=Path))
@click.argument("newer", metavar="NEW", type=click.Path(path_type=Path))
@click.option(
    "--scenario", "scenarios", type=click.Path(path_type=Path), multiple=True, help="Scenario to check too; repeatable."
)
@click.option("--edges", is_flag=True, help="Find the city's edges again on the newer map (builds it).")
@click.option("--most", type=click.IntRange(min=0), default=15, show_default=True, help="Lines of each list.")
@click.option("--layer", "layer", type=click.Path(path_type=Path), help="Write the changes: .geojson, .gpkg, .parquet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every change, for programs.")
def diff_command(
    city_folder: Path,
    newer: Path,
    scenarios: tuple[Path, ...],
    edges: bool,
    most: int,
    layer: Path | None,
    as_json: bool,
) -> None:
    """Compare the map that CITY was built from with NEW (an OpenStreetMap file, or a city built from one).

    \b
    twin diff cities/my-town newer.osm.pbf
    twin diff cities/my-town newer.osm.pbf --edges --layer new.gpkg
    """  # noqa: D301
    from networks import City, compare_city
    from scenarios import read_scenario

    if layer is not None and layer.suffix not in _LAYERS:
        raise click.UsageError(f"--layer: {layer} does not end in {', '.join(_LAYERS)}")
    read = {file: read_scenario(file) for file in scenarios}
    city = City.open(city_folder)
    update = compare_city(
        city, newer, edges=edges or bool(read), progress=lambda step: click.echo(f"  {step}", err=True)
    )
    named = [
        {"scenario": str(file), "field": field, "edge_id": edge, "state": update.heirs[edge].state,
         "heirs": list(update.heirs[edge].heirs)}
        for file, scenario in read.items()
        for field, edge in _edges_in(scenario.model_dump(mode="json"), set(update.heirs))
        if update.heirs[edge].state != "same"
    ]  # fmt: skip
    if layer is not None:
        _write_layer(update, layer)
    if as_json:
        click.echo(json.dumps(update.to_json() | {"scenarios": named}, ensure_ascii=False, indent=1))
    else:
        _show(update, named, most)


def _edges_in(value: Any, known: set[str], place: str = "") -> Iterator[tuple[str, str]]:
    """(Field, edge) of every edge that a scenario names."""
    if isinstance(value, str) and value in known:
        yield place, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _edges_in(child, known, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for i, child in enumerate(value):
            yield from _edges_in(child, known, f"{place}.{i}")


def _write_layer(update: Update, file: Path) -> None:
    from networks import landing_file

    table = update.to_layer()
    with landing_file(file) as beside:
        if file.suffix == ".parquet":
            table.to_parquet(beside, index=False)
        else:
            table.to_file(beside, driver="GPKG" if file.suffix == ".gpkg" else "GeoJSON")


def _show(update: Update, named: list[dict[str, Any]], most: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=_WIDTH, highlight=False, markup=False)
    compared, dates = update.comparison, (update.old_date[:10] or "?", update.new_date[:10] or "?")
    console.print(f"{update.city.name}: map of {dates[0]} against {update.newer.name} of {dates[1]}")
    console.print(
        f"compared on {compared.common_km2:.2f} km2 that both cover; {compared.renumbered} objects have another id"
        f" alone; {compared.beyond} lie where one map alone reaches"
    )
    counts = compared.counts()
    if not counts:
        console.print("nothing changed")
    else:
        table = Table(box=None, pad_edge=False)
        for name in ("", "added", "removed", "moved", "retagged"):
            table.add_column(name, justify="left" if not name else "right")
        for kind, found in counts.items():
            table.add_row(kind, *(str(found.get(what, "-")) for what in ("added", "removed", "moved", "retagged")))
        console.print(table)
    _list(console, "What matters most", [_line(one) for one in compared.changes], most)
    again = [f"{one.importance:.2f} {one.kind} {one.name}: {one.what['en']}" for one in update.rechecks]
    _list(console, "To check again", again, most)
    if update.heirs:
        _show_edges(console, update, named, most)
    if counts and update.newer.is_file():
        _show_next(console, update)


def _show_next(console: Any, update: Update) -> None:
    """How to go over to the newer map, and what does not go over by itself."""
    city, newer = update.city.folder, update.newer
    kept = city / "corrections.yaml"
    console.print("\nTo go over to the newer map (with the same --dem and other options):")
    if kept.is_file():
        console.print(f"  twin corrections check {kept} --map {newer}", soft_wrap=True)
    console.print(f"  twin build {newer} --out {city}", soft_wrap=True)
    if kept.is_file():
        console.print("  (it takes the corrections that the city keeps)")
    there = {one["name"] for one in update.city.manifest["datasets"]}
    own = [word for name, word in _IMPORTED.items() if name in there]
    if own:
        console.print(f"  then, as before: twin import {', '.join(own)}", soft_wrap=True)


def _line(one: Any) -> str:
    what = f"{one.before} -> {one.after}" if one.what in ("retagged", "moved") else one.before or one.after
    size = f", {one.size_m:.0f} m" if one.size_m else ""
    return f"{one.importance:.2f} {one.kind} {one.osm} {one.what}{size}: {one.name}: {what}"


def _list(console: Any, title: str, lines: list[str], most: int) -> None:
    if not lines or not most:
        return
    console.print(f"\n{title} ({len(lines)}):")
    for line in lines[:most]:
        console.print(f"  {line}"[: 2 * _WIDTH - 8])
    if len(lines) > most:
        console.print(f"  ... and {len(lines) - most} more: --most {len(lines)}, or --json")


def _show_edges(console: Any, update: Update, named: list[dict[str, Any]], most: int) -> None:
    from collections import Counter

    states = Counter(heir.state for heir in update.heirs.values())
    told = ", ".join(f"{states[state]} {state}" for state in ("same", "renamed", "split", "partly", "gone"))
    console.print(f"\nEdges of the city on the newer network: {told}")
    lines = []
    for one in named:
        heirs = ", ".join(name for name, _ in one["heirs"]) or "nothing"
        lines.append(f"{one['scenario']}, {one['field']}: {one['edge_id']} is {one['state']}: now {heirs}")
    _list(console, "Edges that scenarios name", lines, most)
