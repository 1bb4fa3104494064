"""Plans from files of YAML, every mistake with its line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from networks.errors import BadInput, NotThere
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told
from twin.plans.plan import Plan

LIBRARY = Path(__file__).parent / "library"
_EXPECTED = "a response plan in YAML, as in docs/plans.md"


def read_plan(file: Path) -> Plan:
    """A plan.

    Raises:
        BadInput: It cannot be read, is no YAML, or a field is missing, unknown or impossible: with its line.
    """
    text = read_text(file, expected=_EXPECTED, remedy="twin plans list names those that ship with citytwin")
    root = compose(text, file, BadInput, "a response plan", remedy="see docs/plans.md")
    refuse_twins(root, file, BadInput)
    content = yaml.safe_load(text)
    if not isinstance(content, dict):
        raise BadInput("is no response plan", file=file, place="line 1", expected=_EXPECTED)
    try:
        plan = Plan.model_validate(content)
    except ValidationError as error:
        mend = "mend that line; docs/plans.md shows a whole plan"
        raise told(error, root, file, BadInput, noun="plan", tags=(), remedy=mend) from error
    mistakes = sorted((line_of(root, at), what) for at, what in plan.faults())
    if mistakes:
        others = "; ".join(f"line {line}: {what}" for line, what in mistakes[1:])
        raise BadInput(
            mistakes[0][1],
            file=file,
            place=f"line {mistakes[0][0]}",
            remedy=f"also: {others}" if others else "mend that line",
        )
    return plan


def read_plans(folders: Sequence[Path] = (LIBRARY,)) -> list[Plan]:
    """All plans of some folders (`*.yaml`), by name.

    Raises:
        BadInput: A folder is not there, a plan cannot be read, or two have one name.
    """
    found: dict[str, Path] = {}
    plans = []
    for folder in folders:
        if not folder.is_dir():
            raise BadInput("there is no such folder of plans", file=folder, expected="a folder with plans/*.yaml")
        for file in sorted(folder.glob("*.yaml")):
            plan = read_plan(file)
            if plan.plan in found:
                raise BadInput(f"a second plan is called {plan.plan}", file=file, remedy=f"see {found[plan.plan]}")
            found[plan.plan] = file
            plans.append(plan)
    return sorted(plans, key=lambda plan: plan.plan)


def plan_named(name: str) -> Plan:
    """A plan by its file, or by its name in the library.

    Raises:
        NotThere: Neither.
        BadInput: As `read_plan`.
    """
    file = Path(name)
    if file.suffix in (".yaml", ".yml"):
        return read_plan(file)
    shipped = LIBRARY / f"{name}.yaml"
    if not shipped.is_file():
        known = ", ".join(sorted(one.stem for one in LIBRARY.glob("*.yaml")))
        raise NotThere(f"there is no plan {name!r}", expected=f"a file, or one of {known}", remedy="twin plans list")
    return read_plan(shipped)
