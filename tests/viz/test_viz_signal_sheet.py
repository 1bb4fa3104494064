"""Timing sheets: what is drawn is what the plan shows, whole, escaped and in both languages."""

from __future__ import annotations

import itertools
import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from small_junction import actuated, controller, layout, plan
from watched import SIZES, Watched

from networks import (
    SignalPhase,
    SignalPlan,
    check_plan,
    check_rules,
    read_controllers,
    read_layouts,
    read_rules,
    read_signal_plans,
)
from viz.signals.diagrams.bars import bars
from viz.signals.diagrams.ground import LINE_PX, placed
from viz.signals.pages.page import book
from viz.signals.plans.course import course, greens
from viz.signals.plans.one_round import one_round
from viz.signals.plans.plan_stage import plan_stages
from viz.signals.sheets.sheet import SignalSheet, sheet

STATES = st.text("Ggyrus", min_size=3, max_size=3)
PHASES = st.lists(st.tuples(st.integers(1, 40), STATES), min_size=1, max_size=8)


def small() -> SignalSheet:
    return SignalSheet(layout(), controller(), plan(), ("link 3: <never> green",))


def real(name: str) -> Path:
    root = os.environ.get("CITYTWIN_DATA")
    file = Path(root or "/none") / name
    if not file.exists():
        pytest.skip(f"CITYTWIN_DATA holds no {name}")
    return file


@given(PHASES)
def test_a_course_fills_the_cycle_and_says_what_the_state_says(phases: list[tuple[int, str]]) -> None:
    one = SignalPlan("x", "0", 0.0, tuple(SignalPhase(float(s), state, s, s) for s, state in phases), "measured")
    shown = course(one, (0, 1))
    assert shown[0].begin_s == 0 and shown[-1].end_s == one.cycle_s
    assert all(a.end_s == b.begin_s and a.letter != b.letter for a, b in itertools.pairwise(shown))
    green = sum(s for s, state in phases if set(state[:2]) & set("Gg"))
    assert sum(end - begin for begin, end in greens(shown, one.cycle_s)) == pytest.approx(green)


@given(PHASES)
def test_stages_and_changes_fill_the_cycle(phases: list[tuple[int, str]]) -> None:
    one = SignalPlan("x", "0", 0.0, tuple(SignalPhase(float(s), state, s, s) for s, state in phases), "measured")
    stages = plan_stages(one)
    if stages:
        assert sum(stage.seconds + stage.change_s for stage in stages) == pytest.approx(one.cycle_s)
    assert [stage.number for stage in stages] == list(range(1, len(stages) + 1))


def test_a_green_over_the_end_of_the_cycle_is_one() -> None:
    states = ((10, "Gr"), (20, "rG"), (5, "Gr"))
    one = SignalPlan("x", "0", 0.0, tuple(SignalPhase(s, state, s, s) for s, state in states), "measured")
    assert greens(course(one, (0,)), one.cycle_s) == ((30, 45),)


def test_a_plan_that_turns_back_is_drawn_as_it_runs() -> None:
    base = plan()
    spare = (SignalPhase(9.0, "rrrr", 9.0, 9.0), SignalPhase(11.0, "GrGr", 11.0, 11.0))
    turned = replace(base, phases=(*base.phases[:-1], replace(base.phases[-1], following=(0,)), *spare))
    once = one_round(turned)
    assert (once.plan.phases, once.unreached, once.choices) == (base.phases, (6, 7), ())
    told = sheet(SignalSheet(layout(), controller(), turned))
    assert "Phases 6, 7 are never reached" in told and "60 s" in told and told.count('class="unreached"') == 2
    assert bars(controller(), turned, title="x") == bars(controller(), base, title="x")


def test_what_runs_once_before_the_round_moves_its_begin() -> None:
    base = plan(offset_s=4.0)
    led = replace(base, phases=(*base.phases[:-1], replace(base.phases[-1], following=(3, 0))))
    once = one_round(led)
    assert (once.phases, once.choices, once.unreached) == ((3, 4, 5), (5,), ())
    assert (once.plan.offset_s, once.plan.cycle_s) == (39.0, 25.0)


@given(st.lists(st.integers(-1, 6), min_size=7, max_size=7))
def test_a_round_comes_back_to_its_begin(following: list[int]) -> None:
    phases = [SignalPhase(n + 1.0, "Gr", n + 1.0, n + 1.0, "", () if f < 0 else (f,)) for n, f in enumerate(following)]
    one = SignalPlan("x", "0", 0.0, tuple(phases), "measured")
    once = one_round(one)
    ahead = [(n + 1) % 7 if f < 0 else f for n, f in enumerate(following)]
    assert [ahead[n] for n in once.phases] == [*once.phases[1:], once.phases[0]]
    assert not set(once.unreached) & set(once.phases)


