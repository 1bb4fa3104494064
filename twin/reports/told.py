"""Reports that have no page of a command: a day, a case's review, a comparison of two ensembles."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.sentence import Sentence, say
from twin.reports.making import Made, write_report

if TYPE_CHECKING:
    from networks import City
    from twin.ensemble_file import SavedEnsemble
    from viz.reports.table_page import Table


def report_day(
    folder: Path, out: Path, *, day: date | None, zone: tzinfo, city: City | None, pdf: bool, words: Sequence[str]
) -> Made:
    """Make the report of a served town's day.

    Raises:
        NotThere: No desk is kept in the folder, or it lived through no cycle on that day.
        StorageFailed: The disk is full or may not be written.
    """
    from twin.desk import told_place
    from twin.reports.day import day_of
    from twin.reports.day_tables import day_page, tables
    from viz.reports.basis import Datum

    told = day_of(folder, day, zone)
    cycles, audit = len(told.cycles), told.audit
    about = say(f"{cycles} cycles of the day, {audit} entries of the audit", f"当日{cycles}个周期，审计记录{audit}条")
    with tempfile.TemporaryDirectory() as kept:
        for title, table in zip(_DAY, tables(told), strict=True):
            write_table(Path(kept) / f"{title}.csv", table)
        page = day_page(told, folder.resolve().name)
        name, size = told_place(folder)
        data = [Datum(name, about, size)]
        return write_report("day", page, Path(kept), out, origin=None, city=city, pdf=pdf, words=words, data=data)


_DAY = ("alarm_quality", "alarms", "decisions", "messages", "outcomes", "cases", "forecasts", "missing")


def report_review(
    folder: Path, case_id: str, out: Path, *, zone: tzinfo, city: City | None, pdf: bool, words: Sequence[str]
) -> Made:
    """Make the report of a case at the desk of a folder.

    Raises:
        NotThere: No desk is kept in the folder, or it knows no such case.
        StorageFailed: The disk is full or may not be written.
    """
    from twin.desk import Cases, Desk, kept_desk, told_place
    from twin.plans import review
    from viz import review_page
    from viz.reports.basis import Datum

    desk = Desk.open(kept_desk(folder))
    try:
        found = review(desk.book, Cases(desk.book).one(case_id).case_id, zone)
    finally:
        desk.close()
    name, size = told_place(folder)
    data = [Datum(name, say(f"{found.entries} entries of the audit", f"审计记录{found.entries}条"), size)]
    with tempfile.TemporaryDirectory() as kept:
        rows = [[f"{one.at:%Y-%m-%dT%H:%M:%SZ}", one.sort, one.text["en"], one.text["zh"]] for one in found.story]
        _write(Path(kept) / "story.csv", ["at", "sort", "text_en", "text_zh"], rows)
        return write_report(
            "review", review_page(found), Path(kept), out, origin=None, city=city, pdf=pdf, words=words, data=data
        )


def report_comparison(
    before: str, after: str, runs: Path, out: Path, *, city: City | None, pdf: bool, words: Sequence[str]
) -> Made:
    """Make the report of two ensembles that were run in the same city, seed by seed.

    Raises:
        NotThere: There is no such ensemble.
        BadInput: They were run in different cities.
        StorageFailed: The disk is full or may not be written.
    """
    from scenarios import compare
    from twin.ensemble_file import open_ensemble
    from twin.reports.compared import comparison_page, comparison_table
    from viz.reports.basis import Datum

    one, other = open_ensemble(runs, before), open_ensemble(runs, after)
    if one.city_digest != other.city_digest:
        raise BadInput(f"{before} and {after} were run in different cities", remedy="run both in the same City folder")
    compared = compare(one.ensemble, other.ensemble)
    data = [
        Datum(name, _members(saved), 0, saved.ensemble.runs[0].run_id)
        for name, saved in ((before, one), (after, other))
    ]
    with tempfile.TemporaryDirectory() as kept:
        write_table(Path(kept) / "comparison.csv", comparison_table(compared))
        page = comparison_page(compared, one.ensemble, other.ensemble)
        return write_report(
            "comparison", page, Path(kept), out, origin=None, city=city, pdf=pdf, words=words, data=data
        )


def _members(saved: SavedEnsemble) -> Sentence:
    many, city = len(saved.ensemble.runs), saved.city_digest[:16]
    return say(f"{many} members, city {city}", f"{many}个成员，城市 {city}")


def write_table(file: Path, table: Table) -> None:
    """A table of a page as CSV, in English, with Chinese beside it where a cell has both."""
    twice = [at for at in range(len(table.head)) if any(not isinstance(row[at], str) for row in table.rows)]
    head = [one["en"] for one in table.head] + [f"{table.head[at]['en']} (zh)" for at in twice]
    rows = [
        [cell if isinstance(cell, str) else cell["en"] for cell in row]
        + [cell if isinstance(cell := row[at], str) else cell["zh"] for at in twice]
        for row in table.rows
    ]
    _write(file, head, rows)


def _write(file: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *rows])
