"""`twin` with a clock that jumps: CLOCK_FILE holds by how many seconds it stands wrong."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import twin.feeds.sources.mqtt
from twin.cli import main

_FILE = Path(os.environ["CLOCK_FILE"])


class Jumping(datetime):
    """The time with which messages are received."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The system's, wrong by what the file says."""
        return datetime.now(tz) + timedelta(seconds=float(_FILE.read_text() or 0))


if __name__ == "__main__":
    twin.feeds.sources.mqtt.datetime = Jumping  # type: ignore[attr-defined, misc]
    main()
