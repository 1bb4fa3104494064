"""A cycle of a followed town in a few lines, English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from networks.sentence import say

if TYPE_CHECKING:
    from calibration.incidents import Verdict
    from calibration.live import Cycle
    from twin.following import Street

INDENT = " " * 9
SOURCES = {
    "twin": say("the twin", "孪生"), "mixed": say("a mixture", "综合"), "persistence": say("the last values", "末值"),
    "historical mean": say("what is usual", "常态"), "blend": say("the last values and what is usual", "末值与常态"),
}  # fmt: skip


def cycle_told(cycle: Cycle, streets: Sequence[Street], verdict: Verdict | None, lang: str) -> Iterator[str]:
    """Lines: the demand and the misfit, who was left out, the busiest streets, and a suspicion's verdict."""
    least, mode, most = cycle.factor
    moment, zh = clock(cycle.now_s), lang == "zh"
    off = abs(cycle.pace - 1.0) >= 0.005
    if zh:
        rough = (f"  车速取仿真的{cycle.pace:.2f}倍" if off else "") + (
            "  近似：中断后恢复" if cycle.approximate else ""
        )
        yield (
            f"{moment}  需求为平时的{mode:.2f}倍（{least:.2f}至{most:.2f}）  GEH {cycle.misfit:.1f}"
            f"  {cycle.members}个成员  {cycle.seconds:.0f}秒{rough}"
        )
    else:
        rough = f"  speeds {cycle.pace:.2f} of simulated" if off else ""
        rough += "  approximate: found again after a stop" if cycle.approximate else ""
        yield (
            f"{moment}  demand {mode:.2f} ({least:.2f} to {most:.2f}) of the usual  GEH {cycle.misfit:.1f}"
            f"  {cycle.members} members  {cycle.seconds:.0f} s{rough}"
        )
    for name, why in cycle.left_out.items():
        yield f"{INDENT}{name}未采用：{why['zh']}" if zh else f"{INDENT}{name} left out: {why['en']}"
    for one in streets:
        who = SOURCES.get(one.source, say(one.source, one.source))[lang]
        soon, low, high = f"{one.soon:.0f}", f"{one.low:.0f}", f"{one.high:.0f}"
        if zh:
            yield f"{INDENT}{one.edge}：已计{one.counted:.0f}，30分钟后{soon}（{low}至{high}），来自{who}"
        else:
            yield f"{INDENT}{one.edge}: {one.counted:.0f} counted, {soon} ({low} to {high}) in 30 min, from {who}"
    if verdict is not None:
        since = clock(verdict.since_s)
        yield f"{INDENT}自{since}起：{verdict.words['zh']}" if zh else f"{INDENT}since {since}: {verdict.words['en']}"


def clock(seconds: float) -> str:
    """Seconds of a day as hours:minutes."""
    return f"{int(seconds // 3600):02d}:{int(seconds // 60 % 60):02d}"
