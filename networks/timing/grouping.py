"""Lamp groups from a plan: the controller's groups, parted where the plan shows their links different letters."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from networks.signals.controllers.controller import Controller
from networks.signals.groups.conflict_matrix import Conflict
from networks.signals.groups.group import SignalGroup
from networks.signals.plans.plan import SignalPlan
from networks.timing.lamps import GREEN, YELLOW, LampGroup

_LONGEST_LEAD_S = 10.0
"""Vehicles whose green begins later than this after the walkers' did not wait for them (FHWA, Traffic Signal Timing
Manual, 2008: leading intervals of a few seconds; secondary source, clause unverified)."""


def form_lamps(plan: SignalPlan, controller: Controller) -> tuple[LampGroup, ...]:
    """One lamp group for each column of letters within a signal group, in the controller's order; links of no group
    come last.
    """
    columns = ["".join(phase.state[link] for phase in plan.phases) for link in range(len(controller.red))]
    found = list[LampGroup]()
    homes = [(group.name, group, group.links) for group in controller.groups if group.links]
    loose = tuple(link for link in range(len(columns)) if link not in controller.group_of)
    for name, group, links in [*homes, *([("none", None, loose)] if loose else [])]:
        parts: dict[str, list[int]] = {}
        for link in links:
            parts.setdefault(columns[link], []).append(link)
        for n, (column, own) in enumerate(parts.items()):
            label = name if len(parts) == 1 else f"{name}{_letters(n)}"
            found.append(_lamp(label, group, tuple(own), column, plan, controller))
    return tuple(found)


def _letters(number: int) -> str:
    """Letters from a to z, then aa, ab, ..."""
    more, last = divmod(number, len(ascii_lowercase))
    return (_letters(more - 1) if more else "") + ascii_lowercase[last]


def _lamp(
    name: str, group: SignalGroup | None, links: tuple[int, ...], column: str, plan: SignalPlan, controller: Controller
) -> LampGroup:
    seconds = [phase.duration_s for phase in plan.phases]
    lead = _lead(group, column, plan, controller) if group and group.kind == "pedestrian" else 0.0
    return LampGroup(
        name=name,
        group=group.name if group else "",
        links=links,
        kind=group.kind if group else "vehicle",
        min_green_s=group.min_green_s if group else 0.0,
        yellow_s=min(_after(column, seconds, GREEN, YELLOW), default=0.0),
        red_amber_s=min(_after(column[::-1], seconds[::-1], GREEN, "u"), default=0.0),
        clearance_s=group.clearance_s if group else 0.0,
        leading_s=lead,
    )


def _after(column: str, seconds: list[float], first: str, then: str) -> Iterator[float]:
    """How long each run of `then` straight behind `first` lasts, around the end of the cycle; 0 where none follows."""
    count = len(column)
    for n in range(count):
        if column[n] in first and column[(n + 1) % count] not in first:
            lasted, k = 0.0, n + 1
            while column[k % count] in then and k < n + count:
                lasted += seconds[k % count]
                k += 1
            yield lasted


def _lead(group: SignalGroup, column: str, plan: SignalPlan, controller: Controller) -> float:
    """Seconds from the begin of the walkers' green to that of the vehicles that give way to them."""
    turning = [
        link
        for other in controller.groups
        if other.kind == "vehicle" and controller.conflicts.between(group.name, other.name) is Conflict.PERMISSIVE
        for link in other.links
    ]
    begin = next((n for n in range(len(column)) if column[n] in GREEN and column[n - 1] not in GREEN), None)
    if begin is None or not turning:
        return 0.0
    waited = 0.0
    if any(plan.phases[begin].state[link] in GREEN for link in turning):
        return 0.0
    for n in range(len(column)):
        phase = plan.phases[(begin + n) % len(column)]
        if any(phase.state[link] in GREEN for link in turning):
            return waited if column[(begin + n) % len(column)] in GREEN and waited <= _LONGEST_LEAD_S else 0.0
        waited += phase.duration_s
    return 0.0
