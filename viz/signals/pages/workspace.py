"""The engineers' workspace at /signals: what a signal runs, a change with its check, time-space, export, and the desk.

    GET  /signals                 workspace_page()
    GET  /static/signals/{name}   workspace_asset(name)
    GET  /api/signals, /api/signals/{tls_id}                      the list; one with its sheet
    POST /api/signals/check, /corridor, /export, /proposals       see docs/api.md

The page holds no inline script and no style attribute. Sheets come from the server as pieces of HTML, made by
`viz/signals` as for the command line; everything that people typed goes in as text.
"""

from __future__ import annotations

from functools import cache

from networks.errors import NotThere
from viz.head import NAV, SCRIPT, STYLE, head_style, head_words, page_script
from viz.maps import MAP_SCRIPTS
from viz.report import page_file, templates
from viz.signals.pages.page import style

PARTS = ("words", "asking", "drafts", "places", "plan", "change", "way", "send", "main")
"""Parts of the script in pages/workspace, in their order; they share one closure with the head's."""
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
        own = head_style() + "".join(page_file(f"workspace/{part}.css") for part in STYLES)
        return (str(style()) + own).encode(), STYLE
    if name == "workspace.js":
        parts = ["maps_again.js", *(f"workspace/{part}.js" for part in PARTS)]
        script = page_script("workspaceText", head_words("workspace", "map"), parts, before=MAP_SCRIPTS)
        return script.encode(), SCRIPT
    raise NotThere(f"the workspace has no file {name!r}", expected=" or ".join(ASSETS))
