"""What stands at a signal, on its sheet: waiting areas where they may be entered, halves by their edges."""

from __future__ import annotations

from dataclasses import replace

from small_junction import controller, layout, plan

from networks import Layout, carrying
from networks.signals.equipment.equipment import Equipment
from networks.signals.groups.crossing import Crossing
from networks.signals.layouts.movement import length_of
from viz.signals.diagrams.ground import ways
from viz.signals.diagrams.stage_diagram import stage_picture
from viz.signals.sheets.sheet import SignalSheet, sheet
from viz.signals.sheets.standing import crossed, standing_lines


def with_turn() -> Layout:
    """The crossroads with a left turn from the north, link 4, that waits 8 m beyond its stop line."""
    own = layout()
    straight = own.movements[0]
    turn = replace(straight, index=4, direction="l", to_edge="e_out", path=((0, 10), (0, 0), (10, 0)), ahead_m=8.0)
    meets = own.meets | {(4, n) for n in (1, 2, 3)} | {(n, 4) for n in (1, 2, 3)}
    return replace(own, movements=(*own.movements, turn), meets=meets, red="rrrrr")


def test_a_waiting_area_is_drawn_where_it_may_be_entered() -> None:
    drawn = {state: str(stage_picture(with_turn(), controller(), state, title="t")) for state in
             ("GrGrr", "GrGrG", "rGrGr", "rrrrG")}  # fmt: skip
    assert [state for state, picture in drawn.items() if 'class="waits"' in picture] == ["GrGrr"]
    way = next(one for one in ways(with_turn(), {}, 200.0, 10.0) if one.index == 4)
    plain = next(one for one in ways(with_turn(), {}, 200.0, 10.0) if one.index == 0)
    scale = length_of(plain.points) / (20 + 14 + 7)
    assert abs(length_of(way.waits) / scale - 8.0) < 1e-6 and not plain.waits


def test_what_stands_there_is_told_in_both_languages() -> None:
    own = plan()
    phases = tuple(replace(phase, state=phase.state + "r") for phase in own.phases)
    told = standing_lines(with_turn(), carrying(replace(own, phases=phases), Equipment(countdown=True)))
    assert [line["en"].split(":")[0] for line in told] == [
        "Countdown displays", "Waiting area for turns from High <Street> (n_in)",
    ]  # fmt: skip
    assert "seconds 0-30" in told[1]["en"] and "第0-30秒" in told[1]["zh"]
    assert standing_lines(layout(), plan()) == []
    text = str(sheet(SignalSheet(layout(), controller(), carrying(plan(), Equipment(countdown=True)))))
    assert "Countdown displays: no green" in text and "设倒计时显示" in text
    assert "What stands there" not in str(sheet(SignalSheet(layout(), controller(), plan())))


def test_a_half_of_a_crossing_names_its_edges() -> None:
    half = Crossing(("n_in",), ("V1",), 3.25, 5.0, 2.7, ("n_out",))
    assert crossed(layout(), half) == "High <Street> (n_in)"
    assert crossed(layout(), replace(half, beyond=())) == "High <Street>"
