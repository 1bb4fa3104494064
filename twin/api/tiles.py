"""`Tiles`: a tile server whose pictures lie beneath the cockpit's streets, where somebody asks for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from networks.errors import BadInput

PLACES = ("{z}", "{x}", "{y}")
MOST_ZOOM = 19
_PLAIN = re.compile(r"[A-Za-z0-9.\-:\[\]]+")


@dataclass(frozen=True)
class Tiles:
    """Pictures of 256 pixels in Web Mercator.

    Attributes:
        template: Address with {z}, {x} and {y}.
        attribution: Whose map it is; it stands on the map.

    Raises:
        BadInput: The address is none, holds a name and password, or lacks a place; nobody is named.
    """

    template: str
    attribution: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.template)
        expected = "an address like https://tiles.example/{z}/{x}/{y}.png"
        if parts.scheme not in ("http", "https") or not _PLAIN.fullmatch(parts.netloc):
            raise BadInput(f"{self.template!r} is no address of tiles", place="--tiles", expected=expected)
        missing = [one for one in PLACES if self.template.count(one) != 1 or one in parts.netloc]
        if missing:
            raise BadInput(f"{', '.join(missing)} is not in it once", place="--tiles", expected=expected)
        if not self.attribution.strip():
            remedy = "--tiles-attribution '© whose map it is', as its owner asks for"
            raise BadInput("nobody says whose map it is", place="--tiles", remedy=remedy)

    @property
    def origin(self) -> str:
        """The one server that pages may ask for pictures, beside their own."""
        parts = urlsplit(self.template)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    def told(self) -> dict[str, Any]:
        """As the page reads it."""
        return {"template": self.template, "attribution": self.attribution.strip(), "most": MOST_ZOOM}


def layers_with(layers: Callable[[], dict[str, Any]], tiles: Tiles | None) -> Callable[[], dict[str, Any]]:
    """The map (GET /api/city) that names its tile server; as it is where there is none."""
    return layers if tiles is None else lambda: layers() | {"tiles": tiles.told()}
