"""Plans by the time of day: on the terminal, and the words of their page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scenarios.signals.periods.day import Day

PERIODS: dict[str, tuple[str, str]] = {
    "periods.kind": ("Signal timings by the time of day", "分时段信号配时"),
    "periods.lead": (
        "{count} periods, which tell {share} of how demand varies; judged on {seeds} seeds that no search has "
        "seen; rules: {rules}",
        "共{count}个时段，可解释需求变化的{share}；以寻优未用过的{seeds}个随机种子评判；规则：{rules}",
    ),
    "periods.table": ("The periods", "各时段"),
    "periods.program": ("programme", "方案"),
    "periods.time": ("from – to", "起止时间"),
    "periods.flow": ("vehicles/h at the signals", "到达信号口流量（辆/小时）"),
    "periods.cycles": ("cycle, s (middle of all signals)", "周期（秒，各信号机中位数）"),
    "periods.delay": ("delay, s per vehicle: today, found", "每车延误（秒）：现状、新方案"),
    "periods.whole": ("whole time, all programmes", "全时段，全部方案"),
    "periods.alone": ("the busiest period's plans all the time", "全时段采用最繁忙时段的方案"),
    "periods.demand": ("Vehicles per hour that come to the signals", "到达各信号口的流量（辆/小时）"),
    "periods.note": (
        "Times are seconds of the simulation as a clock. Each period was searched with the five minutes before it, and "
        "has its own report. All programmes run one after the other; a signal changes over in a stage that all its "
        "programmes show, so that no green is cut short.",
        "时间为仿真秒数换算的钟点。各时段寻优均含其前五分钟，并有各自的报告。各方案依次运行；"
        "信号机在各方案共有的阶段内切换，不截断绿灯。",
    ),
    "periods.failing": ("What fails the rules, change-overs included", "不符合规则之处（含方案切换）"),
}


def clock(second: float) -> str:
    """A second of the day as hours and minutes."""
    minutes = round(second / 60.0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day_sheet(day: Day, title: str) -> Iterator[RenderableType]:
    """The day, part by part."""
    simulations = sum(one.answer.simulations for one in day.periods)
    yield Text(
        f"{title}: {len(day.periods)} periods, {simulations} simulations; the periods tell {day.explained:.0%} of how "
        "demand varies"
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("period")
    for name in ("vehicles/h", "delay today", "found", "change", "90 % interval"):
        table.add_column(name, justify="right", no_wrap=True)
    rows = [
        (f"{clock(one.begin_s)} to {clock(one.end_s)}", f"{one.flow_vph:.0f}", one.answer.gains[0])
        for one in day.periods
    ]
    whole = [("whole time", "", day.gains[0]), ("busiest period's plans all the time", "", day.single)]
    for name, flow, gain in (*rows, *whole):
        interval = f"{gain.low:+.1f} {gain.high:+.1f}" if gain.seeds > 1 else "-"
        table.add_row(name, flow, f"{gain.before:.2f}", f"{gain.after:.2f}", f"{gain.share:+.1%}", interval)
    yield table
    if told := day.offer.words["en"]:
        yield Text(told, style="bold")
    yield from (Text(note["en"]) for note in day.notes)
    for fault in day.failing[:8]:
        yield Text(f"fails: signal {fault.tls_id}, {fault.rule}, {fault.subject}")
