"""What an intervention touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_NAMING = frozenset(
    {
        *("signal", "tls_id", "edge", "lane", "sign", "asset"),
        *("signals", "edges", "lanes", "signs", "assets", "avoid"),
    }
)
_SORTS = ("signal:", "road:", "sign:")
"""What the desk calls assets by; here their own names are enough."""


def plain(asset: str) -> str:
    """The name of an asset without its sort: "signal:A" is "A"."""
    return next((asset.removeprefix(sort) for sort in _SORTS if asset.startswith(sort)), asset)


def assets_of(value: object) -> set[str]:
    """Signals, edges, lanes and signs that an intervention names, wherever it does."""
    if isinstance(value, Mapping):
        found: set[str] = set()
        for name, part in value.items():
            if name in _NAMING:
                names = [part] if isinstance(part, str) else part or ()
                found |= {plain(one) for one in names if isinstance(one, str)}
            else:
                found |= assets_of(part)
        return found
    if isinstance(value, Sequence) and not isinstance(value, str):
        return set().union(*map(assets_of, value)) if value else set()
    return set()