def test_the_stages_of_a_crossroads() -> None:
    one, other = plan_stages(plan())
    assert (one.begin_s, one.end_s, one.change_s, one.state) == (0, 30, 5, "GrGr")
    assert (other.begin_s, other.end_s, other.change_s, other.free) == (35, 55, 5, False)
    assert plan_stages(actuated(plan()))[0].most_s == 50


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200), st.text("AB", min_size=1, max_size=4)), max_size=14))
def test_labels_keep_off_each_other_and_inside(wished: list[tuple[float, float, str]]) -> None:
    found = placed([((x, y), (1.0, 0.0), words) for x, y, words in wished], 200.0)
    for n, (x, y, words) in enumerate(found):
        assert 0 <= x <= 200 and 0 <= y <= 200
        for x2, y2, words2 in found[:n]:
            assert abs(x - x2) >= 3.2 * (len(words) + len(words2)) or abs(y - y2) >= LINE_PX


def test_drawings_are_whole_xml_and_say_nothing_in_a_language() -> None:
    drawn = ET.fromstring(str(bars(controller(), plan(), title="<x>")))
    words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"0", "60", "30", "20", "1", "2"} <= words
    assert {group.name for group in controller().groups} <= words


def test_a_sheet_escapes_and_speaks_both_languages() -> None:
    told = str(sheet(small()))
    assert "High &lt;Street&gt;" in told and "<Street>" not in told and "&lt;never&gt;" in told
    assert "Stages in their order" in told and "阶段顺序图" in told
    assert told == str(sheet(small())), "the same bytes every time"
    assert told.count('class="stage-card"') == 2


def test_rules_are_told_in_both_languages_with_what_fails_first() -> None:
    table = read_rules("uk")
    hasty = plan(splits_s=(4.0, 4.0))
    verdicts = check_rules(hasty, controller(), table, layout=layout())
    wrong = [one for one in verdicts if one.passed is False]
    told = str(sheet(SignalSheet(layout(), controller(), hasty, ("not shown",), verdicts, table)))
    assert "not shown" not in told and f"What fails ({len(wrong)})" in told and f"不符合之处（{len(wrong)}）" in told
    assert wrong and any(one.why["en"] == "" for one in wrong)
    assert all(str(escape(one.why["zh"])) in told and str(escape(one.why["en"])) in told for one in wrong)
    rows = re.findall(r"<tr( class=\"short\")?><td><span lang=\"en\">", told)
    assert rows == sorted(rows, reverse=True) and len(rows) == len({one.rule for one in verdicts})


def test_a_signal_without_a_stage_has_a_sheet_too() -> None:
    dark = replace(plan(), phases=(SignalPhase(60.0, "rrrr", 60.0, 60.0),))
    assert "No stage of this plan" in sheet(SignalSheet(layout(), controller(), dark))


def test_every_signal_of_a_real_net_has_a_sheet() -> None:
    net = real("sumo/hamburg/network.net.xml.gz")
    layouts, plans, controllers = read_layouts(net), read_signal_plans(net), read_controllers(net)
    signals = [
        SignalSheet(layouts[tls], controllers[tls], plans[tls], check_plan(plans[tls], controllers[tls]))
        for tls in plans
    ]
    told = book("Hamburg", signals)
    assert told.count('class="head"') == len(plans) == 43
    assert not re.search(r'(points|x|y|width|height)="[^"]*(nan|inf)', told)


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_sheet_fits_the_screen_and_changes_its_language(browser: Any, tmp_path: Path, size: str) -> None:
    path = tmp_path / "sheet.html"
    path.write_text(book("Small", [small(), small()]), encoding="utf-8")
    seen = Watched(browser, size)
    seen.page.goto(path.as_uri())
    for words in ("Stages in their order", "阶段顺序图"):
        assert words in seen.page.inner_text("main")
        assert seen.run("document.documentElement.scrollWidth") <= SIZES[size][0]
        seen.page.click("#language")
    tall = "Math.min(...[...document.querySelectorAll('svg text')].map((n) => n.getBoundingClientRect().height))"
    assert seen.run(tall) >= 9, "words in a picture are too small to read"
    assert seen.errors == [] and [url for url in seen.asked if not url.startswith(("file:", "data:"))] == []
    seen.page.close()
