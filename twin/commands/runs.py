"""`twin runs list`, `prune` and `export`: what a store keeps, keeping it in bounds, and handing it on."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from scenarios import Kept

RUNS = click.option(
    "--runs", "--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Store of runs."
)
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class Size(click.ParamType[int]):
    """Bytes, written `500MB` or `2.5 GB`."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes of a text."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", str(value).strip().upper())
        if match is None:
            self.fail(f"{value!r} is no size; write 500MB or 2GB", param, ctx)
        return int(float(match[1]) * _UNITS[match[2] + "B"])


class Age(click.ParamType[float]):
    """Seconds, written `30d`, `12h`, `90m`."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds of a text."""
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", str(value).strip().lower())
        if match is None:
            self.fail(f"{value!r} is no age; write 30d, 12h or 90m", param, ctx)
        return float(match[1]) * _PERIODS[match[2]]


@click.group("runs", short_help="List the runs that are kept; prune them.")
def runs_command() -> None:
    """What is kept in the store."""


@runs_command.command("list")
@RUNS
@click.option("--kind", "kinds", multiple=True, help="Only of this kind (run, flood, ...); may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one result a line.")
def list_runs(runs: Path, kinds: tuple[str, ...], as_json: bool) -> None:
    """List ensembles and results that are kept: kind, id, scenario, seed, valid, size, age."""
    from scenarios import Store, kept

    results = [one for one in kept(Store(runs)) if not kinds or one.kind in kinds]
    if as_json:
        for one in results:
            click.echo(json.dumps(_row(one), ensure_ascii=False))
        return
    for name, members in sorted(ensembles_in(runs).items()):
        click.echo(f"ensemble {name}: {len(members)} members")
    for one in results:
        click.echo(line_of(one))
    click.echo(f"{len(results)} results, {size_words(sum(one.size for one in results))}, in {runs}")


@runs_command.command("prune")
@RUNS
@click.option("--kind", "kinds", multiple=True, help="Only of this kind (run, flood, ...); may be given again.")
@click.option("--older-than", "older_s", type=Age(), help="Only what is older: 30d, 12h.")
@click.option("--invalid", is_flag=True, help="Only invalid members.")
@click.option("--keep-latest", "latest", type=click.IntRange(0), help="Keep the latest so many of each scenario.")
@click.option("--max-size", "size", type=Size(), help="The oldest go until the store is no larger: 20GB.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune_runs(
    runs: Path,
    kinds: tuple[str, ...],
    older_s: float | None,
    invalid: bool,
    latest: int | None,
    size: int | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Take results away: those for which every given option holds.

    \b
    twin runs prune --older-than 30d --keep-latest 16
    twin runs prune --kind run --max-size 20GB --dry-run

    Results are addressed by what they were made from: the same command makes a pruned one again, at the price of its
    time. What killed processes left half-written goes in any case.
    """  # noqa: D301
    from scenarios import Bounds, Store, chosen, kept, prune, sweep

    store = Store(runs)
    bounds = Bounds(kinds, older_s, invalid, latest, size)
    results = kept(store)
    going = chosen(results, bounds)
    if not dry_run:
        swept = sweep(store)
        if swept:
            click.echo(f"half-written leftovers of killed processes taken away: {len(swept)}")
    if not bounds.given:
        click.echo("nothing else was asked for: give --older-than, --kind, --invalid, --keep-latest or --max-size")
        return
    for sentence in losses(runs, results, going):
        click.echo(sentence)
    if dry_run or not going:
        click.echo("nothing was taken away (--dry-run)" if going else "nothing to take away")
        return
    _ask(yes)
    click.echo(f"freed {size_words(prune(store, going))}")


@runs_command.command("export")
@click.argument("names", nargs=-1, required=True)
@click.argument("out", type=click.Path(path_type=Path))
@RUNS
@click.option("--table", "tables", multiple=True, help="Only this table; may be given again.  [default: all]")
def export_runs_command(names: tuple[str, ...], out: Path, runs: Path, tables: tuple[str, ...]) -> None:
    """Write ensembles or runs (NAMES: of ensembles, or ids) into the folder OUT as one Arrow dataset.

    \b
    twin runs export plain-evening road-closure evening-dataset
    python -c "import pandas; print(pandas.read_parquet('evening-dataset/trips'))"

    OUT/TABLE/scenario=NAME/seed=N/ID.parquet (hive partitions), OUT/runs with a row per member and its measures,
    OUT/manifest.json. Map data (c) OpenStreetMap contributors, ODbL, where the runs' city came from it.
    """  # noqa: D301
    from scenarios import Store, find_result
    from scenarios.ensembles.stopped import STOPPED
    from scenarios.results.dataset import export_runs

    store, saved = Store(runs), ensembles_in(runs)
    folders: list[Path] = []
    for name in names:
        for run_id in saved.get(name, []) or [name]:
            folders.append(store.find(STOPPED, run_id) or find_result(store, run_id))
    rows = export_runs(folders, out, tables=tables, attribution="Map data (c) OpenStreetMap contributors, ODbL")
    click.echo(f"{len(folders)} members, {rows} rows -> {out}")


def losses(runs: Path, results: list[Kept], going: list[Kept]) -> list[str]:
    """What is lost with these results, a line each."""
    lines = [f"goes: {line_of(one)}" for one in going]
    lost = {one.result_id for one in going if one.kind not in {"flood", "assignment", "forecast", "signal_search"}}
    for name, members in sorted(ensembles_in(runs).items()):
        if gone := lost & {*members}:
            lines.append(f"lost: ensemble {name} can no longer be compared: {len(gone)} of its {len(members)} members")
    floods = {one.result_id for one in going if one.kind == "flood"}
    users = sum(one.flood in floods and one.result_id not in lost for one in results if one.flood)
    if users:
        lines.append(f"lost: the water on the maps of {users} runs that stay")
    if going:
        size = size_words(sum(one.size for one in going))
        lines.append(f"{len(going)} of {len(results)} results, {size}; running the same again makes them again")
    return lines


def ensembles_in(runs: Path) -> dict[str, list[str]]:
    """Ids of members by the name of each ensemble that was saved; files that are no ensembles are left out."""
    found = {}
    for path in (runs / "ensembles").glob("*.json"):
        try:
            found[path.stem] = [str(row["run_id"]) for row in json.loads(path.read_text(encoding="utf-8"))["runs"]]
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def line_of(one: Kept) -> str:
    """A result as one line of the list."""
    words = [f"{one.kind} {one.result_id}"]
    if one.scenario:
        words.append(one.scenario)
    if one.seed is not None:
        words.append(f"seed {one.seed}")
    if one.valid is not None:
        words.append("valid" if one.valid else f"invalid: {(one.reasons or {'en': 'no reason given'})['en']}")
    return "  ".join([*words, size_words(one.size), age_words(one.age_s(time.time()))])


def size_words(size: int) -> str:
    """Bytes in words."""
    for unit in ("TB", "GB", "MB", "kB"):
        if size >= _UNITS[unit.upper()]:
            return f"{size / _UNITS[unit.upper()]:.1f} {unit}"
    return f"{size} B"


def age_words(seconds: float) -> str:
    """An age in words."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} old"
    return "new"


def _row(one: Kept) -> dict[str, Any]:
    names = ("kind", "result_id", "scenario", "seed", "valid", "reasons", "size", "made")
    return {name: getattr(one, name) for name in names} | {"folder": str(one.folder)}


def _ask(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to answer: give --yes, or --dry-run to see what would go")
    click.confirm("take them away?", abort=True)
