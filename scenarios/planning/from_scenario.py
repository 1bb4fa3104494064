"""A scenario file as a scheme: its closures, for the settled state beside the day that `twin run` simulates."""

from __future__ import annotations

from pathlib import Path

from networks.errors import BadInput
from networks.sentence import Sentence, say
from scenarios.interventions import RoadClosure
from scenarios.planning.scheme import Change, Scheme, SchemeFile, read_scheme
from scenarios.reading import parse_scenario, place_in


def is_scenario(file: Path) -> bool:
    """Whether a file looks like a scenario: it has a line `period:` or `interventions:`."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return any(line.startswith(("period:", "interventions:")) for line in lines)


def read_scheme_or_scenario(file: Path) -> SchemeFile:
    """A scheme, or a scenario whose road closures are taken for one, with the hour when it begins and its scale.

    Raises:
        BadInput: It is neither, is wrong, or closes no road.
    """
    return scheme_of_scenario(file) if is_scenario(file) else read_scheme(file)


def scheme_of_scenario(file: Path) -> SchemeFile:
    """The road closures of a scenario as a scheme.

    Raises:
        BadScenario: The scenario is wrong.
        BadInput: It closes no road.
    """
    scenario = parse_scenario(Path(file).read_text(encoding="utf-8"), file=file)
    changes, lines = [], []
    for number, item in enumerate(scenario.interventions):
        if isinstance(item, RoadClosure):
            changes.append(Change(edges=item.edges, closed=True, why="road_closure"))
            lines.append(_line(file, number))
    others = {str(item.kind) for item in scenario.interventions if not isinstance(item, RoadClosure)}
    if not changes:
        raise BadInput(
            "the scenario closes no road, and nothing else of it is in a static assignment",
            file=file,
            expected="an intervention of kind road_closure",
            remedy="simulate it: twin run",
        )
    begin = scenario.period.begin
    hour = begin.hour + begin.minute / 60.0
    told = _left_out(sorted(others))
    scheme = Scheme(name=scenario.name, changes=tuple(changes))
    return SchemeFile(Path(file), scheme, tuple(lines), hour, scenario.demand.scale, told)


def _left_out(kinds: list[str]) -> tuple[Sentence, ...]:
    if not kinds:
        return ()
    names = ", ".join(kinds)
    return (
        say(
            f"of the scenario only its closures, hour and scale count here, not: {names}",
            f"此处仅计入情景中的道路封闭、时刻与需求比例，不含：{names}",
        ),
    )


def _line(file: Path, number: int) -> int:
    place = place_in(Path(file), f"interventions.{number}") or "line 1"
    return int(place.removeprefix("line ").split(",")[0])
