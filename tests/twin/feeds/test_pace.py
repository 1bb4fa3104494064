"""How often feeds are asked: the desk's mode reaches whoever records, and no word of it holds for ever."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

from twin.feeds.pace import STALE_S, is_urgent, tell_pace
from twin.feeds.recorder import Recorder
from twin.feeds.spec import read_feeds
from twin.live.pacing import keep_pace
from twin.store import FeedStore


def test_a_word_grows_stale_and_a_broken_one_is_none(tmp_path: Path) -> None:
    assert not is_urgent(tmp_path)
    tell_pace(tmp_path, True)
    assert is_urgent(tmp_path)
    old = time.time() - STALE_S - 1
    os.utime(tmp_path / "pace.json", (old, old))
    assert not is_urgent(tmp_path), "who said it is gone"
    (tmp_path / "pace.json").write_text("[1")
    assert not is_urgent(tmp_path)


def test_the_mode_of_the_desk_reaches_the_recorder_and_ends_with_the_service(tmp_path: Path) -> None:
    modes, seen = iter(["normal", "emergency", "emergency"]), list[bool]()

    def mode() -> str:
        seen.append(is_urgent(tmp_path))
        return next(modes, "emergency")

    async def served() -> None:
        keeping = asyncio.create_task(keep_pace(mode, tmp_path, look_s=0.01))
        while len(seen) < 5:
            await asyncio.sleep(0.01)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    asyncio.run(served())
    assert seen[:2] == [False, False] and seen[2:5] == [True] * 3
    assert not is_urgent(tmp_path)


def test_a_recorder_hurries_those_feeds_that_can(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text("feeds: [{id: a, source: {kind: http, url: 'http://x/'}, format: cap}]", encoding="utf-8")
    feeds = read_feeds(file)
    recorder, told = Recorder(feeds, FeedStore, lambda *_: None), list[bool]()

    class Asking:
        def hurry(self, urgent: bool) -> None:
            told.append(urgent)

    recorder._gatherings["a"] = Asking()  # type: ignore[assignment]
    for urgent in (False, True, True, False):
        tell_pace(feeds.folder, urgent)
        recorder._keep_pace()
    assert told == [True, False], "each change once"
