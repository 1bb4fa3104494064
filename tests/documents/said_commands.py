"""Commands of the twin that a page prints, and what is wrong with each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import click

from twin.cli import twin

_BLOCK = re.compile(r"^    (?:python3 start\.py )?(twin [^#\n]*(?:\\\n[^#\n]*)*)", re.MULTILINE)
_INLINE = re.compile(r"`(?:python3 start\.py )?(twin [^`]+)`")
_WORD = re.compile(r"[a-z][a-z0-9-]*(\|[a-z][a-z0-9-]*)*")


def said_in(page: Path) -> Iterator[str]:
    """Each command that a page prints, in a block or in a line, one a time."""
    text = page.read_text(encoding="utf-8")
    for match in itertools.chain(_BLOCK.finditer(text), _INLINE.finditer(text)):
        for one in re.split(r";|&&|\s\|\s(?!twin)", match[1].replace("\\\n", " ")):
            if one.strip().startswith("twin "):
                yield " ".join(one.split())


def wrong_with(said: str) -> list[str]:
    """What a command says that the twin does not know: its name, or an option."""
    words = said.replace(",", " ").split()[1:]
    commands, at = [twin], 0
    while at < len(words) and all(isinstance(command, click.Group) for command in commands):
        if not _WORD.fullmatch(words[at]):
            break
        found = [(name, _inner(command, name)) for command in commands for name in words[at].split("|")]
        unknown = [f"no command {name!r}" for name, inner in found if inner is None]
        if unknown:
            return unknown
        commands, at = [inner for _, inner in found if inner is not None], at + 1
    options = re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]*)", " ".join(words[at:]))
    known = {name for command in commands for name in _options(command)} | {"--help", "--version"}
    if commands[0] is twin or any(isinstance(command, click.Group) for command in commands):
        return []  # only a group was named, or `twin ...`
    return [f"no option {option}" for option in options if option not in known]


def _inner(command: click.Command, name: str) -> click.Command | None:
    assert isinstance(command, click.Group)
    return command.get_command(click.Context(command), name)


def _options(command: click.Command) -> set[str]:
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
