"""Thresholds of one's own: a YAML file of checks' names and the values that they must reach."""

from __future__ import annotations

import difflib
import math
from pathlib import Path

import yaml

from networks.errors import BadInput
from networks.quality.rules import RULES
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins

_NOUN = "lines such as `strongly_connected: 0.95`"


def read_thresholds(file: Path) -> dict[str, float]:
    """Check's name -> the value that it must reach, in the check's own unit (shares from 0 to 1).

    Raises:
        BadInput: It cannot be read, names a check that there is not or that nothing is asked of, or gives no number.
    """
    text = read_text(file, expected=_NOUN)
    root = compose(text, file, BadInput, _NOUN, remedy="write a threshold, or leave the file out")
    if not isinstance(root, yaml.MappingNode):
        raise BadInput("it is no list of thresholds", file=file, expected=_NOUN)
    refuse_twins(root, file, BadInput)
    found = {}
    for key, value in root.value:
        place = f"line {key.start_mark.line + 1}"
        asked = [rule.name for rule in RULES.values() if rule.threshold is not None]
        if key.value not in asked:
            near = difflib.get_close_matches(str(key.value), asked, n=1)
            raise BadInput(
                f"no check {key.value!r} has a threshold",
                file=file,
                place=place,
                expected=", ".join(asked),
                remedy=f"did you mean {near[0]}?" if near else None,
            )
        found[key.value] = _number(value.value, file, place)
    return found


def _number(text: object, file: Path, place: str) -> float:
    try:
        value = float(text) if isinstance(text, str) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInput(f"{text!r} is no number", file=file, place=place, expected=_NOUN)
    return value
