"""What an engineer would ask of a plan, and the answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from networks import SignalPlan, equipment_of
from networks.sentence import Sentence, say
from scenarios.signals.designing.reasons import Reasons
from scenarios.signals.explaining.neighbours import CLOCKED, Neighbour
from scenarios.signals.explaining.record import Record

_LOOKS = 6


@dataclass(frozen=True)
class Explained:
    """A question with its answers.

    Attributes:
        question: As an engineer would ask it.
        answers: One after another.
    """

    question: Sentence
    answers: tuple[Sentence, ...]

    def as_json(self) -> dict[str, object]:
        """As JSON."""
        return {"question": self.question, "answers": list(self.answers)}


def explain(plan: SignalPlan, record: Record, reasons: Reasons) -> tuple[Explained, ...]:
    """Why a plan has its control, cycle, offset and stages, and which limits bind.

    Args:
        plan: The one found.
        record: Of its signal.
        reasons: Of its differences from today.
    """
    found = [Explained(_cycle_question(plan, record), (
        reasons["control", ""], reasons["cycle", ""], *_looks(record), *_beside(record, "cycle"), _when(record),
    ))]  # fmt: skip
    if record.design.control in CLOCKED:
        asked = say(f"Why an offset of {plan.offset_s:g} s?", f"为何相位差为{plan.offset_s:g}秒？")
        found.append(Explained(asked, (reasons["offset", ""], *_beside(record, "offset"))))
    else:
        asked = say("Why do greens end as they do?", "绿灯为何这样结束？")
        found.append(Explained(asked, (_ends(plan, record), *_beside(record, "hold"))))
    shares = [reasons[key] for key in sorted(reasons) if key[0] == "split"]
    unique = {one["en"]: one for one in shares}
    found.append(Explained(say("Why these stages and greens?", "为何如此设置阶段与绿灯？"), (
        reasons["stages", ""], *unique.values(),
    )))  # fmt: skip
    none = (say("it touches none: seconds were left for less delay", "未触及任何限值"),)
    found.append(Explained(say("Which limits bind?", "哪些限值起作用？"), (*record.limits, *_standing(plan)) or none))
    return tuple(found)


def _cycle_question(plan: SignalPlan, record: Record) -> Sentence:
    if record.design.control in CLOCKED:
        return say(f"Why {plan.cycle_s:g} s?", f"为何周期为{plan.cycle_s:g}秒？")
    most = sum(phase.max_s for phase in plan.phases)
    return say(f"Why a cycle of {plan.cycle_s:g} to {most:g} s?", f"为何周期为{plan.cycle_s:g}至{most:g}秒？")


def _looks(record: Record) -> list[Sentence]:
    """What the first settings lost at this signal."""
    told = [(name, lost) for name, lost in record.looks if math.isfinite(lost)]
    if not told:
        return []
    best = sorted(told, key=lambda one: one[1])[:_LOOKS]
    en = "; ".join(f"{name['en']}: {lost:.2f}" for name, lost in best)
    zh = "；".join(f"{name['zh']}：{lost:.2f}" for name, lost in best)
    return [
        say(
            f"one setting for all signals, on one seed, {record.unit['en']} here per vehicle of the case: {en}",
            f"所有信号机同一设置、单一种子时，此处每车（全网）损失（{record.unit['zh']}）：{zh}",
        )
    ]


def _beside(record: Record, kind: str) -> list[Sentence]:
    own = [one for one in record.neighbours if one.kind == kind]
    return [_cost(one, record.unit) for one in own] or [
        say("its neighbours were not run: no simulations were left", "未运行相邻方案：仿真次数已用完")
    ]


def _cost(one: Neighbour, unit: Sentence) -> Sentence:
    mean = float(np.mean(one.changes))
    if not math.isfinite(mean):
        return say(f"{one.name['en']}: the traffic locked", f"{one.name['zh']}：交通锁死")
    en, zh = _spread(one.changes)
    return say(
        f"{one.name['en']}: {mean:+.2f} {unit['en']} per vehicle of the case here and at the signals it is joined "
        f"with ({en})",
        f"{one.name['zh']}：此处及相连信号机每车（全网）{mean:+.2f}{unit['zh']}（{zh}）",
    )


def _spread(changes: Sequence[float]) -> tuple[str, str]:
    """How far the seeds are apart, in English and Chinese."""
    if len(changes) == 1:
        return "one seed alone", "仅一个种子"
    low, high, seeds = min(changes), max(changes), len(changes)
    clear = low > 0 or high < 0
    en = f"{low:+.2f} to {high:+.2f} over {seeds} seeds" + ("" if clear else ": they do not agree, it hardly matters")
    return en, f"{seeds}个种子：{low:+.2f}至{high:+.2f}" + ("" if clear else "，不一致，影响很小")


def _standing(plan: SignalPlan) -> tuple[Sentence, ...]:
    """What stands at the signal and binds its plan."""
    own = equipment_of(plan)
    counted = say(
        "displays count its greens down, so their length has to be known: fixed times alone were searched",
        "设倒计时显示，绿灯时长须事先确定，故仅寻优定时方案",
    )
    waits = say(
        "turns wait beyond the stop line: straight on goes first, and who enters from there needs a longer intergreen",
        "设左转待转区：直行先行，且自待转区驶入所需绿灯间隔更长",
    )
    return tuple(told for told, there in ((counted, own.countdown), (waits, own.waiting)) if there)


def _when(record: Record) -> Sentence:
    return say(f"found after {record.found_at} simulations", f"在第{record.found_at}次仿真后得到")


def _ends(plan: SignalPlan, record: Record) -> Sentence:
    params: Mapping[str, str] = dict(plan.params)
    if record.design.control == "on_call":
        gap_s = record.design.max_gap_s
        return say(
            f"a green rests until somebody waits elsewhere; then it ends at a gap of {gap_s:g} s, or at its longest",
            f"无人等待时保持绿灯；有请求后，车流间隙达{gap_s:g}秒或达最长绿灯时结束",
        )
    if plan.kind == "actuated":
        gap, far = params.get("max-gap", "3"), params.get("detector-gap", "2")
        return say(
            f"a green ends at a gap of {gap} s over loops {far} s of travel before the stop line, or at its longest",
            f"线圈位于停车线前{far}秒行程处，车流间隙达{gap}秒或达最长绿灯时结束",
        )
    zone = params.get("detectorRange", "100")
    return say(
        f"a green ends when nobody within {zone} m loses time any more, or at its longest",
        f"检测区{zone}米内无人损失时间或达最长绿灯时结束",
    )
