"""Scenario files: YAML in, a checked `Scenario` out, and the line of every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from networks.errors import BadInput, BadScenario
from scenarios.schema import Scenario

Location = tuple[int | str, ...]


def read_scenario(path: Path | str) -> Scenario:
    """Read and check a scenario file.

    Raises:
        BadScenario: It is missing, no YAML, or a field is unknown or impossible; every mistake is told with its line.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScenario(
            f"cannot be read: {error}", file=path, expected="a scenario file in YAML (UTF-8)", remedy="check the path"
        ) from error
    return parse_scenario(text, file=path)


def parse_scenario(text: str, *, file: Path | str = "scenario") -> Scenario:
    """Check the text of a scenario; `file` is named in errors and holds signal plans named relative to it."""
    root = _compose(text, file)
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise BadScenario("is not a scenario", file=file, place="line 1", expected="fields such as name: and period:")
    _refuse_twins(root, file)
    try:
        _inline_plans(content, root, Path(file))
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise _told(error, root, file) from error


def _compose(text: str, file: Path | str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}" if mark else None
        raise BadScenario(f"is not YAML: {error.problem}", file=file, place=line, remedy="mend that line") from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadScenario(f"is not YAML: {error}", file=file, remedy="mend the file") from error
    except RecursionError:
        raise BadScenario("is nested too deeply", file=file, expected="a scenario", remedy="mend the file") from None
    if root is None:
        raise BadScenario("is empty", file=file, expected="a scenario", remedy="see scenarios/library")
    return root


def _refuse_twins(node: yaml.Node, file: Path | str, above: tuple[yaml.Node, ...] = ()) -> None:
    """A key written twice would silently win over the first; an anchor that holds itself never ends."""
    if any(node is one for one in above):
        raise BadScenario("an anchor holds itself", file=file, place=f"line {node.start_mark.line + 1}")
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_twins(child, file, (*above, node))
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            if key.value in seen:
                raise BadScenario(
                    f"the field {key.value} is written twice", file=file, place=f"line {key.start_mark.line + 1}"
                )
            seen.add(key.value)
            _refuse_twins(child, file, (*above, node))


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


def plan_text(plan: Any) -> dict[str, Any]:
    """A `networks.SignalPlan` as the dict that a `signal_plan` intervention holds."""
    phases = [
        {"duration_s": p.duration_s, "state": p.state, "min_s": p.min_s, "max_s": p.max_s, "name": p.name or ""}
        for p in plan.phases
    ]
    return {
        "tls_id": plan.tls_id,
        "program_id": plan.program_id,
        "offset_s": plan.offset_s,
        "phases": phases,
        "source": plan.source or "",
    }


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


def _told(error: ValidationError, root: yaml.Node, file: Path | str) -> BadScenario:
    mistakes = sorted((line_of(root, item["loc"]), _sentence(item)) for item in error.errors())
    first_line, first = mistakes[0]
    others = [f"line {line}: {sentence}" for line, sentence in mistakes[1:]]
    return BadScenario(
        first,
        file=file,
        place=f"line {first_line}",
        remedy="also: " + "; ".join(others) if others else "mend that line; `twin scenario check` tells what is left",
    )


def _sentence(item: ErrorDetails) -> str:
    tags = {"road_closure", "rainfall", "event", "emergency_call", "signal_plan", "demand_change", "visitor_guidance"}
    parts = [part for part in item["loc"] if part not in tags]
    field = ".".join(str(part) for part in parts) or "scenario"
    if item["type"] == "extra_forbidden":
        return f"{field}: there is no such field"
    if item["type"] == "missing":
        return f"{field}: this field is missing"
    if item["type"] == "union_tag_invalid":
        context = item.get("ctx", {})
        return f"{field}: unknown kind {context.get('tag')}; known: {context.get('expected_tags')}"
    if item["type"] in ("timezone_aware", "timezone_naive"):
        return f"{field}: the time has no UTC offset; write it like 2026-07-17T17:00:00+03:00"
    message = item["msg"].removeprefix("Value error, ")
    told = repr(item["input"])
    return f"{field}: {message}" + (f", found {told}" if len(told) <= 60 else "")
