"""Structures files: YAML in, forcings on a terrain out, and the line of every mistake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from models.flood.forcing.structure_text import KINDS, EntryText, StructuresText
from networks.errors import BadInput
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told

_REMEDY = "mend that line; see docs/how-to.md, Structures in the flood"


@dataclass(frozen=True)
class Structures:
    """A file's entries.

    Attributes:
        file: The file.
        entries: In their order.
        lines: The line of each.
    """

    file: Path
    entries: tuple[EntryText, ...]
    lines: tuple[int, ...]


def read_structures(file: Path | str) -> Structures:
    """Read and check a structures file; where its structures stand is checked by `place_structures`.

    Raises:
        BadInput: It is missing, no YAML, an entry is unknown or impossible, or two have one name; told with the line.
    """
    file = Path(file)
    text = read_text(file, expected="structures in YAML")
    root = compose(text, file, BadInput, "structures", remedy="see docs/how-to.md")
    if not isinstance(root, yaml.MappingNode):
        what = "a line `structures:` and the list of them under it"
        raise BadInput("is no structures file", file=file, place="line 1", expected=what)
    refuse_twins(root, file, BadInput)
    try:
        content = StructuresText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="structures", tags=KINDS, remedy=_REMEDY) from error
    lines = tuple(line_of(root, ("structures", index)) for index in range(len(content.structures)))
    seen: dict[tuple[str, str], int] = {}
    for entry, line in zip(content.structures, lines, strict=True):
        first = seen.setdefault((entry.kind, entry.id), line)
        if first != line:
            what = f"there is a {entry.kind} {entry.id} in line {first} already"
            raise BadInput(what, file=file, place=f"line {line}", remedy="give it another id")
    return Structures(file, tuple(content.structures), lines)
