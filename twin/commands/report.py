"""`twin report`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from twin.reports import Made

_PATH = click.Path(path_type=Path)
FOLDERS = ("signals", "flood", "visitors", "coverage", "calibration")
KINDS = ("comparison", *FOLDERS, "day", "review")
MAKERS = {
    "comparison": "twin demo --out",
    "signals": "twin signals optimise CITY --out",
    "flood": "twin flood run CITY --chicago-mm MM --source WHOSE --out",
    "visitors": "twin crowd run CITY --people N --out",
    "coverage": "twin emergency coverage CITY --out",
    "calibration": "twin calibrate CITY --counts FILE --window 7:00-8:00 --report",
    "day": "twin serve CITY --case RUN.sumocfg --feeds FEEDS.yaml --out",
    "review": "twin serve CITY --case RUN.sumocfg --feeds FEEDS.yaml --out",
}
"""What writes the folder that each kind is made of."""


@click.command(
    "report", short_help="A report in HTML and PDF, with what it rests on, tables, layers and a QGIS project."
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("source")
@click.option("-o", "--out", type=_PATH, required=True, help="The report's folder.")
@click.option("--city", type=_PATH, help="City folder.  [default: the one that SOURCE was made of]")
@click.option("--pdf", is_flag=True, help="Print it too: report.en.pdf and report.zh.pdf, by Chromium.")
@click.option("--with", "other", metavar="B", help="Of a comparison: the ensemble that SOURCE is compared with.")
@click.option("--runs", type=_PATH, default=Path("runs"), show_default=True, help="Store of the ensembles.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of a day.  [default: that of the last cycle]")
@click.option("--case", "case_id", help="Of a review: the case.")
@click.option("--timezone", default="UTC", show_default=True, help="Of a day's or a review's times, as Asia/Shanghai.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Of what is told here.")
@click.pass_context
def report_command(ctx: click.Context, /, kind: str, source: str, out: Path, lang: str, **given: Any) -> None:
    """Make a report of KIND from SOURCE, the folder that a command wrote.

    OUT gets report.html (English and Chinese): the figures with method, data, assumptions, guesses and the commands
    that repeat it; the tables as CSV; map.gpkg with layers, rasters as GeoTIFF, and report.qgz, which opens them in
    QGIS. SOURCE of a day and of a review is what twin serve --out keeps; of a comparison the folder of twin demo, or
    the name of an ensemble that was run (then --with names the other).

    \b
    twin report flood out/flood -o out/report --pdf
    twin report comparison as_it_is --with bridge_closed --city cities/my-town -o out/report
    twin report day out/live --date 2026-11-02 --timezone Europe/Berlin -o out/report
    """  # noqa: D301
    from twin.lazy_group import WORDS

    words = ctx.meta.get(WORDS, ())
    made = _made(kind, source, out, words, given)
    for note in made.notes:
        click.echo(note[lang])
    click.echo(f"{'已写入' if lang == 'zh' else 'wrote'} {out}: {', '.join(made.files)}")


def _made(kind: str, source: str, out: Path, words: Sequence[str], given: dict[str, Any]) -> Made:
    from networks import City
    from networks.errors import BadInput
    from twin.reports import make_report, report_comparison, report_day, report_review

    city, pdf = City.open(given["city"]) if given["city"] else None, given["pdf"]
    if kind == "comparison" and given["other"] is not None:
        return report_comparison(source, given["other"], given["runs"], out, city=city, pdf=pdf, words=words)
    folder = Path(source)
    if not folder.is_dir():
        expected, remedy = "the folder that a command wrote", f"{MAKERS[kind]} {source}"
        raise BadInput("there is no such folder", file=folder, place="SOURCE", expected=expected, remedy=remedy)
    if out.resolve() == folder.resolve():
        told = "the report would take the place of what it is made of"
        raise BadInput(told, file=out, place="--out", expected="another folder")
    if kind == "day":
        day, zone = given["day"], _zone(given["timezone"])
        return report_day(folder, out, day=day.date() if day else None, zone=zone, city=city, pdf=pdf, words=words)
    if kind == "review":
        if given["case_id"] is None:
            raise BadInput("nobody said which case", place="--case", expected="an id that twin cases list --all shows")
        zone = _zone(given["timezone"])
        return report_review(folder, given["case_id"], out, zone=zone, city=city, pdf=pdf, words=words)
    return make_report(kind, folder, out, city=given["city"], pdf=pdf, words=words)


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from networks.errors import BadInput

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"no such time zone: {name}", place="--timezone", expected="a name such as Asia/Shanghai"
        ) from error
