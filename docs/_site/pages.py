"""Pages in Markdown that are made from the code: the rooms' faces, and every command with its options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

import click
from faces import Name

_SECTION = re.compile(r"^(Args|Attributes|Returns|Yields|Raises|Examples?|Note):$")
_ITEM = re.compile(r"^(\*{0,2}[\w., *|\[\]]+?)(?: \(.*\))?: (.*)$")


def face_page(package: str, says: str, names: list[Name]) -> str:
    """A package: its docstring, then each name."""
    parts = [f"# {package}", "", *_said(says), ""]
    for name in names:
        parts += [f"## {name.name}", "", *_code(name.written), *_said(name.says), ""]
        for inner in name.inside:
            parts += [f"### {name.name}.{inner.name}", "", *_code(inner.written), *_said(inner.says), ""]
    return "\n".join(parts)


def commands_page(top: click.Command) -> str:
    """Every command of the twin as its own `--help` tells it."""
    parts = ["# Commands", "", "What `--help` says, command by command.", ""]
    for path, command in _commands(top, click.Context(top, info_name="twin")):
        level = "##" if path.count(" ") < 2 else "###"
        parts += [f"{level} {path}", "", *_code(command, "text")]
    return "\n".join(parts)


def _commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _commands(inner, click.Context(inner, info_name=name, parent=context))


def _code(text: str, language: str = "python") -> list[str]:
    return [f"```{language}", text, "```", ""]


def _said(text: str) -> Iterator[str]:
    """A docstring as Markdown: its sections (`Args:`, `Raises:`, ...) become lists."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        section = _SECTION.match(lines[at])
        at += 1
        if section is None:
            yield lines[at - 1]
            continue
        block = list(takewhile(lambda line: not line or line.startswith("  "), lines[at:]))
        at += len(block)
        yield from ["", f"**{section[1]}**", "", *_items([line[4:] for line in block]), ""]


def _items(block: list[str]) -> Iterator[str]:
    for line in block:
        item = _ITEM.match(line)
        if item and not line.startswith(" "):
            yield f"- `{item[1]}`: {item[2]}"
        else:
            yield f"    {line.strip()}" if line.startswith(" ") else line
