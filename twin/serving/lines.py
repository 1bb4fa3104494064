"""A cycle as the command tells it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from twin.cycle import Mode, Picture, Stage
    from twin.live.streets_now import StreetsNow


CHANGED_ZH = {"raised": "发出", "worse": "升级", "better": "降级", "cleared": "解除"}


def cycle_lines(picture: Picture, mode: Mode, traffic: StreetsNow, stages: Sequence[Stage] = ()) -> list[Sentence]:
    """A cycle in a line, and one for each thing that it did without."""
    took = sum(picture.seconds.values())
    cycle = traffic.cycle
    flow = picture.of("flow")
    en, zh = f"{picture.now:%Y-%m-%d %H:%M}", f"{picture.now:%Y-%m-%d %H:%M}"
    if mode.name != "normal":
        en, zh = f"{en}  {mode.name}", f"{zh}  应急"
    if cycle is not None and cycle.forecasts and flow is not None and flow.made_s == cycle.now_s:
        misfit = "" if math.isnan(cycle.misfit) else f"  GEH {cycle.misfit:.1f}"
        en += f"  demand {cycle.factor[1]:.2f} of the usual{misfit}  {cycle.members} members"
        zh += f"  需求为平时的{cycle.factor[1]:.2f}倍{misfit}  {cycle.members}个成员"
    minutes = (flow.period_s * flow.members.shape[2] / 60.0) if flow else 0.0
    en += f"  {minutes:.0f} min ahead  {took:.0f} s  {picture.run_id}"
    zh += f"  预测{minutes:.0f}分钟  {took:.0f}秒  {picture.run_id}"
    more = [*_happened(stages)]
    more += [say(f"    without: {one['en']}", f"    未执行：{one['zh']}") for one in picture.left_out]
    return [say(en, zh), *more]


def _happened(stages: Sequence[Stage]) -> Iterator[Sentence]:
    """Alarms, cases and recommendations of the last cycle, a line each."""
    from twin.live.advising import Advising
    from twin.live.alarming import Alarming
    from twin.live.planning import Planning
    from twin.live.searching import Searching

    for stage in stages:
        if isinstance(stage, Alarming):
            for one in stage.changes:
                if one.what != "watched":
                    text = one.alarm.text
                    yield say(f"    alarm {one.what} {one.alarm.level}: {text['en']}",
                              f"    预警{CHANGED_ZH[one.what]} {one.alarm.level}：{text['zh']}")  # fmt: skip
        elif isinstance(stage, Planning):
            for change in stage.changes:
                yield say(
                    f"    case {change.case_id}: {change.text['en']}", f"    案件{change.case_id}：{change.text['zh']}"
                )
        elif isinstance(stage, Advising | Searching):
            for rec_id in stage.proposed:
                yield say(f"    recommended: {rec_id}", f"    建议：{rec_id}")
