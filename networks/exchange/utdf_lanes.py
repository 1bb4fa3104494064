"""Which phases serve which compass movement: the Phase and PermPhase records of UTDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from networks.errors import BadInput
from networks.exchange.compass import columns_of
from networks.signals.layouts.layout import Layout
from networks.timing.ring_plan import RingPlan

MOST_SERVING = 4
"""Phases that a movement may have of each kind: Phase1 to Phase4, PermPhase1 to PermPhase4."""
UNCONTROLLED = -1
"""Written as Phase1 of a movement that is green all the time, or in more phases than there is room for and in all."""


@dataclass(frozen=True)
class Served:
    """The phases of a compass movement, in the order of their numbers.

    Attributes:
        protected: In which it has the way; (-1,) where it is always green.
        permitted: In which it is green and gives way.
    """

    protected: tuple[int, ...]
    permitted: tuple[int, ...]


def served_columns(rings: RingPlan, layout: Layout) -> tuple[dict[str, Served], tuple[str, ...]]:
    """The phases of each column, and the columns whose links do not all have the same: they get what any has."""
    found, torn = dict[str, Served](), []
    for column, links in columns_of(layout).items():
        own = [served_link(rings, link) for link in links]
        found[column] = own[0] if len(set(own)) == 1 else _union(own)
        if len(set(own)) > 1:
            torn.append(column)
    return found, tuple(torn)


def served_link(rings: RingPlan, link: int) -> Served:
    """The phases of one link as there is room to write them."""
    own = phases_of(rings, link)
    many = max(len(own.protected), len(own.permitted)) > MOST_SERVING
    return Served((UNCONTROLLED,), ()) if many and _every_stage(rings, link) else own


def phases_of(rings: RingPlan, link: int) -> Served:
    """The phases of one link."""
    if rings.constant.get(link, "") in ("G", "g"):
        return Served((UNCONTROLLED,), ())
    phases = sorted(rings.phases, key=lambda phase: phase.number)
    return Served(
        tuple(phase.number for phase in phases if link in phase.protected),
        tuple(phase.number for phase in phases if link in phase.permitted),
    )


def check_serving(served: Mapping[str, Served], tls: str) -> None:
    """Hold the phases of a signal's movements against the room that there is.

    Raises:
        BadInput: A movement is green in more than four phases of a kind.
    """
    for column, one in served.items():
        if max(len(one.protected), len(one.permitted)) > MOST_SERVING:
            raise BadInput(
                f"the movement {column} is green in more than {MOST_SERVING} phases",
                place=f"signal {tls}",
                expected="what UTDF holds: Phase1 to Phase4 and PermPhase1 to PermPhase4",
                remedy="export it as sumo, or leave stages out",
            )


def _every_stage(rings: RingPlan, link: int) -> bool:
    """Whether the phases of one ring serve a link from the first barrier to the last."""
    barriers = {phase.barrier for phase in rings.phases}
    return any(
        all(link in p.protected | p.permitted for p in rings.phases if p.ring == ring)
        and {p.barrier for p in rings.phases if p.ring == ring} == barriers
        for ring in rings.rings
    )


def _union(own: list[Served]) -> Served:
    protected = {n for one in own for n in one.protected} - {UNCONTROLLED}
    permitted = {n for one in own for n in one.permitted} - protected
    return Served(tuple(sorted(protected)), tuple(sorted(permitted)))
