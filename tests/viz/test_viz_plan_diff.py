"""Differences of plans: told once, with their sign, and none where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_junction import actuated, controller, layout, plan

from networks import City, SignalPhase, read_signal_plans, write_signal_plans
from twin.cli import run
from viz.signals.plans.plan_change import clearance_s, plan_changes
from viz.signals.plans.reason import plain_reasons
from viz.signals.sheets.diff_sheet import diff_sheet
from viz.signals.sheets.sheet import SignalSheet

SPLITS = st.tuples(st.integers(6, 60).map(float), st.integers(6, 60).map(float))


@given(SPLITS, SPLITS, st.integers(0, 40), st.integers(0, 40))
def test_equal_plans_differ_in_nothing_and_others_in_what_was_changed(
    one: tuple[float, float], other: tuple[float, float], first: int, second: int
) -> None:
    ground = controller()
    before, after = plan(offset_s=first, splits_s=one), plan(offset_s=second, splits_s=other)
    found = {(c.kind, c.subject): (c.before, c.after) for c in plan_changes(before, after, ground)}
    assert plan_changes(before, before, ground) == ()
    assert (("offset", "") in found) == (first != second)
    assert (("cycle", "") in found) == (sum(one) != sum(other))
    for n in (0, 1):
        assert found.get(("split", str(n + 1)), (f"{one[n]:g}", f"{one[n]:g}")) == (f"{one[n]:g}", f"{other[n]:g}")
    assert not {"yellow", "clearance", "stages", "control"} & {kind for kind, _ in found}


def test_a_shorter_clearance_is_told_with_what_is_needed() -> None:
    ground, before = controller(), plan()
    phases = tuple(p for p in before.phases if p.state != "rrrr")
    found = plan_changes(before, replace(before, phases=phases), ground)
    north, east = (ground.group_of[link].name for link in (0, 1))
    told = next(c for c in found if c.kind == "clearance" and c.subject == f"{north} > {east}")
    assert (told.before, told.after, told.needed) == ("5", "3", ground.intergreens.between(north, east))
    assert told.shorter == (told.needed > 3)
    assert clearance_s(before, ground, north, east) == 5


def test_greens_together_are_a_negative_clearance() -> None:
    ground = controller()
    both = replace(plan(), phases=tuple(replace(p, state=p.state.replace("GrGr", "GGGG")) for p in plan().phases))
    north, east = (ground.group_of[link].name for link in (0, 1))
    assert clearance_s(both, ground, north, east) == -30


def test_stages_dropped_and_turned_round_are_named_by_their_number_today() -> None:
    before = plan()
    round_ = replace(before, phases=before.phases[3:] + before.phases[:3])
    assert [(c.before, c.after) for c in plan_changes(before, round_, controller()) if c.kind == "stages"] == [
        ("1 2", "2 1")
    ]
    dropped = replace(before, phases=before.phases[:3])
    found = {(c.kind, c.subject): c.after for c in plan_changes(before, dropped, controller())}
    assert found["stages", ""] == "1" and found["split", "2"] == ""
    limits = {c.subject: c.after for c in plan_changes(before, actuated(before), controller()) if c.kind == "limits"}
    assert limits == {"1": "5–50", "2": "5–50"}


def test_a_reason_stands_where_it_is_given_and_room_where_not() -> None:
    today = SignalSheet(layout(), controller(), plan())
    why = {("offset", ""): {"en": "arrivals <late>", "zh": "到达较晚"}}
    told = diff_sheet(today, plan(offset_s=9.0, splits_s=(25.0, 25.0)), reasons=why, undo="twin desk undo 1")
    assert "arrivals &lt;late&gt;" in told and "到达较晚" in told and "twin desk undo 1" in told
    assert (
        told.count('<td class="why"></td>')
        == len(plan_changes(plan(), plan(offset_s=9.0, splits_s=(25.0, 25.0)), controller())) - 1
    )
    assert "The plans are equal" in diff_sheet(today, plan())


def test_reasons_that_the_plans_tell_themselves() -> None:
    ground, after = controller(), plan()
    hasty = replace(after, phases=tuple(p for p in after.phases if p.state != "rrrr"))
    north, east = (ground.group_of[link].name for link in (0, 1))
    needed = ground.intergreens.between(north, east)
    told = plain_reasons(hasty, after, ground).get(("clearance", f"{north} > {east}"))
    assert (told is not None) == (3 < needed <= 5)
    assert plain_reasons(after, hasty, ground) == {}, "no reason speaks for a clearance that gets shorter"
    extra = replace(
        after, phases=(*after.phases, SignalPhase(7.0, "GrGr", 7.0, 7.0), SignalPhase(6.0, "Grrr", 6.0, 6.0))
    )
    dropped = plain_reasons(extra, after, ground)
    assert dropped["split", "4"]["en"] == "its 1 links are green in other stages; 0 of them give way there"
    one_way = replace(after, phases=after.phases[:3])
    assert ("split", "2") not in plain_reasons(after, one_way, ground), "nobody else serves it"


def test_the_command_tells_the_changes_and_refuses_plans_of_another_signal(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tls, today = min(read_signal_plans(helsinki.net_file).items())
    write_signal_plans({tls: replace(today, offset_s=today.offset_s + 11)}, tmp_path / "new.add.xml")
    page = tmp_path / "diff.html"
    assert run(["signals", "diff", str(helsinki.folder), str(tmp_path / "new.add.xml"), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert f"signal {tls}: 1 changes" in said and "Offset" in said and "-> 11" in said
    assert 'class="diff"' in page.read_text(encoding="utf-8")
    write_signal_plans({"nowhere": replace(today, tls_id="nowhere")}, tmp_path / "odd.add.xml")
    assert run(["signals", "diff", str(helsinki.folder), str(tmp_path / "odd.add.xml")]) == 2
    assert "there is no signal 'nowhere'" in capsys.readouterr().err
