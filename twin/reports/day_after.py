"""What came of a day: outcomes of actions, response plans, forecasts held against what came."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from networks.sentence import Sentence, say
from twin.reports.day import Day
from twin.reports.day_words import QUANTITIES, SOURCES

if TYPE_CHECKING:
    from viz.reports.table_page import Cell, Table


def outcomes_table(told: Day) -> Table:
    """What actions brought."""
    from viz.reports.table_page import Table

    head = [say("for", "对应"), say("what it brought", "成效")]
    return Table(
        say("What actions brought", "措施成效"),
        head,
        [[one.rec_id, one.text] for one in told.outcomes],
        empty=say("Nothing was measured yet.", "尚未测量。"),
    )


def cases_table(told: Day) -> Table:
    """Response plans that were at work."""
    from viz.reports.table_page import Table

    head = [
        say("case", "事件"),
        say("plan", "预案"),
        say("opened", "启动"),
        say("closed", "终止"),
        say("worst level", "最高级别"),
        say("calls", "呼叫"),
        say("answers", "应答"),
    ]
    rows: list[list[Cell]] = []
    for one in told.cases:
        title = one.document.get("title") or one.plan
        closed = clock(told, one.closed_at) if one.closed_at else say("at work", "进行中")
        rows.append(
            [
                one.case_id,
                title,
                clock(told, one.opened_at),
                closed,
                one.level,
                str(len(one.calls)),
                str(len(one.answers)),
            ]
        )
    return Table(
        say("Response plans at work", "应急预案"), head, rows, None, frozenset({5, 6}), empty=say("None.", "无。")
    )


def skill_table(told: Day) -> Table:
    """How good forecasts were."""
    from viz.reports.table_page import Table

    head = [
        say("forecast of", "预报量"),
        say("ahead, min", "提前（min）"),
        say("cases", "样本"),
        say("judged", "评价对象"),
        say("CRPS", "CRPS"),
        say("best baseline", "最佳基准"),
        say("its CRPS", "基准CRPS"),
        say("gain", "改善"),
        say("in the 90 % interval", "90%区间覆盖"),
    ]
    rows: list[list[Cell]] = []
    marks = []
    for one in told.skill:
        judged, best = one.judged, one.best
        base, gain = (f"{one.crps[best]:.3g}", f"{one.gain:+.0%}") if best else ("–", "–")
        rows.append(
            [
                word(QUANTITIES, one.quantity),
                f"{float(one.key) / 60:.0f}",
                str(one.cases),
                word(SOURCES, judged),
                f"{one.crps[judged]:.3g}",
                word(SOURCES, best) if best else "–",
                base,
                gain,
                f"{one.held[judged]:.0%}",
            ]
        )
        marks.append("bad" if best and one.gain < 0 else "")
    note = say(
        "Of all that the ledger holds, not of this day alone. A gain below zero: no skill beyond the baseline.",
        "为台账全部样本，并非仅限当日。改善为负表示不优于基准。",
    )
    return Table(
        say("How good the forecasts were", "预报水平"),
        head,
        rows,
        note,
        frozenset({1, 2, 4, 6, 7, 8}),
        marks,
        say("No ledger of forecasts, or nothing was due yet.", "无预报台账，或尚无到期预报。"),
    )


def missing_table(told: Day) -> Table:
    """What cycles did without."""
    from viz.reports.table_page import Table

    rows: list[list[Cell]] = [[what, str(many)] for what, many in told.missing]
    return Table(
        say("What cycles did without", "周期缺省内容"),
        [say("what", "内容"), say("cycles", "周期数")],
        rows,
        None,
        frozenset({1}),
        empty=say("Nothing: every cycle was whole.", "无：各周期完整。"),
    )


def clock(told: Day, moment: datetime) -> str:
    """A time of the day; with its date on another day."""
    local = moment.astimezone(told.zone)
    return f"{local:%H:%M}" if local.date() == told.day else f"{local:%m-%d %H:%M}"


def word(words: dict[str, Sentence], name: str) -> Cell:
    """A name in words; itself where nobody knows it."""
    return words.get(name, name)
