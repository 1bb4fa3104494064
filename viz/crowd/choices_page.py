"""The page of calibrated choices: counted beside expected, figures before and after; one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from networks.sentence import Sentence
from viz.crowd.hour_bars import TALL, WIDE, hour_bars
from viz.palette import BLUE, CANNOT_TELL, ORANGE, hex_of
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

Span = tuple[float, float]


@dataclass(frozen=True)
class CounterHours:
    """A counter by the hour.

    Attributes:
        counter, site, what: Which, where, and "came", "left" or "inside".
        held, faulty: Whether it only judges, and whether it was left out.
        hours: A label for each hour.
        told, expected, believed: People by hour; NaN is a gap.
    """

    counter: str
    site: str
    what: str
    held: bool
    faulty: bool
    hours: Sequence[str]
    told: Sequence[float]
    expected: Sequence[float]
    believed: Sequence[float]


@dataclass(frozen=True)
class FigureRow:
    """A figure after, its 90 % interval, and before; `known` is whether any count informs it."""

    after: float
    span: Span
    before: float
    known: bool = True


@dataclass(frozen=True)
class ChoicesShown:
    """What the page shows.

    Attributes:
        place, day: Its heading and the counted day.
        errors: Way ("calibrated", "believed", "mean", "gravity") -> error at the counters held out; empty: none are.
        unknown: Sites that no counter informs.
        sites: Name, draw, stay (min).
        tastes: Name of a figure -> it.
        counters: All of them.
        notes: What it rests on.
    """

    place: str
    day: str
    errors: Sequence[tuple[str, float]]
    unknown: Sequence[Sentence]
    sites: Sequence[tuple[str, FigureRow, FigureRow]]
    tastes: Sequence[tuple[str, FigureRow]]
    counters: Sequence[CounterHours]
    notes: Sequence[Sentence]


def choices_page(shown: ChoicesShown) -> str:
    """The page."""
    colours = f"--crowd-counted:{hex_of(CANNOT_TELL)};--crowd-forecast:{hex_of(BLUE)};--crowd-limit:{hex_of(ORANGE)}"
    told = {
        "css": Markup(f":root{{{colours}}}\n{page_file('crowd.css')}"),
        "wide": f"{WIDE:.0f}",
        "tall": f"{TALL:.0f}",
        "errors": [(way, f"{100 * size:.0f} %") for way, size in shown.errors],
        "unknown": shown.unknown,
        "sites": [(name, *_cells(draw, 2), *_cells(stay, 0)) for name, draw, stay in shown.sites],
        "tastes": [(name, _cells(one, 3)) for name, one in shown.tastes],
        "counters": [_counter(one) for one in shown.counters],
        "notes": shown.notes,
    }
    part = Markup(templates().get_template("crowd_choices.html.j2").render(told))
    held = sum(one.held for one in shown.counters)
    lead = both("choices.lead", counters=len(shown.counters), day=shown.day, held=held)
    return page(shown.place, [part], kind=both("choices.kind"), lead=lead)


def _cells(one: FigureRow, digits: int) -> tuple[str, str, str]:
    low, high = one.span
    mark = "" if one.known else " *"
    return f"{one.after:.{digits}f}{mark}", f"{low:.{digits}f} … {high:.{digits}f}", f"{one.before:.{digits}f}"


def _counter(one: CounterHours) -> dict[str, object]:
    chart = hour_bars(one.hours, one.told, [("crowd-limit", one.believed), ("crowd-line", one.expected)])
    return {
        "counter": one.counter, "site": one.site, "what": one.what, "held": one.held, "faulty": one.faulty,
        "chart": chart,
    }  # fmt: skip
