"""The pages of a flood run and of a city's ponding points: one HTML file each, both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from viz.flood.water_map import CHANCE, DEPTH, GROUND, marks, roads, ruler
from viz.palette import hex_of
from viz.rain.classes import Classes
from viz.rain.png import picture
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, words

if TYPE_CHECKING:
    from networks import City, Terrain
    from networks.sentence import Sentence


@dataclass(frozen=True)
class FloodShown:
    """What the page shows.

    Attributes:
        chance: (rows, columns) share of members with more than 0.15 m.
        deepest_m: (rows, columns); None: not to be shown (screening).
        shut: (edges,) True where a road closes to cars; all False where closures are not to be shown.
        rows: Of the list of places, see `flood.html.j2`.
        ledger_m3: By name; empty where there is none.
        notes: What it rests on, in both languages.
        warning: Shown on top, or None.
        ponding: The list is of ponding points, with their storage.
    """

    chance: np.ndarray
    deepest_m: np.ndarray | None
    shut: np.ndarray
    rows: Sequence[dict[str, Any]]
    ledger_m3: dict[str, float]
    notes: Sequence[Sentence]
    warning: Sentence | None
    ponding: bool = False


def flood_page(city: City, terrain: Terrain, shown: FloodShown, *, lead: Markup, before: Sequence[Markup] = ()) -> str:
    """The page.

    Args:
        city: Its roads are drawn.
        terrain: Its cells are the map.
        shown: What to show.
        lead: The line below the heading.
        before: Sections that come first.
    """
    tall, wide = shown.chance.shape
    chance_name = "flood.layer_chance" if shown.deepest_m is not None else "flood.layer_prone"
    layers = [("chance", words(chance_name), picture(shown.chance, CHANCE), _legend(CHANCE))]
    if shown.deepest_m is not None:
        layers.insert(0, ("depth", words("flood.layer_depth"), picture(shown.deepest_m, DEPTH), _legend(DEPTH)))
    context = {
        "css": page_file("flood.css"),
        "wide": wide,
        "tall": tall,
        "ground": picture(terrain.surface.astype(np.float64), GROUND),
        "layers": layers,
        "roads": roads(city, terrain, shown.shut),
        "ruler": ruler(terrain),
        "marks": marks(terrain, [(row["kind"], str(row["number"]), row["x"], row["y"]) for row in shown.rows]),
        "rows": shown.rows,
        "ledger": sorted(shown.ledger_m3.items()),
        "notes": shown.notes,
        "warning": shown.warning,
        "ponding": shown.ponding,
        "trusted": shown.deepest_m is not None,
    }
    part = Markup(templates().get_template("flood.html.j2").render(context))
    kind = both("flood.kind_ponding") if shown.ponding else both("flood.kind")
    return page(city.name, [*before, part], kind=kind, lead=lead)


def _legend(classes: Classes) -> dict[str, Any]:
    form = ".0%" if classes is CHANCE else "g"
    keys = [(hex_of(colour), format(step, form)) for step, colour in zip(classes.steps, classes.colours, strict=True)]
    return {"label": both(classes.name), "keys": keys}
