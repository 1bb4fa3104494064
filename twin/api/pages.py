"""Pages beside the API: their addresses, and what a role must be allowed to be shown the link."""

from __future__ import annotations

from twin.desk import may

PAGES: dict[str, str] = {"/": "see", "/what-if": "see", "/signals": "see", "/reports": "audit"}
"""Address of a page -> one of `twin.desk` ACTS."""


def pages_for(role: str | None) -> list[str]:
    """Addresses of the pages that a role may use; None: nobody has to sign in, so all of them."""
    return [path for path, act in PAGES.items() if role is None or may(role, act)]
