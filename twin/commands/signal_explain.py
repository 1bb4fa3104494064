"""`twin signals explain`: why a plan found is as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from twin.commands.signal_answer import ANSWER


@click.command("explain", short_help="Why a plan found has its cycle, offset, stages, and what binds.")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("signal")
@click.option("--json", "as_json", is_flag=True, help="As JSON, in English and Chinese.")
def explain(out: Path, signal: str, as_json: bool) -> None:
    """Answer from the record in OUT, the folder of an answer of twin signals optimise: why this cycle and this offset,
    what a little more or less would cost, which limits bind, and how to go back.
    """
    from networks import NotThere

    signals = _read(out / ANSWER)
    if signal not in signals:
        raise NotThere(
            f"there is no signal {signal!r}", file=out / ANSWER, expected=f"one of {', '.join(sorted(signals)[:8])}"
        )
    told = signals[signal]
    if as_json:
        click.echo(json.dumps(told["why"], ensure_ascii=False, indent=1))
        return
    click.echo(f"signal {signal}: {told['control']}, cycle {told['cycle_s']:g} s, offset {told['offset_s']:g} s")
    for one in told["why"]:
        click.echo(f"\n{one['question']['en']}")
        for answer in one["answers"]:
            click.echo(f"  - {answer['en']}")
    click.echo(f"\nTo go back to what ran before: twin signals back {out} --signal {signal}")


def _read(file: Path) -> dict[str, Any]:
    from networks import BadInput

    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected="the folder of twin signals optimise --out")
    try:
        signals = json.loads(file.read_text(encoding="utf-8"))["signals"]
        if not all("why" in one for one in signals.values()):
            raise BadInput("it holds no reasons", file=file, remedy="run twin signals optimise again")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"it is damaged: {error}", file=file, remedy="run twin signals optimise again") from error
    return dict(signals)
