"""The answer of a search for signal timings: on the terminal, and the words of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from networks.signals.equipment.equipment import CARRIED
from viz.text_gain import GAIN

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scenarios.signals.judging.close_look import CloseLook
    from scenarios.signals.searching.answer import Answer
    from scenarios.signals.trying.gain import Gain

OPTIMISE: dict[str, tuple[str, str]] = {
    "optimise.kind": ("Signal timings found by simulation", "仿真寻优的信号配时"),
    "optimise.gain": ("What they gain", "效果"),
    "optimise.definition": ("On the judged seeds", "评判种子上的指标"),
    "optimise.definition.all_planned_s": ("delay, s per planned vehicle", "全部计划车辆的每车延误（秒）"),
    "optimise.definition.resco_paper_s": ("delay as RESCO's code counts, s", "按RESCO代码口径的延误（秒）"),
    "optimise.definition.stops": ("stops per vehicle", "每车停车次数"),
    "optimise.definition.emissions": ("CO2, g per km driven", "每公里二氧化碳（克）"),
    "optimise.definition.pedestrians": ("delay of who walks, s each", "行人延误（秒/人）"),
    "optimise.definition.bicycles": ("delay of bicycles, s each", "自行车延误（秒/辆）"),
    "optimise.definition.buses": ("delay of buses and trams, s each", "公交与有轨电车延误（秒/辆）"),
    "optimise.definition.queues": ("minutes of full lanes per hour", "每小时车道排满的分钟数"),
    "optimise.aim": (
        "The search made less of the last line; 1 s of everybody's mean delay counted {guard} of its unit beside it, "
        "so that nobody is blocked for it.",
        "寻优目标为末行指标；所有车辆平均延误每1秒另计该指标单位的{guard}，以免为此堵住其他出行者。",
    ),
    "optimise.before": ("today", "现状"),
    "optimise.after": ("found", "新方案"),
    "optimise.change": ("change, 90 % interval", "变化（90%区间）"),
    "optimise.worst": ("worst seed: today, found", "最差种子：现状、新方案"),
    "optimise.lead": (
        "{simulations} simulations; judged on {seeds} seeds that the search has not seen; rules: {rules}",
        "共{simulations}次仿真；以寻优未用过的{seeds}个随机种子评判；规则：{rules}",
    ),
    "optimise.definitions": (
        "All planned vehicles: time lost and the wait to enter of everybody who departed, and of those never inserted "
        "the time from their planned departure to the end. RESCO's code counts of the latter only who was due after "
        "the last that departed.",
        "全部计划车辆：已出发车辆的时间损失与入网等待，未能入网者自计划出发至仿真结束的时间。"
        "RESCO代码对后者只计入晚于最后一辆出发车辆者。",
    ),
    "optimise.failed": (
        "With {failed} of {detectors} detectors out of order, drawn anew on each of {seeds} seeds, so that the "
        "controller gives their stages the longest green: {broken} s of delay per vehicle; {sound} s with all "
        "detectors, {today} s today.",
        "{detectors}个检测器中有{failed}个失效（{seeds}个种子各自重新抽取，信号机对其阶段给最长绿灯）：每车延误{broken}秒；"
        "检测器全部正常时{sound}秒，现状{today}秒。",
    ),
    "optimise.day": (
        "{name}: {before} s per vehicle today, {after} s with the plans ({seeds} seeds)",
        "{name}：现状每车{before}秒，新方案{after}秒（{seeds}个种子）",
    ),
    "optimise.days": ("Day by day", "逐日结果"),
    "optimise.limit": (
        "Movements whose 95th percentile of delay is above {limit} times today's",
        "95百分位延误超过现状{limit}倍的流向",
    ),
    "optimise.movement": ("Movement", "流向"),
    "optimise.vehicles": ("vehicles on all seeds", "全部种子的车辆数"),
    "optimise.none_slower": ("None.", "无。"),
    "optimise.unlisted": ("and {more} more, in answer.json", "另有{more}个，见answer.json"),
    "optimise.slower_note": (
        "Seconds; movements with at least 20 vehicles. The search weighs them against the delay of all, so some may "
        "remain: a street that is hardly ever stopped today is, as soon as people may walk over it.",
        "单位：秒；仅含至少20辆车的流向。搜索将其与总延误权衡，故可能仍有剩余：现状几乎不停车的道路一旦保证行人过街便会停车。",
    ),
    "optimise.failing": ("What fails the rules", "不符合规则之处"),
    "optimise.passes": ("All rules of {rules} hold.", "符合{rules}的全部规则。"),
    "optimise.droppable": ("Stages that protect turns", "左转保护阶段"),
    "optimise.droppable_hint": (
        "Turns over the oncoming lanes that the rules protect cost these signals stages of their own. With your leave "
        "(--may-drop with the approaches, or all) they give way instead where that loses less; the plan then fails "
        "protected_turn there, and the audit keeps your leave.",
        "规则要求保护的跨对向转弯使这些信号机多出阶段。经您许可（--may-drop 加进口道或 all），若损失更小则改为让行；"
        "此时该处不满足 protected_turn，许可记入审计。",
    ),
    "optimise.droppable_stages": ("stages: with, without", "阶段数：保留、取消"),
    "optimise.droppable_edges": ("approaches", "进口道"),
    "optimise.dropped.yes": ("dropped with leave: it lost less", "经许可取消：损失更小"),
    "optimise.dropped.no": ("leave given, but it lost more: kept", "已许可，但损失更大：保留"),
    "optimise.dropped.none": ("kept: no leave", "保留：未获许可"),
    "optimise.why": ("Why it is so", "为何如此"),
    "optimise.permitted": (
        "All rules of {rules} hold but protected_turn, which fails with the engineer's leave at: {signals}.",
        "除 protected_turn 外符合{rules}的全部规则；该规则经工程师许可在以下信号机不满足：{signals}。",
    ),
    "optimise.start": ("Where the search began: one setting for all signals", "寻优起点：所有信号机用同一设置"),
    "optimise.setting": ("Setting", "设置"),
    "optimise.cost": ("delay on one seed, s", "单一种子的延误（秒）"),
    "optimise.cost_aim": ("what was made less of, on one seed", "单一种子的目标值"),
    "optimise.countdown": (
        "Searched with fixed times alone, as displays count their greens down: {signals}.",
        "因设倒计时显示，仅寻优定时方案：{signals}。",
    ),
    "optimise.detectors": (
        "Actuated plans ask for loops on every lane; plans by zones ask for detectors that see each approach as far as "
        "the plan says (radar, video). Whether they are there is not known.",
        "感应方案要求每条车道设线圈；区域检测方案要求检测器（雷达、视频）覆盖进口道至方案所述距离。现场是否具备未知。",
    ),
}


def optimise_sheet(answer: Answer, title: str, took_s: float) -> Iterator[RenderableType]:
    """The answer, part by part.

    Args:
        answer: What was found.
        title: The case.
        took_s: Seconds that it took.
    """
    early = sum(one.ended_early for one in (*answer.before, *answer.after))
    yield Text(
        f"{title}: {len(answer.plans)} signals, {answer.simulations} simulations (the answer after {answer.found_at}), "
        f"{took_s:.0f} s"
    )
    yield _gains(answer.gains)
    if told := answer.offer.words["en"]:
        yield Text(told, style="bold")
    if early:
        yield Text(f"{early} of the judged runs were ended early: gridlock", style="bold")
    for day in answer.days:
        told = f"{day.name}: {day.before:.2f} s per vehicle today, {day.after:.2f} with the plans ({day.seeds} seeds)"
        yield Text(told)
    yield _signals(answer)
    if (broken := answer.failed_detectors) is not None:
        yield Text(
            f"{broken.failed} of {broken.detectors} detectors out of order: {broken.cost.after:.2f} s per vehicle "
            f"({broken.cost.before:.2f} with all of them, {broken.kept.before:.2f} today, {len(broken.sound)} seeds)"
        )
    if slower := answer.slower:
        worst = slower[0]
        yield Text(
            f"{len(slower)} movements above {answer.limit:g} times today's 95th percentile of delay, the worst "
            f"{worst.from_edge} -> {worst.to_edge}: {worst.before_s:.0f} to {worst.after_s:.0f} s"
        )
    if answer.look is not None:
        yield from _look(answer.look)
    for drop in answer.droppable:
        if drop.dropped:
            yield Text(f"signal {drop.tls_id}: {drop.stages} -> {drop.fewer} stages with leave; fails protected_turn")
    for one in answer.failing[:8]:
        yield Text(f"fails: signal {one.tls_id}, {one.rule}, {one.subject}")
    if len(answer.failing) > 8:
        yield Text(f"... and {len(answer.failing) - 8} more: twin signals check tells them")


def _look(look: CloseLook) -> Iterator[Text]:
    """Who gains and who loses, in a few lines."""
    for mode in look.modes if len(look.modes) > 1 else ():
        one = mode.delay_s
        interval = f" ({one.low:+.1f} {one.high:+.1f})" if one.seeds > 1 else ""
        name = GAIN[f"gain.mode.{mode.mode}"][0]
        yield Text(f"{name}: {one.before:.1f} -> {one.after:.1f} s each{interval}, {one.verdict}")
    verdicts = [(tls, one.delay_s.verdict) for tls, one in look.signals.items()]
    losing = [tls for tls, verdict in reversed(verdicts) if verdict == "worse"]
    told = f", loses at {len(losing)}: {', '.join(losing[:6])}" if losing else ", loses at none"
    yield Text(f"gains at {sum(verdict == 'better' for _, verdict in verdicts)} of {len(verdicts)} signals{told}")


def _gains(gains: tuple[Gain, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("on the judged seeds")
    for name in ("today", "found", "change", "90 %\ninterval", "worst\ntoday", "worst\nfound", "seeds"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in gains:
        interval = f"{one.low:+.1f} {one.high:+.1f}" if one.seeds > 1 else "-"
        table.add_row(
            OPTIMISE[f"optimise.definition.{one.definition}"][0], f"{one.before:.2f}", f"{one.after:.2f}",
            f"{one.share:+.1%}", interval, f"{one.worst_before:.2f}", f"{one.worst_after:.2f}", str(one.seeds),
        )  # fmt: skip
    return table


def _signals(answer: Answer) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("signal", overflow="fold")
    for name in ("control", "stages", "greens, s", "offset", "detectors"):
        table.add_column(name, justify="right")
    for tls, plan in sorted(answer.plans.items()):
        greens = [phase for phase in plan.phases if not phase.changing]
        told = " ".join(f"{p.min_s:g}-{p.max_s:g}" if p.min_s < p.max_s else f"{p.duration_s:g}" for p in greens)
        params = ", ".join(f"{name} {value}" for name, value in plan.params if name not in CARRIED)
        today = len({p.state for p in answer.today[tls].phases if not p.changing})
        table.add_row(tls, plan.control, f"{today} -> {len(greens)}", told, f"{plan.offset_s:g}", params)
    return table
