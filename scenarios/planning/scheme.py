"""A scheme: what is done to streets, and the value of time it is judged by; the do-something of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.assignment import UserClass
from networks.errors import BadInput
from networks.sentence import Sentence, say
from networks.text_file import read_text
from networks.yaml_lines import compose, line_of, refuse_twins, told
from scenarios.planning.city_network import CityNetwork

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        raise ValueError("at least one is needed")
    return items


_DOES = ("closed", "lanes", "capacity_factor", "speed_kmh", "toll")


class Change(BaseModel):
    """What is done to some edges.

    Attributes:
        edges: Ids.
        closed: Nobody of `classes` drives there.
        lanes: So many lanes added (below 0: taken) to those there are.
        capacity_factor: Capacity times this.
        speed_kmh: Speed when empty.
        toll: Money for each vehicle of `classes` and edge.
        classes: Whom closure and toll concern; everybody by default.
        why: What it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    edges: Annotated[tuple[str, ...], AfterValidator(_some)]
    closed: bool = False
    lanes: int = 0
    capacity_factor: Positive | None = None
    speed_kmh: Positive | None = None
    toll: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    classes: tuple[str, ...] = ()
    why: str = ""

    @model_validator(mode="after")
    def _does_something(self) -> Change:
        if not any(getattr(self, name) for name in _DOES):
            raise ValueError(f"nothing is done to these edges: give one of {', '.join(_DOES)}")
        return self


class ValueOfTime(BaseModel):
    """Money that an hour of a vehicle is worth, by class.

    Attributes:
        per_vehicle_h: By class.
        currency: Of them and of tolls.
        source: Whose figures they are, and of which year.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    per_vehicle_h: Annotated[dict[str, Positive], Field(min_length=1)]
    currency: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]

    @property
    def said(self) -> Sentence:
        """`source` in both languages; what a scheme's author wrote stays as it is."""
        usual = _nobody_stated()
        return usual if self.source == usual["en"] else say(self.source, self.source)


def _nobody_stated() -> Sentence:
    from scenarios.measures.benefit import USDOT_2016

    source = USDOT_2016.source
    return say(f"{source['en']} (the scheme states none)", f"{source['zh']}（方案未给出）")


def usual_value(classes: Sequence[UserClass]) -> ValueOfTime:
    """The value of time where a scheme states none: that of the measures, the same for each class."""
    from scenarios.measures.benefit import USDOT_2016

    return ValueOfTime(
        per_vehicle_h={one.name: USDOT_2016.per_person_h * USDOT_2016.persons for one in classes},
        currency=USDOT_2016.currency,
        source=_nobody_stated()["en"],
    )


