"""Lamps as a plan drives them: the parts of a group whose links show the same all through the plan."""

from __future__ import annotations

from dataclasses import replace

from networks.signals.controllers.controller import Controller
from networks.signals.groups.group import SignalGroup
from networks.signals.plans.plan import SignalPlan

_SAME = str.maketrans({"g": "G", "s": "r", "u": "r", "Y": "y", "O": "o"})


def plan_lamps(plan: SignalPlan, controller: Controller) -> tuple[SignalGroup, ...]:
    """The controller's groups, each torn into a, b, ... where the plan drives its links apart.

    A right-turn arrow that the plan gives a stage of its own is judged by its own greens, not by those of its approach.
    """
    shown = [phase.state.translate(_SAME) for phase in plan.phases]
    lamps = []
    for group in controller.groups:
        parts: dict[str, list[int]] = {}
        for link in group.links:
            parts.setdefault("".join(state[link] for state in shown), []).append(link)
        if len(parts) < 2:
            lamps.append(group)
            continue
        for number, links in enumerate(parts.values()):
            lamps.append(replace(group, name=f"{group.name}{_letters(number)}", links=tuple(links)))
    return tuple(lamps)


def _letters(number: int) -> str:
    """Letters: a to z, then ba, bb ..."""
    rest, last = divmod(number, 26)
    return (_letters(rest) if rest else "") + "abcdefghijklmnopqrstuvwxyz"[last]
