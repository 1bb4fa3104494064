"""The page of a rescue service: maps by minutes, tables and what they rest on; one HTML file, both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from viz.emergency.time_map import (
    COLOURS,
    STEPS_MIN,
    WIDE,
    frame_of,
    length_bar,
    shown_edges,
    site_marks,
    timed_roads,
    waters,
)
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both

if TYPE_CHECKING:
    from networks import City
    from networks.sentence import Sentence


@dataclass(frozen=True)
class TimeLayer:
    """A map that can be chosen: its label, (edges,) response times (s), (edges,) roads under water, its own signs."""

    label: Markup
    response_s: np.ndarray
    shut: np.ndarray
    signs: Sequence[tuple[str, str, float, float]]


@dataclass(frozen=True)
class Cell:
    """A table's cell: its text, smaller lines below, and their sort: better, worse or unsure."""

    text: str | Markup
    below: Sequence[str] = ()
    sort: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table: heading, column heads, rows, a note below, and whether it holds sentences, no figures."""

    title: Markup
    head: Sequence[Markup]
    rows: Sequence[Sequence[Cell]]
    note: Markup = field(default_factory=Markup)
    sentences: bool = False


def service_page(
    city: City,
    *,
    kind: Markup,
    lead: Markup,
    layers: Sequence[TimeLayer],
    tables: Sequence[ShownTable],
    notes: Sequence[Sentence],
) -> str:
    """The page.

    Args:
        city: Its roads are drawn.
        kind: What sort of page it is.
        lead: The line below the heading.
        layers: Maps of which one is seen at a time, perhaps none.
        tables: In their order.
        notes: What it rests on.
    """
    frame = frame_of(city)
    kinds = {sign[0] for layer in layers for sign in layer.signs}
    context = {
        "wide": f"{WIDE:.0f}",
        "tall": f"{frame.tall:.0f}",
        "water": waters(city, frame),
        "layers": [
            (layer.label, timed_roads(city, frame, layer.response_s, layer.shut) + site_marks(frame, layer.signs))
            for layer in layers
        ],
        "ruler": length_bar(frame),
        "keys": list(zip(COLOURS, _steps(), strict=True)),
        "cut": any(bool((shown_edges(city) & ~np.isfinite(one.response_s) & ~one.shut).any()) for one in layers),
        "shut": any(layer.shut.any() for layer in layers),
        "kinds": [one for one in ("station", "new", "hospital") if one in kinds],
    }
    return _rendered(city.name, kind, lead, tables, notes, context)


def tables_page(
    name: str, *, kind: Markup, lead: Markup, tables: Sequence[ShownTable], notes: Sequence[Sentence],
    map_: Mapping[str, object] | None = None,
) -> str:  # fmt: skip
    """The page of a city of that name without its map of times; `map_` is what the template needs for another map."""
    return _rendered(name, kind, lead, tables, notes, map_ or {})


def _rendered(
    name: str, kind: Markup, lead: Markup, tables: Sequence[ShownTable], notes: Sequence[Sentence],
    more: Mapping[str, object],
) -> str:  # fmt: skip
    css = page_file("flood.css") + page_file("emergency.css")
    context = {"layers": (), "drawing": "", "css": css, "tables": tables, "notes": notes, **more}
    part = Markup(templates().get_template("emergency.html.j2").render(context))
    return page(name, [part], kind=kind, lead=lead)


def clock(seconds: float, *, signed: bool = False) -> str:
    """min:s, e.g. 7:05; with a sign where it is a difference."""
    if not np.isfinite(seconds):
        return "–"
    whole = round(abs(seconds))
    sign = ("−" if seconds < 0 else "+") if signed else ""
    return f"{sign}{whole // 60}:{whole % 60:02d}"


def _steps() -> list[str]:
    return [f"≤ {minutes}" for minutes in STEPS_MIN] + [f"> {STEPS_MIN[-1]}"]


def named(key: str, **told: object) -> Markup:
    """A catalogue entry, in both languages."""
    return both(f"emergency.{key}", **told)


def percent(share: float, *, signed: bool = False) -> str:
    """e.g. 12.3 %, or with a sign, without its unit, where it is a difference."""
    if not np.isfinite(share):
        return "–"
    return f"{100 * share:+.1f}".replace("-", "−") if signed else f"{100 * share:.1f} %"
