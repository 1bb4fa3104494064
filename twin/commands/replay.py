"""`twin replay`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.runs import RUNS

if TYPE_CHECKING:
    from scenarios import Replay

NOT_THE_SAME = 6


@click.command("replay", short_help="Repeat a run, or a recommendation's runs, and say whether they gave the same.")
@click.argument("run_id", metavar="ID")
@click.option("--city", "city_folder", type=click.Path(path_type=Path), help="City folder.  [default: found by digest]")
@RUNS
@click.option(
    "--tolerance",
    type=click.FloatRange(0.0, 1.0),
    help="Largest relative difference of a measure where wheels, processor or code are others.  [default: 0.05]",
)
@click.option(
    "--advice", type=click.Path(path_type=Path, file_okay=False), help="ID is a recommendation; its evidence is here."
)
def replay_command(
    run_id: str, city_folder: Path | None, runs: Path, tolerance: float | None, advice: Path | None
) -> None:
    """Repeat the run ID (or the beginning of its id) anew, flood included, and compare digests.

    With --advice FOLDER, ID is a recommendation of the live twin: the town lives through its past again, and every
    option is tried again in the members in which it was raced and judged; all that was counted must be the same.

    With the same wheels, processor family and code every table must have the digest that it had. Elsewhere the
    measures must agree within the tolerance. Exit status 6 where they do not.
    """
    if advice is not None:
        _repeat_advice(advice, run_id)
        return
    from scenarios import Store, find_result, repeat
    from scenarios.results.made_with import NUMBA_CPU
    from scenarios.results.replay import TOLERANCE
    from scenarios.results.store import read_manifest

    store = Store(runs)
    maker = read_manifest(find_result(store, run_id)).get("made_with", {})
    if maker.get("numba_cpu", "host") != "host":
        os.environ.setdefault(NUMBA_CPU, maker["numba_cpu"])
    with tempfile.TemporaryDirectory(prefix="citytwin-replay-") as scratch:
        found = repeat(
            run_id,
            store,
            Store(scratch),
            city_folder=city_folder,
            tolerance=TOLERANCE if tolerance is None else tolerance,
        )
    _tell(found)
    if found.verdict == "different":
        raise click.exceptions.Exit(NOT_THE_SAME)


def _repeat_advice(folder: Path, rec_id: str) -> None:
    from twin.advice import repeat

    found = repeat(folder, rec_id)
    click.echo(f"{found.runs} simulations repeated; counted then {found.then[:12]}, now {found.now[:12]}")
    for name in found.other[:10]:
        click.echo(f"{name}: counted otherwise")
    click.echo(f"{found.rec_id}: {'the same' if found.same else f'{len(found.other)} simulations differ'}")
    if not found.same:
        raise click.exceptions.Exit(NOT_THE_SAME)


def _tell(found: Replay) -> None:
    from scenarios.results.replay import words

    for name in found.same:
        click.echo(f"{name}: same digest")
    for name in found.different:
        click.echo(f"{name}: other digest")
    for sentence in found.makers:
        click.echo(f"made otherwise: {sentence['en']}")
    if found.different:
        for one in found.measures:
            click.echo(f"{one.name}: {one.then:.6g} then, {one.now:.6g} now ({one.relative:.2%})")
        for name in found.missing:
            click.echo(f"{name}: only one side has it")
    click.echo(f"{found.run_id}: {words(found)['en']}")
