"""`twin migrate`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("migrate", short_help="Bring an older City folder up to date.")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--no-backup", is_flag=True, help="Keep no copy of the folder as it was.")
def migrate_command(city: Path, no_backup: bool) -> None:
    """Bring the City folder CITY, built by an older version, up to date.

    Layers and columns that it lacks are added with values that claim nothing ("unknown", -1, no rows), and each is
    told. Ids, geometry and the road network stay as they are. The folder as it was is kept beside it.

    \b
    twin migrate cities/my-town
    """  # noqa: D301
    from networks import migrate_city

    done = migrate_city(city, backup=not no_backup)
    if not done.changes and done.backup is None and done.was == done.city.manifest["format"]:
        click.echo(f"{done.city.name}: {city} is up to date (format {done.was}); nothing was changed")
        return
    for change in done.changes:
        name = f"{change.layer}.{change.column}" if change.column else change.layer
        rows = f" ({change.rows} rows)" if change.column else ""
        click.echo(f"  {name}{rows}: {change.done['en']}")
    click.echo(f"{done.city.name}: {city} is now of format {done.city.manifest['format']}, it was of format {done.was}")
    click.echo(f"  digest {done.city.digest[:12]}; runs made before belong to the older digest and are run again")
    if done.backup is not None:
        click.echo(f"  the folder as it was: {done.backup}")
    click.echo("  to have real values in place of those: twin build FILE")
