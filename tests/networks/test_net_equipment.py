"""Countdown displays that bind, left-turn waiting areas, crossings in two halves: in plans, matrices and rules."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_crossings import STAR, crossing_net, four_arms, wide_arms

from networks import (
    BadInput,
    Equipment,
    Layout,
    NotThere,
    SignalPhase,
    SignalPlan,
    build_controller,
    carrying,
    check_plans,
    equipment_of,
    read_equipment,
    read_layouts,
    read_rules,
    read_signal_plans,
    rule_controller,
    sumo_home,
    write_signal_plans,
)
from networks.rules.checking import check_rules
from networks.rules.verdict import Verdict
from networks.signals.controllers.assembling import assemble_plan
from networks.signals.controllers.staging import choose_stages
from networks.signals.equipment.equipment import equipped, equipped_for
from networks.signals.equipment.refuge import held_halves, island_wait_s
from networks.signals.equipment.waiting_area import WaitingArea, stuck_in, waiting_areas
from networks.signals.plans.course import Green

LOCALES = ("gb", "ite", "rilsa", "uk")


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Four arms whose left turns have lanes and stages of their own."""
    return read_layouts(wide_arms(tmp_path_factory.mktemp("wide")))["c"]


@pytest.fixture(scope="module")
def plain_net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return four_arms(tmp_path_factory.mktemp("plain"), lanes=2)


def plan_for(layout: Layout, equipment: Equipment, locale: str = "gb", more_s: float = 6.0) -> SignalPlan:
    controller = rule_controller(equipped(layout, equipment), read_rules(locale))
    greens = [stage.min_green_s + more_s for stage in controller.stages]
    return carrying(assemble_plan(controller, greens), equipment)


def told(plan: SignalPlan, layout: Layout, rule: str, locale: str = "gb") -> list[Verdict]:
    return [one for one in check_plans([plan], {"c": layout}, read_rules(locale)) if one.rule == rule]


ids = st.text("abc-_#:", min_size=1, max_size=6)


@given(
    countdown=st.booleans(),
    waiting=st.dictionaries(ids, st.integers(1, 40).map(float), max_size=3),
    refuges=st.sets(ids, max_size=3),
)
def test_a_plan_keeps_what_stands_at_its_signal(
    tmp_path_factory: pytest.TempPathFactory, countdown: bool, waiting: dict[str, float], refuges: set[str]
) -> None:
    own = Equipment(countdown, tuple(sorted(waiting.items())), tuple(sorted(refuges)))
    plan = SignalPlan("c", "p", 0.0, (SignalPhase(30.0, "G", 30.0, 30.0),), "drawn", params=(("max-gap", "3"),))
    file = tmp_path_factory.mktemp("plan") / "p.xml"
    write_signal_plans({"c": carrying(plan, own)}, file)
    back = read_signal_plans(file)["c"]
    assert equipment_of(back) == own and ("max-gap", "3") in back.params
    assert carrying(back, Equipment()) == back
    assert equipment_of(back) | own == own


def test_sumo_passes_over_what_stands_there(plain_net: Path, tmp_path: Path) -> None:
    layout = read_layouts(plain_net)["c"]
    own = Equipment(True, (("nc", 10.0),), ("ec",))
    for kind in ("static", "actuated"):
        plan = replace(plan_for(layout, own), kind=kind, program_id=kind)
        write_signal_plans({"c": plan}, tmp_path / "p.xml")
        command = [sumo_home() / "bin" / "sumo", "-n", plain_net, "-a", tmp_path / "p.xml", "-e", "10", "-X", "never"]
        ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
        assert "rror" not in ran.stderr, ran.stderr


@pytest.mark.parametrize("locale", LOCALES)
def test_a_countdown_refuses_greens_of_unknown_length(plain_net: Path, locale: str) -> None:
    layout, shown = read_layouts(plain_net)["c"], Equipment(countdown=True)
    fixed = plan_for(layout, shown, locale)
    assert [one.passed for one in told(fixed, layout, "countdown", locale)] == [True]
    assert told(replace(fixed, params=()), layout, "countdown", locale) == [], "nobody counts there"
    longer = tuple(replace(p, max_s=p.max_s + (0.0 if p.changing else 10.0)) for p in fixed.phases)
    for kind in ("actuated", "delay_based"):
        verdict = told(replace(fixed, kind=kind, phases=longer), layout, "countdown", locale)[0]
        assert verdict.passed is False and verdict.found == 4.0 and "not known when it begins" in verdict.why["en"]
        assert told(replace(fixed, kind=kind), layout, "countdown", locale)[0].passed is True, "limits without room"
    one = (replace(fixed.phases[0], max_s=fixed.phases[0].max_s + 1.0), *fixed.phases[1:])
    verdict = told(replace(fixed, kind="actuated", phases=one), layout, "countdown", locale)[0]
    assert verdict.found == 2.0, "the lamps of the stage that may last"


