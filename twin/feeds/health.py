"""Whether a feed is well: ok, late or down, from its rhythm and from what its transport says."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.claim import claimed

if TYPE_CHECKING:
    from twin.feeds.spec import Feed

LATE_AFTER, DOWN_AFTER = 2.0, 10.0
"""Rhythms of silence."""

OK, LATE, DOWN, STOPPED, NEVER = "ok", "late", "down", "stopped", "never"
STATE = "state.json"
"""What a recorder says of a feed, in the folder of its log."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """How a feed is.

    Attributes:
        state: "ok", "late" or "down".
        why: In words; "" where it is ok.
    """

    state: str
    why: str = ""


def judged(silent_s: float, every_s: float | None, away: str = "") -> Health:
    """What silence says.

    Args:
        silent_s: Since the last message, or since we listen (s).
        every_s: The feed's rhythm; None: it may be silent for as long as it likes.
        away: What the transport said when it could not connect; "" where it is connected.

    Returns:
        "down" where the other side is away, or silent for ten rhythms; "late" after two of them.
    """
    if away:
        return Health(DOWN, away)
    if every_s is None or silent_s <= LATE_AFTER * every_s:
        return Health(OK)
    why = f"silent for {spoken_s(silent_s)}, its rhythm is {spoken_s(every_s)}"
    return Health(DOWN if silent_s > DOWN_AFTER * every_s else LATE, why)


def spoken_s(seconds: float) -> str:
    """A length of time in few letters: 45 s, 12 min, 3.5 h, 2 d."""
    for size, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def recorded(feed: Feed, folder: Path, silent_s: float | None) -> Health:
    """How a feed is, as another process sees it: what its recorder says where one is at work.

    Args:
        feed: Which.
        folder: Of its log.
        silent_s: Since its last message; None: there was none.

    Returns:
        ok, late, down; "stopped" where nobody records it, "never" where nobody ever did.
    """
    if not folder.is_dir():
        return Health(NEVER)
    with claimed(folder, shared=True) as ours:
        if ours:
            return Health(STOPPED)
    try:
        told = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return Health({OK: OK, LATE: LATE, DOWN: DOWN}[told["state"]], str(told["why"]))
    except (OSError, ValueError, KeyError, TypeError):
        return judged(silent_s or 0.0, feed.text.every_s)


class Watch:
    """Follows one feed and writes one line of the log a change.

    Args:
        feed: Its id.
        every_s: Its rhythm.
        now_s: Begin, on a clock that never jumps.
    """

    def __init__(self, feed: str, every_s: float | None, now_s: float) -> None:
        self.feed, self.every_s = feed, every_s
        self.health = Health(OK, "nothing came yet")
        self._heard_s, self._away = now_s, ""

    def heard(self, now_s: float) -> None:
        """A message came."""
        self._heard_s, self._away = now_s, ""
        self.look(now_s)

    def connected(self) -> None:
        """The other side answers again."""
        self._away = ""

    def away(self, why: str, now_s: float) -> None:
        """The transport cannot connect."""
        self._away = why
        self.look(now_s)

    def look(self, now_s: float) -> Health:
        """How it is now."""
        found = judged(now_s - self._heard_s, self.every_s, self._away)
        if found.state != self.health.state:
            level = logging.INFO if found.state == OK else logging.WARNING
            _log.log(level, "feed %s is %s%s", self.feed, found.state, f": {found.why}" if found.why else " again")
        self.health = found
        return found
