"""`twin crowd validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.check_table import TABLE, finish, keep, show, show_head

if TYPE_CHECKING:
    from models.crowd.validation import Outcome


@click.command("validate")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Folder with crowd/pedpy: bottlenecks, corner and corridor too."
)
@click.option("--long", "long_", is_flag=True, help="RiMEA 4 and 9 at every angle too: a quarter of an hour.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for rimea.html: a picture of each RiMEA test.")
@TABLE
def validate(data: Path | None, long_: bool, out: Path | None, table: Path | None) -> None:
    """Hold people in continuous space to closed forms, RiMEA and laboratory runs, and the city model to them."""
    from models.crowd.validation import city_model, guideline, laboratory
    from models.crowd.validation import validate as run_all

    show_head()
    checks = run_all(show)
    for check in city_model():
        show(check)
        checks.append(check)
    outcomes: list[Outcome] = []

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        for check in outcome.checks:
            show(check)

    checks += guideline(tell, long=long_)
    if out is not None:
        from viz.crowd.rimea_page import rimea_page

        out.mkdir(parents=True, exist_ok=True)
        (out / "rimea.html").write_text(rimea_page(outcomes), encoding="utf-8")
        click.echo(f"wrote {out / 'rimea.html'}")
    left_out = [] if long_ else ["RiMEA 4 and 9 at every angle (--long)"]

    def leave(place: str) -> None:
        left_out.append(f"{place}: no data")
        click.echo(f"left out: no data in {data and data / place}")

    if data is not None:
        for check in laboratory(data, leave):
            show(check)
            checks.append(check)
    keep("crowd", checks, table, data, ("crowd/pedpy",), left_out if data else [*left_out, "crowd/pedpy"])
    finish(checks)
