"""GB/T 20999-2017: the staged plans that the rows of a controller tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from networks.errors import BadInput
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.gbt20999.tree import (
    PlanRow,
    StageRow,
    Tree,
)
from networks.protocols.staged.plan import Served, StagedGroup, StagedPlan, StagedStage, limited_as
from networks.timing.timing import Control


def record_of(tree: Tree, groups: tuple[StagedGroup, ...], cross_id: str) -> CrossingRecord:
    """The plans of a tree.

    Args:
        tree: What a controller keeps.
        groups: What its lamp groups drive, by number: the tree does not tell.
        cross_id: The signal.

    Raises:
        BadInput: Rows lead nowhere, times do not add up, or a group has yellows of several lengths in one plan.
    """
    known = {group.number for group in groups}
    if known != set(tree.lamps):
        raise BadInput(
            f"the controller has lamp groups {_list(tree.lamps)}",
            place=f"signal {cross_id}",
            expected=f"those of the network: {_list(known)}",
        )
    plans = {number: _plan(tree, row, groups, cross_id) for number, row in sorted(tree.plans.items())}
    if tree.running not in plans:
        raise BadInput(f"plan {tree.running} runs and is not told", place=f"signal {cross_id}", expected="its row")
    return CrossingRecord(cross_id, plans, tree.running)


def kept_from(now: StagedPlan, plan: StagedPlan) -> StagedPlan:
    """A plan with what rows do not hold, from another of the same signal: name, control, stages' names and limits."""
    stages = plan.stages
    if len(stages) == len(now.stages):
        stages = tuple(
            limited_as(other, replace(one, name=other.name)) for one, other in zip(stages, now.stages, strict=True)
        )
    return replace(plan, program_id=now.program_id, control=now.control, stages=stages)


def _plan(tree: Tree, row: PlanRow, groups: tuple[StagedGroup, ...], cross_id: str) -> StagedPlan:
    where = f"signal {cross_id}, plan {row.number}"
    missing = [number for number in row.stages if number not in tree.stages]
    if missing or not row.stages or len(row.stages) != len(row.times_s):
        what = f"there is no stage {missing[0]}" if missing else "its chains of stages and times do not match"
        raise BadInput(what, place=where, expected="a time for each stage, and its row")
    if sum(row.times_s) != row.cycle_s:
        raise BadInput(
            f"its stages add up to {sum(row.times_s)} s", place=where, expected=f"its cycle of {row.cycle_s} s"
        )
    yellows = _yellows(tree, row, where)
    stages = []
    for n, (number, seconds) in enumerate(zip(row.stages, row.times_s, strict=True)):
        following = tree.stages[row.stages[(n + 1) % len(row.stages)]]
        served = _served(tree, tree.stages[number], following, yellows)
        stages.append(StagedStage(n + 1, str(n + 1), float(seconds), served))
    driving = [tree.phases[phase] for number in row.stages for phase in tree.stages[number].phases]
    ambers = {lamp: phase.red_amber_s for phase in driving for lamp in phase.lamps}
    own = tuple(
        replace(
            group,
            yellow_s=float(yellows.get(group.number, group.yellow_s)),
            red_amber_s=float(ambers.get(group.number, group.red_amber_s)),
        )
        for group in groups
    )
    found = StagedPlan(cross_id, "", Control.FIXED, float(row.offset_s), own, tuple(stages))
    found.greens()
    return found


def _yellows(tree: Tree, row: PlanRow, where: str) -> dict[int, int]:
    """Lamp group -> yellow of the phases that drive it in a plan."""
    found: dict[int, int] = {}
    for number in row.stages:
        for phase in tree.stages[number].phases:
            if phase not in tree.phases:
                raise BadInput(f"there is no phase {phase}", place=where, expected="a row for each phase of a stage")
            for lamp in tree.phases[phase].lamps:
                yellow = tree.phases[phase].yellow_s
                if lamp not in tree.lamps or found.setdefault(lamp, yellow) != yellow:
                    what = "has two yellows in one plan" if lamp in tree.lamps else "is not there"
                    raise BadInput(f"lamp group {lamp} {what}", place=where, expected="lamp groups of one yellow")
    return found


def _served(tree: Tree, stage: StageRow, following: StageRow, yellows: dict[int, int]) -> tuple[Served, ...]:
    found = dict[int, Served]()
    for phase in sorted(stage.phases):
        late, early = stage.late_s.get(phase, 0), stage.early_s.get(phase, 0)
        stays = early == 0 and phase in following.phases and following.late_s.get(phase, 0) == 0
        for lamp in tree.phases[phase].lamps:
            found[lamp] = Served(lamp, float(late), 0.0 if stays else float(early + yellows[lamp]))
    return tuple(found[lamp] for lamp in sorted(found))


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))
