"""`twin audit verify`."""

from __future__ import annotations

import click

from twin.commands.desk_place import DESK, open_desk

BROKEN = 6


@click.group("audit", short_help="Prove that the desk's audit is whole: nothing changed, taken out or put in.")
def audit_command() -> None:
    """The chained audit of the operators' desk."""


@audit_command.command("verify")
@DESK
@click.option("--seal", help="A seal that was written down before: the chain must still hold it.")
@click.pass_context
def verify(ctx: click.Context, place: str, seal: str | None) -> None:
    """Follow the chain from its first entry; say where it does not hold, and the seal to write down elsewhere."""
    book = open_desk(place).book
    broken, last = book.broken(), book.last_seal()
    for one in broken:
        click.echo(f"entry {one.seq}: {one.what}", err=True)
    kept = seal is None or book.holds_seal(seal)
    if not kept:
        click.echo(f"no entry has the seal {seal}: the chain was cut off or written anew since then", err=True)
    if broken or not kept:
        click.echo(f"the audit of {place} does not hold", err=True)
        ctx.exit(BROKEN)
    seq, value = last
    click.echo(f"the audit of {place} holds: {seq} entries")
    if seq:
        click.echo(f"last seal: {value}  (write it down elsewhere, and ask for it with --seal)")
