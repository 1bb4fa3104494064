"""`twin catalog`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from networks import Dataset

_UNKNOWN = "-"


@click.command("catalog", short_help="List a city's datasets: address, licence, owner, age, hash, lineage.")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, every field in full, for programs.")
@click.option("--describe", "name", metavar="NAME", help="Note what is known of a dataset, with the options below.")
@click.option("--address", help="Where it can be had again.")
@click.option("--licence", help="Under what terms it may be used.")
@click.option("--owner", help="Whose it is.")
@click.option("--date", "of", help="The day that its content is of, e.g. 2026-07-03.")
@click.option("--note", help="Anything else worth knowing.")
def catalog_command(
    city: Path,
    as_json: bool,
    name: str | None,
    address: str | None,
    licence: str | None,
    owner: str | None,
    of: str | None,
    note: str | None,
) -> None:
    """List the datasets of CITY (a folder that `twin build` made, or a file of feeds: what they brought).

    First what came from outside, with its licence and owner, then every file that was made here, with what it was made
    from. `-` means that nobody said; say it with --describe:

        twin catalog cities/monaco --describe terrain --licence "Etalab 2.0" --owner IGN
    """
    if city.suffix in (".yaml", ".yml"):
        from twin.commands.catalog_feeds import catalog_of_feeds

        catalog_of_feeds(city, as_json=as_json)
        return
    from networks import City, catalogue, describe_dataset

    given = {"address": address, "licence": licence, "owner": owner, "date": of, "note": note}
    told = {key: value for key, value in given.items() if value is not None}
    if (name is None) != (not told):
        raise click.UsageError("--describe NAME and what is known of it (--licence, --owner, ...) go together.")
    if name is not None:
        describe_dataset(City.open(city), name, told)
    datasets = catalogue(City.open(city).manifest)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in datasets], indent=1, ensure_ascii=False))
        return
    _print(datasets, datetime.now(UTC).date())


def _print(datasets: list[Dataset], today: date) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print("[bold]From outside[/bold]")
    for one in (one for one in datasets if one.kind == "source"):
        console.print(f"  [bold]{one.name}[/bold]: {one.file}, {one.size_bytes / 1000:.0f} kB, {one.sha256[:12]}")
        console.print(
            f"    of {_age(one.date, today)}; licence {one.licence or _UNKNOWN}; owner {one.owner or _UNKNOWN}"
        )
        console.print(f"    address {one.address or _UNKNOWN}" + (f"; {one.note}" if one.note else ""))
    console.print("\n[bold]Made here[/bold]")
    made = Table(box=None, pad_edge=True)
    for column in ("file", "made from", "kB", "sha256"):
        made.add_column(column, overflow="fold", justify="right" if column == "kB" else "left")
    for one in datasets:
        if one.kind == "product":
            lineage = ", ".join(one.made_from) or _UNKNOWN
            made.add_row(one.file, lineage, f"{one.size_bytes / 1000:.0f}", one.sha256[:12])
    console.print(made)


def _age(stated: str, today: date) -> str:
    """A date with its age: `2026-07-03 (141 days)`."""
    try:
        day = datetime.fromisoformat(stated.replace("Z", "+00:00")).date()
    except ValueError:
        return stated or _UNKNOWN
    return f"{day.isoformat()} ({(today - day).days} days)"
