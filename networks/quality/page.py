"""Puts the quality page into a city that is there."""

from __future__ import annotations

from pathlib import Path

from networks.city import REPORTS
from networks.imports.change import changing_city

PAGE_FILE = REPORTS[1]


def put_page(folder: Path, page: str) -> Path:
    """Put the quality page (HTML) into a city as `quality.html`, with its hash in the manifest; the digest stays.

    Raises:
        BadCity: It is no city, or was changed by hand since it was built.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    with changing_city(folder) as change:
        (change.folder / PAGE_FILE).write_text(page, encoding="utf-8")
    return folder / PAGE_FILE
