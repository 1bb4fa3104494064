"""`twin demo`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo", short_help="Play a summer evening in central Helsinki and write its report.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="Folder for everything."
)
@click.option("--seeds", type=click.IntRange(2, 1000), default=8, show_default=True, help="Members of each ensemble.")
@click.option("--keep/--fresh", default=True, show_default=True, help="Use runs again that are in --out already.")
@click.option("--quick", is_flag=True, help="Few cars and visitors, to see that everything works.")
@click.option("--webhook", help="POST every recommendation to this address.")
def demo_command(out: Path, seeds: int, keep: bool, quick: bool, webhook: str | None) -> None:
    """A cloudburst over the evening peak of central Helsinki, while a concert lets out and ambulances are called.

    Builds the city, runs the evening as it is and with three kinds of better actions, and writes OUT/report.html, which
    opens without a network. Takes some five minutes on two fast cores, a quarter of an hour on slow ones.
    """
    from twin.demo import run_demo

    run_demo(out, seeds=seeds, keep=keep, quick=quick, webhook=webhook)
