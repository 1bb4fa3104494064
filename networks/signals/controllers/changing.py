"""Between two stages, second by second: who ends when, who begins when, and the letters that SUMO shows."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from networks.signals.controllers.controller import Controller
from networks.signals.controllers.stage import Stage
from networks.signals.plans.phase import CHANGE, SignalPhase


def stage_state(controller: Controller, stage: Stage) -> str:
    """The letters of a stage: G for who has the way, g for who gives way to a green, red for the rest."""
    return "".join(
        _green(controller, k, stage.groups) if _is_in(controller, k, stage.groups) else red
        for k, red in enumerate(controller.red)
    )


def change_phases(controller: Controller, before: Stage, after: Stage) -> list[SignalPhase]:
    """The phases from the end of one stage to the begin of the next; none if nobody ends or begins."""
    ending = [name for name in before.groups if name not in after.groups]
    starting = [name for name in after.groups if name not in before.groups]
    if not ending and not starting:
        return []
    ends = _ends(controller, ending)
    begins = _begins(controller, starting, ends)
    for name in before.groups:
        for other in ends:
            wait = round(controller.intergreens.between(other, name))
            if name not in ends and wait:
                begins[name] = max(begins.get(name, 0), ends[other] + wait)
    waits = [ends[name] + round(controller.named[name].yellow_s) for name in ending]
    length = max([*waits, *begins.values(), 1])
    shown = {*before.groups, *after.groups}
    begins = {name: begins[name] for name in starting}
    states = [_state(controller, second, before, ends, begins, shown) for second in range(length)]
    phases = []
    for state, run in groupby(states):
        seconds = float(len(list(run)))
        phases.append(SignalPhase(seconds, state, seconds, seconds, f"{CHANGE} {before.name}>{after.name}"))
    return phases


def _ends(controller: Controller, ending: list[str]) -> dict[str, int]:
    """Second at which each group's green ends: at once, or after the edge that feeds it has emptied."""
    ends = dict.fromkeys(ending, 0)
    for _ in ending:
        for (feeding, fed), lag in controller.lags.items():
            if feeding in ends and fed in ends:
                ends[fed] = max(ends[fed], ends[feeding] + round(lag))
    return ends


def _begins(controller: Controller, starting: list[str], ends: dict[str, int]) -> dict[str, int]:
    """Second at which each group's green begins: when everyone in conflict is gone, and not before whom it feeds."""
    begins = {
        name: max(
            (
                ends[e] + round(controller.intergreens.between(e, name))
                for e in ends
                if controller.conflicts.forbids(e, name)
            ),
            default=round(controller.named[name].red_amber_s),
        )
        for name in starting
    }
    for _ in starting:
        for feeding, fed in controller.lags:
            if feeding in begins and fed in begins:
                begins[feeding] = max(begins[feeding], begins[fed])
    return begins


def _state(
    controller: Controller, second: int, before: Stage, ends: dict[str, int], begins: dict[str, int], shown: set[str]
) -> str:
    letters = []
    for link, red in enumerate(controller.red):
        group = controller.group_of.get(link)
        if group is None:
            letters.append(red)
        elif group.name in ends:
            since = second - ends[group.name]
            yellow = 0 <= since < group.yellow_s
            letters.append(_green(controller, link, shown) if since < 0 else "y" if yellow else red)
        elif group.name in begins:
            wait = begins[group.name] - second
            amber = 0 < wait <= group.red_amber_s
            letters.append(_green(controller, link, shown) if wait <= 0 else "u" if amber else red)
        else:
            letters.append(_green(controller, link, shown) if group.name in before.groups else red)
    return "".join(letters)


def _is_in(controller: Controller, link: int, groups: Collection[str]) -> bool:
    group = controller.group_of.get(link)
    return group is not None and group.name in groups


def _green(controller: Controller, link: int, shown: Collection[str]) -> str:
    """G, or g where a link that it gives way to is green now, was just before, or will be at once."""
    return "g" if any(_is_in(controller, other, shown) for other in controller.gives_way[link]) else "G"