def test_a_countdown_refuses_branches_that_end_a_green_sooner(plain_net: Path) -> None:
    layout = read_layouts(plain_net)["c"]
    fixed = plan_for(layout, Equipment(countdown=True))
    stage = next(n for n, phase in enumerate(fixed.phases) if not phase.changing)
    longer = replace(fixed.phases[stage], name="longer", following=(stage + 1,))
    able = (len(fixed.phases), stage + 1)
    phases = [*fixed.phases, longer]
    phases[stage] = replace(phases[stage], following=able)
    phases[-2] = replace(phases[-2], following=(0,))
    branched = replace(fixed, phases=tuple(phases))
    assert told(branched, layout, "countdown")[0].passed is False


@pytest.mark.parametrize("locale", LOCALES)
def test_who_enters_from_a_waiting_area_needs_a_longer_intergreen(wide: Layout, locale: str) -> None:
    areas = Equipment(waiting=tuple((f"{arm}c", 12.0) for arm in "ensw"))
    plain, ahead = (
        rule_controller(equipped(wide, one), read_rules(locale)).intergreens.seconds for one in (Equipment(), areas)
    )
    assert set(plain) == set(ahead) and all(ahead[pair] >= plain[pair] for pair in plain)
    longer = {pair for pair in plain if ahead[pair] > plain[pair]}
    turning = {
        group.name
        for group in build_controller(wide).groups
        if all(m.direction == "l" for m in wide.movements if m.index in group.links)
    }
    assert {entering for _, entering in longer} <= turning
    if read_rules(locale).rows["intergreen"].method != "kinematic":
        assert longer, "12 m at 40 km/h are a second"


@settings(max_examples=12)
@given(metres=st.floats(1.0, 40.0))
def test_a_longer_waiting_area_never_shortens_an_intergreen(wide: Layout, metres: float) -> None:
    seconds = [
        rule_controller(equipped(wide, Equipment(waiting=(("nc", length),))), read_rules("gb")).intergreens.seconds
        for length in (metres, metres / 2)
    ]
    assert all(seconds[0][pair] >= seconds[1][pair] for pair in seconds[0])


def test_straight_on_goes_before_the_turn_that_waits(wide: Layout) -> None:
    areas = Equipment(waiting=tuple((f"{arm}c", 10.0) for arm in "ensw"))
    plan = plan_for(wide, areas)
    verdicts = told(plan, wide, "waiting_area")
    assert [one.subject for one in verdicts] == ["from ec", "from nc", "from sc", "from wc"]
    assert all(one.passed for one in verdicts), "the stages were put in an order that keeps it"
    area = next(one for one in waiting_areas(equipped_for(wide, plan)) if one.edge == "nc")
    assert len(area.turning) == 1 and len(area.straight) == 2
    comes = {m.index: m.from_edge for m in wide.movements}
    assert {comes[link] for link in area.across} == {"ec", "wc"}
    backwards = _backwards(plan, wide, areas)
    odd = [one for one in told(backwards, wide, "waiting_area") if one.passed is False]
    assert odd and all(one.found and one.why["zh"] for one in odd)


@pytest.mark.parametrize(
    ("shown", "stuck"),
    [
        (["s", "t", "x"], 0),
        (["st", "x"], 0),
        (["t", "s", "x"], 1),
        (["s", "x", "t"], 1),
        (["s", "x", "x", "t"], 2),
        (["s", "s", "t", "x"], 0),
        (["s", "o", "t", "x"], 0),
        (["st", "s", "x"], 1),
    ],
)
def test_who_may_be_stuck_in_a_waiting_area_by_hand(shown: list[str], stuck: int) -> None:
    """s: straight on, t: the turn, x: the streets beside, o: who comes from opposite."""
    area = WaitingArea("e", 9.0, (1,), (0,), (2,))
    assert stuck_in(area, tuple(frozenset("stxo".index(one) for one in stage) for stage in shown)) == stuck


