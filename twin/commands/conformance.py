"""`twin conformance`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twin.conformance import Capability, Proved

_WORDS = {
    "passed": {"en": "passed", "zh": "通过"},
    "failed": {"en": "FAILED", "zh": "失败"},
    "not run": {"en": "not run", "zh": "未运行"},
    "absent": {"en": "absent", "zh": "未实现"},
    "later": {"en": "later", "zh": "以后"},
}


@click.command("conformance", short_help="Prove each capability of the City Brain plans, by running its tests.")
@click.option("--only", multiple=True, help="Rows whose words hold this; may be given again.")
@click.option("--list", "just_list", is_flag=True, help="The rows and their proofs; nothing is run.")
@click.option("--markdown", is_flag=True, help="As docs/traceability.md; nothing is run.")
@click.option("--limit", "limit_s", type=click.FloatRange(1), default=600.0, show_default=True, help="Seconds a proof.")
@click.option("--out", type=click.Path(path_type=Path), help="A file for what came of it, as JSON.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def conformance_command(
    only: tuple[str, ...], just_list: bool, markdown: bool, limit_s: float, out: Path | None, lang: str
) -> None:
    """Run what proves each capability, and say what passed, failed, or could not be run and why.

    Ends with 6 where a proof failed. Many proofs are tests: they need a clone with its test packages.
    """
    from twin.conformance import capabilities, page, prove

    rows = capabilities()
    if markdown:
        click.echo(page(rows), nl=False)
        return
    chosen = _chosen(rows, only)
    if just_list:
        for row in chosen:
            click.echo("\n    ".join([f"{row.words}: {row.there}", *row.proof]))
        return
    results = []
    for row in chosen:
        results.append(prove(row, limit_s=limit_s))
        click.echo(_line(results[-1], lang))
    if out is not None:
        _write(results, out)
    _sum_up(results, lang)


def _chosen(rows: list[Capability], only: tuple[str, ...]) -> list[Capability]:
    from networks.errors import NotThere

    chosen = [row for row in rows if not only or any(word in f"{row.words} {row.there} {row.lacks}" for word in only)]
    if not chosen:
        raise NotThere(f"no row holds {' or '.join(only)}", remedy="`twin conformance --list` shows all")
    return chosen


def _line(result: Proved, lang: str) -> str:
    row = result.capability
    seconds = f"{result.seconds:5.0f} s" if result.seconds else " " * 7
    parts = [f"{_WORDS[result.state][lang]:8} {seconds}  {row.words}"]
    parts += [result.why[lang]] if result.why[lang] else []
    if row.lacks and lang == "en":
        parts.append(f"not there: {row.lacks}")
    return "\n                    ".join(parts)


def _write(results: list[Proved], out: Path) -> None:
    from importlib.metadata import version

    rows = [
        {
            "words": result.capability.words,
            "state": result.state,
            "why": result.why,
            "seconds": round(result.seconds, 1),
            "lacks": result.capability.lacks,
            "proof": result.capability.proof,
        }
        for result in results
    ]
    beside = out.with_name(out.name + ".part")
    out.parent.mkdir(parents=True, exist_ok=True)
    told = {"citytwin": version("citytwin"), "rows": rows}
    beside.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(out)


def _sum_up(results: list[Proved], lang: str) -> None:
    from networks.errors import QualityFailed

    counts = Counter[str](result.state for result in results)
    click.echo("; ".join(f"{_WORDS[state][lang]} {counts[state]}" for state in _WORDS if counts[state]))
    failed = [result.capability.words for result in results if result.state == "failed"]
    if failed:
        raise QualityFailed(f"{len(failed)} capabilities failed their proof: {', '.join(failed)}")
