"""Beside the loop: what is served is looked at now and then, and kept where it says something new."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from networks.errors import TwinError

if TYPE_CHECKING:
    from twin.film.folder import FilmFolder
    from twin.live import Hour

SLICE_S = 0.5
"""A service that ends waits no longer."""

log = logging.getLogger(__name__)


async def keep_filming(
    film: FilmFolder,
    layers: Callable[[], dict[str, Any]],
    state: Callable[[], Awaitable[str]],
    hour: Callable[[], Hour | None],
    stopping: Callable[[], bool],
    pause_s: float = 5.0,
) -> None:
    """Until the service ends; a film that cannot be kept is told and never ends the service.

    Args:
        film: Where it is kept.
        layers: The static map.
        state: As pages read it (JSON).
        hour: Now and the next hour; None before the first cycle.
        stopping: Whether the service ends.
        pause_s: Wall seconds between looks.
    """
    opened, told, ended = False, "", False
    while not ended:
        ended = stopping()  # what is shown last is kept, too
        try:
            if not opened:
                await asyncio.to_thread(lambda: film.open(layers()))
                opened = True
            document = json.loads(await state())
            await asyncio.to_thread(film.take, document, _of(document, hour()))
            told = ""
        except TwinError as error:
            if error.what != told:
                log.error("the film is not kept: %s", error)
            told = error.what
        for _ in range(max(round(pause_s / SLICE_S), 1)):
            if not stopping():
                await asyncio.sleep(SLICE_S)


def _of(state: dict[str, Any], hour: Hour | None) -> Hour | None:
    """The hour, if it is the one that the state speaks of."""
    head = state.get("hour") or {}
    return hour if hour is not None and head.get("id") == hour.hour_id else None
