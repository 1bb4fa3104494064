"""Tables of rules by locale, and plans held against them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_crossings import STAR, crossing_net, four_arms, wide_arms

from networks import BadInput, Controller, Layout, SignalPhase, SignalPlan, build_controller, check_plan, read_layouts
from networks.rules.checking import check_rules
from networks.rules.meanings import CHECKS, MEANINGS
from networks.rules.regulating import rule_controller
from networks.rules.table import LOCALES, ApproachSpeed, RuleTable, read_rules
from networks.rules.transition import check_transition
from networks.rules.verdict import Verdict
from networks.rules.yellows import kinematic_s, lamp_yellow_s
from networks.signals.controllers.assembling import assemble_plan
from networks.signals.plans.plan_file import read_signal_plans, write_signal_plans
from networks.signals.plans.ways import plan_ways

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Four arms of two lanes, without crossings in the network."""
    return read_layouts(four_arms(tmp_path_factory.mktemp("plain"), lanes=2))["c"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """Four arms with sidewalks and crossings that the network holds."""
    roads = [("c", arm, 2) for arm in "nesw"]
    options = ("--sidewalks.guess", "--crossings.guess")
    return read_layouts(crossing_net(tmp_path_factory.mktemp("walked"), STAR, roads, *options))["c"]


def planned(controller: Controller, *more_s: float) -> SignalPlan:
    greens = [
        stage.min_green_s + (more_s[n % len(more_s)] if more_s else 0.0) for n, stage in enumerate(controller.stages)
    ]
    return assemble_plan(controller, greens)


def wrong(plan: SignalPlan, layout: Layout, locale: str = "rilsa") -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for one in check_rules(plan, build_controller(layout), locale, layout=layout):
        if one.passed is False:
            found.setdefault(one.rule, []).append(one)
    return found


def with_states(plan: SignalPlan, change: dict[int, str]) -> SignalPlan:
    phases = [replace(p, state=change.get(n, p.state)) for n, p in enumerate(plan.phases)]
    return replace(plan, phases=tuple(phases))


def lasting(plan: SignalPlan, number: int, seconds: float) -> SignalPlan:
    phases = list(plan.phases)
    phases[number] = replace(phases[number], duration_s=seconds, min_s=seconds, max_s=seconds)
    return replace(plan, phases=tuple(phases))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_row_says_where_it_comes_from(locale: str) -> None:
    table = read_rules(locale)
    assert all(table.title.values())
    for rule, row in table.rows.items():
        assert rule in MEANINGS and row.unit and row.source and row.read
        assert row.clause or row.read == "text" or locale == "resco", "a clause, or `clause unverified`"


def test_resco_asks_for_yellow_alone() -> None:
    assert list(read_rules("resco").rows) == ["yellow"]


def test_every_city_has_at_most_120_s_of_red() -> None:
    for locale in set(LOCALES) - {"resco"}:
        assert read_rules(locale).value("most_red") == 120.0


@pytest.mark.parametrize(
    ("mph", "grade", "turning", "seconds"),
    [
        (35.0, 0.0, False, 3.6),  # 1 + 51.3 / 20, ft and s
        (45.0, 0.0, False, 4.3),
        (45.0, -0.03, False, 4.7),  # 1 + 66 / (20 - 1.93)
        (45.0, 0.0, True, 6.2),  # 1 + (66 - 29.3 / 2) / 10
        (20.0, 0.0, True, 2.5),  # nobody slows down: the plain form
    ],
)
def test_the_kinematic_yellow(mph: float, grade: float, turning: bool, seconds: float) -> None:
    approach = ApproachSpeed(mph * 0.44704, grade)
    assert kinematic_s(read_rules("ite"), approach, turning=turning) == pytest.approx(seconds)


@pytest.mark.parametrize(("kmh", "seconds"), [(30, 3.0), (50, 3.0), (60, 4.0), (70, 5.0), (80, 5.0)])
def test_the_yellow_by_speed(plain: Layout, kmh: float, seconds: float) -> None:
    movements = tuple(replace(m, speed_mps=kmh / 3.6) for m in plain.movements)
    faster = replace(plain, movements=movements)
    assert lamp_yellow_s(read_rules("rilsa"), faster, (0,)) == seconds
    assert lamp_yellow_s(read_rules("uk"), faster, (0,)) == 3.0


@settings(max_examples=40)
@given(
    locale=st.sampled_from(LOCALES),
    more=st.lists(st.integers(0, 20).map(float), min_size=1, max_size=4),
    crossed=st.booleans(),
)
def test_what_a_rule_controller_assembles_keeps_its_rules(
    plain: Layout, walked: Layout, locale: str, more: Sequence[float], crossed: bool
) -> None:
    layout, table = (walked if crossed else plain), read_rules(locale)
    plan = planned(rule_controller(layout, table), *more)
    assert set(wrong(plan, layout, locale)) <= {"most_red"}


def test_crossings_of_the_network_are_judged_as_lamps(walked: Layout) -> None:
    table = read_rules("ite")
    plan = planned(rule_controller(walked, table))
    told = check_rules(plan, build_controller(walked), table, layout=walked)
    held = {one.rule for one in told if one.passed}
    assert {"walk", "walk_total", "least_green", "yellow", "intergreen"} <= held
    assert "crossing_time" not in held


def test_each_break_fails_its_own_rule(plain: Layout) -> None:
    controller = rule_controller(plain, read_rules("rilsa"))
    good = planned(controller, 10.0)
    assert not wrong(good, plain)
    stage = next(n for n, p in enumerate(good.phases) if p.name.startswith("stage"))
    yellow = next(n for n, p in enumerate(good.phases) if "y" in p.state)
    red = next(n for n, p in enumerate(good.phases) if p.changing and set(p.state) <= set("rs"))
    assert "least_green" in wrong(lasting(good, stage, 3.0), plain)
    assert "yellow" in wrong(lasting(good, yellow, 2.0), plain)
    assert set(wrong(lasting(good, red, 0.5), plain)) == {"intergreen"}
    assert set(wrong(lasting(good, stage, 130.0), plain)) == {"most_red"}
    all_green = with_states(good, {stage: "G" * len(controller.red)})
    assert {"conflict", "right_of_way"} <= set(wrong(all_green, plain))
    dark = with_states(good, {n: "r" + p.state[1:] for n, p in enumerate(good.phases)})
    unserved = wrong(dark, plain)["served"][0]
    assert unserved.subject == "link 0" and "signal c" in unserved.why["en"]


def test_a_turn_that_the_plan_lets_yield_is_a_rule_of_its_own(tmp_path: Path) -> None:
    layout = read_layouts(wide_arms(tmp_path))["c"]
    loose = build_controller(layout, protect_lanes=99)
    found = wrong(planned(loose, 10.0), layout)
    assert set(found) == {"protected_turn"}
    assert "turn over the oncoming lanes" in found["protected_turn"][0].why["en"]
    assert not wrong(planned(build_controller(layout), 10.0), layout)


def test_a_link_with_an_arrow_of_its_own_is_judged_by_its_own_greens(plain: Layout) -> None:
    good = planned(rule_controller(plain, read_rules("rilsa")), 10.0)
    stage = next(n for n, p in enumerate(good.phases) if p.name.startswith("stage"))
    link = next(k for k, letter in enumerate(good.phases[stage].state) if letter in "Gg")
    state = good.phases[stage].state
    early = SignalPhase(3.0, state[:link] + "y" + state[link + 1 :], 3.0, 3.0, "arrow ends")
    late = SignalPhase(9.0, state[:link] + "r" + state[link + 1 :], 9.0, 9.0, "arrow is red")
    after = [
        replace(p, state=p.state[:link] + "r" + p.state[link + 1 :]) if p.state[link] == "y" else p
        for p in good.phases[stage + 1 :]
    ]
    arrowed = replace(good, phases=(*good.phases[: stage + 1], early, late, *after))
    told = check_rules(arrowed, build_controller(plain), "rilsa", layout=plain)
    lamps = {one.subject.split(" ")[0] for one in told if one.rule == "yellow"}
    assert any(name.endswith("a") for name in lamps) and any(name.endswith("b") for name in lamps)
    assert all(one.passed is not False for one in told if one.rule == "yellow")


def test_an_actuated_plan_needs_detectors(plain: Layout) -> None:
    controller = rule_controller(plain, read_rules("rilsa"))
    least = [stage.min_green_s for stage in controller.stages]
    plan = assemble_plan(controller, least, most_s=[seconds + 20 for seconds in least])
    lanes = {(m.from_edge, m.from_lane) for m in plain.movements}

    def told(detectors: set[tuple[str, int]] | None) -> set[bool | None]:
        found = check_rules(plan, controller, "rilsa", layout=plain, detectors=detectors)
        return {one.passed for one in found if one.rule == "detectors"}

    assert told(None) == {None}
    assert told(lanes) == {True}
    assert told(set()) == {False}


def test_phases_that_no_way_reaches_are_not_judged(plain: Layout, tmp_path: Path) -> None:
    good = planned(rule_controller(plain, read_rules("rilsa")), 10.0)
    last = replace(good.phases[-1], following=(0,))
    hidden = SignalPhase(1.0, "G" * len(good.phases[0].state), 1.0, 1.0)
    branched = replace(good, phases=(*good.phases[:-1], last, hidden))
    assert not wrong(branched, plain)
    assert "conflict" in wrong(replace(branched, phases=(*good.phases, hidden)), plain)
    assert not check_plan(branched, rule_controller(plain, read_rules("rilsa")))
    write_signal_plans({"c": branched}, tmp_path / "p.add.xml")
    assert read_signal_plans(tmp_path / "p.add.xml")["c"].phases == branched.phases


def test_every_way_round_is_judged() -> None:
    letters = [SignalPhase(5.0, letter, 5.0, 5.0) for letter in "Gyrs"]
    letters[0] = replace(letters[0], following=(1, 3))
    ways = plan_ways(SignalPlan("x", "0", 0.0, tuple(letters), "imported"))
    assert ["".join(p.state for p in way.phases) for way in ways] == ["Gyrs", "Gs"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tls_id": "d"}, "it is for signal d"),
        ({"phases": (SignalPhase(5.0, "Gr", 5.0, 5.0),)}, "2 letters"),
        ({"phases": ()}, "no phases"),
        ({"kind": "NEMA"}, "do not follow one another"),
    ],
)
def test_a_plan_that_cannot_run_is_refused(plain: Layout, change: dict[str, object], said: str) -> None:
    good = planned(rule_controller(plain, read_rules("rilsa")))
    with pytest.raises(BadInput, match=said):
        check_rules(replace(good, **change), build_controller(plain), "rilsa", layout=plain)  # type: ignore[arg-type]


