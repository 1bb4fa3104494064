"""A page in Chromium that is watched: what it complained about, what it asked for, what it shows."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--enable-unsafe-swiftshader",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE_MS = 180_000
SIZES = {"wall": (1920, 1080), "desk": (1280, 800), "phone": (390, 844)}


class Watched:
    """A page and everything that it complained about or asked for."""

    def __init__(self, browser: Any, size: str) -> None:
        width, height = SIZES[size]
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def until(self, told: Callable[[], Any], what: str) -> None:
        """Wait until it is so; on a busy machine that takes its time."""
        for _ in range(PATIENCE_MS // 200):
            if told():
                return
            self.page.wait_for_timeout(200)
        pytest.fail(f"{what}; the page said: {self.errors}")

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.page.evaluate(script)

    def picture(self, selector: str) -> np.ndarray:
        """What the map in there shows: (rows, cols, 3), read from its canvas."""
        from matplotlib.image import imread

        self.page.wait_for_timeout(600)
        told = self.page.evaluate("(at) => document.querySelector(at + ' canvas').toDataURL('image/png')", selector)
        return np.asarray(imread(io.BytesIO(base64.b64decode(told.split(",")[1]))))[:, :, :3]


def colours(picture: np.ndarray) -> int:
    """How many colours a picture has, in 32 steps per channel."""
    return len(np.unique((picture * 31).astype(int).reshape(-1, 3), axis=0))
