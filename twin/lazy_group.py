"""Groups of commands whose modules are imported when a command is called, so that help comes at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

WORDS = "citytwin.words"
"""Key of click's context under which the words are kept that the first group was called with."""


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is called, and never for the list of commands.

    Args:
        table: Command -> (module in twin.commands, one line of help), in the order of the list.
        ending: What follows the command's name in the name of the function that is it.
        settings: What click's group takes.
    """

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], ending: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._table, self._ending = table, ending

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; the first group keeps the words, so that what is written can tell how to repeat it."""
        if ctx.parent is None:
            ctx.meta[WORDS] = tuple(args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one, or None."""
        if cmd_name not in self._table:
            return None
        module = import_module(f"twin.commands.{self._table[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}{self._ending}")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._table.items()])
