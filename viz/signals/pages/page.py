"""A whole page around signal pictures: one HTML file, both languages, for screens and for A4 paper."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata

from markupsafe import Markup

from networks import Sentence
from viz.palette import AMBER, GREEN, ORANGE, hex_of
from viz.report import page_file, palette_css, templates
from viz.signals.sheets.sheet import SignalSheet, sheet
from viz.text import both, known, spans


def page(title: str | Sentence, parts: Sequence[Markup], *, kind: Markup, lead: Markup | str = "") -> str:
    """A whole page; it needs no network, and the same parts give the same text.

    Args:
        title: Its heading; a string is the same in every language.
        parts: What it holds, such as `sheet(...)`; each begins a sheet of paper.
        kind: What sort of page it is, in both languages.
        lead: A line below the heading.
    """
    shown = {
        "title": title if isinstance(title, str) else " · ".join(dict.fromkeys(title.values())),
        "heading": title if isinstance(title, str) else spans(title),
        "kind": kind,
        "lead": lead,
        "parts": parts,
        "css": style(),
        "script": page_file("signals.js"),
        "version": metadata.version("citytwin"),
    }
    return templates().get_template("signals.html.j2").render(shown)


def book(place: str, signals: Sequence[SignalSheet]) -> str:
    """The page of several timing sheets, with a list of them before."""
    parts = [sheet(signal) for signal in signals]
    if len(signals) > 1:
        listed = templates().get_template("signal_list.html.j2").render(signals=signals, known=known)
        parts.insert(0, Markup(listed))
    lead = both("sheet.count", count=len(signals)) if len(signals) > 1 else ""
    title = place if len(signals) > 1 else signals[0].streets or signals[0].plan.tls_id
    return page(title, parts, kind=both("sheet.kind"), lead=lead)


def style() -> Markup:
    """The style sheet of signal pages, for a page of one's own that holds such parts."""
    lamps = {"lamp-green": GREEN, "lamp-yellow": AMBER, "lamp-red": ORANGE}
    lines = "".join(f"--{name}:{hex_of(colour)};" for name, colour in lamps.items())
    return Markup(palette_css()) + page_file("report.css") + Markup(f":root{{{lines}}}\n") + page_file("signals.css")