class Scheme(BaseModel):
    """A scheme file.

    Attributes:
        name: Its name.
        changes: What is done.
        value_of_time: For tolls, and for benefits in money; see `usual_value`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    changes: Annotated[tuple[Change, ...], AfterValidator(_some)]
    value_of_time: ValueOfTime | None = None


@dataclass(frozen=True)
class SchemeFile:
    """A scheme, and where it is from.

    Attributes:
        file: The file.
        scheme: What it says.
        lines: Where its changes stand in the file.
        hour: Local hour of the day that it is about, where it says so.
        scale: Of all trips, before and after.
        told: What of it is left out.
    """

    file: Path
    scheme: Scheme
    lines: tuple[int, ...]
    hour: float | None = None
    scale: float = 1.0
    told: tuple[Sentence, ...] = ()


def read_scheme(file: Path) -> SchemeFile:
    """Read a scheme.

    Raises:
        BadInput: It is missing or no YAML; a field is unknown or impossible: told with its line.
    """
    file = Path(file)
    text = read_text(file, expected="a scheme in YAML")
    root = compose(text, file, BadInput, "a scheme", remedy="see docs/how-to.md, Assign traffic")
    refuse_twins(root, file, BadInput)
    try:
        scheme = Scheme.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise told(error, root, file, BadInput, noun="scheme", tags=(), remedy="mend that line") from error
    return SchemeFile(file, scheme, tuple(line_of(root, ("changes", i)) for i in range(len(scheme.changes))))


def value_of_time(given: SchemeFile, classes: Sequence[UserClass]) -> ValueOfTime:
    """The value of time that a scheme is judged by: its own, or the usual one.

    Raises:
        BadInput: It states one, and lacks a class.
    """
    value = given.scheme.value_of_time or usual_value(classes)
    for one in classes:
        if one.name not in value.per_vehicle_h:
            raise BadInput(
                f"there is no value of time for the class {one.name}",
                file=given.file,
                place="value_of_time",
                expected=f"per_vehicle_h with {one.name} beside {', '.join(value.per_vehicle_h)}",
            )
    return value


def with_scheme(
    city: CityNetwork, lanes: np.ndarray, classes: Sequence[UserClass], given: SchemeFile
) -> tuple[CityNetwork, tuple[UserClass, ...]]:
    """The network and the classes once the scheme is there.

    Args:
        city: The network before.
        lanes: (edges,) lanes before.
        classes: Who travels.
        given: The scheme.

    Raises:
        BadInput: It names an edge or class that there is not, takes all lanes, or lacks a class's value of time.
    """
    network, number = city.network, city.edge_number
    free, capacity = network.free.copy(), network.capacity.copy()
    tolls = {one.name: np.zeros(network.links) for one in classes}
    value = value_of_time(given, classes)
    for change, line in zip(given.scheme.changes, given.lines, strict=True):
        rows = _rows(change, number, given, line)
        _check_classes(change, [one.name for one in classes], given, line)
        if change.lanes:
            after = lanes[rows] + change.lanes
            if (after < 1).any():
                edge = change.edges[int(np.argmax(after < 1))]
                raise BadInput(
                    f"the edge {edge} would have no lane left",
                    file=given.file,
                    place=f"line {line}",
                    remedy="write closed: true",
                )
            capacity[rows] *= after / np.maximum(lanes[rows], 1.0)
        capacity[rows] *= change.capacity_factor or 1.0
        if change.speed_kmh:
            free[rows] = city.length_m[rows] * 3.6 / change.speed_kmh
        for one in change.classes or tolls:
            if change.closed:
                tolls[one][rows] = np.inf
            elif change.toll:
                tolls[one][rows] += change.toll * 3600.0 / value.per_vehicle_h[one]
    return replace(city, network=replace(network, free=free, capacity=capacity)), _with_extra(classes, tolls)


def _rows(change: Change, number: dict[str, int], given: SchemeFile, line: int) -> np.ndarray:
    unknown = [edge for edge in change.edges if edge not in number]
    if unknown:
        raise BadInput(
            f"the city has no edge {unknown[0]}",
            file=given.file,
            place=f"line {line}",
            expected=f"ids of the layer edges, such as {', '.join(list(number)[:3])}",
        )
    return np.array([number[edge] for edge in dict.fromkeys(change.edges)])


def _check_classes(change: Change, names: Sequence[str], given: SchemeFile, line: int) -> None:
    for one in change.classes:
        if one not in names:
            raise BadInput(
                f"there are no trips of the class {one}",
                file=given.file,
                place=f"line {line}",
                expected=f"one of {', '.join(names)}",
            )


def _with_extra(classes: Sequence[UserClass], tolls: dict[str, np.ndarray]) -> tuple[UserClass, ...]:
    """Classes that pay the same share one array, so that one search serves them."""
    kept: list[np.ndarray] = []
    found = []
    for one in classes:
        own = tolls[one.name]
        same = next((other for other in kept if np.array_equal(other, own)), None)
        if same is None:
            kept.append(own)
            same = own
        found.append(replace(one, extra=same if same.any() else None))
    return tuple(found)
