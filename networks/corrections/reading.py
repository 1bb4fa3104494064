"""Reads a corrections file; mistakes are told with their lines. Adds witnesses to a file's text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from networks.corrections.schema import KINDS, Correction, CorrectionsText, Witness, disagreement
from networks.errors import BadCorrections
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told

CORRECTIONS_FILE = "corrections.yaml"
_REMEDY = "mend that line; `twin corrections schema` prints every field"


@dataclass(frozen=True)
class Corrections:
    """A file's corrections.

    Attributes:
        file: The file.
        text: Its text.
        items: Its entries in their order.
        lines: The line of each entry.
    """

    file: Path
    text: str
    items: tuple[Correction, ...]
    lines: tuple[int, ...]


def read_corrections(file: Path) -> Corrections:
    """Read and check a corrections file.

    Raises:
        BadCorrections: It is missing, no YAML, or an entry is unknown, impossible, or contradicts another.
    """
    text = read_text(file, expected="corrections in YAML (UTF-8)", remedy="check the path", error=BadCorrections)
    root = compose(text, file, BadCorrections, "corrections", remedy="see docs/how-to.md, Correct the map")
    if not isinstance(root, yaml.MappingNode):
        raise BadCorrections(
            "is no corrections file",
            file=file,
            place="line 1",
            expected="a line `corrections:` and the list of entries under it",
            remedy="see the example in: twin corrections check --help",
        )
    refuse_twins(root, file, BadCorrections)
    try:
        content = CorrectionsText.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadCorrections, noun="corrections", tags=KINDS, remedy=_REMEDY) from error
    lines = tuple(line_of(root, ("corrections", index)) for index in range(len(content.corrections)))
    wrong = disagreement(content.corrections)
    if wrong is not None:
        place = f"line {lines[wrong[0]]}"
        raise BadCorrections(wrong[1], file=file, place=place, expected="one entry for it", remedy="keep one of them")
    return Corrections(Path(file), text, content.corrections, lines)


def with_witnesses(corrections: Corrections, witnesses: Mapping[int, Witness]) -> str:
    """The file's text with a witness for entries (by their number from 0) that have none; comments stay."""
    root = yaml.compose(corrections.text, Loader=yaml.SafeLoader)
    if root is None:
        return corrections.text
    entries = next(child for key, child in root.value if key.value == "corrections").value
    text = corrections.text
    for index in sorted(witnesses, reverse=True):
        if corrections.items[index].witness is not None:
            continue
        node = entries[index]
        mark = node.value[0][0].start_mark
        said = witnesses[index].model_dump()
        flow = f"{{at: {json.dumps(said['at'])}, tags: {json.dumps(said['tags'], ensure_ascii=False, sort_keys=True)}}}"
        behind = ", " if node.flow_style else "\n" + " " * mark.column
        text = f"{text[: mark.index]}witness: {flow}{behind}{text[mark.index :]}"
    return text


def corrections_schema() -> dict[str, Any]:
    """The JSON Schema of a corrections file."""
    return CorrectionsText.model_json_schema(by_alias=True)
