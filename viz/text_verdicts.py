"""Words of the page of rules that a plan is held against."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str]] = {
    "rules.kind": ("Rule check", "规则检查"),
    "rules.lead": (
        "{signals} signals: {right} figures right, {wrong} wrong at {bad} signals, {untold} that the plan alone "
        "cannot tell",
        "{signals} 个信号机：{right} 项符合，{wrong} 项不符合（涉及 {bad} 个信号机），{untold} 项仅凭方案无法判定",
    ),
    "rules.fails": ("What fails", "不符合项"),
    "rules.none": ("Nothing fails.", "没有不符合项。"),
    "rules.worst_note": (
        "The worst of each signal and rule; the last column counts the figures that fail.",
        "每个信号机每条规则列最严重的一项；“合计”为不符合的数目。",
    ),
    "rules.rule": ("Rule", "规则"),
    "rules.signal": ("Signal", "信号机"),
    "rules.subject": ("What", "对象"),
    "rules.shows": ("Shows", "方案值"),
    "rules.asked": ("Asked", "要求值"),
    "rules.in_all": ("In all", "合计"),
    "rules.all": ("Every rule with its source", "全部规则及其来源"),
    "rules.value": ("Value", "取值"),
    "rules.held": ("Right, wrong, untold", "符合、不符合、无法判定"),
    "rules.source": ("Clause and source", "条款与来源"),
}
