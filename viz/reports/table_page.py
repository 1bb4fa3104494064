"""A page of figures and tables, which is all that many reports are: desk, phone and paper, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from networks.sentence import Sentence
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, spans

Cell = str | Sentence


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is read first: its name, its value with unit, and a mark ("good", "bad" or "")."""

    name: Sentence
    value: Cell
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        title: Its heading.
        head: Names of its columns.
        rows: As many cells each as there are columns.
        note: A line below it.
        numbers: Columns (from 0) of figures, which stand to the right.
        marks: "good", "bad" or "" of each row; empty: none has one.
        empty: What is said where there are no rows.
    """

    title: Sentence
    head: Sequence[Sentence]
    rows: Sequence[Sequence[Cell]]
    note: Sentence | None = None
    numbers: frozenset[int] = frozenset()
    marks: Sequence[str] = ()
    empty: Sentence | None = None


def table_page(title: Cell, kind: str, lead: Cell, figures: Sequence[Figure], tables: Sequence[Table]) -> str:
    """The page; the same figures and tables give the same text.

    Args:
        title: Its heading.
        kind: Of the report, in the catalogue as `reports.kind.KIND`.
        lead: A line below the heading.
        figures: What is read first.
        tables: In reading order.
    """
    shown = {"css": page_file("tables.css"), "figures": figures, "tables": tables}
    part = Markup(templates().get_template("tables.html.j2").render(shown))
    return page(title, [part], kind=both(f"reports.kind.{kind}"), lead=spans(lead))
