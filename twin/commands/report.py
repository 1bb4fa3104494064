"""`twin report`."""

from __future__ import annotations

from pathlib import Path

import click

_PATH = click.Path(path_type=Path)
KINDS = ("comparison", "signals", "flood", "visitors", "coverage", "calibration")


@click.command(
    "report", short_help="A report in HTML and PDF, with what it rests on, tables, layers and a QGIS project."
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("-o", "--out", type=_PATH, required=True, help="The report's folder.")
@click.option("--city", type=_PATH, help="City folder.  [default: the one that SOURCE was made of]")
@click.option("--pdf", is_flag=True, help="Print it too: report.en.pdf and report.zh.pdf, by Chromium.")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of what is told."
)
@click.pass_context
def report_command(
    ctx: click.Context, kind: str, source: Path, out: Path, city: Path | None, pdf: bool, lang: str
) -> None:
    """Make a report of KIND from SOURCE, the folder that a command wrote.

    OUT gets report.html (English and Chinese): the page of SOURCE with its method, data, assumptions, guesses and the
    commands that repeat it; the tables as CSV; map.gpkg with layers, rasters as GeoTIFF, and report.qgz, which opens
    them in QGIS.

    \b
    twin flood run cities/my-town --chicago-mm 45 --source "10 years, town formula" --out out/flood
    twin report flood out/flood -o out/report --pdf
    """  # noqa: D301
    from networks.errors import BadInput
    from twin.lazy_group import WORDS
    from twin.reports import make_report

    if out.resolve() == source.resolve():
        raise BadInput("the report would take the place of what it is made of", file=out, place="--out",
                       expected="another folder")  # fmt: skip
    made = make_report(kind, source, out, city=city, pdf=pdf, words=ctx.meta.get(WORDS, ()))
    for note in made.notes:
        click.echo(note[lang])
    click.echo(f"{'已写入' if lang == 'zh' else 'wrote'} {out}: {', '.join(made.files)}")
