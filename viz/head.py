"""The head of every page of a served town: links, who is signed in, colours, language, and the end of the session.

A page's template puts `head_look` into its <head>, and into its <header id="head"> head/links.html.j2 and
head/seat.html.j2; head/session.html.j2 stands at its end. Its script begins with `head_script`, its style with
`head_style`. Colours and language are chosen on one page and hold on every page of this browser (pages/head/look.js);
a link may ask for others: `#theme=light&lang=zh`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from viz.palette import DARK, LIGHT, hex_of
from viz.report import page_file
from viz.text import for_page

SCRIPT, STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
NAV = {"/": "nav.cockpit", "/what-if": "nav.what_if", "/signals": "nav.signals", "/reports": "nav.reports"}
"""Pages by address, as pages/head/links.html.j2 links them."""
LOOK = "look.js"
"""The file that sets colours and language before anything is painted."""
PARTS = ("words.js", "head/me.js", "head/session.js")
STYLES = ("head/colours.css", "head/head.css")


def head_words(*prefixes: str) -> dict[str, list[str]]:
    """Words of a page's script, those of the head among them."""
    return for_page("head", "language", "nav", *prefixes)


def page_script(name: str, words: dict[str, list[str]], parts: Sequence[str], *, before: Sequence[str] = ()) -> str:
    """A page's whole script.

    Args:
        name: Its words are `window[name]`.
        words: Key -> [en, zh].
        parts: Files below viz/pages that share one closure with those of the head.
        before: Files that stand before it, each in a closure of its own.
    """
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    own = "".join(page_file(part) for part in (*PARTS, *parts))
    first = "".join(page_file(part) for part in before)
    return f'window.{name}={text};\n{first}(function () {{\n"use strict";\nconst text = window.{name};\n{own}}})();\n'


def head_style() -> str:
    """Colours, light and dark, as CSS variables, and the look of the head."""
    ground = [
        f"{where}{{--page:{hex_of(theme.page)};--land:{hex_of(theme.land)};--speed:{theme.speed.css()}}}\n"
        for where, theme in ((":root", DARK), ('html[data-theme="light"]', LIGHT))
    ]
    return "".join(ground) + "".join(page_file(part) for part in STYLES)
