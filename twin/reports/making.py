"""A report's folder: report.html, report.en.pdf and report.zh.pdf, and what it gives away; whole or not at all."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.sentence import Sentence
from twin.origin import Origin, origin_of
from twin.reports.kinds import page_of

if TYPE_CHECKING:
    from networks import City
    from viz.reports.basis import Basis, Datum

PAGE, PROJECT = "report.html", "report.qgz"
PDFS = {"en": "report.en.pdf", "zh": "report.zh.pdf"}


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made: its folder, the names in it, and what could not be given away, in both languages."""

    folder: Path
    files: tuple[str, ...]
    notes: tuple[Sentence, ...]


def make_report(
    kind: str, source: Path, out: Path, *, city: Path | None = None, pdf: bool = False, words: Sequence[str] = ()
) -> Made:
    """Make a report of a command's folder.

    Args:
        kind: A key of `PAGES`.
        source: The folder that the command wrote.
        out: The report's folder; an older one is replaced.
        city: The City folder; None: the one that the command was given.
        pdf: Print it too, in both languages.
        words: Of the command that makes the report, to be repeated.

    Raises:
        NotThere: The folder holds no page of the kind; no browser is there for a PDF.
        BadInput: The city is no City folder.
        StorageFailed: The disk is full or may not be written.
    """
    page, origin = page_of(kind, source), origin_of(source)
    town = _city_of(city, origin)
    text = page.read_text(encoding="utf-8")
    return write_report(kind, text, source, out, origin=origin, city=town, pdf=pdf, words=words)


def write_report(
    kind: str, page: str, source: Path, out: Path, *, origin: Origin | None, city: City | None, pdf: bool,
    words: Sequence[str], data: Sequence[Datum] = (),
) -> Made:  # fmt: skip
    """As `make_report`, of a page that is there already, with tables that lie in `source`."""
    from networks import landing_folder
    from viz.printing import browser, print_pdf
    from viz.reports.basis import framed

    if pdf:
        browser()
    with landing_folder(out) as beside:
        files, notes = give_away(source, city, beside, kind)
        repeat = [*([origin.command] if origin else []), *([shlex.join(["twin", *words])] if words else [])]
        basis = basis_of(kind, origin, city, repeat, files, data)
        (beside / PAGE).write_text(framed(page, basis), encoding="utf-8")
        names = [PAGE]
        for language, name in PDFS.items() if pdf else ():
            print_pdf(beside / PAGE, beside / name, language)
            names.append(name)
    return Made(out, (*names, *files), tuple(notes))


def give_away(source: Path, city: City | None, out: Path, title: str) -> tuple[list[str], list[Sentence]]:
    """Write tables, layers, rasters and the project; gives their names, and what could not be written and why."""
    from networks.sentence import say
    from twin.reports.layers import write_layers, write_rasters, write_tables
    from twin.reports.qgis import write_project

    files, large = write_tables(source, out)
    notes = [say(f"{name} is larger than 50 MB: take it from its own folder", f"{name}超过50 MB，请到原文件夹取用")
             for name in large]  # fmt: skip
    if city is None:
        notes.append(say("no City folder is known, so no layers were written: name it with --city",
                         "未指定城市数据文件夹，未写出图层：请用--city指定"))  # fmt: skip
        return files, notes
    layers = [*write_layers(city, out), *write_rasters(source, city, out)]
    write_project(out / PROJECT, f"{city.name}: {title}", city, layers)
    return [PROJECT, *dict.fromkeys(layer.file for layer in layers), *files], notes


def basis_of(
    kind: str, origin: Origin | None, city: City | None, repeat: Sequence[str], files: Sequence[str],
    data: Sequence[Datum] = (),
) -> Basis:  # fmt: skip
    """What the frame tells."""
    from viz.reports.basis import Basis, Datum
    from viz.text import known

    told = [*data, *([] if city is None else _of_city(city))]
    told += [Datum(one.path, "", one.size_bytes, one.digest) for one in (origin.inputs if origin else ())]
    return Basis(
        kind, told, city.guesses if city else (), city is None, repeat, origin.versions if origin else {},
        [(name, known("reports.file", name.rpartition(".")[2])) for name in files],
    )  # fmt: skip


def _of_city(city: City) -> list[Datum]:
    from networks import catalogue
    from viz.reports.basis import Datum

    sources = [one for one in catalogue(city.manifest) if one.kind == "source"]
    return [
        Datum(
            one.file, ", ".join(part for part in (one.licence, one.owner, one.date) if part), one.size_bytes, one.sha256
        )
        for one in sources
    ]


def _city_of(named: Path | None, origin: Origin | None) -> City | None:
    from networks import City

    if named is not None:
        return City.open(named)
    place = origin.city if origin else None
    return City.open(place) if place is not None and (place / "city.json").is_file() else None
