"""The page of a nowcast: one HTML file with a map that plays, chances, and what it rests on; both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from viz.palette import hex_of
from viz.rain.chart import chart
from viz.rain.classes import CHANCE, RAIN, UNKNOWN, Classes
from viz.rain.ground import arrows, graticule, places, ruler
from viz.rain.png import picture
from viz.report import page_file, templates
from viz.signals.pages.page import page
from viz.text import both, words

if TYPE_CHECKING:
    from models.flood.rain import Adjustment, Gauges, Nowcast, RadarFrames

MEMBERS_SHOWN = 3


def nowcast_page(
    frames: RadarFrames,
    cast: Nowcast,
    middle: tuple[float, float],
    *,
    adjustment: Adjustment | None = None,
    gauges: Gauges | None = None,
    thresholds: tuple[float, ...] = (1.0, 10.0),
) -> str:
    """The page.

    Args:
        frames: The radar's, on the nowcast's grid.
        cast: What is forecast.
        middle: Longitude and latitude (degrees) of the place whose rain is charted.
        adjustment: What was done to the radar by gauges.
        gauges: Those gauges, drawn as dots.
        thresholds: Rain (mm/h) whose chance is shown.
    """
    row, col = (int(one) for one in cast.grid.pixels(*middle))
    tall, wide = cast.grid.shape
    layers = _layers(cast, thresholds)
    pictures = {name: [picture(one, classes) for one in fields] for name, _, classes, fields in layers}
    observed = [picture(one, RAIN) for one in frames.rate_mm_h]
    shown = {
        "css": page_file("nowcast.css"),
        "script": page_file("nowcast.js"),
        "data": Markup(json.dumps(_data(frames, cast, pictures, observed), ensure_ascii=False).replace("</", "<\\/")),
        "wide": wide,
        "tall": tall,
        "ground": Markup("").join([*graticule(cast.grid), *ruler(cast.grid)]),
        "marks": Markup("").join(places(cast.grid, middle, gauges)),
        "arrows": Markup("").join(arrows(cast.motion, 1800 / float(cast.leads_s[0]))),
        "layers": [(name, label, classes.name) for name, label, classes, _ in layers],
        "legends": [_legend(RAIN), _legend(CHANCE)],
        "chart": chart(frames, cast, row, col),
        "rows": _rows(cast, row, col, thresholds),
        "thresholds": thresholds,
        "still": _still(cast, pictures),
        "frames": frames,
        "cast": cast,
        "adjustment": adjustment,
        "gauges": gauges,
        "missing": ", ".join(f"{one:%H:%M}" for one in frames.missing),
    }
    part = Markup(templates().get_template("nowcast.html.j2").render(shown))
    lon, lat = middle
    title = f"{abs(lat):.3f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.3f}° {'E' if lon >= 0 else 'W'}"
    lead = both(
        "rain.lead",
        issued=f"{cast.issued:%Y-%m-%d %H:%M %Z}",
        minutes=f"{cast.leads_s[-1] / 60:g}",
        members=len(cast.members_mm_h),
    )
    return page(title, [part], kind=both("rain.kind"), lead=lead)


def _layers(cast: Nowcast, thresholds: tuple[float, ...]) -> list[tuple[str, dict[str, str], Classes, np.ndarray]]:
    """Name, words, colours and fields (leads, rows, cols) of what the map can show."""
    mean = cast.members_mm_h.mean(axis=0)
    found = [
        ("mean", words("rain.layer_mean"), RAIN, mean),
        ("control", words("rain.layer_control"), RAIN, cast.control_mm_h),
    ]
    for one in thresholds:
        found.append((f"chance-{one:g}", words("rain.layer_chance", rain=f"{one:g}"), CHANCE, cast.probability(one)))
    for at in range(min(MEMBERS_SHOWN, len(cast.members_mm_h))):
        found.append((f"member-{at + 1}", words("rain.layer_member", number=at + 1), RAIN, cast.members_mm_h[at]))
    return found


def _data(frames: RadarFrames, cast: Nowcast, pictures: dict[str, list[str]], observed: list[str]) -> dict[str, Any]:
    minutes = [round((time - cast.issued).total_seconds() / 60) for time in (*frames.times, *cast.times)]
    return {
        "times": [f"{time:%H:%M}" for time in (*frames.times, *cast.times)],
        "zone": f"{cast.issued:%Z}",
        "minutes": minutes,
        "observed": observed,
        "layers": pictures,
    }


def _legend(classes: Classes) -> dict[str, Any]:
    form = ".0%" if classes is CHANCE else "g"
    keys = [(hex_of(colour), format(step, form)) for step, colour in zip(classes.steps, classes.colours, strict=True)]
    return {"name": classes.name, "label": both(classes.name), "keys": keys, "unknown": hex_of(UNKNOWN)}


def _rows(cast: Nowcast, row: int, col: int, thresholds: tuple[float, ...]) -> list[dict[str, Any]]:
    rows = list[dict[str, Any]]()
    for at, time in enumerate(cast.times):
        here = cast.members_mm_h[:, at, row, col]
        known = bool(np.isfinite(here).all())
        low, mid, high = np.quantile(here, (0.05, 0.5, 0.95)) if known else (0.0, 0.0, 0.0)
        chances = [float((here >= one).mean()) for one in thresholds]
        rows.append({"time": f"{time:%H:%M}", "known": known, "low": low, "mid": mid, "high": high, "chances": chances,
                     "after": f"+{cast.leads_s[at] / 60:g} min", "tells": cast.known[at]})  # fmt: skip
    return rows


def _still(cast: Nowcast, pictures: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """Four moments for paper: minutes, mean, chance of the first threshold."""
    chance = next(name for name in pictures if name.startswith("chance-"))
    count = len(cast.leads_s)
    picked = sorted({max(0, round(count * share) - 1) for share in (0.25, 0.5, 0.75, 1.0)})
    return [(f"{cast.times[at]:%H:%M}", pictures["mean"][at], pictures[chance][at]) for at in picked]
