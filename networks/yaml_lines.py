"""YAML files that people write: read strictly, and every mistake told with its line."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from networks.errors import BadInput

Location = tuple[int | str, ...]


def compose(text: str, file: Path | str, error: type[BadInput], noun: str, *, remedy: str) -> yaml.Node:
    """The nodes of a YAML text, with their places.

    Args:
        text: The text.
        file: Named in errors.
        error: The error to raise.
        noun: What the file should be, e.g. "a scenario".
        remedy: What to do about an empty file.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        yaml.safe_load(text)
    except yaml.MarkedYAMLError as bad:
        mark = bad.problem_mark or bad.context_mark
        line = f"line {mark.line + 1}" if mark else None
        raise error(f"is not YAML: {bad.problem}", file=file, place=line, remedy="mend that line") from bad
    except (yaml.YAMLError, ValueError) as bad:
        raise error(f"is not YAML: {bad}", file=file, remedy="mend the file") from bad
    except RecursionError:
        raise error("is nested too deeply", file=file, expected=noun, remedy="mend the file") from None
    if root is None:
        raise error("is empty", file=file, expected=noun, remedy=remedy)
    return root


def refuse_twins(node: yaml.Node, file: Path | str, error: type[BadInput], above: tuple[yaml.Node, ...] = ()) -> None:
    """A key written twice would silently win over the first; an anchor that holds itself never ends."""
    if any(node is one for one in above):
        raise error("an anchor holds itself", file=file, place=f"line {node.start_mark.line + 1}")
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            refuse_twins(child, file, error, (*above, node))
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                place = f"line {key.start_mark.line + 1}"
                raise error(
                    f"the field {key.value} is written twice", file=file, place=place, remedy="keep one of them"
                )
            seen.add(key.value)
            refuse_twins(child, file, error, (*above, node))


def line_of(root: yaml.Node, location: Location) -> int:
    """The line (from 1) of the deepest part of `location` that is in the file; union tags in it are passed over."""
    node, line = root, root.start_mark.line + 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, child) for key, child in node.value if key.value == str(part)), None)
            if found is not None:
                line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def told(
    wrong: ValidationError,
    root: yaml.Node,
    file: Path | str,
    error: type[BadInput],
    *,
    noun: str,
    tags: Collection[str],
    remedy: str,
) -> BadInput:
    """The mistakes that pydantic found: the first with its line, the others in the remedy.

    Args:
        wrong: What pydantic found.
        root: The file's nodes.
        file: Named in the error.
        error: The error to make.
        noun: What the file is, e.g. "scenario".
        tags: Names of kinds, which are no fields.
        remedy: What to do where there is one mistake alone.
    """
    mistakes = sorted((line_of(root, item["loc"]), _sentence(item, noun, tags)) for item in wrong.errors())
    first_line, first = mistakes[0]
    others = [f"line {line}: {sentence}" for line, sentence in mistakes[1:]]
    return error(
        first, file=file, place=f"line {first_line}", remedy="also: " + "; ".join(others) if others else remedy
    )


def _sentence(item: ErrorDetails, noun: str, tags: Collection[str]) -> str:
    parts = [part for part in item["loc"] if part not in tags]
    field = ".".join(str(part) for part in parts) or noun
    if item["type"] == "extra_forbidden":
        return f"{field}: there is no such field"
    if item["type"] == "missing":
        return f"{field}: this field is missing"
    if item["type"] == "union_tag_invalid":
        context: dict[str, Any] = item.get("ctx", {})
        return f"{field}: unknown kind {context.get('tag')}; known: {context.get('expected_tags')}"
    if item["type"] == "union_tag_not_found":
        return f"{field}: this field is missing: kind"
    if item["type"] in ("timezone_aware", "timezone_naive"):
        return f"{field}: the time has no UTC offset; write it like 2026-07-17T17:00:00+03:00"
    message = item["msg"].removeprefix("Value error, ")
    quoted = repr(item["input"])
    return f"{field}: {message}" + (f", found {quoted}" if len(quoted) <= 60 else "")
