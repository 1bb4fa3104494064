"""The corrections file: what an engineer may say against the map."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, StringConstraints, field_validator

from networks.osm.values import MOST_LANES

Osm = Annotated[str, StringConstraints(pattern=r"^[nwr]-?[1-9]\d*$")]
Degrees = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-85, le=85)]]
_TAGS = (
    *("lanes", "maxspeed", "oneway", "turn", "access", "vehicle", "motor_vehicle", "motorcar", "bus", "psv", "hgv"),
    *("bicycle", "foot", "busway", "cycleway", "sidewalk", "junction", "highway", "name", "width", "layer", "bridge"),
    *("tunnel", "placement", "service"),
)
_SPEED = re.compile(r"\d+(\.\d+)?( ?(mph|km/h|knots))?|none|walk")
_SIDES = {f"{how}{side}" for how in ("", "slight_", "sharp_") for side in ("left", "right")}
_TURNS = _SIDES | {"through", "reverse", "merge_to_left", "merge_to_right", "none", ""}


class Text(BaseModel):
    """What comes in as text: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Witness(Text):
    """What the object was like when the correction was written.

    Attributes:
        tags: Those of its tags that matter here.
        at: Longitude and latitude, degrees.
    """

    tags: dict[str, str] = Field(default_factory=dict)
    at: Degrees


class Correction(Text):
    """What all corrections say.

    Attributes:
        why: Where the better figure comes from: who saw it, when, on which sheet.
        source: What the figure becomes in the city's `*_source` columns.
        witness: The object at that time; a build adds it to the copy that the city keeps.
    """

    why: str = Field(min_length=1)
    source: Literal["measured", "corrected"] = "corrected"
    witness: Witness | None = None


class WayTags(Correction):
    """Tags of a road; a value of null takes the tag away."""

    kind: Literal["way_tags"]
    way: int
    set: dict[str, str | int | float | bool | None] = Field(min_length=1)

    @field_validator("set")
    @classmethod
    def _right(cls, tags: dict[str, Any]) -> dict[str, str | None]:
        said = {key: _as_tag(value) for key, value in tags.items()}
        for key, value in said.items():
            if key.split(":")[0] not in _TAGS:
                raise ValueError(f"{key} is no tag that can be corrected; known: {', '.join(_TAGS)}")
            if value is not None:
                _check_tag(key, value)
        lanes, turns = said.get("lanes"), said.get("turn:lanes")
        if lanes and turns and said.get("oneway") == "yes" and turns.count("|") + 1 != int(lanes):
            raise ValueError(f"lanes says {lanes}, but turn:lanes has {turns.count('|') + 1}")
        return said


class Signal(Correction):
    """Whether there is a signal at a node of a road."""

    kind: Literal["signal"]
    node: int
    present: bool


class Turn(Correction):
    """Whether one may turn from a way over a node into another way."""

    kind: Literal["turn"]
    from_way: int = Field(alias="from")
    via: int
    to: int
    allowed: bool


class BuildingHeight(Correction):
    """How high a building is."""

    kind: Literal["building_height"]
    building: Osm
    height_m: float = Field(gt=0, lt=1000)
    levels: float | None = Field(default=None, gt=0, lt=250)


class CarPark(Correction):
    """How many cars a car park holds."""

    kind: Literal["car_park_capacity"]
    car_park: Osm
    capacity: PositiveInt = Field(lt=20_000)


class Facility(Correction):
    """A service that the map lacks."""

    kind: Literal["new_facility"]
    facility: Literal["hospital", "clinic", "fire_station", "police", "ambulance_station"]
    at: Degrees
    name: str = ""


class DeleteWay(Correction):
    """A road that is not there."""

    kind: Literal["delete_way"]
    way: int


class Underpass(Correction):
    """The lowest point of the road in an underpass, metres above sea, and its pump."""

    kind: Literal["underpass"]
    way: int
    lowest_m: float = Field(gt=-500, lt=9000)
    pump_m3s: float | None = Field(default=None, ge=0, lt=100)


AnyCorrection = Annotated[
    WayTags | Signal | Turn | BuildingHeight | CarPark | Facility | DeleteWay | Underpass, Field(discriminator="kind")
]
KINDS = (
    "way_tags",
    "signal",
    "turn",
    "building_height",
    "car_park_capacity",
    "new_facility",
    "delete_way",
    "underpass",
)


class CorrectionsText(Text):
    """A whole file."""

    corrections: tuple[AnyCorrection, ...]


def disagreement(corrections: tuple[Correction, ...]) -> tuple[int, str] | None:
    """The first entry (from 0) that says again or against what one before it says, and how; None where all agree."""
    seen: dict[tuple[str, ...], int] = {}
    for index, one in enumerate(corrections):
        for said in statements(one):
            if said in seen:
                return index, f"entry {index + 1} says {' '.join(said)}, which entry {seen[said] + 1} says too"
            seen[said] = index
    for index, one in enumerate(corrections):
        ways = [f"w{one.way}"] if isinstance(one, WayTags | Underpass) else []
        ways += [f"w{one.from_way}", f"w{one.to}"] if isinstance(one, Turn) else []
        for way in ways:
            if ("delete", way) in seen:
                return index, f"entry {index + 1} corrects {way}, which entry {seen['delete', way] + 1} deletes"
    return None


def statements(one: Correction) -> list[tuple[str, ...]]:
    """What an entry says, so that two entries that say the same thing are found."""
    match one:
        case WayTags():
            return [("tag", f"w{one.way}", key) for key in sorted(one.set)]
        case Signal():
            return [("signal", f"n{one.node}")]
        case Turn():
            return [("turn", f"w{one.from_way}", f"n{one.via}", f"w{one.to}")]
        case BuildingHeight():
            return [("height", one.building)]
        case CarPark():
            return [("capacity", one.car_park)]
        case Facility():
            return [("facility", one.facility, f"{one.at[0]:.5f}", f"{one.at[1]:.5f}")]
        case DeleteWay():
            return [("delete", f"w{one.way}")]
        case Underpass():
            return [("underpass", f"w{one.way}")]
    raise TypeError(type(one).__name__)


def _as_tag(value: Any) -> str | None:
    """YAML's values as OpenStreetMap writes them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return None if value is None else str(value).strip()


def _check_tag(key: str, value: str) -> None:
    parts = key.split(":")
    if not value:
        raise ValueError(f"{key} is empty; write null to take the tag away")
    if parts[0] == "lanes" and not (value.isdecimal() and 0 < int(value) <= MOST_LANES):
        raise ValueError(f"{key} is {value}: not a whole number from 1 to {MOST_LANES}")
    plain_speed = parts[0] == "maxspeed" and parts[-1] not in ("conditional", "type", "source")
    if plain_speed and not _SPEED.fullmatch(value):
        raise ValueError(f"{key} is {value}: not a speed such as 50 or 30 mph")
    if key == "oneway" and value not in ("yes", "no", "-1", "reversible"):
        raise ValueError(f"oneway is {value}: not yes, no, -1 or reversible")
    if parts[0] == "turn" and not all(set(lane.split(";")) <= _TURNS for lane in value.split("|")):
        raise ValueError(f"{key} is {value}: not lanes such as left|through|through;right")
    if re.search(r"[\x00-\x1f]", value):
        raise ValueError(f"{key} holds a control character")
