"""Whatever comes in whatever order, with crashes between any steps: the store reads what a plain dict would hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from city_rows import ONE_OF_EACH, at, held_by, seen
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from twin.feeds import KINDS, TABLE_OF, Record, Told
from twin.store import FeedStore, listing

SECONDS = st.sampled_from([0, 1, 599, 600, 601, 90_000])
ROWS: st.SearchStrategy[Record] = st.one_of(
    st.builds(seen, st.sampled_from(["E1", "E2"]), SECONDS, st.sampled_from([None, 1.0, 2.0]), SECONDS),
    st.builds(lambda told, n: replace(ONE_OF_EACH[4], told=at(told), capacity=n), SECONDS, st.integers(0, 3)),  # type: ignore[type-var]
)
MESSAGES = st.lists(st.lists(ROWS, max_size=3), min_size=1, max_size=4)
FEEDS = st.sampled_from(["a", "b"])


class Crash(BaseException):
    """The process ends here."""


class StoreMachine(RuleBasedStateMachine):
    """Takes, repeats, overlaps, crashes and compactions, in any order."""

    database: Callable[[], str | None] = staticmethod(lambda: None)

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.url = type(self).database()
        self.store = FeedStore(Path(self.folder.name), self.url)
        self.log: dict[str, list[list[Record]]] = {"a": [], "b": []}
        self.kept = {"a": 0, "b": 0}

    def _take(self, feed: str, back: int = 0) -> None:
        first, end = max(0, self.kept[feed] - back), len(self.log[feed])
        rows: list[Told] = [(n, row) for n in range(first, end) for row in self.log[feed][n]]
        self.store.take(feed, first, end, rows, [])
        self.kept[feed] = end

    def _reopen(self) -> None:
        self.store.close()
        self.store = FeedStore(Path(self.folder.name), self.url)
        self.store.sweep(young_s=0)

    @rule(feed=FEEDS, messages=MESSAGES)
    def take(self, feed: str, messages: list[list[Record]]) -> None:
        self.log[feed] += messages
        self._take(feed)

    @rule(feed=FEEDS, back=st.integers(1, 5), messages=MESSAGES)
    def take_again_what_was_taken_and_more(self, feed: str, back: int, messages: list[list[Record]]) -> None:
        self.log[feed] += messages
        self._take(feed, back)

    @rule(feed=FEEDS, messages=MESSAGES, where=st.sampled_from(["move", "add", "bury"]))
    def crash_before_the_list_is_written(self, feed: str, messages: list[list[Record]], where: str) -> None:
        self.log[feed] += messages
        with patch.object(listing, where, side_effect=Crash), pytest.raises(Crash):
            self._take(feed)
        self._reopen()
        self._take(feed)

    @rule(feed=FEEDS)
    def crash_after_it(self, feed: str) -> None:
        before = self.kept[feed]
        self._reopen()
        self._take(feed, before)

    @rule(least=st.integers(2, 4))
    def compact(self, least: int) -> None:
        self.store.compact(least=least)

    @precondition(lambda self: len(self.store.parts()) > 2)
    @rule(where=st.sampled_from(["drop", "add"]))
    def crash_in_compaction(self, where: str) -> None:
        with patch.object(listing, where, side_effect=Crash):
            try:
                self.store.compact(least=2)
            except Crash:
                self._reopen()

    @rule()
    def crash_before_the_sweep(self) -> None:
        with patch.object(FeedStore, "sweep", return_value=False):
            self.store.compact(least=2)
        self._reopen()

    @invariant()
    def reads_what_was_told(self) -> None:
        if not hasattr(self, "store"):
            return
        for series in ("observations", "places"):
            assert held_by(self.store, series) == self._answer(series, 1e9)
            assert held_by(self.store, series, end=at(601)) == self._answer(series, 601)

    def _answer(self, series: str, until: float) -> dict[tuple[Any, ...], tuple[int, Record]]:
        kind = KINDS[series]
        told: dict[tuple[Any, ...], list[tuple[Any, int, int, str, Record]]] = {}
        for feed, messages in self.log.items():
            for number, rows in enumerate(messages):
                for line, row in enumerate(rows):
                    if TABLE_OF[type(row)] == series and getattr(row, kind.time) < at(until):
                        key = tuple(getattr(row, name) for name in kind.key)
                        told.setdefault(key, []).append((getattr(row, kind.told), number, line, feed, row))
        best = {key: max(rows, key=lambda one: one[:4]) for key, rows in told.items()}
        return {key: (one[1], one[4]) for key, one in best.items()}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            left = {path.relative_to(self.folder.name).as_posix() for path in Path(self.folder.name).rglob("*.parquet")}
            assert {part.path for part in self.store.parts()} <= left
            self.store.close()
            self.folder.cleanup()


def test_any_order_of_steps_and_crashes(new_database: Callable[[], str | None]) -> None:
    class OnThisDatabase(StoreMachine):
        database = staticmethod(new_database)

    few = settings(max_examples=5 if new_database() is None else 3, stateful_step_count=12)
    run_state_machine_as_test(OnThisDatabase, settings=few)


@pytest.mark.full
def test_any_order_of_many_steps_and_crashes(new_database: Callable[[], str | None]) -> None:
    class OnThisDatabase(StoreMachine):
        database = staticmethod(new_database)

    run_state_machine_as_test(OnThisDatabase, settings=settings(max_examples=100, stateful_step_count=40))
