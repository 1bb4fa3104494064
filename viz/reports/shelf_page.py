"""The page /reports of a served town: what was made, with its files, and a button that makes one more.

    GET  /reports                shelf_page()
    GET  /static/reports/{name}  shelf_asset(name)
    GET, POST /api/reports       see docs/api.md

The page holds no inline script and no style attribute. A report itself is one file with its own script inside: the
policy that it is served with lets that script run by its digest, and no other.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from networks.errors import NotThere
from viz.head import NAV, SCRIPT, STYLE, head_style, head_words, page_script
from viz.report import PAGES, templates

ASSETS = ("reports.js", "reports.css")
_OWN_SCRIPTS = ("signals.js",)


def shelf_page() -> str:
    """The page as HTML: empty places with their words in both languages, filled by reports.js."""
    return templates().get_template("reports.html.j2").render(nav=NAV)


@cache
def shelf_asset(name: str) -> tuple[bytes, str]:
    """A static file of the page: its bytes and media type.

    Raises:
        NotThere: The page has no such file.
    """
    if name == "reports.css":
        return (head_style() + _file("reports.css")).encode(), STYLE
    if name == "reports.js":
        return page_script("shelfText", head_words("shelf"), ["reports.js"]).encode(), SCRIPT
    raise NotThere(f"the page of reports has no file {name!r}", expected=" or ".join(ASSETS))


@cache
def report_policy() -> str:
    """The content security policy of a report's page: styles and pictures within it, our scripts alone, no address."""
    digests = [base64.b64encode(hashlib.sha256(_file(name).encode()).digest()).decode() for name in _OWN_SCRIPTS]
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def _file(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")
