"""`Question`: a scenario as a page sends it, and how much may be spent on the answer."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from networks.errors import BadInput, BadScenario
from scenarios import Rainfall, Scenario, read_responses

MOST_MEMBERS, LEAST_BUDGET_S, MOST_BUDGET_S = 64, 10.0, 86_400.0
LONGEST_YAML = 60_000


class Question(BaseModel):
    """What is asked, and what may be spent on it.

    Attributes:
        scenario: The fields of a scenario file; nothing in it may name a file of the server.
        responses: How drivers respond, side by side, as `twin run --responses` takes them.
        members: Seeds of the scenario, from 1 on.
        budget_s: Wall seconds: no member is begun that is not expected to fit, and none goes on beyond them.
    """

    model_config = ConfigDict(extra="forbid")

    scenario: dict[str, Any]
    responses: str = Field("none,equilibrium", max_length=200)
    members: int = Field(4, ge=1, le=MOST_MEMBERS)
    budget_s: float = Field(1800.0, ge=LEAST_BUDGET_S, le=MOST_BUDGET_S)


def scenario_of(question: Question, city: str) -> Scenario:
    """The scenario that is asked about, checked as if written in a file.

    Args:
        question: What is asked.
        city: Folder's name of the city, kept in the scenario.

    Raises:
        BadScenario: A field is unknown or impossible; it names a folder of the server; a response cannot be.
    """
    read_responses(question.responses)
    seeds = {"first": 1, "count": question.members}
    return _checked({**question.scenario, "city": city, "seeds": seeds})


def opened(text: str) -> Scenario:
    """A scenario file that somebody opens in the page; unlike `read_scenario` it reads no other file.

    Raises:
        BadScenario: It is no YAML, repeats itself by aliases, names a file, or is no scenario.
    """
    if len(text) > LONGEST_YAML:
        raise BadScenario("the file is too long", expected=f"{LONGEST_YAML} characters at most")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise BadScenario("it repeats itself by an alias (*)", remedy="write it out")
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadScenario(f"is not YAML: {error}".splitlines()[0], remedy="mend the file") from error
    if not isinstance(content, dict):
        raise BadScenario("is not a scenario", expected="fields such as name: and period:")
    return _checked(content)


def as_yaml(scenario: Scenario, *above: str) -> str:
    """A scenario as the file that `twin run` takes: what differs from the defaults, and lines of comment above."""
    said = scenario.model_dump(mode="json", exclude_defaults=True)
    for number, item in enumerate(scenario.interventions):  # a kind is no default, and must be said
        said["interventions"][number]["kind"] = item.kind
    if "response" in said:
        said["response"] = {"kind": scenario.response.kind, **said["response"]}
    comment = "".join(f"# {line}\n" for line in above)
    text = comment + yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110)
    if opened(text).digest != scenario.digest:
        raise BadInput("the scenario cannot be written as a file that says the same")
    return text


def _checked(content: dict[str, Any]) -> Scenario:
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadScenario(first["msg"].removeprefix("Value error, "), place=place or None) from error
    except RecursionError as error:
        raise BadScenario("is nested too deeply") from error
    if any(rain.radar is not None for rain in scenario.of(Rainfall)):
        raise BadScenario(
            "rain of a folder of the server is not for the browser", remedy="twin run, or a hyetograph instead"
        )
    return scenario
