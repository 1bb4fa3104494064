"""Alternatives that differ from a moment on: a YAML file in, checked changes out, and the line of every mistake."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, ValidationError, field_validator

from models.sumo.change import Change
from models.sumo.kinds import from_values
from models.sumo.net import NetFacts
from networks.errors import BadScenario
from networks.text_file import read_text
from networks.yaml_lines import compose, refuse_twins, told
from scenarios.text import Text

_NOUNS = {"lane": "lane", "signal": "signal", "edge": "road", "route": "road", "lanes": "lane"}
Name = Annotated[str, Field(min_length=1)]


class SignalProgramText(Text):
    """A signal goes over to a program of the case."""

    kind: Literal["signal_program"]
    signal: Name
    program: Name


class SignalPhasesText(Text):
    """A signal gets a fixed-time program: `[seconds, SUMO's state]` for each phase."""

    kind: Literal["signal_phases"]
    signal: Name
    phases: tuple[tuple[PositiveFloat, Name], ...] = Field(min_length=1)


class SignalHeldText(Text):
    """A signal stays in its phase for a while."""

    kind: Literal["signal_held"]
    signal: Name
    for_s: PositiveFloat


class LanesClosedText(Text):
    """Lanes are closed; with `reroute` everybody who would pass looks for another way."""

    kind: Literal["lanes_closed"]
    lanes: tuple[Name, ...] = Field(min_length=1)
    reroute: bool = False


class LaneBlockedText(Text):
    """A vehicle stands in a lane, `at_m` from its begin, for a while."""

    kind: Literal["lane_blocked"]
    lane: Name
    at_m: NonNegativeFloat
    for_s: PositiveFloat


class SpeedLimitText(Text):
    """A road gets another limit, m/s."""

    kind: Literal["speed_limit"]
    edge: Name
    speed_mps: PositiveFloat


class NewVehicleText(Text):
    """A vehicle that the case does not have; `depart_s` in simulation time."""

    kind: Literal["new_vehicle"]
    vehicle_id: Name
    route: tuple[Name, ...] = Field(min_length=1)
    depart_s: NonNegativeFloat
    vtype: Name = "DEFAULT_VEHTYPE"
    speed_factor: PositiveFloat | None = None


ChangeText = Annotated[
    SignalProgramText
    | SignalPhasesText
    | SignalHeldText
    | LanesClosedText
    | LaneBlockedText
    | SpeedLimitText
    | NewVehicleText,
    Field(discriminator="kind"),
]


class AlternativeText(Text):
    """One alternative; without changes it is the city as it is."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.+-]*$")
    changes: tuple[ChangeText, ...] = ()

    @property
    def planned(self) -> tuple[Change, ...]:
        """What is done, in order."""
        return tuple(from_values(change.model_dump(mode="json")) for change in self.changes)


class FutureText(Text):
    """What nobody knows: members of one past that differ from the moment on, alike in every alternative.

    Attributes:
        members: How many futures each past has.
        drivers: Spread of drivers' wished speeds (standard deviation of the logarithm).
        demand: Spread of a member's demand (the same).
        demand_level: Demand of all members beside the case's, at most 2.
        weather: Spread of a member's slow-down of all limits.
    """

    members: PositiveInt = 1
    drivers: NonNegativeFloat = 0.0
    demand: NonNegativeFloat = 0.0
    demand_level: float = Field(default=1.0, ge=0.0, le=2.0)
    weather: NonNegativeFloat = 0.0

    def drawn(self, member: int) -> tuple[Change, ...]:
        """The future of a member (1, 2, ...)."""
        changes: list[dict[str, Any]] = []
        if self.weather:
            changes.append({"kind": "weather", "member": member, "spread": self.weather})
        if self.demand or self.demand_level != 1.0:
            level = self.demand_level
            changes.append({"kind": "demand", "member": member, "spread": self.demand, "level": level})
        if self.drivers:
            changes.append({"kind": "drivers", "member": member, "spread": self.drivers})
        return tuple(map(from_values, changes))


class Alternatives(Text):
    """A file of alternatives."""

    alternatives: tuple[AlternativeText, ...] = Field(min_length=1)
    future: FutureText = FutureText()

    def check(self, net: NetFacts, file: Path) -> None:
        """Hold the names in all changes against a network.

        Raises:
            BadScenario: Names the alternative and what is not there, or not of the signal's size.
        """
        lanes = {f"{edge}_{k}" for edge, all_lanes in net.lanes.items() for k in range(len(all_lanes))}
        known: dict[str, Collection[str]] = {
            "signal": net.links,
            "edge": net.lanes,
            "route": net.lanes,
            "lanes": lanes,
            "lane": lanes,
        }
        for one in self.alternatives:
            for change in one.changes:
                place = f"alternative {one.name}, {change.kind}"
                values = change.model_dump()
                for field, names in known.items():
                    given = values.get(field, ())
                    for name in (given,) if isinstance(given, str) else given:
                        if name not in names:
                            what = f"there is no {_NOUNS[field]} {name!r} in the network"
                            raise BadScenario(what, file=file, place=place)
                if isinstance(change, SignalPhasesText):
                    _check_states(change, net.links[change.signal], file, place)

    @field_validator("alternatives")
    @classmethod
    def _names_differ(cls, given: tuple[AlternativeText, ...]) -> tuple[AlternativeText, ...]:
        names = [one.name for one in given]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two alternatives are called {twice[0]}")
        return given

    @field_validator("future")
    @classmethod
    def _members_differ(cls, given: FutureText) -> FutureText:
        if given.members > 1 and not (given.drivers or given.demand or given.weather):
            raise ValueError("several members need something to differ by: drivers, demand or weather")
        return given


def _check_states(change: SignalPhasesText, links: int, file: Path, place: str) -> None:
    for _, state in change.phases:
        if len(state) < links:
            what = f"signal {change.signal} has {links} links, and the state {state!r} is for {len(state)}"
            raise BadScenario(what, file=file, place=place, remedy="write a letter for each link")


def read_alternatives(path: Path | str) -> Alternatives:
    """Read and check a file of alternatives.

    Raises:
        BadScenario: It is missing, no YAML, or a field is unknown or impossible; mistakes are told with their line.
    """
    path = Path(path)
    text = read_text(path, expected="alternatives in YAML", remedy="check the path", error=BadScenario)
    root = compose(text, path, BadScenario, "alternatives", remedy="docs/how-to.md shows one")
    refuse_twins(root, path, BadScenario)
    try:
        return Alternatives.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        kinds = {
            "signal_program",
            "signal_phases",
            "signal_held",
            "lanes_closed",
            "lane_blocked",
            "speed_limit",
            "new_vehicle",
        }
        raise told(error, root, path, BadScenario, noun="alternatives", tags=kinds, remedy="mend that line") from error
