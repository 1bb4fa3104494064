"""kill -9 at any moment, and a database that goes away: what `take` returned from is there, once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from city_rows import held_by, seen, told_by
from postgres_server import Postgres
from taking_for_ever import rows_of

from models.streams import stream
from networks.errors import StorageFailed
from twin.feeds.merging import Merging
from twin.store import FeedStore


def _killed_at_random(folder: Path, url: str | None, kills: int) -> int:
    """Kill the taking process so many times; after each kill all that it said it took must be there, once."""
    draw, told = stream(0, "kill -9 of the store"), 0
    script = Path(__file__).with_name("taking_for_ever.py")
    for _ in range(kills):
        command = [sys.executable, str(script), str(folder), *([url] if url else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first, "the process did not take anything"
            time.sleep(draw.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            told = int([first, *process.stdout.read().splitlines(keepends=True)][-1].strip() or told)
        with FeedStore(folder, url) as store:
            end = store.position("a")
            assert end >= told, "a span that take returned from is gone"
            assert held_by(store, "observations") == told_by(rows_of(0, end))["observations"]
    return told


def test_kill_9_loses_and_doubles_nothing(new_database: Callable[[], str | None], tmp_path: Path) -> None:
    assert _killed_at_random(tmp_path, new_database(), kills=2) > 0


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_kill_9_two_hundred_times(new_database: Callable[[], str | None], tmp_path: Path) -> None:
    assert _killed_at_random(tmp_path, new_database(), kills=100) > 0


def test_parts_are_merged_beside_a_store_that_goes_on(tmp_path: Path) -> None:
    with FeedStore(tmp_path) as store:
        for number in range(12):
            store.take("a", number, number + 1, [(number, seen(f"E{number}"))], [])
        merging = Merging(FeedStore, tmp_path, None)
        merging.begin()
        for number in range(12, 15):
            store.take("a", number, number + 1, [(number, seen(f"E{number}"))], [])
        until = time.monotonic() + 60
        while len(store.parts()) > 4 and time.monotonic() < until:
            time.sleep(0.05)
        merging.end()
        assert len(store.parts()) <= 4
        assert store.read("observations").num_rows == 15


def test_a_database_that_goes_away_and_comes_back(postgres: Postgres, tmp_path: Path) -> None:
    with FeedStore(tmp_path, postgres.database()) as store:
        store.take("a", 0, 1, [(0, seen("E1"))], [])
        postgres.stop()
        try:
            with pytest.raises(StorageFailed, match="did not answer"):
                store.take("a", 1, 2, [(1, seen("E2"))], [])
            with pytest.raises(StorageFailed, match="did not answer"):
                store.read("observations")
        finally:
            postgres.start()
        store.take("a", 1, 2, [(1, seen("E2"))], [])
        assert [row["sensor_id"] for row in store.read("observations").to_pylist()] == ["E1", "E2"]


def test_a_database_that_goes_away_between_writing_and_listing(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twin.store import listing

    with FeedStore(tmp_path, postgres.database()) as store:
        real = listing.move

        def stop_then_move(*arguments: object) -> None:
            postgres.stop()
            real(*arguments)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(listing, "move", stop_then_move)
            with pytest.raises(StorageFailed, match="did not answer"):
                store.take("a", 0, 1, [(0, seen())], [])
        postgres.start()
        store.take("a", 0, 1, [(0, seen())], [])
        assert store.read("observations").num_rows == 1
        assert store.sweep(young_s=0)
        assert len([path for path in (tmp_path / "parts").rglob("*") if path.is_file()]) == 1
