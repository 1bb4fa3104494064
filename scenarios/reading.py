"""Scenario files: YAML in, a checked `Scenario` out, and the line of every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from networks.errors import BadInput, BadScenario
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told
from scenarios.plan_text import plan_text
from scenarios.schema import Scenario

_KINDS = {"road_closure", "rainfall", "event", "emergency_call", "signal_plan", "demand_change", "visitor_guidance"}
_KINDS |= {"none", "informed", "day_to_day", "equilibrium"}
_LIBRARY = Path(__file__).with_name("library")


def read_scenario(path: Path | str) -> Scenario:
    """Read and check a scenario file.

    Raises:
        BadScenario: It is missing, no YAML, or a field is unknown or impossible; every mistake is told with its line.
    """
    path = Path(path)
    remedy = f"check the path; files to start from: {_LIBRARY}"
    text = read_text(path, expected="a scenario file in YAML (UTF-8)", remedy=remedy, error=BadScenario)
    return parse_scenario(text, file=path)


def parse_scenario(text: str, *, file: Path | str = "scenario") -> Scenario:
    """Check the text of a scenario; `file` is named in errors and holds signal plans named relative to it."""
    root = compose(text, file, BadScenario, "a scenario", remedy="see scenarios/library")
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise BadScenario("is not a scenario", file=file, place="line 1", expected="fields such as name: and period:")
    refuse_twins(root, file, BadScenario)
    try:
        _inline_plans(content, root, Path(file))
        _inline_rain(content, root, Path(file))
        return Scenario.model_validate(content)
    except ValidationError as error:
        remedy = "mend that line; `twin scenario check` tells what is left"
        raise told(error, root, file, BadScenario, noun="scenario", tags=_KINDS, remedy=remedy) from error


def _inline_plans(content: dict[str, Any], root: yaml.Node, file: Path) -> None:
    """Replace `file:` of a signal_plan by the plans in it, so that the digest covers them."""
    items = content.get("interventions")
    for index, item in enumerate(items if isinstance(items, list) else []):
        if not (isinstance(item, dict) and item.get("kind") == "signal_plan" and "file" in item):
            continue
        from networks import read_signal_plans

        try:
            plans = read_signal_plans(file.parent / str(item.pop("file")))
        except (BadInput, OSError) as error:
            place = f"line {line_of(root, ('interventions', index, 'file'))}"
            raise BadScenario(f"its signal plans cannot be read: {error}", file=file, place=place) from error
        item["plans"] = [plan_text(plan) for _, plan in sorted(plans.items())] + list(item.get("plans") or [])


def _inline_rain(content: dict[str, Any], root: yaml.Node, file: Path) -> None:
    """Replace `file:` of a rainfall by the rain in it, or by the digest of a folder of radar rain."""
    items, period = content.get("interventions"), content.get("period")
    begin = period.get("begin") if isinstance(period, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else []):
        if not (isinstance(item, dict) and item.get("kind") == "rainfall" and "file" in item):
            continue
        from scenarios.rain.rain_files import rain_text

        try:
            said = rain_text(item.pop("file"), file.parent, begin)
        except BadInput as error:
            place = f"line {line_of(root, ('interventions', index, 'file'))}"
            raise BadScenario(
                f"its rain cannot be read: {str(error).splitlines()[0]}",
                file=file,
                place=place,
                expected=error.expected,
                remedy=error.remedy,
            ) from error
        twice = ", ".join(sorted(set(item) & {"hyetograph", "chicago", "radar"}))
        if twice:
            place = f"line {line_of(root, ('interventions', index))}"
            raise BadScenario(f"the rainfall has a file and {twice}", file=file, place=place, expected="one of them")
        item |= said | ({"source": item["source"]} if "source" in item else {})


def place_in(file: Path, field: str | None) -> str | None:
    """`line 7, interventions.0.edges.1` for a field of a scenario file; the field alone where the file is no more."""
    if field is None:
        return None
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return field
    parts = tuple(int(part) if part.isdecimal() else part for part in field.split("."))
    return f"line {line_of(root, parts)}, {field}" if root is not None else field
