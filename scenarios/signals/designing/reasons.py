"""Why a plan found differs from today's, as an engineer would ask: the flows, the losses, and what was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from networks import SignalPlan
from networks.sentence import Sentence, say
from scenarios.signals.designing.stage_set import StageSet

Reasons = dict[tuple[str, str], Sentence]


@dataclass(frozen=True)
class Grounds:
    """What the reasons at one signal rest on.

    Attributes:
        stages: What it may show.
        ratios: Flow ratio of each stage.
        lost_before_s, lost_after_s: Lost on its approaches, s per vehicle of the case, mean over the judged seeds.
    """

    stages: StageSet
    ratios: np.ndarray
    lost_before_s: float
    lost_after_s: float


def reasons_of(
    today: SignalPlan, found: SignalPlan, grounds: Grounds, grid: Sequence[tuple[Sentence, float]]
) -> Reasons:
    """(kind, subject) of a difference -> why; see `viz.signals.plans.plan_change`.

    Args:
        today: What runs.
        found: What is proposed.
        grounds: Of this signal.
        grid: (name, cost) of the settings for all signals alike that were tried first, best first.
    """
    told: Reasons = {("control", ""): _control(found, grid), ("cycle", ""): _cycle(found, grounds)}
    told["offset", ""] = _offset(grounds)
    told["stages", ""] = _stages(found, grounds.stages)
    for number, state in enumerate(_todays(today), 1):
        if state in grounds.stages.states:
            share = grounds.ratios[grounds.stages.states.index(state)]
            told["split", str(number)] = told["limits", str(number)] = _share(float(share), grounds)
    return told


def _control(found: SignalPlan, grid: Sequence[tuple[Sentence, float]]) -> Sentence:
    word = {"static": "fixed", "delay_based": "zones", "on_call": "on call"}
    best: dict[str, float] = {}
    for name, cost in grid:
        best.setdefault(name["en"].partition(" to ")[0].partition(",")[0].partition(" of ")[0], cost)
    tried = ", ".join(f"{kind} {cost:.1f}" for kind, cost in sorted(best.items(), key=lambda one: one[1]))
    return say(
        f"best of each control tried for all signals alike, cost on one seed: {tried}; "
        f"then signal by signal ({word.get(found.control, found.control)} here)",
        f"各控制方式统一设置时的最佳目标值（单一种子）：{tried}；之后逐个信号机寻优",
    )


def _cycle(found: SignalPlan, grounds: Grounds) -> Sentence:
    shown = {phase.state for phase in found.phases}
    used = [n for n, state in enumerate(grounds.stages.states) if state in shown]
    critical = float(sum(grounds.ratios[n] for n in used))
    lost = sum(phase.duration_s for phase in found.phases if phase.state not in grounds.stages.states)
    if found.coordinated:
        return _held(found, critical, lost)
    if found.kind != "static":
        most = sum(phase.max_s for phase in found.phases)
        return say(
            f"between its limits a cycle lasts {found.cycle_s:g} to {most:g} s; critical flow ratio {critical:.2f}, "
            f"{lost:g} s lost in a cycle",
            f"周期在{found.cycle_s:g}至{most:g}秒之间变化；关键流量比{critical:.2f}，每周期损失{lost:g}秒",
        )
    webster = (1.5 * lost + 5.0) / (1.0 - critical) if critical < 0.95 else float("inf")
    says = (
        f"Webster's cycle would be {webster:.0f} s" if np.isfinite(webster) else "more flow than any cycle lets through"
    )
    zh = f"按Webster公式为{webster:.0f}秒" if np.isfinite(webster) else "流量超过任何周期的通行能力"
    return say(
        f"critical flow ratio {critical:.2f}, {lost:g} s lost in a cycle: {says}; this one lost least in simulation",
        f"关键流量比{critical:.2f}，每周期损失{lost:g}秒：{zh}；本值在仿真中损失最小",
    )


def _held(found: SignalPlan, critical: float, lost: float) -> Sentence:
    first = found.phases[0]
    stage, held_s = first.name.removeprefix("stage "), f"{first.terms.latest_end_s:g}"
    return say(
        f"one cycle of {found.cycle_s:g} s, stage {stage} held until second {held_s} of it, the others until a gap; "
        f"critical flow ratio {critical:.2f}, {lost:g} s lost",
        f"固定周期{found.cycle_s:g}秒，{stage}号阶段保持到第{held_s}秒，"
        f"其余阶段遇间隙即止；关键流量比{critical:.2f}，损失{lost:g}秒",
    )


def _offset(grounds: Grounds) -> Sentence:
    before, after = grounds.lost_before_s, grounds.lost_after_s
    return say(
        f"found by simulation, with the other signals as proposed: its approaches lose {after:.2f} s per vehicle of "
        f"the case, {before:.2f} s today",
        f"在其他信号机采用新方案时由仿真得出：其进口道每车（全网）损失{after:.2f}秒，现状{before:.2f}秒",
    )


def _stages(found: SignalPlan, stages: StageSet) -> Sentence:
    shown = {phase.state for phase in found.phases}
    dropped = [str(n + 1) for n in range(stages.own) if stages.states[n] not in shown]
    alone = [state for state in stages.states[stages.own :] if state in shown]
    if dropped:
        numbers = ", ".join(dropped)
        return say(
            f"dropped: {numbers}. Their movements are green in another stage as well, where they may have to give way",
            f"取消阶段{numbers}：其流向在其他阶段同样有绿灯（可能需让行）",
        )
    if alone:
        return say("an approach that goes alone was added", "增加了单个进口道单独放行的阶段")
    if not np.isfinite(stages.longest_red_s):  # greens in any order, as RESCO allows
        return say("today's stages, in the order that lost least in simulation", "现有阶段，按仿真中损失最小的顺序")
    return say(
        f"the {stages.own} stages that the conflict matrix asks for, so that all are served with least flow between "
        "them, in the order with the least time between two",
        f"由冲突矩阵得出的{stages.own}个阶段（服务全部流向且关键流量最小），按阶段间损失时间最小的顺序",
    )


def _share(ratio: float, grounds: Grounds) -> Sentence:
    every = ", ".join(f"{value:.2f}" for value in grounds.ratios[: grounds.stages.own])
    return say(
        f"the busiest lane that it serves has a flow ratio of {ratio:.2f} (stages: {every})",
        f"其服务的最繁忙车道流量比为{ratio:.2f}（各阶段：{every}）",
    )


def _todays(plan: SignalPlan) -> list[str]:
    """Today's stages in the order in which pages number them."""
    return list(dict.fromkeys(p.state for p in plan.phases if not p.changing and any(x in "Gg" for x in p.state)))


def grounds_of(
    sets: Mapping[str, tuple[StageSet, np.ndarray]],
    before: Sequence[Mapping[str, float]],
    after: Sequence[Mapping[str, float]],
    vehicles: int,
) -> dict[str, Grounds]:
    """The grounds at every signal.

    Args:
        sets: Stage set and flow ratios by signal.
        before: Vehicle-seconds lost on the approaches of each signal today, by judged seed.
        after: The same with the plans found.
        vehicles: Of the case.
    """
    return {
        tls: Grounds(stages, ratios, _mean(before, tls) / max(vehicles, 1), _mean(after, tls) / max(vehicles, 1))
        for tls, (stages, ratios) in sets.items()
    }


def _mean(lost: Sequence[Mapping[str, float]], tls: str) -> float:
    return float(np.mean([one[tls] for one in lost]))
