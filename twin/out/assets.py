"""What an intervention touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_NAMING = ("signal", "tls_id", "edge", "lane", "sign", "signals", "edges", "lanes", "signs")


def assets_of(value: object) -> set[str]:
    """Signals, edges, lanes and signs that an intervention names, wherever it does."""
    if isinstance(value, Mapping):
        found: set[str] = set()
        for name, part in value.items():
            if name in _NAMING:
                found |= {part} if isinstance(part, str) else {one for one in part or () if isinstance(one, str)}
            else:
                found |= assets_of(part)
        return found
    if isinstance(value, Sequence) and not isinstance(value, str):
        return set().union(*map(assets_of, value)) if value else set()
    return set()
