"""GA/T 1049.2: plans come back exactly, broken messages are refused in words, the emulator refuses what is unsafe."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plans import REAL, bare_crossing, crossing, eight_phase_plan, real_file, whole_plans
from staged_crossing import fixed, record, staged

from networks import BadInput, EngineFailed, Refused, SignalPlan, build_controller, read_layouts, read_signal_plans
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.emulated_crossing import emulated_crossing
from networks.protocols.exporting import export_gat1049, export_staged
from networks.protocols.gat1049.file import read_gat1049, write_gat1049
from networks.protocols.gat1049.message import Message, Operation, element, read_message, write_message
from networks.protocols.gat1049.reading import crossing_in
from networks.protocols.gat1049.system import SignalSystem, SystemTalk
from networks.protocols.gat1049.writing import crossing_elements, plan_elements
from networks.protocols.sending import restore_plans, send_plans
from networks.protocols.staged.comparing import changed_plan, changes
from networks.protocols.staged.laying import staged_of
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.showing import plan_of_staged
from networks.protocols.staged.unshifting import without_shifts
from networks.signals.plans.plan import STATIC
from networks.timing.likeness import likeness

USER = "platform"


@settings(max_examples=40)
@given(plan=whole_plans())
def test_a_plan_in_stages_shows_the_same(plan: SignalPlan) -> None:
    own = staged(plan)
    shown = plan_of_staged(own, plan, crossing()[1])
    compared = likeness(plan, shown)
    assert compared.same
    assert not compared.limits
    assert staged(shown) == own


@settings(max_examples=40)
@given(plan=whole_plans())
def test_a_plan_comes_back_from_objects_of_2024(plan: SignalPlan) -> None:
    own, today = staged(plan), fixed()
    back = crossing_in(crossing_elements(record(plan), 2024), staged(today)).plan
    assert changes(own, back) == []
    assert likeness(plan, changed_plan(today, staged(today), back, crossing()[1])).same
    assert changed_plan(plan, own, back, crossing()[1]) is plan, "what is not changed stays to the last digit"


def test_the_edition_of_2013_tells_times_with_the_stages() -> None:
    controller = bare_crossing()[1]
    plan, longer = eight_phase_plan(), eight_phase_plan((31, 8, 12, 22, 9), offset_s=12)
    own = CrossingRecord("c", {7: staged_of(longer, controller)}, 7)
    elements = crossing_elements(own, 2013)
    assert {one.tag for one in elements} >= {"PhaseParam", "StageParam", "PlanParam", "CrossPlan"}
    assert all(one.find("Green") is not None for one in elements if one.tag == "StageParam")
    back = crossing_in(elements, staged_of(plan, controller))
    assert back.running == 7
    assert changes(own.plan, back.plan) == []
    assert likeness(longer, changed_plan(plan, staged_of(plan, controller), back.plan, controller)).same


@settings(max_examples=30)
@given(plan=whole_plans())
def test_the_edition_of_2013_parts_stages_where_groups_start_late(plan: SignalPlan) -> None:
    own, today, controller = staged(plan), fixed(), crossing()[1]
    if plan.kind != STATIC:
        with pytest.raises(BadInput, match="which the edition of 2013 lacks"):
            crossing_elements(record(plan), 2013)
        return
    back = crossing_in(crossing_elements(record(plan), 2013), staged(today)).plan
    assert len(back.stages) > len(own.stages)
    assert not any(one.late_s for stage in back.stages for one in stage.served)
    assert changes(own, back) == []
    assert likeness(plan, plan_of_staged(back, plan, controller)).same
    assert likeness(plan, changed_plan(today, staged(today), back, controller)).same
    assert without_shifts(back) == back, "there is nothing left to part"


def test_lamp_groups_tell_their_arm_and_turn(tmp_path: Path) -> None:
    layout = bare_crossing()[0]
    export_gat1049({"c": eight_phase_plan()}, {"c": layout}, tmp_path / "x.xml")
    _, found = read_gat1049(tmp_path / "x.xml")
    arms = {"n": 1, "e": 3, "s": 5, "w": 7}
    comes = {movement.index: arms[movement.from_edge[0]] for movement in layout.movements}
    for group in found["c"].groups:
        assert {comes[link] for link in group.links} == {group.arm}
    assert {group.turn for group in found["c"].groups} == {"", "l"}


def test_a_file_alone_tells_its_groups(tmp_path: Path) -> None:
    write_gat1049({"c": record(fixed(25.0))}, tmp_path / "x.xml", 2024)
    edition, found = read_gat1049(tmp_path / "x.xml")
    assert edition == 2024
    assert {group.links for group in found["c"].groups} == {group.links for group in staged(fixed()).groups}
    assert found["c"].plan.stages[0].seconds == staged(fixed(25.0)).stages[0].seconds


@settings(max_examples=60)
@given(data=st.data())
def test_a_file_with_faults_never_crashes(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("gat") / "x.xml"
    write_gat1049({"c": record(fixed())}, path, 2024)
    path.write_bytes(broken(data, path.read_bytes()))
    try:
        read_gat1049(path, {"c": staged(fixed())})
    except BadInput as error:
        assert error.what


def broken(data: st.DataObject, whole: bytes) -> bytes:
    """Bytes with a bit flipped, cut short, or with garbage in the middle."""
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(("flip", "cut", "garbage")))
    if kind == "flip":
        return whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
    return whole[:at] if kind == "cut" else whole[:at] + data.draw(st.binary(min_size=1, max_size=20)) + whole[at:]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<CycleLen>", "<CycleLen>1", "add up to"),
        ("<Green>", "<Green>twenty", "Green of StageTiming is 'twenty"),
        ("<LampStatus>", "<LampStatus>9", "three digits"),
        ("<StageNo>101</StageNo>\n      <Green>", "<StageNo>900</StageNo>\n      <Green>", "there is no stage 900"),
        ("[", "(", "does not tell its links"),
        ("<CrossID>c", "<CrossID>d", "the network has no such signal"),
        ("<Message>", "<!DOCTYPE Message []><Message>", "declares a document type"),
        ("<Type>RESPONSE</Type>", "", "lacks Type"),
        ("PlanParam", "PlanParams", "holds no PlanParam"),
    ],
)
def test_broken_files_are_refused_in_words(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    write_gat1049({"c": record(fixed())}, path, 2024)
    text = path.read_text(encoding="utf-8")
    assert old in text
    drop = "SignalGroupParam" if old == "[" else "none"
    path.write_text(text.replace(old, new).replace(f"<{drop}>", f"<{drop}>", 1), encoding="utf-8")
    now = None if old == "[" else {"c": staged(fixed())}
    with pytest.raises(BadInput, match=said):
        read_gat1049(path, now)


def talk(edition: int = 2024, log: Callable[[str], None] = lambda _: None) -> SystemTalk:
    layout, _ = crossing()
    return SignalSystem({"c": emulated_crossing(fixed(), layout)}, edition, user=USER, log=log).converse()


def ask(conversation: SystemTalk, name: str, *objects: ET.Element, token: str = "", version: str = "2.0") -> Message:
    operation = Operation(name, objects)
    answer = conversation.feed(
        write_message(Message("REQUEST", "20260101000000000001", (operation,), token, version=version))
    )
    return read_message(answer, name="emulator")


def refused(answer: Message) -> str:
    told = answer.objects("SDO_Error")
    return f"{told[0].findtext('ErrType')}: {told[0].findtext('ErrDesc')}" if told else ""


def logged_in(conversation: SystemTalk) -> str:
    return ask(conversation, "Login", element("SDO_User", [("UserName", USER), ("Pwd", "")])).token


def set_plan(plan: StagedPlan, number: int = 2, oper: int = 1) -> ET.Element:
    *stages, told = plan_elements("c", number, plan, 2024)
    command = element("SetPlanParam", [("Oper", oper)])
    command.append(told)
    ET.SubElement(command, "StageParamList").extend(stages)
    return command


def test_the_emulator_lets_nobody_in_who_did_not_log_in() -> None:
    conversation = talk()
    asked = element("TSCCmd", [("ObjName", "SysInfo"), ("ID", ""), ("No", "")])
    assert refused(ask(conversation, "Get", asked)).startswith("SDE_Token")
    wrong = element("SDO_User", [("UserName", "nobody"), ("Pwd", "")])
    assert refused(ask(conversation, "Login", wrong)).startswith("SDE_UserName")
    assert refused(ask(conversation, "Get", asked, version="1.0")).startswith("SDE_Version")
    token = logged_in(conversation)
    assert ask(conversation, "Get", asked, token=token).objects("SysInfo")
    assert refused(ask(conversation, "Dance", asked, token=token)).startswith("SDE_OperName")
    assert refused(ask(conversation, "Get", asked, token="0" * 40)).startswith("SDE_Token")


def unsafe_plans() -> list[tuple[str, StagedPlan]]:
    own = staged(fixed())
    first, second, *rest = own.stages
    everyone = tuple({one.group: one for one in (*second.served, *first.served)}.values())
    return [
        ("conflict", replace(own, stages=(replace(first, served=everyone), second, *rest))),
        ("intergreen|yellow", staged(hasty())),
        ("green for", replace(own, stages=(replace(first, seconds=first.seconds - 18), second, *rest))),
        ("wired to", replace(own, groups=(replace(own.groups[0], links=own.groups[0].links[:-1]), *own.groups[1:]))),
    ]


def hasty() -> SignalPlan:
    """The plan with yellows of 1 s."""
    plan = fixed()
    return replace(
        plan,
        phases=tuple(replace(p, duration_s=1.0, min_s=1.0, max_s=1.0) if "y" in p.state else p for p in plan.phases),
    )


@pytest.mark.parametrize("number", range(4))
def test_a_crossing_refuses_what_is_unsafe(number: int) -> None:
    said, plan = unsafe_plans()[number]
    one = emulated_crossing(fixed(), crossing()[0])
    with pytest.raises(Refused, match=said):
        one.put(2, plan)
    assert list(one.record.plans) == [1]


def test_a_file_that_would_be_read_less_safe_is_not_left(tmp_path: Path) -> None:
    path, layouts = tmp_path / "x.xml", {"c": crossing()[0]}
    _, unsafe = unsafe_plans()[-1]

    def write(records: Mapping[str, CrossingRecord], out: Path) -> None:
        write_gat1049(records, out, 2024)

    def read(*_: object) -> dict[str, CrossingRecord]:
        return {"c": CrossingRecord("c", {1: unsafe}, 1)}

    with pytest.raises(BadInput, match="read back it would be unsafe"):
        export_staged({"c": fixed()}, layouts, path, "GA/T 1049.2", write, read, [], {})
    assert list(tmp_path.iterdir()) == []


def test_the_emulator_does_all_of_a_message_or_nothing() -> None:
    conversation = talk()
    token = logged_in(conversation)
    run = element("CrossCtrlInfo", [("CrossID", "c"), ("ControlMode", "21"), ("PlanNo", 9), ("Time", "")])
    answer = ask(conversation, "Set", set_plan(staged(fixed(30.0))), run, token=token)
    assert "SDE_Failure: there is no plan 9" in refused(answer)
    plans = element("TSCCmd", [("ObjName", "PlanParam"), ("ID", "c"), ("No", "")])
    assert len(ask(conversation, "Get", plans, token=token).objects("PlanParam")) == 1
    assert refused(ask(conversation, "Set", set_plan(staged(fixed(30.0))), token=token)) == ""
    assert len(ask(conversation, "Get", plans, token=token).objects("PlanParam")) == 2
    assert "plan 2 is there" in refused(ask(conversation, "Set", set_plan(staged(fixed(40.0))), token=token))
    running = set_plan(staged(fixed(40.0)), number=1, oper=2)
    assert "SDE_NotAllow: plan 1 is running" in refused(ask(conversation, "Set", running, token=token))
    assert "SDE_NotAllow" in refused(ask(conversation, "Set", element("CrossParam", [("CrossID", "c")]), token=token))


@settings(max_examples=40)
@given(data=st.data())
def test_the_emulator_answers_faults_with_words(data: st.DataObject) -> None:
    lines: list[str] = []
    conversation = talk(log=lines.append)
    login = Operation("Login", (element("SDO_User", [("UserName", USER), ("Pwd", "")]),))
    whole = write_message(Message("REQUEST", "20260101000000000001", (login,)))
    answer = conversation.feed(broken(data, whole) + b"</Message>")
    assert not answer or read_message(answer.split(b"</Message>")[0] + b"</Message>", name="emulator").kind
    assert logged_in(conversation), "who comes after is served"


def test_a_stream_without_end_is_hung_up_on() -> None:
    conversation = talk()
    assert b"SDE_MsgType" in conversation.feed(b"<Message>" + b"x" * 500_000)
    assert conversation.done


class Shelf:
    """A line to an emulated crossing without a wire; it may fail to switch."""

    def __init__(self, *names: str, stuck: str = "") -> None:
        self.own = {name: emulated_crossing(fixed(), crossing()[0]) for name in names}
        self.stuck = stuck
        self.switched: list[tuple[str, int]] = []

    def read(self, cross_id: str) -> CrossingRecord:
        return replace(self.own[cross_id].record, cross_id=cross_id)

    def write(self, record: CrossingRecord, number: int, plan: StagedPlan) -> None:
        self.own[record.cross_id].put(number, plan)

    def run(self, record: CrossingRecord, number: int) -> None:
        self.switched.append((record.cross_id, number))
        if record.cross_id != self.stuck:
            self.own[record.cross_id].run(number)

    def close(self) -> None:
        return


def test_plans_are_sent_and_taken_back() -> None:
    line, kept = Shelf("a", "b"), dict[str, CrossingRecord]()
    done = send_plans(line, {name: staged(fixed(30.0)) for name in "ab"}, kept.update, 999)
    assert [(one.cross_id, one.before, one.after) for one in done] == [("a", 1, 2), ("b", 1, 2)]
    assert all("cycle" in one.changes[0] for one in done)
    assert changes(kept["a"].plan, staged(fixed())) == []
    assert [one.after for one in restore_plans(line, kept, 999)] == [1, 1]
    gone = replace(line.own["a"].record, plans={1: staged(fixed(30.0))}, running=1)
    line.own["a"].record = gone
    assert [one.after for one in restore_plans(line, kept, 999)] == [2, 1], (
        "another plan has the number: it is written again"
    )
    assert changes(line.read("a").plan, kept["a"].plan) == []


def test_a_plan_that_is_there_is_not_written_again() -> None:
    line, longer = Shelf("a"), staged(fixed(31.0))
    for before in (1, 2):
        (sent,) = send_plans(line, {"a": longer}, lambda _: None, 99)
        assert (sent.before, sent.after) == (before, 2)
    assert sent.changes == []
    assert line.switched == [("a", 2)]
    assert set(line.own["a"].record.plans) == {1, 2}


def test_where_one_does_not_switch_all_go_back() -> None:
    line, kept = Shelf("a", "b", stuck="b"), dict[str, CrossingRecord]()
    with pytest.raises(EngineFailed, match="plan 1 runs, not 2"):
        send_plans(line, {name: staged(fixed(30.0)) for name in "ab"}, kept.update, 999)
    assert line.read("a").running == 1
    assert set(kept) == {"a", "b"}


def test_nothing_switches_unless_all_are_written() -> None:
    line = Shelf("a", "b")
    with pytest.raises(Refused):
        send_plans(line, {"a": staged(fixed(30.0)), "b": unsafe_plans()[0][1]}, lambda _: None, 999)
    assert line.switched == []


@pytest.mark.parametrize("name", REAL)
def test_real_plans_come_back(name: str, tmp_path: Path) -> None:
    if not real_file(name).is_file():
        pytest.skip(f"{name} is not on this machine (CITYTWIN_DATA)")
    layouts, plans = read_layouts(real_file(name)), read_signal_plans(real_file(name), source="imported")
    report = export_gat1049(plans, layouts, tmp_path / "x.xml")
    odd = [tls for tls, lines in report.written.items() if "the same in every second" not in lines[0]]
    assert len(odd) + len(report.left_out) <= (2 if "hamburg" in name else 0)
    assert build_controller(layouts[next(iter(plans))]).tls_id in plans
