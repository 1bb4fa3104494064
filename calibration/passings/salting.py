"""Number plates as tokens that nobody can turn back: hashed with a secret that is drawn anew and forgotten.

A token is the first 64 bits of HMAC-SHA-256 (RFC 2104) of the plate under the salt of its window. The salt is drawn
from the operating system, lives in memory alone, and is thrown away when the next window begins: from then on not
even who holds all tokens and all plates can match them, nor one window's tokens with another's.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable

from networks.errors import Refused

DAY_S = 86400.0


class RotatingSalt:
    """One secret at a time.

    Args:
        rotate_s: Length of a window (s); journeys that cross its end are lost, so it should end at night.
        first_s: Begin of a window (s), on the clock of the passings.
        draw: Where salts come from.
    """

    def __init__(
        self, *, rotate_s: float = DAY_S, first_s: float = 0.0, draw: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        if not rotate_s > 0:
            raise ValueError("a window needs a length")
        self.rotate_s, self.first_s = rotate_s, first_s
        self._draw = draw
        self._window = -math.inf
        self._salt = b""

    def window(self, time_s: float) -> int:
        """Number of the window that a time lies in."""
        return math.floor((time_s - self.first_s) / self.rotate_s)

    def token(self, plate: str, time_s: float) -> int:
        """The token of a plate, letters and digits alone; spaces, dashes and case do not matter.

        Raises:
            Refused: The time lies in a window whose salt is gone.
        """
        window = self.window(time_s)
        if window < self._window:
            raise Refused(
                f"a passing of second {time_s:.0f} came after its window's salt was thrown away",
                expected=f"passings in order of time, windows of {self.rotate_s:g} s",
                remedy="leave it out: nobody may match it any more",
            )
        if window > self._window:
            self._window, self._salt = window, self._draw(32)
        letters = "".join(letter for letter in plate.upper() if letter.isalnum())
        return int.from_bytes(hmac.new(self._salt, letters.encode(), hashlib.sha256).digest()[:8], "big")

    def forget(self) -> None:
        """Throw the salt away now; the window cannot be matched any more."""
        self._salt = self._draw(32)
