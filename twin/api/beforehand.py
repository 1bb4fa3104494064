"""`Beforehand`: an answer that takes long to make, made beside everything else from the start: nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress


class Beforehand:
    """One text, made once.

    Args:
        make: Makes it; what it raises is raised to whoever asks, and it is tried again then.
    """

    def __init__(self, make: Callable[[], str]) -> None:
        self._make, self._lock, self._text = make, threading.Lock(), ""
        threading.Thread(target=self._begin, daemon=True, name="beforehand").start()

    def text(self) -> str:
        """The text; waits while it is being made."""
        with self._lock:
            self._text = self._text or self._make()
            return self._text

    def _begin(self) -> None:
        with suppress(Exception):  # whoever asks is told
            self.text()
