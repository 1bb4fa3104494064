"""`twin feeds`: the group, whose commands are imported when they are called."""

from __future__ import annotations

import click

from twin.lazy_group import LazyGroup

SUBCOMMANDS: dict[str, tuple[str, str]] = {
    "list": ("feeds_list", "List feeds: way in, format, rhythm, what is kept, health, dead letters."),
    "test": ("feeds_test", "Show what feeds would take in; nothing is written."),
    "record": ("feeds_record", "Run all feeds: every message into the log, its rows into the store."),
    "replay": ("feeds_replay", "Play logs again through the formats into another store."),
    "export": ("feeds_export", "Write rows of the store as CSV or Parquet, each key once."),
    "dead": ("feeds_dead", "Messages that could not be used: look, mend, take again, dismiss."),
}
"""Command -> (module in twin.commands that holds it as `<command>_command`, one line of help)."""


@click.group("feeds", cls=LazyGroup, table=SUBCOMMANDS, ending="_command",
             short_help="What the city says: feeds in, every message kept, understood and stored.")  # fmt: skip
def feeds_command() -> None:
    """What the city says: feeds of many formats, every message kept as it came, understood and stored.

    FEEDS.yaml says which feeds there are (docs/feeds.md).
    """
