"""`twin crowd sites`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.crowd.sites import Capacity, VisitSite

HEAD = ("site", "name", "kind", "area_m2", "at_once", "basis", "a_day", "basis_day", "gates", "off_walk_m", "source")


@click.command("sites")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--sites", "file", type=click.Path(path_type=Path), help="sites.yaml; without it what the map knows.")
@click.option("--out", type=click.Path(path_type=Path), help="A CSV file for all of it, with the sources.")
def sites(city: Path, file: Path | None, out: Path | None) -> None:
    """Check the sites of CITY and print how many people each holds: approved, by formula, or not known.

    \b
    twin crowd sites cities/monaco --sites sites.yaml --out sites.csv
    """  # noqa: D301
    from models.crowd.sites import capacity_of, read_sites, sites_on_map
    from networks import City
    from networks.landing import landing_file

    opened = City.open(city)
    found = read_sites(file, opened) if file else sites_on_map(opened)
    rows = [_row(one, capacity_of(one)) for one in found.sites]
    click.echo(f"{'site':<14}{'name':<32}{'kind':<14}{'m2':>8}{'at once':>9} {'':<10}{'a day':>8}  ")
    for row in rows:
        cells = f"{row[0]:<14.13}{row[1]:<32.31}{row[2]:<14.13}{row[3]:>8}{row[4]:>9} {row[5]:<10}{row[6]:>8} {row[7]}"
        click.echo(cells.rstrip())
    levels = ", ".join(f"{100 * share:g} %" for share in found.alarms.shares)
    click.echo(f"alarms at {levels}, ending {100 * found.alarms.hysteresis:g} % lower: {found.alarms.source}")
    for note in found.notes:
        click.echo(f"note: {note['en']}")
    if out is not None:
        with landing_file(out) as beside:
            beside.write_text(_table(rows), encoding="utf-8", newline="")
        click.echo(f"wrote {out}")


def _row(site: VisitSite, capacity: Capacity) -> list[str]:
    return [
        site.site_id, site.name, site.kind, _whole(site.area_m2), _whole(capacity.instant), capacity.instant_basis,
        _whole(capacity.daily), capacity.daily_basis, str(len(site.gates)), f"{site.off_walk_m:.0f}",
        "; ".join(one for one in (site.source, capacity.source) if one),
    ]  # fmt: skip


def _whole(size: float | None) -> str:
    return "" if size is None else f"{size:.0f}"


def _table(rows: list[list[str]]) -> str:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEAD, *rows])
    return out.getvalue()
