"""The desk's mode goes to whoever records the feeds: in an emergency they are asked as often as their file says."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from networks.errors import TwinError
from twin.feeds.pace import STALE_S, tell_pace

LOOK_S = 2.0

log = logging.getLogger(__name__)


async def keep_pace(mode: Callable[[], str], folder: Path, *, look_s: float = LOOK_S) -> None:
    """Tell the recorder of a store how it is, at each change and long before its word grows stale; until cancelled.

    Args:
        mode: Name of the mode that the desk is in.
        folder: Of the feeds' store.
        look_s: From one look at the desk to the next (s).
    """
    told, told_s = "", 0.0
    try:
        while True:
            try:
                now = await asyncio.to_thread(mode)
                if now != told or time.monotonic() - told_s > STALE_S / 4:
                    await asyncio.to_thread(tell_pace, folder, now == "emergency")
                    told, told_s = now, time.monotonic()
            except TwinError as error:  # the desk is asked again
                log.warning("the mode could not be asked: %s", error)
            await asyncio.sleep(look_s)
    finally:
        tell_pace(folder, False)
