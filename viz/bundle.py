"""The deck.gl bundle that the pydeck wheel carries, for pages that work without a network.

pydeck's own `to_html(offline=True)` still links style sheets and one script from the network, so our pages embed the
bundle themselves. It defines `createDeck({container, jsonInput, tooltip})`, which makes a deck.gl Deck of pydeck's
JSON; with no `mapProvider` in that JSON it draws on a plain canvas and asks the network for nothing.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

from networks.errors import NotThere


@cache
def bundle_path() -> Path:
    """Where the bundle lies in the installed pydeck, found without importing it.

    Raises:
        NotThere: pydeck is missing, or its wheel carries no bundle.
    """
    spec = importlib.util.find_spec("pydeck")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "nbextension" / "static" / "index.js"
        if path.is_file():
            return path
    raise NotThere(
        "the deck.gl bundle of pydeck was not found",
        expected="pydeck/nbextension/static/index.js in the environment",
        remedy="install pydeck again, from its wheel: pip install --force-reinstall 'pydeck>=0.9.3'",
    )


def bundle_bytes() -> bytes:
    """The bundle as a file to serve (text/javascript, UTF-8)."""
    return bundle_path().read_bytes()


@cache
def bundle_text() -> str:
    """The bundle as text that is safe inside a <script> element of a page."""
    text = bundle_path().read_text(encoding="utf-8")
    text = text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
