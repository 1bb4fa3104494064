"""The engineers' workspace at /signals: what a signal runs, a change with its check, time-space, export, and the desk.

    GET  /signals                 workspace_page()
    GET  /static/signals/{name}   workspace_asset(name)
    GET  /api/signals, /api/signals/{tls_id}                      the list; one with its sheet
    POST /api/signals/check, /corridor, /export, /proposals       see docs/api.md

The page holds no inline script and no style attribute. Sheets come from the server as pieces of HTML, made by
`viz/signals` as for the command line; everything that people typed goes in as text.
"""

from __future__ import annotations

import json
from functools import cache

from networks.errors import NotThere
from viz.cockpit import NAV, SCRIPT, STYLE
from viz.report import PAGES, templates
from viz.signals.pages.page import style
from viz.text import for_page

PARTS = ("words", "asking", "drafts", "places", "plan", "change", "way", "send", "main")
"""Parts of the script in pages/workspace, in their order; they share one closure."""
STYLES = ("page", "places", "change", "phone")
FORMATS = ("sumo", "utdf", "gmns", "nema", "ntcip", "gat1049", "gbt20999", "spat")
LOCALES = ("gb", "ite", "rilsa", "uk", "resco")
ASSETS = ("workspace.js", "workspace.css")


def workspace_page() -> str:
    """The page as HTML: empty places with their words in both languages, filled by workspace.js."""
    from networks import read_rules

    titles = {name: read_rules(name).title for name in LOCALES}
    return templates().get_template("workspace.html.j2").render(nav=NAV, rules=titles, formats=FORMATS)


@cache
def workspace_asset(name: str) -> tuple[bytes, str]:
    """A static file of the page: its bytes and media type.

    Raises:
        NotThere: The page has no such file.
    """
    if name == "workspace.css":
        own = _file("nav.css") + "".join(_file(f"workspace/{part}.css") for part in STYLES)
        return (str(style()) + own).encode(), STYLE
    if name == "workspace.js":
        words = json.dumps(for_page("workspace", "map", "language", "nav"), ensure_ascii=False, separators=(",", ":"))
        parts = _file("words.js") + "".join(_file(f"workspace/{part}.js") for part in PARTS)
        own = f'(function () {{\n"use strict";\n{parts}}})();\n'
        return (f"window.workspaceText={words};\n" + _file("map.js") + _file("nav.js") + own).encode(), SCRIPT
    raise NotThere(f"the workspace has no file {name!r}", expected=" or ".join(ASSETS))


def _file(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")
