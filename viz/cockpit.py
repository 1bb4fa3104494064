"""The cockpit: the page that operators watch, served by `twin serve`. What it shows comes from these addresses.

    GET  /                     cockpit_page()
    GET  /static/{name}        cockpit_asset(name)
    GET  /sign-in              sign_in_page()
    POST /sign-in              {"token": str}: sets the cookie
    GET  /api/me               {"name": str | null, "role": str | null, "pages": [str]}: who is signed in and acts under
                               that name; addresses of the pages that this server has and the role may use
    GET  /api/city             viz.base_layers(city), perhaps with tiles: {template, attribution, most}
    GET  /api/state            the state below
    GET  /api/events           server-sent events: event "state" with the same JSON
    POST /api/recommendations/{rec_id}/decision   {"decision": "approve"|"reject", "who": str, "reason": str}

The state, every field of it optional:

    now            ISO time of the twin's clock, with offset
    speed, held    replay speed; true while the clock waits
    mode           "synthetic replay", "replay" or "live"
    figures        [{key, value, unit, trend?}]      names are looked up as figure.<key>
    roads          {speed_ratio: [0..1 | null, per edge], closed?: [edge index]}
    depth_m        [metres | null, per edge]
    crowd          [[walk link index, persons per m2], ...]
    units          [{id, lon, lat, state}]
    calls          [{id, lon, lat}]
    occupancy      null without counters of sites, else {at: ISO | null, soon_min, synthetic, counters, zones: [...],
                   notes: [{en, zh}], error: {en, zh} | null}; a zone is {zone, name, people, low, high, soon,
                   holds | null, basis, share | null, level, next: {level, earliest, expected} | null,
                   last_s_ago | null, status: "ok"|"late"|"silent"}
    parks          [{id, taken, last_s_ago}]         cars in car parks that somebody tells of
    feeds          [{name, last_s_ago | null, count, status: "ok"|"late"|"silent"}]
    forecast       {horizon_s, roads_speed_ratio: [...], depth_m: [...]}
    recommendations  [Recommendation.to_json() with status, and who, reason once decided]
    log            [{time: ISO, en, zh}]

The page holds no inline script and no style attribute, so a server may send a strict Content-Security-Policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from networks.errors import NotThere
from viz.bundle import bundle_bytes
from viz.head import LOOK, NAV, SCRIPT, STYLE, head_style, head_words, page_script
from viz.legend import legend
from viz.live_layers import SIGNS
from viz.maps import BLOCKS, MAP_SCRIPTS
from viz.palette import DARK, LIGHT
from viz.report import PAGES, palette_css, templates
from viz.text import for_page

ASSETS = ("cockpit_early.js", "cockpit.js", "cockpit.css", "deck.js")
EARLY = (BLOCKS, "sketch.js", "cockpit_early.js")
"""Parts of cockpit_early.js: what draws the streets before deck.gl has come, and asks for the rest."""
SIGN_IN = ("sign_in.js", "sign_in.css")
SCRIPTS = (
    "words", "server", "head", "hour", "map", "layers", "picked", "timeline", "soon", "desk", "ask", "ready", "place",
    "alarms", "cards", "change", "cases", "sites", "log", "link", "address", "keys", "main",
)  # fmt: skip
"""Parts of the script in pages/cockpit, in their order; they share one closure with the head's."""
FILM_SCRIPTS = tuple("film" if part == "server" else part for part in SCRIPTS)
"""Those of a film (`viz.film`), which answers from itself what the page asks."""
STYLES = ("page", "head", "map", "sites", "cards", "desk", "log", "phone")
LEGENDS = ("speed", "queue", "wet", "crowd", "areas", "units")
THINGS = ("ponds", "sites", "parks", "sensors", "signals", "cameras")
"""Layers of the map that have a legend, and those whose signs say what they are."""


KEYS = (
    (", .", "live.key.step"), ("n", "live.key.now"), ("1–9", "live.key.layer"), ("+ − 0", "live.key.zoom"),
    ("t", "head.theme"), ("l", "language.switch"), ("Esc", "live.key.close"), ("?", "live.keys"),
)  # fmt: skip
"""What a key does, as pages/cockpit/keys.js has it."""


def cockpit_page() -> str:
    """The page as HTML: empty places with their words in both languages, filled by cockpit.js."""
    return cockpit_html()


def cockpit_html(film: Mapping[str, Any] | None = None, more_keys: Sequence[tuple[str, str]] = ()) -> str:
    """The page's HTML; `film`: what lies in it instead of addresses (`viz.film`)."""
    legends = {name: legend(f"live_{name}", DARK) for name in LEGENDS}
    layers = {name: SIGNS.get(name, "") for name in (*LEGENDS, *THINGS)}
    return (
        templates()
        .get_template("cockpit.html.j2")
        .render(legends=legends, layers=layers, keys=(*KEYS, *more_keys), nav=NAV, film=film)
    )


def sign_in_page() -> str:
    """The page on which somebody signs in with a token, in both languages at once."""
    return templates().get_template("sign_in.html.j2").render()


@cache
def cockpit_asset(name: str) -> tuple[bytes, str]:
    """A static file of the page: its bytes and media type; the bytes never change while the process runs.

    Raises:
        NotThere: The page has no such file.
    """
    if name == "deck.js":
        return bundle_bytes(), SCRIPT
    if name in ("cockpit.css", "film.css"):
        parts = (*STYLES, "film") if name == "film.css" else STYLES
        own = head_style() + "".join(_file(f"cockpit/{part}.css") for part in parts)
        return (palette_css() + _legend_css() + own).encode(), STYLE
    if name == "cockpit.js":
        return cockpit_script().encode(), SCRIPT
    if name == LOOK:
        return _file(f"head/{LOOK}").encode(), SCRIPT
    if name == "cockpit_early.js":
        return "".join(map(_file, EARLY)).encode(), SCRIPT
    if name in SIGN_IN:
        return _file(name).encode(), SCRIPT if name.endswith(".js") else STYLE
    raise NotThere(f"the cockpit has no file {name!r}", expected=" or ".join(ASSETS))


def cockpit_script(*, film: bool = False) -> str:
    """Words, map and page as one script; `film`: it asks itself, not a server."""
    words = head_words(
        "cockpit", "figure", "unit", "verdict", "card", "kind", "status", "marker", "mode", "measure", "effect"
    )
    words |= for_page("map", "legend", "feed", "unit_state", "desk", "los", "live", *(["film"] if film else []))
    parts = [f"cockpit/{part}.js" for part in (FILM_SCRIPTS if film else SCRIPTS)]
    maps = MAP_SCRIPTS if film else [name for name in MAP_SCRIPTS if name not in EARLY]
    before = [*([f"head/{LOOK}"] if film else []), "tiles.js", *maps]
    return page_script("cockpitText", words, parts, before=before)


def _file(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def _legend_css() -> str:
    """Gradients and key colours as classes: the page needs no style attribute."""
    found = []
    for theme, where in ((DARK, ""), (LIGHT, 'html[data-theme="light"] ')):
        for name in LEGENDS:
            for i, item in enumerate(legend(f"live_{name}", theme)):
                fill = item["gradient"] if "gradient" in item else item["colour"]
                found.append(f"{where}.legend-{name}-{i}:not(.hatched){{background:{fill}}}")
                found += [f".legend-{name}-{i}-t{k}{{left:{at}%}}" for k, (_, at) in enumerate(item.get("ticks", ()))]
    return "\n".join(found) + "\n"
