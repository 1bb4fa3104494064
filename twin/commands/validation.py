"""`twin validation`."""

from __future__ import annotations

from pathlib import Path

import click

MISSED = 3


@click.command("validation", short_help="One page of every validation of every model, failures included.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("docs/validation"))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The page to write (.html).")
@click.option("--pdf", is_flag=True, help="Print it too, in English and Chinese, by Chromium.")
@click.option("--check", is_flag=True, help="End with status 3 where a gate was missed.")
def validation_command(folder: Path, out: Path, pdf: bool, check: bool) -> None:
    """Make the validation page of FOLDER, the tables that validations wrote (docs/validation by default).

    Each figure stands with its gate, interval, data, version and what was fixed before the run; what has no table is
    named with the command that writes it. No figure is typed in.

    \b
    twin flood validate --data DATA --table docs/validation
    twin validation docs/validation -o out/validation.html --pdf
    """  # noqa: D301
    from networks import landing_file
    from twin.validation import read_records, validation_page
    from viz.printing import browser, print_pdf

    if pdf:
        browser()
    records = read_records(folder)
    with landing_file(out) as beside:
        beside.write_text(validation_page(records), encoding="utf-8")
    for language in ("en", "zh") if pdf else ():
        print_pdf(out, out.with_suffix(f".{language}.pdf"), language)
    missed, gates = sum(one.missed for one in records), sum(one.gates for one in records)
    click.echo(f"{gates - missed} of {gates} gates met in {len(records)} validations; wrote {out}")
    if check and missed:
        raise click.exceptions.Exit(MISSED)