def test_stages_come_in_an_order_in_which_nobody_is_stuck(wide: Layout) -> None:
    own = build_controller(wide)
    natural = tuple(stage.groups for stage in own.stages)
    assert len(natural) > 2

    def chosen(stuck: Callable[[tuple[tuple[str, ...], ...]], int]) -> tuple[tuple[str, ...], ...]:
        carried = {group.name: () for group in own.groups}
        ratios = {group.name: 0.1 for group in own.groups}
        return choose_stages(own.groups, own.conflicts, own.intergreens, carried, frozenset(), ratios, stuck)

    usual = chosen(lambda _: 0)
    other = chosen(lambda order: int(order == usual))
    assert set(usual) == set(other) and usual != other


def _backwards(plan: SignalPlan, layout: Layout, areas: Equipment) -> SignalPlan:
    """The stages in the other order: turns go first."""
    controller = rule_controller(equipped(layout, areas), read_rules("gb"))
    turned = replace(controller, stages=(controller.stages[0], *controller.stages[:0:-1]))
    return carrying(assemble_plan(turned, [stage.min_green_s + 6.0 for stage in turned.stages]), equipment_of(plan))


def test_halves_of_a_crossing_are_judged_by_their_own_length(plain_net: Path) -> None:
    layout = read_layouts(plain_net)["c"]
    whole = {one.over: one for one in build_controller(layout).crossings}
    halves = {one.over: one for one in build_controller(equipped(layout, Equipment(refuges=("nc",)))).crossings}
    assert ("cn", "nc") in whole and set(halves) == (set(whole) - {("cn", "nc")}) | {("cn",), ("nc",)}
    inward, outward, all_of_it = halves["nc",], halves["cn",], whole["cn", "nc"]
    assert inward.beyond == ("cn",) and outward.beyond == ("nc",) and not all_of_it.beyond
    assert inward.width_m + outward.width_m == all_of_it.width_m
    assert inward.need_s < all_of_it.need_s and set(inward.stopped) | set(outward.stopped) == set(all_of_it.stopped)
    plan = plan_for(layout, Equipment(refuges=("nc",)))
    asked = {one.subject: one.required for one in told(plan, layout, "crossing_time")}
    assert asked["over nc"] < asked["over ce, ec"]
    waits = {one.subject: one for one in told(plan, layout, "refuge_wait")}
    assert set(waits) == {"over nc then cn", "over cn then nc"}
    assert all(one.passed and "the island" in one.why["en"] for one in waits.values())


@pytest.mark.parametrize(
    ("first", "second", "wait_s"),
    [
        ([(0, 10)], [(5, 20)], 0.0),
        ([(0, 10)], [(20, 30)], 12.0),
        ([(0, 10)], [(0, 7)], 52.0),
        ([(0, 10)], [(0, 8)], 0.0),
        ([(50, 70)], [(5, 9)], 7.0),
        ([(0, 10), (30, 40)], [(10, 20)], 32.0),
        ([(0, 10)], [], 60.0),
    ],
)
def test_the_wait_on_the_island_by_hand(
    first: list[tuple[float, float]], second: list[tuple[float, float]], wait_s: float
) -> None:
    times = [[Green(*one) for one in side] for side in (first, second)]
    assert island_wait_s(times[0], 8.0, times[1], 60.0) == pytest.approx(wait_s)


def test_halves_that_the_network_holds_are_found_and_have_groups_of_their_own(tmp_path: Path) -> None:
    net = _split_net(tmp_path)
    layout = read_layouts(net)["c"]
    pairs = held_halves(layout)
    assert len(pairs) == 1, "the north arm alone has an island"
    controller = build_controller(layout)
    one, other = (layout.movements[n] for n in pairs[0])
    assert controller.group_of[one.index] != controller.group_of[other.index]
    lengths = {controller.group_of[m.index].clearance_s for m in (one, other)}
    crossings = [m for m in layout.movements if m.kind == "pedestrian"]
    assert max(lengths) < max(m.length_m for m in crossings) / 1.2, "each clears its own half alone"
    plan = assemble_plan(controller, [20.0] * len(controller.stages))
    waits = [one for one in check_rules(plan, controller, "rilsa", layout=layout) if one.rule == "refuge_wait"]
    assert len(waits) == 2 and all(one.found is not None and one.found < plan.cycle_s for one in waits)