def test_own_rows_lie_over_those_of_a_locale(tmp_path: Path) -> None:
    own = tmp_path / "town.toml"
    own.write_text(
        'base = "rilsa"\n[rules.most_red]\nvalue = 90\nsource = "the council"\n[rules.crossing_time]\napply = false\n'
        "[rules.yellow]\nvalue = 4\n[rules.yellow_most]\nvalue = 5\n"
        '[approaches."nc"]\nspeed_85_mps = 15.0\ngrade = -0.02\n'
    )
    table = read_rules(own)
    assert (table.locale, table.value("most_red"), table.rows["most_red"].source) == ("town", 90.0, "the council")
    assert table.rows["yellow"].method == "fixed" and not table.rows["yellow"].steps
    assert "town.toml" in table.rows["yellow"].source
    assert (table.rows["yellow_most"].compare, table.rows["yellow_most"].source) == (
        "most",
        "town.toml, the user's own",
    )
    assert "crossing_time" not in table and table.approaches["nc"].grade == -0.02
    assert table.rows["walk"] == read_rules("rilsa").rows["walk"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "no TOML"),
        ("[rules.yellow]\nvalue = 4", "which table"),
        ('base = "rilsa"\n[rules.yelow]\nvalue = 4', "no rule 'yelow'"),
        ('base = "rilsa"\n[rules.yellow]\nvalue = "long"', "no figure"),
        ('base = "rilsa"\n[rules.yellow]\nvalue = -1', "no figure"),
        ('base = "rilsa"\n[rules.yellow]\nlength = 4', "no rule has"),
        ('base = "rilsa"\n[rules.walk_speed]\nvalue = 0', "above zero"),
        ('base = "rilsa"\n[rules.most_red]\nvalue = inf', "no figure"),
        ('base = "rilsa"\n[rules.yellow]\nsteps = [[60, 4], [50, 3]]', "ascending"),
        ('base = "rilsa"\n[rules.yellow]\ncompare = "about"', "about"),
        ('base = "rilsa"\n[approaches.nc]\ngrade = 2.0', "nobody drives so"),
        ('base = "rilsa"\nspeed = 3', "it holds speed"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "town.toml"
    own.write_text(text)
    with pytest.raises(BadInput, match=said):
        read_rules(own)


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(BadInput, match="atlantis"):
        read_rules("atlantis")


@pytest.mark.parametrize("net", ["resco/cologne8/cologne8.net.xml", "sumo/hamburg/network.net.xml.gz"])
def test_signals_of_real_networks_keep_every_locale(net: str) -> None:
    if not (DATA / net).exists():
        pytest.skip(f"needs the data folder (CITYTWIN_DATA): {net}")
    layouts = read_layouts(DATA / net)
    for locale in LOCALES:
        table = read_rules(locale)
        for layout in layouts.values():
            controller = rule_controller(layout, table)
            told = check_rules(planned(controller), controller, table, layout=layout)
            assert {one.rule for one in told if one.passed is False} <= {"most_red"}, layout.tls_id


def test_a_change_of_plans_is_judged(plain: Layout) -> None:
    table = read_rules("rilsa")
    controller = rule_controller(plain, table)
    today = planned(controller, 12.0)

    def told(after: SignalPlan) -> dict[str, float | None]:
        found = check_transition(today, after, controller, table, layout=plain)
        return {one.rule: one.found for one in found if one.rule != "transition_red"}

    assert told(today) == {"transition_stage": len(controller.stages), "transition_cycles": 0.0}
    step = 0.2 * today.cycle_s
    assert told(replace(today, offset_s=step))["transition_cycles"] == 1.0
    assert told(replace(today, offset_s=step + 1))["transition_cycles"] == 2.0
    assert told(replace(today, offset_s=-1.0))["transition_cycles"] == 1.0, "a second less than a cycle: shorter"
    turned = replace(today, phases=tuple(replace(p, state=p.state[1:] + p.state[:1]) for p in today.phases))
    assert told(turned)["transition_stage"] == 0.0


@given(first=st.integers(0, 30), second=st.integers(0, 30), offset=st.integers(0, 200))
def test_nobody_waits_longer_over_a_change_than_both_plans_and_the_longer_cycle(
    plain: Layout, first: int, second: int, offset: int
) -> None:
    table = read_rules("uk")
    controller = rule_controller(plain, table)
    before, after = planned(controller, float(first)), replace(planned(controller, float(second)), offset_s=offset)
    told = check_transition(before, after, controller, table, layout=plain)
    reds = [one.found for one in told if one.rule == "transition_red" and one.found is not None]
    assert reds and max(reds) <= before.cycle_s + 1.2 * after.cycle_s
    cycles = next(one.found for one in told if one.rule == "transition_cycles")
    assert cycles is not None and cycles <= 5.0


def test_a_verdict_is_told_for_every_check_somewhere(plain: Layout, walked: Layout) -> None:
    told = set()
    for layout in (plain, walked):
        for locale in LOCALES:
            plan = planned(rule_controller(layout, read_rules(locale)))
            told |= {one.rule for one in check_rules(plan, build_controller(layout), locale, layout=layout)}
    by_equipment = {"countdown", "waiting_area", "refuge_wait"}
    others = {"detectors", "clearance"} | by_equipment
    assert told >= {rule for rule in CHECKS if not rule.startswith("transition")} - others


def test_the_reference_holds_the_tables() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    tables = [read_rules(locale) for locale in LOCALES]
    assert "| rule | meaning | " + " | ".join(LOCALES) + " |" in text
    for rule, meaning in MEANINGS.items():
        cells = [_cell(table, rule) for table in tables]
        assert f"| `{rule}` | {meaning['en']} | " + " | ".join(cells) + " |" in text


def _cell(table: RuleTable, rule: str) -> str:
    if rule not in table:
        return ""
    row = table.rows[rule]
    return row.told if row.method in ("fixed", "by_speed") else f"{row.method}, {row.told}"


def test_a_half_left_that_gives_way_is_a_turn_to_protect_and_no_conflict() -> None:
    """A skewed junction of West Lake: link 12 and 13 turn by less than 40 degrees, show g, and the network says L."""
    net = DATA / "sumo/hangzhou_westlake/pb_hangzhou_hangzhou.net.xml.gz"
    if not net.exists():
        pytest.skip("needs the data folder (CITYTWIN_DATA): sumo/hangzhou_westlake")
    found = wrong(read_signal_plans(net)["26056844"], read_layouts(net)["26056844"], "gb")
    assert set(found) == {"protected_turn"}
