"""What a staged plan shows, as phases of SUMO's."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

from networks.protocols.staged.plan import StagedPlan, StagedStage
from networks.signals.controllers.controller import Controller
from networks.signals.plans.phase import CHANGE, SignalPhase
from networks.signals.plans.plan import STATIC, SignalPlan
from networks.timing.timing import Control

_SAME_S = 1e-5
Run = tuple[float, float]


def plan_of_staged(staged: StagedPlan, today: SignalPlan, controller: Controller) -> SignalPlan:
    """The plan of a staged plan; what it does not hold (kind, parameters) is kept from today's.

    Who is green shows the letters that today's plan gives to the same greens, or else g where a link that it must give
    way to is green too.

    Raises:
        BadInput: A green has no length, or a group is not there.
    """
    cycle, greens = staged.cycle_s, staged.greens()
    named = {group.number: group for group in staged.groups}
    passing = {n: [(b, e) for b, e in own if e - b < cycle - _SAME_S] for n, own in greens.items()}
    yellows = {n: [(e, e + named[n].yellow_s) for _, e in own] for n, own in passing.items()}
    ambers = {n: [(b - named[n].red_amber_s, b) for b, _ in own] for n, own in passing.items()}
    cuts = {0.0, cycle}
    for runs in (*greens.values(), *yellows.values(), *ambers.values()):
        cuts |= {round(moment % cycle, 6) for run in runs for moment in run}
    now = 0.0
    for stage in staged.stages:
        cuts.add(round(now, 6))
        now += stage.seconds
    letters = _letters(today)
    steps = list[tuple[float, float, str, bool]]()
    for begin, end in itertools.pairwise(sorted(cuts)):
        if end - begin > 2e-6:
            runs_of = (("G", greens), ("y", yellows), ("u", ambers))
            shown = {kind: _on(runs, (begin + end) / 2, cycle) for kind, runs in runs_of}
            steps.append((begin, end, _state(staged, shown, controller, letters), bool(shown["y"] | shown["u"])))
    phases = tuple(_phases(staged, steps))
    kind = today.kind if staged.control is not Control.FIXED else STATIC
    params = today.params if kind == today.kind else ()
    return replace(today, phases=phases, offset_s=staged.offset_s, kind=kind, params=params)


def _on(runs: Mapping[int, list[Run]], now: float, cycle: float) -> frozenset[int]:
    """The groups that show it at a moment."""
    turns = (now - cycle, now, now + cycle)
    return frozenset(n for n, own in runs.items() for b, e in own if any(b <= turn < e for turn in turns))


def _letters(today: SignalPlan) -> dict[tuple[frozenset[int], frozenset[int]], str]:
    """(green links, yellow links) of today's plan -> a state that shows them; of several the first."""
    found: dict[tuple[frozenset[int], frozenset[int]], str] = {}
    for phase in today.phases:
        green, yellow = (frozenset(k for k, x in enumerate(phase.state) if x in own) for own in ("Gg", "yY"))
        found.setdefault((green, yellow), phase.state)
    for (green, _), state in tuple(found.items()):
        found.setdefault((green, frozenset()), state)
    return found


def _state(
    staged: StagedPlan,
    shown: Mapping[str, frozenset[int]],
    controller: Controller,
    letters: Mapping[tuple[frozenset[int], frozenset[int]], str],
) -> str:
    home = {group.number: group.links for group in staged.groups}
    links = {kind: {link for number in own for link in home[number]} for kind, own in shown.items()}
    green = frozenset(links["G"])
    known = letters.get((green, frozenset(links["y"])), letters.get((green, frozenset())))
    state = list(controller.red)
    for kind in ("u", "y"):
        for link in links[kind]:
            state[link] = kind
    for link in links["G"]:
        waits = any(other in links["G"] for other in controller.gives_way[link])
        state[link] = known[link] if known else "g" if waits else "G"
    return "".join(state)


def _phases(staged: StagedPlan, steps: list[tuple[float, float, str, bool]]) -> list[SignalPhase]:
    """The longest step of each stage without change bears its name and its limits."""
    found, now = list[SignalPhase](), 0.0
    for stage in staged.stages:
        end = now + stage.seconds
        own = [step for step in steps if now - _SAME_S <= step[0] and step[1] <= end + _SAME_S]
        steady = max((s for s in own if not s[3]), key=lambda s: (round(s[1] - s[0], 6), -s[0]), default=None)
        for step in own:
            found.append(_phase(stage, step, named=step is steady))
        now = end
    return found


def _phase(stage: StagedStage, step: tuple[float, float, str, bool], *, named: bool) -> SignalPhase:
    seconds = round(step[1] - step[0], 6)
    least, most = (seconds - stage.shorter_s, seconds + stage.longer_s) if named else (seconds, seconds)
    return SignalPhase(
        seconds, step[2], max(0.0, round(least, 6)), round(most, 6), f"stage {stage.name}" if named else CHANGE
    )
