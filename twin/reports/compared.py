"""A comparison of two ensembles as a page: each measure with its paired difference and interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from networks.sentence import say

if TYPE_CHECKING:
    from scenarios import Comparison, Ensemble
    from viz.reports.table_page import Cell, Table

_MARKS = {"better": "good", "worse": "bad"}


def comparison_page(compared: Comparison, before: Ensemble, after: Ensemble) -> str:
    """The page."""
    from viz.reports.table_page import Figure, table_page

    verdicts = [row.verdict for row in compared.rows]
    valid = sum(run.valid for one in (before, after) for run in one.runs)
    whole = len(before.runs) + len(after.runs)
    figures = [
        Figure(say("Measures better", "改善指标"), str(verdicts.count("better")), "good"),
        Figure(say("Measures worse", "变差指标"), str(verdicts.count("worse")), "bad" if "worse" in verdicts else ""),
        Figure(say("Cannot tell", "无法判断"), str(verdicts.count("cannot tell"))),
        Figure(say("Valid members", "有效成员"), f"{valid} / {whole}", "" if valid == whole else "bad"),
    ]
    name = f"{before.scenario.name} → {after.scenario.name}"
    lead = say(f"seeds {_seeds(before)}", f"种子 {_seeds(before)}")
    return table_page(name, "comparison", lead, figures, [comparison_table(compared)])


def comparison_table(compared: Comparison) -> Table:
    """A row for each measure."""
    from viz.phrases import amount, measure_title, number
    from viz.reports.table_page import Table
    from viz.text import known

    head = [say("measure", "指标"), say("before", "之前"), say("after", "之后"), say("difference", "差值"),
            say("90 % interval", "90%区间"), say("pairs", "配对数"), say("verdict", "判定")]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in compared.rows:
        interval = (
            f"{number(row.low, signed=True)} … {number(row.high, signed=True)}" if math.isfinite(row.low) else "–"
        )
        values: list[Cell] = [
            amount(row.mean_a, row.unit),
            amount(row.mean_b, row.unit),
            number(row.difference, signed=True),
        ]
        rows.append([measure_title(row.measure), *values, interval, str(row.n), known("verdict", row.verdict)])
    marks = [_MARKS.get(row.verdict, "") for row in compared.rows]
    out = {
        "en": " ".join(one["en"] for one in compared.left_out),
        "zh": "".join(one["zh"] for one in compared.left_out),
    }
    note = out if compared.left_out else None
    return Table(say("Measure by measure", "逐项指标"), head, rows, note, frozenset(range(1, 6)), marks)


def _seeds(ensemble: Ensemble) -> str:
    seeds = sorted(run.seed for run in ensemble.runs)
    return f"{seeds[0]}–{seeds[-1]}" if len(seeds) > 1 else str(seeds[0])
