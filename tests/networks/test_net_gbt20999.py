"""GB/T 20999-2017: recorded frames are understood, broken ones refused, trees come back, the emulator keeps safe."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import REAL, crossing, real_file, whole_plans
from staged_crossing import fixed, record, staged

from networks import BadInput, Refused, SignalPlan, read_layouts, read_signal_plans
from networks.protocols.emulated_crossing import emulated_crossing
from networks.protocols.exporting import export_gbt20999
from networks.protocols.gbt20999.controller import ControllerTalk, EmulatedController
from networks.protocols.gbt20999.file import read_gbt20999, write_gbt20999
from networks.protocols.gbt20999.frame import Frame, FrameStream, Item, Kind, Status, read_body, write_frame
from networks.protocols.gbt20999.laying import tree_of, with_plan
from networks.protocols.gbt20999.lifting import kept_from, record_of
from networks.protocols.gbt20999.rows import (
    ASSIGNED_PLAN,
    CONFLICTS,
    PHASES,
    PLANS,
    RUNNING_PLAN,
    STAGES,
    bits,
    chain,
    chain_in,
    numbers_in,
    plan_items,
    stage_items,
    tree_in,
    tree_items,
)
from networks.protocols.gbt20999.station import controller_file
from networks.protocols.staged.comparing import changes

RECORDED = (
    ("7e00130100050000000000011001010401010000 5a91 7d", Kind.QUERY, (1, 1, 0, 0), ""),
    ("7e001b010005000000000002200101 0c06020201 000000000000000f 2c32 7d", Kind.ANSWER, (6, 2, 2, 1), "phases 1 to 4"),
    (
        "7e0023010005000000000002200101 1409020601 00000000000000000000000004030201 44ad 7d",
        Kind.ANSWER,
        (9, 2, 6, 1),
        "",
    ),
    ("7e0014010005000000000002210101 0511020101 30 fa97 7d", Kind.QUERY_REFUSED, (17, 2, 1, 1), "not there"),
)
"""Requests and answers recorded from a controller (github.com/673879047-dev/20999-test-first, protocol_catalog.json),
without escapes as over UDP."""

items = st.builds(Item, st.tuples(*[st.integers(0, 255)] * 4), st.binary(max_size=40))
frames = st.builds(
    Frame,
    st.sampled_from(list(Kind)),
    st.lists(items, max_size=6).map(tuple),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
)


@pytest.mark.parametrize(("text", "kind", "address", "_"), RECORDED)
def test_recorded_frames_are_understood(text: str, kind: Kind, address: tuple[int, ...], _: str) -> None:
    data = bytes.fromhex(text)
    frame = read_body(data[1:-1])
    assert (frame.kind, frame.items[0].address) == (kind, address)
    assert write_frame(frame, escaped=False) == data


def test_recorded_values_mean_what_they_say() -> None:
    phases, chained = (read_body(bytes.fromhex(text)[1:-1]).items[0].value for text, *_ in RECORDED[1:3])
    assert numbers_in(phases) == {1, 2, 3, 4}
    assert chain_in(chained)[:5] == [1, 2, 3, 4, 0]
    assert bits({1, 2, 3, 4}) == phases
    assert chain([1, 2, 3, 4], 16) == chained


@settings(max_examples=80)
@given(frame=frames, cuts=st.lists(st.integers(0, 400), max_size=4))
def test_frames_come_back_in_any_pieces(frame: Frame, cuts: list[int]) -> None:
    data, stream, found = write_frame(frame) * 2, FrameStream(), list[Frame | BadInput]()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for begin, end in itertools.pairwise(edges):
        found += stream.feed(data[begin:end])
    assert found == [frame, frame]


@settings(max_examples=120)
@given(frame=frames, data=st.data())
def test_a_flipped_bit_is_never_taken_for_a_frame(frame: Frame, data: st.DataObject) -> None:
    whole = write_frame(frame)
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    broken = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    assert not any(isinstance(one, Frame) for one in FrameStream().feed(broken))


@settings(max_examples=80)
@given(frame=frames, garbage=st.binary(max_size=60), data=st.data())
def test_after_garbage_and_a_cut_frame_the_next_is_read(frame: Frame, garbage: bytes, data: st.DataObject) -> None:
    whole = write_frame(frame)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    stream = FrameStream()
    before = stream.feed(garbage.replace(b"\x5c", b"") + cut.rstrip(b"\x5c"))
    assert all(isinstance(one, BadInput) and one.what for one in before)
    assert stream.feed(whole)[-1] == frame


@settings(max_examples=40)
@given(plan=whole_plans())
def test_a_plan_comes_back_from_rows(plan: SignalPlan) -> None:
    own = record(plan)
    tree = tree_of(own, crossing()[1])
    values = {one.address: one.value for one in tree_items(tree)}
    assert tree_in(values) == tree
    back = record_of(tree_in(values), own.groups, "c").plan
    assert changes(own.plan, kept_from(own.plan, back)) == []


@settings(max_examples=20)
@given(plan=whole_plans())
def test_a_plan_comes_back_from_a_file(plan: SignalPlan, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("gbt") / "x.json"
    told = controller_file(record(plan), crossing()[1])
    write_gbt20999({"c": told}, path)
    back = read_gbt20999(path)["c"]
    assert (back.tree, back.signal_id) == (told.tree, told.signal_id)
    own = staged(plan)
    assert changes(own, kept_from(own, replace(back, groups=own.groups).record.plan)) == []


def test_plans_share_phases_and_stages_that_are_equal() -> None:
    tree = tree_of(record(fixed()))
    grown = with_plan(tree, 2, staged(fixed(20.0, 7.0)))
    assert (grown.phases, grown.stages) == (tree.phases, tree.stages)
    assert (grown.plans[2].offset_s - grown.plans[1].offset_s) % grown.plans[1].cycle_s == 7


@settings(max_examples=80)
@given(data=st.data())
def test_a_file_with_faults_never_crashes(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("gbt") / "x.json"
    write_gbt20999({"c": controller_file(record(fixed()), crossing()[1])}, path)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))])
    path.write_bytes(whole[:at] + (flip + whole[at + 1 :] if data.draw(st.booleans()) else b""))
    try:
        read_gbt20999(path, {"c": staged(fixed())})
    except BadInput as error:
        assert error.what


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"times_s": [', '"times_s": [9, ', "wrong kind|do not match"),
        ('"cycle_s": ', '"cycle_s": 1', "add up to"),
        ('"phases": [1', '"phases": [60', "there is no phase 60"),
        ('"signal": "c"', '"signal": "d"', "the network has no such signal"),
        ('"running": 1', '"running": 9', "plan 9 runs and is not told"),
        ('"number": 1', '"number": true', "no whole number"),
        ("{", "[", "something is missing or of the wrong kind"),
    ],
)
def test_broken_files_are_refused_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_gbt20999({"c": controller_file(record(fixed()), crossing()[1])}, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_gbt20999(path, {"c": staged(fixed())})


def device(log: Callable[[str], None] = lambda _: None) -> tuple[EmulatedController, ControllerTalk]:
    one = emulated_crossing(fixed(), crossing()[0])
    controller = EmulatedController(controller_file(one.record, one.controller), one)
    return controller, ControllerTalk({7: controller}, Lock(), log, lambda: None)


def ask(talk: ControllerTalk, kind: Kind, *own: Item) -> Frame:
    frame = FrameStream().feed(talk.feed(write_frame(Frame(kind, own, 7, 9))))[0]
    assert isinstance(frame, Frame)
    assert (frame.signal_id, frame.sequence) == (7, 9)
    return frame


def test_the_emulator_answers_queries_and_heartbeats() -> None:
    _, talk = device()
    assert ask(talk, Kind.HEARTBEAT).kind is Kind.HEARTBEAT_ANSWER
    answer = ask(talk, Kind.QUERY, Item(RUNNING_PLAN), Item((*PLANS, 1, 2)))
    assert [one.value for one in answer.items] == [b"\1", b"\0"]
    refused = ask(talk, Kind.QUERY, Item(RUNNING_PLAN), Item((99, 1, 1, 1)))
    assert refused.kind is Kind.QUERY_REFUSED
    assert refused.items == (Item((99, 1, 1, 1), bytes([Status.NOT_THERE])),)


@pytest.mark.parametrize(
    ("item", "status"),
    [
        (Item((*STAGES, 2, 60), b"\1"), Status.WRONG_LENGTH),
        (Item((*STAGES, 9, 1), b"\1"), Status.NOT_THERE),
        (Item((*STAGES, 1, 60), b"\5"), Status.BAD_VALUE),
        (Item((*PHASES, 6, 1), b"\1"), Status.READ_ONLY),
        (Item((*CONFLICTS, 2, 1), bytes(8)), Status.READ_ONLY),
        (Item((3, 2, 2, 1), b"\2"), Status.READ_ONLY),
        (Item(RUNNING_PLAN, b"\2"), Status.READ_ONLY),
        (Item(ASSIGNED_PLAN, b"\5"), Status.CONTROL_FAILED),
    ],
)
def test_the_emulator_refuses_with_the_reason_and_does_nothing(item: Item, status: Status) -> None:
    controller, talk = device()
    before = dict(controller.values)
    answer = ask(talk, Kind.SET, Item((*STAGES, 1, 50), bytes([50])), item)
    assert answer.kind is Kind.SET_REFUSED
    assert answer.items == (Item(item.address, bytes([status])),)
    assert controller.values == before


def test_a_plan_with_a_conflict_is_written_and_never_runs() -> None:
    lines: list[str] = []
    controller, talk = device(lines.append)
    tree = controller.tree
    everyone = frozenset(tree.phases)
    stage = replace(tree.stages[1], number=40, phases=everyone, late_s={}, early_s={})
    plan = replace(tree.plans[1], number=2, stages=(40, 40))
    for own in (stage_items(stage), plan_items(plan)):
        assert ask(talk, Kind.SET, *own).kind is Kind.SET_DONE
    assert ask(talk, Kind.SET, Item(ASSIGNED_PLAN, b"\2")).kind is Kind.SET_REFUSED
    assert "CONTROL_FAILED" in lines[-1]
    assert controller.tree.running == 1


def test_a_table_without_a_conflict_of_the_ground_is_refused() -> None:
    controller, talk = device()
    pair = min(controller.told.tree.conflicts)
    with pytest.raises(Refused, match=f"lacks lamp groups {pair[0]} and {pair[1]}"):
        controller._assign({**controller.values, **{(*CONFLICTS, 2, n): bytes(8) for n in controller.tree.phases}}, 1)
    assert ask(talk, Kind.SET, Item(ASSIGNED_PLAN, b"\1")).kind is Kind.SET_DONE


def test_broken_frames_are_told_not_answered_and_end_the_call_when_many() -> None:
    lines: list[str] = []
    _, talk = device(lines.append)
    whole = write_frame(Frame(Kind.QUERY, (Item(RUNNING_PLAN),), 7))
    assert talk.feed(whole[:-3] + b"\0\0\x7d") == b""
    assert "a broken frame: its check is" in lines[-1]
    assert talk.feed(write_frame(Frame(Kind.QUERY, (Item(RUNNING_PLAN),), 8))) == b"", "another controller"
    assert talk.feed(whole)
    talk.feed(b"\x7e\x7d" * 40)
    assert talk.done


@pytest.mark.parametrize("name", REAL)
def test_real_plans_come_back(name: str, tmp_path: Path) -> None:
    if not real_file(name).is_file():
        pytest.skip(f"{name} is not on this machine (CITYTWIN_DATA)")
    layouts, plans = read_layouts(real_file(name)), read_signal_plans(real_file(name), source="imported")
    report = export_gbt20999(plans, layouts, tmp_path / "x.json")
    odd = [tls for tls, lines in report.written.items() if "the same in every second" not in lines[0]]
    assert len(odd) + len(report.left_out) <= (3 if "hamburg" in name else 1)
