"""The page of rules that plans were held against."""

from __future__ import annotations

from dataclasses import replace

from networks import Verdict, read_rules, say
from viz.signals.pages.rule_page import rule_page
from viz.signals.sheets.rule_sheet import rule_sheet

WHY = say("3 of 7 s: <turning>", "3秒，应为7秒")


def verdict(rule: str, tls: str, found: float | None, passed: bool | None) -> Verdict:
    row = read_rules("rilsa").rows[rule]
    return Verdict(tls, rule, "V1 > V2", 7.0, found, "s", passed, row.clause, row.source, WHY)


def test_what_fails_comes_before_the_sources() -> None:
    found = [verdict("intergreen", "b", 3.0, False), verdict("yellow", "a", 3.0, True)]
    part = rule_sheet(found, read_rules("rilsa"))
    assert part.index("3 of 7 s") < part.index("VwV-StVO")
    assert "&lt;turning&gt;" in part and "3秒，应为7秒" in part
    assert "0, 1, 0" in part and "1, 0, 0" in part, "right, wrong, untold of each rule"


def test_the_worst_of_each_signal_and_rule_stands_for_all() -> None:
    found = [verdict("intergreen", "b", seconds, False) for seconds in (6.0, 2.0, 4.0)]
    part = rule_sheet(found, read_rules("rilsa"))
    assert "2 s" in part and "6 s" not in part and '<td class="num">3</td>' in part


def test_nothing_that_fails_is_said_in_both_languages() -> None:
    text = rule_page([verdict("yellow", "a", 3.0, True)], read_rules("rilsa"), "plan.add.xml")
    assert "Nothing fails." in text and "没有不符合项。" in text
    assert "transition" not in text


def test_a_hostile_name_stays_text() -> None:
    hostile = replace(verdict("intergreen", "<script>x</script>", 3.0, False))
    assert "<script>x" not in rule_page([hostile], read_rules("rilsa"), "<script>x</script>")
