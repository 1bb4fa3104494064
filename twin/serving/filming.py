"""The film of a served city, as a task beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twin.api.behind import StateFeed
    from twin.live import Hour

FILM = "film"


def filming(
    out: Path,
    kept: timedelta | None,
    layers: Callable[[], dict[str, Any]],
    state: StateFeed,
    hour: Callable[[], Hour | None],
    stopping: Callable[[], bool],
    pause_s: float = 5.0,
) -> list[asyncio.Task[None]]:
    """What is served is kept in `out`/film from now on; none: nothing is.

    Args:
        out: Folder of the service.
        kept: How long; None: not at all.
        layers: The static map.
        state: As pages read it.
        hour: Now and the next hour; None before the first cycle.
        stopping: Whether the service ends.
        pause_s: Wall seconds between looks.
    """
    from twin.film import FilmFolder, keep_filming

    if kept is None:
        return []
    film = FilmFolder(out / FILM, kept)
    work = keep_filming(film, layers, state.text, hour, stopping, pause_s)
    return [asyncio.create_task(work)]
