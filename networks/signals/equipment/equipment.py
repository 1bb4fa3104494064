"""What stands at a signal that its network does not tell: countdown displays, waiting areas, refuges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from networks.errors import BadInput, NotThere
from networks.signals.groups.grouping import crosses_oncoming
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.toml_file import read_toml

COUNTDOWN, WAITING, REFUGES = "countdown", "waitingAreas", "refuges"
"""Parameters of a `tlLogic` that carry it; SUMO passes over them."""
CARRIED = (COUNTDOWN, WAITING, REFUGES)
LONGEST_AREA_M = 40.0
"""A waiting area ends before the middle of the junction."""


@dataclass(frozen=True)
class Equipment:
    """What stands at one signal.

    Attributes:
        countdown: Whether displays count its greens down: then no green may be cut or stretched once it is shown.
        waiting: (edge, metres): approaches whose turns over the oncoming lanes wait so far beyond the stop line while
            those who go straight on have green.
        refuges: Edges over whose arm people walk in two halves, with an island between that they may wait on.
    """

    countdown: bool = False
    waiting: tuple[tuple[str, float], ...] = ()
    refuges: tuple[str, ...] = ()

    def __or__(self, other: Equipment) -> Equipment:
        """Both together; where they differ the other counts."""
        waiting = dict(self.waiting) | dict(other.waiting)
        refuges = {*self.refuges, *other.refuges}
        return Equipment(self.countdown or other.countdown, tuple(sorted(waiting.items())), tuple(sorted(refuges)))

    @property
    def words(self) -> tuple[str, ...]:
        """What there is, in English."""
        kinds = {"countdown displays": self.countdown, "waiting areas": self.waiting, "refuges": self.refuges}
        return tuple(name for name, there in kinds.items() if there)


def equipment_of(plan: SignalPlan) -> Equipment:
    """What a plan says of its signal.

    Raises:
        BadInput: A waiting area has no length.
    """
    said = dict(plan.params)
    areas = [one.rpartition("=") for one in said.get(WAITING, "").split()]
    try:
        waiting = tuple((edge, float(metres)) for edge, _, metres in areas)
    except ValueError as error:
        raise BadInput(
            f"{said[WAITING]!r} are no waiting areas",
            place=f"signal {plan.tls_id}, parameter {WAITING}",
            expected="EDGE=METRES with blanks between",
        ) from error
    return Equipment(said.get(COUNTDOWN) in ("true", "1"), waiting, tuple(said.get(REFUGES, "").split()))


def carrying(plan: SignalPlan, equipment: Equipment) -> SignalPlan:
    """The plan with what stands at its signal among its parameters."""
    own = equipment_of(plan) | equipment
    said = {key: value for key, value in plan.params if key not in CARRIED}
    if own.countdown:
        said[COUNTDOWN] = "true"
    if own.waiting:
        said[WAITING] = " ".join(f"{edge}={metres:g}" for edge, metres in own.waiting)
    if own.refuges:
        said[REFUGES] = " ".join(own.refuges)
    return replace(plan, params=tuple(sorted(said.items())))


def equipped(layout: Layout, equipment: Equipment) -> Layout:
    """The ground with waiting areas and refuges.

    Raises:
        NotThere: An approach with a waiting area has no turn over the oncoming lanes, or an edge is not of the signal.
        BadInput: A waiting area is not between 0 and 40 m long, or the network holds the crossings itself.
    """
    place, waiting = f"signal {layout.tls_id}", dict(equipment.waiting)
    turns = {m.from_edge for m in layout.movements if crosses_oncoming(m, left_hand=layout.left_hand)}
    if odd := sorted(set(waiting) - turns):
        raise NotThere(
            f"no turn over the oncoming lanes comes from {odd[0]}, so it has no waiting area",
            place=place,
            expected=f"one of {', '.join(sorted(turns)) or 'none'}",
        )
    if odd := sorted(set(equipment.refuges) - set(layout.edges)):
        raise NotThere(f"there is no arm {odd[0]}", place=place, expected=f"one of {', '.join(sorted(layout.edges))}")
    if equipment.refuges and any(m.kind == "pedestrian" for m in layout.movements):
        raise BadInput(
            f"the network holds the crossings of this signal, also that over {equipment.refuges[0]}",
            place=place,
            expected="refuges at signals whose crossings are not in the network",
            remedy="draw the two halves as two crossings of one arm (netconvert: a crossing for each side)",
        )
    if long := [edge for edge, metres in waiting.items() if not 0 < metres <= LONGEST_AREA_M]:
        raise BadInput(
            f"the waiting area of {long[0]} is {waiting[long[0]]:g} m long",
            place=place,
            expected=f"above 0, at most {LONGEST_AREA_M:g} m: it ends before the middle of the junction",
        )
    movements = tuple(
        replace(m, ahead_m=waiting[m.from_edge])
        if m.from_edge in waiting and crosses_oncoming(m, left_hand=layout.left_hand)
        else m
        for m in layout.movements
    )
    return replace(layout, movements=movements, refuges=frozenset(equipment.refuges))


def equipped_for(layout: Layout, plan: SignalPlan) -> Layout:
    """The ground with what a plan says that stands there."""
    return equipped(layout, equipment_of(plan))


def read_equipment(path: Path, known: Iterable[str]) -> dict[str, Equipment]:
    """What stands at signals, from a TOML file with a table `signals."ID"` for each.

    Its fields: `countdown` (true), `waiting_areas` ({"EDGE" = metres}), `refuges` (["EDGE", ...]).

    Args:
        path: The file.
        known: Ids of the network's signals.

    Raises:
        BadInput: It is no such file.
        NotThere: It names a signal that is not there.
    """
    told = read_toml(path)
    signals = told.get("signals")
    if set(told) != {"signals"} or not isinstance(signals, dict):
        raise BadInput("it does not list signals", file=path, expected='[signals."ID"] with countdown = true, ...')
    ids = set(known)
    if strange := sorted(set(signals) - ids):
        raise NotThere(f"there is no signal {strange[0]!r}", file=path, expected=", ".join(sorted(ids)[:8]))
    return {tls: _equipment(path, tls, fields) for tls, fields in signals.items()}


def _equipment(path: Path, tls: str, fields: Any) -> Equipment:
    place, allowed = f'signals."{tls}"', ("countdown", "waiting_areas", "refuges")
    if not isinstance(fields, Mapping) or set(fields) - set(allowed):
        raise BadInput("a signal has other fields", file=path, place=place, expected=", ".join(allowed))
    countdown, waiting = fields.get("countdown", False), fields.get("waiting_areas", {})
    refuges = fields.get("refuges", [])
    lengths = list(waiting.values()) if isinstance(waiting, Mapping) else [None]
    if not isinstance(countdown, bool):
        raise BadInput(f"countdown = {countdown!r}", file=path, place=place, expected="true or false")
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in lengths):
        raise BadInput("waiting_areas are no lengths", file=path, place=place, expected='{"EDGE" = metres}')
    if not isinstance(refuges, list) or not all(isinstance(one, str) for one in refuges):
        raise BadInput("refuges are no edges", file=path, place=place, expected='["EDGE", ...]')
    areas = tuple(sorted((edge, float(metres)) for edge, metres in waiting.items()))
    return Equipment(countdown, areas, tuple(sorted(refuges)))
