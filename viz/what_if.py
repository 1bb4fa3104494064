"""The planning desk's page: draw a what-if on the map, run it, compare side by side. The addresses it asks:

    GET  /what-if                what_if_page()
    GET  /static/what_if.js      what_if_asset(name), and what_if.css
    GET  /what-if/KEY/method     method_page(): how a comparison was made, in both languages
    GET  /api/city, /api/me      as the cockpit does
    /api/what-if and below       twin/api/routes/what_if.py

Like the cockpit it holds no inline script and no style attribute; texts of people go in as text nodes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from networks.errors import NotThere
from viz.head import NAV, SCRIPT, STYLE, head_style, head_words, page_script
from viz.maps import MAP_SCRIPTS
from viz.report import PAGES, palette_css, templates

SCRIPTS = ("drawing", "changes", "asking", "list", "maps", "result", "main")
"""Parts of the script in pages/what_if, in their order; with cockpit/words.js they share one closure."""
SHOWN_FIRST = (
    "mean_delay_s", "trips_finished", "trips_given_up", "trips_shifted", "mean_speed_mps", "vehicles_in_water",
    "road_closed_edge_h", "egress_p90_s", "teleports",
)  # fmt: skip
"""Measures that a new what-if asks for."""


def what_if_page() -> str:
    """The page as HTML, filled by what_if.js."""
    return templates().get_template("what_if.html.j2").render(nav=NAV)


def method_page(result: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """How a comparison was made.

    Args:
        result: `result.json` of the what-if.
        asked: `twin.whatif.about`: who asked what, of which city, on which grounds, how to repeat it.
    """
    return templates().get_template("what_if_method.html.j2").render(result=result, asked=asked)


@cache
def what_if_asset(name: str) -> tuple[bytes, str]:
    """A static file of the page: its bytes and media type.

    Raises:
        NotThere: The page has no such file.
    """
    if name == "what_if.css":
        shared = head_style() + _file("cockpit/page.css") + _file("cockpit/map.css")
        return (palette_css() + shared + _file("what_if.css")).encode(), STYLE
    if name == "what_if.js":
        words = head_words("what_if", "unit", "verdict", "map", "legend", "marker")
        parts = ["cockpit/words.js", "maps_again.js", *(f"what_if/{part}.js" for part in SCRIPTS)]
        first = f"window.whatIfFirst={json.dumps(SHOWN_FIRST)};\n"
        return (first + page_script("whatIfText", words, parts, before=MAP_SCRIPTS)).encode(), SCRIPT
    if name == "what_if_method.js":
        told = json.dumps(head_words(), ensure_ascii=False, separators=(",", ":"))
        return f"window.whatIfMethodText={told};\n{_file('what_if/method.js')}".encode(), SCRIPT
    raise NotThere(f"the planning desk has no file {name!r}", expected="what_if.js or what_if.css")


def _file(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")
