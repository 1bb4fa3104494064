"""An answer put before operators: `--desk`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scenarios.searches.recommendation import Recommendation


def desk_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says which desk."""
    told = "Propose it there too: a desk's SQLite file or SQLAlchemy URL, see twin desk list."
    return click.option("--desk", help=told)(command)


def propose(
    desk: str, advice: Recommendation | None, *, otherwise: str = "no rule is better than today's beyond chance"
) -> None:
    """Put a recommendation on a desk and say its number; without one say why, which is `otherwise`.

    Raises:
        BadInput: No desk.
        StorageFailed: It cannot be reached.
    """
    from twin import Desk

    if advice is None:
        click.echo(f"nothing is recommended: {otherwise}")
        return
    opened = Desk.open(desk)
    try:
        entry = opened.propose(advice.to_json())
    finally:
        opened.close()
    low, high = advice.effect.low, advice.effect.high
    interval = f"90 % interval {low:+.1f} to {high:+.1f}" if low == low else "no interval"
    click.echo(
        f"proposed as {entry.rec_id}: {advice.effect.measure} {advice.effect.difference:+.1f} {advice.effect.unit} "
        f"({interval}, {advice.effect.n} worlds or days); twin desk --desk {desk} show {entry.rec_id}"
    )
