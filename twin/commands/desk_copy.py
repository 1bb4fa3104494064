"""`twin desk copy`."""

from __future__ import annotations

from pathlib import Path

import click

from networks.sentence import say


@click.command("copy")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
@click.pass_obj
def copy_command(place: str, file: Path, lang: str) -> None:
    """Copy a desk in a SQLite file to FILE, whole, while a service works with it; the copy's audit is read to its end.

    A desk in PostgreSQL is copied by pg_dump.
    """
    from twin.desk import copy_desk

    entries, seal = copy_desk(place, file)
    told = say(
        f"{file}: {entries} entries of the audit, its chain holds; last seal {seal or '-'} (write it down elsewhere)",
        f"{file}：审计记录{entries}条，链完整；最后封印 {seal or '-'}（请另处抄存）",
    )
    click.echo(told[lang])
