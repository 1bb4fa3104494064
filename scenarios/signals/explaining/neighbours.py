"""What a little more or less would cost: designs beside the ones found, run at the end of a search.

Signals that no traffic joins move at once in one run; each is judged by what is lost at itself and at those that it
is joined with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from networks import SignalPlan
from networks.sentence import Sentence, say
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import StageSet
from scenarios.signals.trying.trials import Trials

STEP, OFFSET_S, GAP_S, ZONE = 0.1, 10.0, 0.5, 1.25
"""Cycle or longest greens a tenth shorter and longer; offset, gap and zone by so much."""
CLOCKED = ("static", "coordinated")
"""Controls with a cycle of their own, and an offset."""
_VARIANTS = 4


@dataclass(frozen=True)
class Probing:
    """How much may be spent on neighbours.

    Attributes:
        most: Simulations.
        over: Whether the time is over.
    """

    most: int = 0
    over: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Neighbour:
    """A design beside the one found.

    Attributes:
        kind: `cycle` or `offset`, or `hold` for what a detector must see.
        name: In words.
        changes: By seed: what more is lost with it at the signal and those joined with it, s per vehicle of the case
            (in units of the aim, where that is not delay).
    """

    kind: str
    name: Sentence
    changes: tuple[float, ...]


def neighbours_of(design: Design, stages: StageSet) -> list[tuple[str, Sentence, Design]]:
    """Designs beside one: kind, name, design; those that limits make equal to it are left out."""
    found = [_longer(design, stages, factor) for factor in (1 - STEP, 1 + STEP)]
    if design.control in CLOCKED:
        found += [_shifted(design, seconds) for seconds in (-OFFSET_S, OFFSET_S)] if len(design.stages) > 1 else []
    elif design.control == "delay_based":
        found += [_zone(design, factor) for factor in (1 / ZONE, ZONE)]
    else:
        found += [_gap(design, seconds) for seconds in (-GAP_S, GAP_S)]
    return [one for one in found if one[2] != design]


def probe(
    trials: Trials,
    designs: Mapping[str, Design],
    sets: Mapping[str, StageSet],
    joined: Iterable[tuple[str, str]],
    seeds: Sequence[int],
    probing: Probing,
) -> dict[str, tuple[Neighbour, ...]]:
    """The neighbours of every design with what they cost, as far as simulations and time reach.

    Args:
        trials: Makes the runs.
        designs: Those found.
        sets: Stages by signal.
        joined: Pairs of signals that traffic joins.
        seeds: One after another.
        probing: How much may be spent.
    """
    beside = {tls: neighbours_of(design, sets[tls]) for tls, design in designs.items()}
    near = {tls: {tls} for tls in designs}
    for one, other in joined:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    plans = {tls: plan_of(design, sets[tls]) for tls, design in designs.items()}
    found: dict[tuple[str, int], list[float]] = {}
    begin = trials.count
    for seed in seeds:
        for group in _apart(near):
            if trials.count - begin + _VARIANTS > probing.most or probing.over():
                break
            wanted = [{**plans, **_moved(group, beside, sets, number)} for number in range(_VARIANTS)]
            base, *others = trials.run([(one, seed) for one in (plans, *wanted)])
            for number, outcome in enumerate(others):
                for tls in group:
                    if number < len(beside[tls]):
                        more = sum(outcome.lost_s[one] - base.lost_s[one] for one in near[tls])
                        found.setdefault((tls, number), []).append(more / max(base.delays.vehicles, 1))
    return {
        tls: tuple(
            Neighbour(kind, name, tuple(found[tls, number]))
            for number, (kind, name, _) in enumerate(beside[tls])
            if (tls, number) in found
        )
        for tls in designs
    }


def _moved(
    group: Sequence[str],
    beside: Mapping[str, Sequence[tuple[str, Sentence, Design]]],
    sets: Mapping[str, StageSet],
    number: int,
) -> dict[str, SignalPlan]:
    return {tls: plan_of(beside[tls][number][2], sets[tls]) for tls in group if number < len(beside[tls])}


def _apart(near: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of signals of which no two are joined, nor joined with the same one: nobody is charged twice."""
    groups: list[list[str]] = []
    for tls in sorted(near, key=lambda one: (-len(near[one]), one)):
        home = next((own for own in groups if not any(near[tls] & near[other] for other in own)), None)
        if home is None:
            groups.append([tls])
        else:
            home.append(tls)
    return groups


def _longer(design: Design, stages: StageSet, factor: float) -> tuple[str, Sentence, Design]:
    lost_s = stages.lost_s(design.stages)
    green_s = sum(design.greens_s)
    fixed = design.control in CLOCKED
    scale = max((factor * (green_s + lost_s) - lost_s) / green_s, 0.0) if fixed else factor
    greens_s = stages.within_red(design.stages, [green * scale for green in design.greens_s])
    made = replace(design, greens_s=greens_s)
    seconds = sum(greens_s) + lost_s
    if fixed:
        return "cycle", say(f"cycle of {seconds:g} s", f"周期{seconds:g}秒"), made
    return "cycle", say(f"longest cycle of {seconds:g} s", f"最长周期{seconds:g}秒"), made


def _shifted(design: Design, seconds: float) -> tuple[str, Sentence, Design]:
    when, zh = ("earlier", "提前") if seconds < 0 else ("later", "推后")
    name = say(f"{abs(seconds):g} s {when}", f"{zh}{abs(seconds):g}秒")
    return "offset", name, replace(design, offset_s=design.offset_s + seconds)


def _gap(design: Design, seconds: float) -> tuple[str, Sentence, Design]:
    gap_s = max(design.max_gap_s + seconds, GAP_S)
    return "hold", say(f"gap of {gap_s:.2f} s", f"间隙{gap_s:.2f}秒"), replace(design, max_gap_s=gap_s)


def _zone(design: Design, factor: float) -> tuple[str, Sentence, Design]:
    zone_m = float(round(design.zone_m * factor))
    return "hold", say(f"zone of {zone_m:g} m", f"检测区{zone_m:g}米"), replace(design, zone_m=zone_m)
