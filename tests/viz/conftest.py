"""One Chromium for all pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from watched import CHROMIUM, FLAGS


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip(
            "Chromium is not installed: apt install chromium (or put another Chromium on the PATH), then run again"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