def test_a_refuge_is_refused_where_the_network_tells_the_crossings(tmp_path: Path) -> None:
    layout = read_layouts(_split_net(tmp_path))["c"]
    with pytest.raises(BadInput, match="the network holds the crossings"):
        equipped(layout, Equipment(refuges=("ec",)))


def _split_net(folder: Path) -> Path:
    net = crossing_net(folder, STAR, [("c", arm, 2) for arm in "nesw"], "--sidewalks.guess", "--crossings.guess")
    crossings = '<crossing node="c" edges="nc"/><crossing node="c" edges="cn"/>'
    crossings += "".join(f'<crossing node="c" edges="{arm}c c{arm}"/>' for arm in "esw")
    (folder / "x.con.xml").write_text(f"<connections>{crossings}</connections>")
    command = ["netconvert", "-n", "x.nod.xml", "-e", "x.edg.xml", "-x", "x.con.xml", "-o", "y.net.xml"]
    command += ["--no-turnarounds", "--sidewalks.guess", "--xml-validation=never"]
    command[0] = str(sumo_home() / "bin" / "netconvert")
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return net.with_name("y.net.xml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[signals.c", "no TOML"),
        ("countdown = true", "does not list signals"),
        ("[signals.z]\ncountdown = true", "no signal 'z'"),
        ("[signals.c]\ncountdown = 1", "countdown = 1"),
        ("[signals.c]\nwaiting_areas = ['nc']", "no lengths"),
        ("[signals.c]\nwaiting_areas = {nc = true}", "no lengths"),
        ("[signals.c]\nrefuges = 'nc'", "no edges"),
        ("[signals.c]\nbells = true", "other fields"),
    ],
)
def test_broken_lists_of_what_stands_there_are_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "standing.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises((BadInput, NotThere), match=said):
        read_equipment(file, ["c"])


def test_a_list_of_what_stands_there_is_read(tmp_path: Path, wide: Layout) -> None:
    file = tmp_path / "standing.toml"
    file.write_text('[signals.c]\ncountdown = true\nwaiting_areas = {"nc" = 12}\nrefuges = ["ec"]\n', encoding="utf-8")
    found = read_equipment(file, ["c", "d"])
    assert found == {"c": Equipment(True, (("nc", 12.0),), ("ec",))}
    assert equipped(wide, found["c"]).refuges == {"ec"}


@pytest.mark.parametrize(
    ("equipment", "said"),
    [
        (Equipment(waiting=(("nowhere", 9.0),)), "no turn over the oncoming lanes comes from nowhere"),
        (Equipment(waiting=(("nc", 41.0),)), "41 m long"),
        (Equipment(waiting=(("nc", 0.0),)), "0 m long"),
        (Equipment(refuges=("nowhere",)), "no arm nowhere"),
    ],
)
def test_what_cannot_stand_there_is_refused(wide: Layout, equipment: Equipment, said: str) -> None:
    with pytest.raises((BadInput, NotThere), match=said):
        equipped(wide, equipment)
    odd = SignalPlan("c", "p", 0.0, (SignalPhase(9.0, "G", 9.0, 9.0),), "x", params=(("waitingAreas", "nc=far"),))
    with pytest.raises(BadInput, match="no waiting areas"):
        equipment_of(odd)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), kind=st.sampled_from(("static", "actuated")))
def test_any_plan_is_judged_in_words(wide: Layout, data: st.DataObject, kind: str) -> None:
    links = len(wide.red)
    states, seconds = st.text("Ggyr", min_size=links, max_size=links), st.integers(1, 40).map(float)
    drawn = data.draw(st.lists(st.tuples(states, seconds, st.integers(0, 9)), min_size=1, max_size=6))
    phases = tuple(SignalPhase(length, state, length, length + more) for state, length, more in drawn)
    own = Equipment(True, (("nc", 8.0), ("ec", 12.0)), ("nc", "wc"))
    plan = carrying(SignalPlan("c", "p", 0.0, phases, "drawn", kind), own)
    verdicts = check_plans([plan], {"c": wide}, read_rules("gb"))
    found = {one.rule: one for one in verdicts}
    assert found["countdown"].passed is (found["countdown"].found == 0) and "waiting_area" in found
    waits = [one.found for one in verdicts if one.rule == "refuge_wait" and one.found is not None]
    assert len(waits) == 4 and all(0.0 <= wait <= plan.cycle_s + 1e-9 for wait in waits)
