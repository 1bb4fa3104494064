"""A storm in a small file: a design storm by its depth or by a town's formula, or rain in steps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from models.flood.rain.storms.design_storm import IntensityFormula, chicago_storm
from models.flood.rain.storms.hyetograph import Hyetograph
from networks.errors import BadInput
from networks.text_file import read_text

_EXPECTED = (
    "YAML with source, if you like begin (with its zone), and one of: "
    "chicago {depth_mm or formula, duration_s, peak_ratio, step_s}, hyetograph {step_s, intensity_mm_h}"
)
_CHICAGO = {"depth_mm", "formula", "duration_s", "peak_ratio", "step_s"}
_FORMULA = {"a1_mm_min", "c", "b_min", "n", "return_period_years"}


def read_storm(file: Path, begin: datetime | None = None) -> tuple[Hyetograph, datetime]:
    """A storm and the run's start; the words are those of a scenario's `rainfall`.

    Args:
        file: The storm's.
        begin: The run's start; None: the storm's own begin.

    Raises:
        BadInput: It cannot be read, lacks its source or a begin, or holds numbers that make no storm; says where.
    """
    said = _mapping(file)
    source = said.get("source")
    if not isinstance(source, str) or not source.strip():
        raise BadInput("the storm has no source", file=file, place="source", expected="who published it, and when")
    own = _begin(said.get("begin"), file)
    start = begin or own
    if start is None:
        raise BadInput("nobody says when the storm begins", file=file, place="begin", expected=_EXPECTED)
    kinds = [one for one in ("chicago", "hyetograph") if one in said]
    if len(kinds) != 1 or not isinstance(said[kinds[0]], dict):
        raise BadInput(f"it holds {' and '.join(kinds) or 'no rain'}", file=file, expected=_EXPECTED)
    made = _chicago if kinds[0] == "chicago" else _steps
    try:
        rain = made(said[kinds[0]], source.strip())
    except BadInput as error:
        place = ".".join(filter(None, (kinds[0], error.place)))
        raise BadInput(error.what, file=file, place=place, expected=error.expected or _EXPECTED) from error
    return rain.delayed(((own or start) - start).total_seconds()), start


def storm_words(file: Path, begin: datetime | None = None) -> tuple[dict[str, Any], datetime]:
    """The fields of a storm's file, checked, and when the storm begins.

    Args:
        file: The storm's.
        begin: When it begins, where the file does not say; None: it has to.

    Raises:
        BadInput: See `read_storm`.
    """
    _, start = read_storm(file, begin)
    said = _mapping(file)
    return said, _begin(said.get("begin"), file) or start


def _mapping(file: Path) -> dict[str, Any]:
    import yaml

    try:
        said = yaml.safe_load(read_text(file, expected=_EXPECTED))
    except yaml.YAMLError as error:
        raise BadInput(f"it is no YAML: {error}", file=file, expected=_EXPECTED) from error
    unknown = sorted(set(said) - {"source", "begin", "chicago", "hyetograph"}) if isinstance(said, dict) else ["all"]
    if unknown:
        raise BadInput(f"it holds {', '.join(map(str, unknown))}", file=file, expected=_EXPECTED)
    return dict(said)


def _begin(value: Any, file: Path) -> datetime | None:
    if value is None:
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise BadInput(f"{value} is no time with its zone", file=file, place="begin", expected="...T17:00:00+08:00")
    return moment.astimezone(UTC)


def _chicago(said: dict[str, Any], source: str) -> Hyetograph:
    _only(said, _CHICAGO)
    shape = {key: _number(said, key, default) for key, default in (("duration_s", 3600.0), ("peak_ratio", 0.4))}
    shape["step_s"] = _number(said, "step_s", 60.0)
    law = said.get("formula")
    if law is None:
        return chicago_storm(depth_mm=_number(said, "depth_mm"), source=source, **shape)
    if "depth_mm" in said or not isinstance(law, dict):
        raise BadInput("a Chicago storm needs either depth_mm or formula", expected="one of the two")
    _only(law, _FORMULA)
    a, b, n = (_number(law, key) for key in ("a1_mm_min", "b_min", "n"))
    town = IntensityFormula(a, b, n, source, _number(law, "c", 0.0))
    return town.storm(return_period_years=_number(law, "return_period_years"), **shape)


def _steps(said: dict[str, Any], source: str) -> Hyetograph:
    _only(said, {"step_s", "intensity_mm_h"})
    rain = said.get("intensity_mm_h")
    if not isinstance(rain, list) or not all(isinstance(one, int | float) for one in rain):
        raise BadInput("it is no list of numbers", place="intensity_mm_h", expected="mm/h in each step")
    return Hyetograph(np.arange(len(rain) + 1) * _number(said, "step_s", 300.0), np.array(rain, float), source)


def _number(said: dict[str, Any], key: str, default: float | None = None) -> float:
    value = said.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{key} is {value!r}", place=key, expected="a number")
    return float(value)


def _only(said: dict[str, Any], known: set[str]) -> None:
    if set(said) - known:
        raise BadInput(f"it holds {', '.join(sorted(map(str, set(said) - known)))}", expected=", ".join(sorted(known)))
