"""`twin feeds record`."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from networks.sentence import say
from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from rich.table import Table

    from twin.feeds.recorder import State

_HEAD = (
    say("feed", "数据源"), say("health", "状态"), say("messages", "消息数"), say("a second", "每秒"),
    say("in the log", "日志末尾"), say("waiting", "待处理"), say("rows", "行数"), say("dead", "死信"),
)  # fmt: skip
_STATES = {"ok": say("ok", "正常"), "late": say("late", "延迟"), "down": say("down", "中断")}
_COLOURS = {"ok": "green", "late": "yellow", "down": "red"}
_ENDED = say("recorded", "已接收")
_AWAY = say("the store is away", "存储不可用")


@click.command("record", short_help="Run all feeds: every message into the log, its rows into the store.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--for", "for_s", type=SECONDS, help="End after so long, like 10min.  [default: on Ctrl-C]")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def record_command(file: Path, for_s: float | None, lang: str) -> None:
    """Run all feeds of a file until Ctrl-C, or until every one of them has ended.

    Each message is in the feed's log, on the disk, before it is acknowledged; its rows follow into the store. "waiting"
    are messages that the log has and the store not yet: they are taken in by the next run, too. Health: late after two
    rhythms of silence, down after ten, or when the other side is away.
    """
    from twin.feeds import read_feeds
    from twin.feeds.recorder import Recorder
    from twin.store import FeedStore

    feeds = read_feeds(file)
    with ExitStack() as stack:
        show = _Live(stack, lang) if sys.stderr.isatty() else _Quiet()
        states = Recorder(feeds, FeedStore, show.show, for_s).run()
    for state in states:
        told = f"{state.feed}: {state.messages} messages, {state.rows} rows, {state.dead} dead letters"
        waiting = state.log_end - state.position if state.position is not None else state.messages
        click.echo(f"{told}, {waiting} waiting" if waiting else told)


class _Quiet:
    """For logs: changes of health alone, from logging."""

    def __init__(self) -> None:
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
        logging.getLogger("twin.feeds").setLevel(logging.INFO)

    def show(self, states: list[State], away: str) -> None:
        pass


class _Live:
    """A table that stays in its place; lines of the log come above it."""

    def __init__(self, stack: ExitStack, lang: str) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.logging import RichHandler

        console = Console(stderr=True)
        handler = RichHandler(console=console, show_path=False, markup=False, show_level=False)
        logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[handler])
        logging.getLogger("twin.feeds").setLevel(logging.INFO)
        self._lang, self._before = lang, dict[str, tuple[float, int]]()
        self._paces: dict[str, float] = {}
        self._live = stack.enter_context(Live(console=console, auto_refresh=False))
        stack.callback(lambda: self._live.update("", refresh=True))

    def show(self, states: list[State], away: str) -> None:
        self._live.update(self._table(states, away), refresh=True)

    def _table(self, states: list[State], away: str) -> Table:
        from rich.table import Table
        from rich.text import Text

        from twin.commands.feeds_told import printable

        made = Table(box=None, pad_edge=False, title=f"{_AWAY[self._lang]}: {printable(away)}" if away else None)
        for k, word in enumerate(_HEAD):
            made.add_column(word[self._lang], justify="left" if k < 2 else "right", no_wrap=k != 1, overflow="fold")
        for one in states:
            health = _STATES[one.health.state][self._lang] + (
                f": {printable(one.health.why)}" if one.health.why else ""
            )
            waiting = "?" if one.position is None else str(max(0, one.log_end - one.position))
            made.add_row(
                one.feed, Text(health, _COLOURS[one.health.state]), str(one.messages), f"{self._pace(one):.1f}",
                str(one.log_end), waiting, str(one.rows), Text(str(one.dead), "red" if one.dead else ""),
            )  # fmt: skip
        return made

    def _pace(self, state: State) -> float:
        """Messages a second over the last five seconds or so."""
        now = time.monotonic()
        began, messages = self._before.setdefault(state.feed, (now, state.messages))
        if now - began >= 5.0:
            self._paces[state.feed] = (state.messages - messages) / (now - began)
            self._before[state.feed] = (now, state.messages)
        elif state.feed not in self._paces and now - began >= 0.5:
            return (state.messages - messages) / (now - began)
        return self._paces.get(state.feed, 0.0)
