"""People in continuous space, moved by JuPedSim: the one place that knows how the library is spoken to."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from shapely.geometry import Polygon

from models.crowd.hotspot.library import XY, AgentParameters, jupedsim, points
from models.crowd.hotspot.walking import Walking
from networks import BadInput, EngineFailed

_READ_BACK = {
    "TimeGap": "time_gap_s",
    "V0": "speed_mps",
    "Radius": "radius_m",
    "StrengthNeighborRepulsion": "neighbour_strength",
    "RangeNeighborRepulsion": "neighbour_range_m",
    "StrengthGeometryRepulsion": "wall_strength",
    "RangeGeometryRepulsion": "wall_range_m",
}
"""What the library calls a figure of an agent -> what `AgentParameters` calls it."""


class Continuum:
    """One simulation on one polygon (its holes are obstacles). Coordinates in m, as the polygon's.

    Raises:
        BadInput: What the library objects to.
        EngineFailed: No library, or one of another version.
    """

    def __init__(self, area: Polygon, walking: Walking) -> None:
        self.walking = walking
        self._library = jupedsim()
        call = self._library
        builder = call("GeometryBuilder_Create")
        outer = points(list(area.exterior.coords)[:-1])
        call("GeometryBuilder_AddAccessibleArea", builder, outer, len(outer))
        for hole in area.interiors:
            ring = points(list(hole.coords)[:-1])
            call("GeometryBuilder_ExcludeFromAccessibleArea", builder, ring, len(ring))
        self._simulation: Any = None
        model_builder = call("CollisionFreeSpeedModelV2Builder_Create")
        geometry = call("GeometryBuilder_Build", builder)
        model = call("CollisionFreeSpeedModelV2Builder_Build", model_builder)
        self._simulation = call("Simulation_Create", model, geometry, walking.step_s)
        for name, handle in (
            ("GeometryBuilder_Free", builder),
            ("CollisionFreeSpeedModelV2Builder_Free", model_builder),
            ("Geometry_Free", geometry),
            ("OperationalModel_Free", model),
        ):
            call(name, handle)

    def close(self) -> None:
        """Give the simulation's memory back."""
        if self._simulation is not None:
            self._library("Simulation_Free", self._simulation)
            self._simulation = None

    def __enter__(self) -> Continuum:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def exit_at(self, polygon: Polygon) -> int:
        """A place where people leave as soon as they are in it (convex). Returns its stage."""
        ring = points(list(polygon.exterior.coords)[:-1])
        return int(self._library("Simulation_AddStageExit", self._simulation, ring, len(ring)))

    def waypoint_at(self, x_m: float, y_m: float, within_m: float) -> int:
        """A place to pass, or to walk to for good. Returns its stage."""
        return int(self._library("Simulation_AddStageWaypoint", self._simulation, XY(x_m, y_m), within_m))

    def journey(self, stages: list[int]) -> int:
        """A way over stages in this order. Returns its number."""
        call = self._library
        journey = call("JourneyDescription_Create")
        for stage in stages:
            call("JourneyDescription_AddStage", journey, stage)
        for stage, onward in pairwise(stages):
            change = call("Transition_CreateFixedTransition", onward)
            call("JourneyDescription_SetTransitionForStage", journey, stage, change)
            call("Transition_Free", change)
        number = int(call("Simulation_AddJourney", self._simulation, journey))
        call("JourneyDescription_Free", journey)
        return number

    def put(self, x_m: float, y_m: float, speed_mps: float, journey: int, first_stage: int) -> int | None:
        """Put one person down. Returns their number; None where somebody or a wall is too near."""
        w, call = self.walking, self._library
        figures = AgentParameters(
            XY(x_m, y_m), journey, first_stage, w.time_gap_s, speed_mps, w.radius_m,
            w.neighbour_strength, w.neighbour_range_m, w.wall_strength, w.wall_range_m,
        )  # fmt: skip
        try:
            person = int(call("Simulation_AddCollisionFreeSpeedModelV2Agent", self._simulation, figures))
        except BadInput as objection:
            if "too close" in objection.what:
                return None
            raise
        self._read_back(person, figures)
        return person

    def _read_back(self, person: int, figures: AgentParameters) -> None:
        """The header that `AgentParameters` follows belongs to another build than the library, if figures differ."""
        call = self._library
        state = call("Agent_GetCollisionFreeSpeedModelV2State", call("Simulation_GetAgent", self._simulation, person))
        for name, ours in _READ_BACK.items():
            if call(f"CollisionFreeSpeedModelV2State_Get{name}", state) != getattr(figures, ours):
                raise EngineFailed(
                    f"JuPedSim {call.version} understood {ours} differently",
                    file=call.file,
                    expected="structures of version 1.4",
                    remedy="install the pinned libsumo: pip install -c constraints.txt libsumo",
                )

    def set_speed(self, person: int, speed_mps: float) -> None:
        """Change the speed that somebody wants to walk at (m/s): a stair, a gate, an order to stand (0)."""
        self._set("V0", person, speed_mps)

    def set_radius(self, person: int, radius_m: float) -> None:
        """Change how wide somebody is (m): shoulders turned."""
        self._set("Radius", person, radius_m)

    def _set(self, figure: str, person: int, value: float) -> None:
        call = self._library
        agent = call("Simulation_GetAgent", self._simulation, person)
        state = call("Agent_GetCollisionFreeSpeedModelV2State", agent)
        call(f"CollisionFreeSpeedModelV2State_Set{figure}", state, value)

    def send(self, person: int, journey: int, stage: int) -> None:
        """Give somebody another way, from one of its stages."""
        self._library("Simulation_SwitchAgentJourney", self._simulation, person, journey, stage)

    def remove(self, person: int) -> None:
        """Take somebody out at the next step."""
        self._library("Simulation_MarkAgentForRemoval", self._simulation, person)

    def walk(self, steps: int) -> None:
        """Move everybody by some steps of `walking.step_s`."""
        for _ in range(steps):
            self._library("Simulation_Iterate", self._simulation)

    def positions(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of all who are there, int64, shape (n,), and where they are (m), shape (n, 2)."""
        call, who, where = self._library, [], []
        iterator = call("Simulation_AgentIterator", self._simulation)
        while agent := call("AgentIterator_Next", iterator):
            who.append(call("Agent_GetId", agent))
            place = call("Agent_GetPosition", agent)
            where.append((place.x, place.y))
        call("AgentIterator_Free", iterator)
        return np.array(who, dtype=np.int64), np.array(where, dtype=float).reshape(-1, 2)
