"""Words of the page of rules that a plan is held against."""

from __future__ import annotations

VERDICTS: dict[str, tuple[str, str]] = {
    "rule_check.kind": ("Rule check", "规则检查"),
    "rule_check.lead": (
        "{signals} signals: {right} figures right, {wrong} wrong at {bad} signals, {untold} that the plan alone "
        "cannot tell",
        "{signals} 个信号机：{right} 项符合，{wrong} 项不符合（涉及 {bad} 个信号机），{untold} 项仅凭方案无法判定",
    ),
    "rule_check.fails": ("What fails", "不符合项"),
    "rule_check.none": ("Nothing fails.", "没有不符合项。"),
    "rule_check.worst_note": (
        "The worst of each signal and rule; the last column counts the figures that fail.",
        "每个信号机每条规则列最严重的一项；“合计”为不符合的数目。",
    ),
    "rule_check.rule": ("Rule", "规则"),
    "rule_check.signal": ("Signal", "信号机"),
    "rule_check.subject": ("What", "对象"),
    "rule_check.shows": ("Shows", "方案值"),
    "rule_check.asked": ("Asked", "要求值"),
    "rule_check.in_all": ("In all", "合计"),
    "rule_check.all": ("Every rule with its source", "全部规则及其来源"),
    "rule_check.value": ("Value", "取值"),
    "rule_check.held": ("Right, wrong, untold", "符合、不符合、无法判定"),
    "rule_check.source": ("Clause and source", "条款与来源"),
}
