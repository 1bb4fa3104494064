"""A film of the cockpit: one HTML file that plays a served stretch of time back, without a server or a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from markupsafe import Markup

from viz.bundle import bundle_text
from viz.cockpit import cockpit_asset, cockpit_html, cockpit_script

FILM_KEYS = (("Space", "film.key.play"), ("[ ]", "film.key.change"))
"""What a key does beside those of the cockpit, as pages/cockpit/film.js has it."""


def film_page(city: bytes, moments: Sequence[tuple[str, str | None, bytes]], hours: Mapping[str, bytes]) -> str:
    """The page as HTML.

    Args:
        city: The map (GET /api/city), zipped JSON.
        moments: (ISO time with offset, key of its hour or None, {"state": ...} as zipped JSON), oldest first.
        hours: Now and the next hour (GET /api/hour) by key, zipped JSON.

    Returns:
        HTML whose policy lets it ask no address for anything; data lie in it as they are, and are opened when shown.
    """
    order = {name: at for at, name in enumerate(hours)}
    index = [[now, None if hour is None else order[hour]] for now, hour, _ in moments]
    parts = {"city": city} | {f"moment-{at}": packed for at, (_, _, packed) in enumerate(moments)}
    parts |= {f"hour-{at}": packed for at, packed in enumerate(hours.values())}
    data = [_data(f"film-{name}", base64.b64encode(packed).decode()) for name, packed in parts.items()]
    deck, script = bundle_text(), _script()
    shown = {
        "css": Markup(cockpit_asset("film.css")[0].decode()),
        "policy": _policy(deck, script),
        "data": Markup("\n".join([_data("film", json.dumps(index)), *data])),
        "scripts": [Markup(deck), Markup(script)],
    }
    return cockpit_html(film=shown, more_keys=FILM_KEYS)


@cache
def _script() -> str:
    return cockpit_script(film=True).replace("</", "<\\/")


def _data(name: str, text: str) -> str:
    return f'<script type="text/plain" id="{name}">{text}</script>'


def _policy(*scripts: str) -> str:
    """Nothing but what lies in the file: our scripts by their digests, no address for anything."""
    digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )
