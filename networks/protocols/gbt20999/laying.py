"""GB/T 20999-2017: a staged plan among the rows of a controller."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from networks.errors import Refused
from networks.protocols.crossing_record import CrossingRecord, whole
from networks.protocols.gbt20999.tree import (
    ACTUATED_MODE,
    COORDINATED_MODE,
    FIXED_MODE,
    MOST_CHAIN,
    MOST_LAMPS,
    MOST_PHASES,
    MOST_PLANS,
    MOST_STAGES,
    DayRow,
    LampRow,
    PhaseRow,
    PlanRow,
    ScheduleRow,
    StageRow,
    Tree,
)
from networks.protocols.staged.plan import StagedGroup, StagedPlan, StagedStage
from networks.signals.controllers.controller import Controller
from networks.timing.timing import Control

_BYTE, _MOST_GREEN_S = 255, 999
_Row = TypeVar("_Row", PhaseRow, StageRow)
MODES = {Control.FIXED: FIXED_MODE, Control.COORDINATED: COORDINATED_MODE}


def tree_of(record: CrossingRecord, controller: Controller | None = None) -> Tree:
    """Rows for all plans of a crossing, with one day plan and one schedule: always the plan that runs.

    Args:
        record: The plans.
        controller: Its conflicts and intergreens go into the tables; None: they stay empty.

    Raises:
        BadInput: A time is no whole second, or numbers do not reach.
    """
    if len(record.groups) > MOST_LAMPS:
        raise record.plan.wrong(f"{len(record.groups)} groups, at most {MOST_LAMPS}")
    tree = Tree({group.number: LampRow(group.number) for group in record.groups})
    if controller:
        tree = _with_safety(tree, record.groups, controller)
    for number, plan in sorted(record.plans.items()):
        tree = with_plan(tree, number, plan)
    mode = MODES.get(record.plan.control, ACTUATED_MODE)
    days, schedules = {1: DayRow(1, ((0, record.running, mode),))}, {1: ScheduleRow(1, 1)}
    return replace(tree, days=days, schedules=schedules, running=record.running)


def with_plan(tree: Tree, number: int, plan: StagedPlan) -> Tree:
    """The tree with one plan more: equal phases and stages are shared, others get numbers that are free.

    Raises:
        BadInput: As `tree_of`.
        Refused: No numbers are free.
    """
    if not 1 <= number <= MOST_PLANS or len(plan.stages) > MOST_CHAIN:
        raise plan.wrong(f"plan {number} of {len(plan.stages)} stages: at most {MOST_PLANS} and {MOST_CHAIN}")
    phases, stages = dict(tree.phases), dict(tree.stages)
    own = _phases(plan, phases)
    chain = [
        _number_of(stages, _stage(stage, own[n], plan), MOST_STAGES, "stages") for n, stage in enumerate(plan.stages)
    ]
    times = tuple(whole(stage.seconds, plan, "a stage") for stage in plan.stages)
    offset = whole(plan.offset_s, plan, "the offset")
    row_of_plan = PlanRow(number, sum(times), offset, tuple(chain), times)
    return replace(tree, phases=phases, stages=stages, plans={**tree.plans, number: row_of_plan})


def _with_safety(tree: Tree, groups: tuple[StagedGroup, ...], controller: Controller) -> Tree:
    conflicts, intergreens = set[tuple[int, int]](), dict[tuple[int, int], int]()
    for one in groups:
        for other in groups:
            if not one.group or not other.group or one.group == other.group:
                continue
            if one.number < other.number and controller.conflicts.forbids(one.group, other.group):
                conflicts.add((one.number, other.number))
            seconds = math.ceil(controller.intergreens.between(one.group, other.group) - 1e-6)
            if seconds and controller.conflicts.forbids(one.group, other.group):
                intergreens[one.number, other.number] = min(seconds, _BYTE)
    return replace(tree, conflicts=frozenset(conflicts), intergreens_s=intergreens)


def _phases(plan: StagedPlan, phases: dict[int, PhaseRow]) -> list[dict[int, int]]:
    """For each stage: group -> its phase.

    A phase that two stages in a row serve stays green. Where a light turns yellow between them and is green again as
    soon as that is over, the second stage has another phase of the same lamps.
    """
    found = [dict[int, int]() for _ in plan.stages]
    for group in plan.groups:
        row, numbers = _phase(group, plan), list[int]()
        for stage, variant in _variants(group, plan).items():
            while len(numbers) <= variant:
                numbers.append(_number_of(phases, row, MOST_PHASES, "phases", taken=numbers))
            found[stage][group.number] = numbers[variant]
    return found


def _variants(group: StagedGroup, plan: StagedPlan) -> dict[int, int]:
    """Stage -> which of the group's phases serves it."""
    own = [next((one for one in stage.served if one.group == group.number), None) for stage in plan.stages]
    count = len(own)

    def link(n: int) -> str:
        one, after = own[n % count], own[(n + 1) % count]
        if one is None or after is None or after.late_s:
            return "apart"
        return "stays" if one.early_s == 0.0 else "blinks" if one.early_s == group.yellow_s else "apart"

    first = next((n for n in range(count) if own[n] and link(n - 1) != "stays"), 0)
    found: dict[int, int] = {}
    for n in range(first, first + count):
        if own[n % count] is None:
            continue
        if n > first and link(n - 1) == "stays":
            found[n % count] = found[(n - 1) % count]
            continue
        end = next(k for k in range(n, first + count) if k == first + count - 1 or link(k) != "stays")
        barred = {found[(n - 1) % count]} if n > first and link(n - 1) == "blinks" else set()
        if end == first + count - 1 and n > first and link(end) == "blinks":
            barred.add(found[first % count])
        found[n % count] = min({0, 1, 2} - barred)
    return found


def _phase(group: StagedGroup, plan: StagedPlan) -> PhaseRow:
    greens = [end - begin for begin, end in plan.greens()[group.number]]
    times = (group.flashing_s, group.yellow_s, group.red_amber_s)
    flashing, yellow, amber = (whole(seconds, plan, f"a change of {group.name}", _BYTE) for seconds in times)
    longest = math.ceil(max([*greens, group.least_s]) + max(stage.longer_s for stage in plan.stages))
    limits = (math.ceil(group.least_s), min(longest, _MOST_GREEN_S))
    return PhaseRow(0, frozenset({group.number}), flashing, yellow, amber, *limits)


def _stage(stage: StagedStage, own: dict[int, int], plan: StagedPlan) -> StageRow:
    yellows = {group.number: group.yellow_s for group in plan.groups}
    following = {one.group: one for one in plan.stages[stage.number % len(plan.stages)].served}
    late, early = dict[int, int](), dict[int, int]()
    for one in stage.served:
        if one.late_s:
            late[own[one.group]] = whole(one.late_s, plan, "a late start", _BYTE)
        if one.early_s == 0.0 and one.group in following and following[one.group].late_s == 0.0:
            continue
        if one.early_s < yellows[one.group]:
            raise plan.wrong(f"the yellow of group {one.group} lasts beyond stage {stage.number}")
        if seconds := whole(one.early_s - yellows[one.group], plan, "an early end", _BYTE):
            early[own[one.group]] = seconds
    return StageRow(0, frozenset(own[one.group] for one in stage.served), late, early)


def _number_of(rows: dict[int, _Row], row: _Row, most: int, what: str, taken: Iterable[int] = ()) -> int:
    """The number of an equal row that is not taken, or a free one under which it is put."""
    for number, other in rows.items():
        if _alike(other, row) and number not in taken:
            return number
    free = next((number for number in range(1, most + 1) if number not in rows), None)
    if free is None:
        raise Refused(f"all {most} numbers of {what} are taken")
    rows[free] = replace(row, number=free)
    return free


def _alike(one: PhaseRow | StageRow, other: PhaseRow | StageRow) -> bool:
    """Whether two rows show the same; limits of greens, which fixed plans do not use, may differ."""
    if isinstance(one, PhaseRow) and isinstance(other, PhaseRow):
        return replace(one, number=other.number, least_s=other.least_s, most_s=other.most_s) == other
    return replace(one, number=other.number) == other
