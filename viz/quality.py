"""The quality page of a city: one HTML file with every check, doubt and repair, and a map that shows them.

It is drawn from the city's layers and its `quality.json`, needs no network, and the same city gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.bundle import bundle_text
from viz.maps import attribution, map_script
from viz.palette import hex_of
from viz.quality_data import GROUPS, quality_data
from viz.report import page_file, palette_css, templates
from viz.text import words

if TYPE_CHECKING:
    from viz.story import MapCity

STATES = {True: "passed", False: "failed", None: "unmeasured"}


def render_quality(city: MapCity, report: Mapping[str, Any], *, changed: Sequence[str] = ()) -> str:
    """The quality page as HTML.

    Args:
        city: The city, with its layers `edges`, `doubts`, `repairs` and those of the base map.
        report: What its `quality.json` says (docs/quality.schema.json).
        changed: Files of the city that were changed after it was checked; the page warns of them.

    Raises:
        NotThere: pydeck carries no deck.gl bundle.
    """
    data = quality_data(city, report)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    shown = {
        "city": city,
        "report": report,
        "changed": ", ".join(changed),
        "checks": sorted((_check(one) for one in report["checks"]), key=lambda one: _ORDER[one["state"]]),
        "attribution": attribution(city),
        "groups": data["groups"],
        "deck": Markup(bundle_text()),
        "map_js": Markup(map_script()),
        "quality_js": page_file("quality.js"),
        "css": Markup(palette_css() + _group_css()) + page_file("report.css") + page_file("quality.css"),
        "data": Markup(text.replace("</", "<\\/")),
        "version": metadata.version("citytwin"),
    }
    return templates().get_template("quality.html.j2").render(shown)


_ORDER = {"failed": 0, "passed": 1, "told": 2, "unmeasured": 3}


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    """A check with its state and its figures as people read them."""
    state = STATES[check["passed"]]
    if check["value"] is not None and check["threshold"] is None:
        state = "told"
    flag = check["unit"] == "flag" and check["value"] is not None
    value, threshold = figures(check)
    return {
        **check,
        "state": state,
        "shown_value": words(f"quality.flag.{check['value']:.0f}") if flag else dict.fromkeys(("en", "zh"), value),
        "shown_threshold": None if flag else threshold,
        "width": _bar(check["value"], check["unit"]),
        "mark": _bar(check["threshold"], check["unit"]),
    }


def amount(value: float | None, unit: str, digits: int = 1) -> str:
    """A value as people read it: a share as per cent, a number of things without decimals."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{100 * value:.{digits}f}".rstrip("0").rstrip(".") + " %" if digits else f"{100 * value:.0f} %"
    return f"{value:,.0f}" if unit in ("", "flag") else f"{value:.3g} {unit}"


def figures(check: Mapping[str, Any]) -> tuple[str, str]:
    """A check's value and threshold as people read them; one that fails never looks like its threshold."""
    value, threshold = (amount(check[key], check["unit"]) for key in ("value", "threshold"))
    if value == threshold and check["value"] != check["threshold"]:
        value = amount(check["value"], check["unit"], 2)
    return value, threshold


def _bar(value: float | None, unit: str) -> float | None:
    return None if value is None or unit != "share" else round(100 * min(max(value, 0.0), 1.0), 2)


def _group_css() -> str:
    lines = "".join(f"--group-{group.key.replace('_', '-')}:{hex_of(group.colour)};" for group in GROUPS)
    return f":root{{{lines}}}\n"
