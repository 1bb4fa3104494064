"""One Chromium for the pages of a file; what drives it holds the event loop as long as it lives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from watched import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
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
