"""The frame of every report: what its figures rest on, put at the end of whatever page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from networks.errors import BadInput
from networks.sentence import Sentence
from viz.report import page_file, templates
from viz.text import CATALOGUE, words

END = "</main>"


@dataclass(frozen=True, slots=True)
class Datum:
    """Something that went in: its name, what is known of it (licence, owner, day), size and digest ("": not known)."""

    name: str
    about: Sentence | str = ""
    size_bytes: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report rests on.

    Attributes:
        kind: Of the report; method and assumptions of it are in the catalogue.
        data: What went in.
        guesses: What nobody measured, a sentence each.
        unknown: Whether nobody can say what was guessed (no City folder was named).
        repeat: Commands that give the same again.
        versions: Package -> version.
        files: Of the report's folder: (name, what it is).
    """

    kind: str
    data: Sequence[Datum] = ()
    guesses: Sequence[Sentence] = ()
    unknown: bool = False
    repeat: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[tuple[str, Sentence]] = ()


def framed(page: str, basis: Basis) -> str:
    """The page with its basis at its end.

    Raises:
        BadInput: It is no page of ours.
    """
    before, end, after = page.rpartition(END)
    if not end:
        raise BadInput("a page without an end of its main part", expected="a page that a twin command wrote")
    return "".join((before, section(basis), end, after))


def section(basis: Basis) -> Markup:
    """The basis alone, as an article."""
    shown = {
        "css": page_file("basis.css"),
        "basis": basis,
        "method": told(basis.kind, "method"),
        "assumptions": told(basis.kind, "assumption"),
    }
    return Markup(templates().get_template("basis.html.j2").render(shown))


def told(kind: str, what: str) -> list[Sentence]:
    """The catalogue's numbered sentences of a kind: `reports.KIND.WHAT_1`, ..."""
    prefix = f"reports.{kind}.{what}_"
    return [words(key) for key in CATALOGUE if key.startswith(prefix)]
