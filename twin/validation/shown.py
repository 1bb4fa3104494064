"""The validation page: every validation that there is, made of tables alone; what was not run is there, too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from networks.sentence import Sentence, say
from twin.validation.known import KNOWN
from twin.validation.record import Record, Row

if TYPE_CHECKING:
    from viz.reports.table_page import Cell, Figure, Table

_KINDS = {
    "analytic": say("closed form", "解析解"),
    "verification": say("other code or published solution", "其他程序或公开解"),
    "real": say("what was observed, or hidden", "实测或隐藏真值"),
    "ledger": say("ledger", "收支平衡"),
    "rimea": say("RiMEA", "RiMEA"),
    "peer": say("peer, not ours", "同类软件"),
}


def validation_page(records: Sequence[Record]) -> str:
    """The page; the same records give the same text.

    Args:
        records: Of those validations that were run; names that are not in `KNOWN` are shown, too.
    """
    from viz.reports.table_page import table_page

    named = {record.name: record for record in records}
    tables = [_overview(named)]
    for known in KNOWN:
        if known.name in named:
            tables += _tables(named[known.name], say(*(f"{known.model[at]}: {known.title[at]}" for at in ("en", "zh"))))
    for name in sorted(set(named) - {known.name for known in KNOWN}):
        tables += _tables(named[name], say(name, name))
    lead = say(
        "Made of tables that validations wrote; no figure is typed in. Missed gates come first in each table.",
        "由验证程序写出的表格生成，无人工填写；各表先列未达标项。",
    )
    return table_page(say("Validation", "验证"), "validation", lead, _figures(named), tables)


def _figures(named: dict[str, Record]) -> list[Figure]:
    from viz.reports.table_page import Figure

    missed, gates = sum(one.missed for one in named.values()), sum(one.gates for one in named.values())
    waiting = sum(known.name not in named for known in KNOWN)
    figures = sum(len(one.rows) for one in named.values())
    return [
        Figure(say("Gates met", "达标"), f"{gates - missed} / {gates}", "bad" if missed else "good"),
        Figure(say("Gates missed", "未达标"), str(missed), "bad" if missed else "good"),
        Figure(say("Figures without a gate", "无限值项"), str(figures - gates)),
        Figure(say("Validations without a table", "尚无表格的验证"), str(waiting), "bad" if waiting else "good"),
    ]


def _overview(named: dict[str, Record]) -> Table:
    from viz.reports.table_page import Table

    head = [
        say("model", "模型"),
        say("validation", "验证"),
        say("run on", "运行日期"),
        say("gates met", "达标"),
        say("command", "命令"),
    ]
    rows: list[list[Cell]] = []
    marks = []
    for known in KNOWN:
        record = named.get(known.name)
        rows.append([known.model, known.title, record.made_at[:10] if record else "–", _met(record), known.command])
        marks.append("" if record is None or not record.gates else "bad" if record.missed else "good")
    return Table(say("Every validation", "全部验证"), head, rows, None, frozenset({2}), marks)


def _met(record: Record | None) -> Cell:
    """How many gates; a validation of which a part was left out says so."""
    if record is None:
        return say("not run here", "此处未运行")
    met = f"{record.gates - record.missed} / {record.gates}"
    told = say(met, met) if record.gates else say("no gate", "无限值")
    return say(f"{told['en']}, part left out", f"{told['zh']}，部分未运行") if record.left_out else told


def _tables(record: Record, title: Sentence) -> list[Table]:
    from viz.reports.table_page import Table

    head = [
        say("case", "算例"),
        say("against", "对照"),
        say("measure", "指标"),
        say("gate", "限值"),
        say("ours", "本系统"),
        say("interval", "区间"),
        say("n", "n"),
        say("met", "达标"),
    ]
    ordered = sorted(record.rows, key=lambda row: row.passed is not False)
    marks = ["bad" if row.passed is False else "" for row in ordered]
    rows = [_row(row) for row in ordered]
    return [Table(title, head, rows, _note(record), frozenset({3, 4, 6}), marks, say("No row.", "无。"))]


def _row(row: Row) -> list[Cell]:
    sign = {"most": "≤", "least": "≥"}[row.sense]
    gate = "–" if row.gate is None else f"{sign} {row.gate:g}"
    met = {True: say("met", "达标"), False: say("missed", "未达标"), None: say("no gate", "无限值")}[row.passed]
    interval = "–"
    if row.low is not None and row.high is not None:
        interval = f"{row.low:.3g} … {row.high:.3g}" + (f" ({row.interval})" if row.interval else "")
    value: Cell = f"{row.value:.3g}" if math.isfinite(row.value) else say("no number", "非数值")
    return [row.case, _KINDS.get(row.kind, row.kind), row.measure, gate, value, interval, str(row.n), met]


def _note(record: Record) -> Sentence:
    engines = ", ".join(f"{name} {version}" for name, version in record.engines.items())
    data = ", ".join(f"{name} {digest[:12]}" for name, digest in record.data)
    out = ", ".join(record.left_out)
    en = f"{record.fixed['en']} Run {record.made_at}, citytwin {record.version}, {engines}. Command: {record.command}."
    zh = f"{record.fixed['zh']} 运行于 {record.made_at}，citytwin {record.version}，{engines}。命令：{record.command}。"
    en += f" Data (SHA-256): {data}." if data else " It names no data from outside."
    zh += f" 数据（SHA-256）：{data}。" if data else " 未列出外部数据。"
    if out:
        en, zh = f"{en} Left out: {out}.", f"{zh} 未运行：{out}。"
    return say(en, zh)
