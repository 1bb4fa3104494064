"""Offsets against bands that are known in closed form, by brute force, and by the pictures' own definition."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_timing_stage_set import stage_set

from networks import read_signal_links, sumo_home
from scenarios.signals.coordinating.common_cycle import with_cycle
from scenarios.signals.coordinating.green_waves import GreenWaves, settle
from scenarios.signals.coordinating.offsets import best_offsets
from scenarios.signals.coordinating.starts import further_starts
from scenarios.signals.coordinating.streams import find_streams, turn_links
from scenarios.signals.coordinating.way import Way, Window, band_s, share_on_green
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.seeding import start_grid
from scenarios.signals.designing.stage_set import free_stages
from viz.signals.diagrams.band import green_bands


def street(runs: list[float], green: float, flows: tuple[float, float] = (500.0, 500.0)) -> list[Way]:
    """Both ways along signals s0, s1, ... whose cycles begin with the same green."""
    at = np.cumsum([0.0, *runs])
    there = [Window(f"s{n}", 0.0, green, float(at[n])) for n in range(len(at))]
    back = [Window(f"s{n}", 0.0, green, float(at[-1] - at[n])) for n in reversed(range(len(at)))]
    return [Way(tuple(windows), flow) for windows, flow in zip((there, back), flows, strict=True) if flow]


def bands(ways: list[Way], cycle: float, **more: float) -> list[float]:
    return [band_s(way, best_offsets(ways, cycle, **more).seconds, cycle) for way in ways]  # type: ignore[arg-type]


@settings(max_examples=40)
@given(st.integers(1, 100), st.integers(10, 45), st.integers(50, 90))
def test_two_signals_lose_what_there_and_back_lacks_to_whole_cycles(run: int, green: int, cycle: int) -> None:
    """Moving one offset takes from one way what it gives the other: 2 G less the distance of 2 t to a multiple of C."""
    missing = min(2 * run % cycle, -2 * run % cycle)
    if missing > green:  # one way alone is then as good
        return
    ways = street([float(run)], float(green))
    assert sum(bands(ways, cycle)) == pytest.approx(2 * green - missing, abs=1e-6)


def test_half_a_cycle_between_signals_gives_full_bands_both_ways() -> None:
    found = best_offsets(street([30.0] * 5, 25.0), 60.0)
    assert found.flow_vph == pytest.approx(1000.0) and found.proved and found.gap == pytest.approx(0.0)
    relative = [(found.seconds[f"s{n}"] - found.seconds["s0"]) % 60 for n in range(6)]
    assert relative == [0, 30, 0, 30, 0, 30]  # the alternate system


@given(st.lists(st.floats(1, 90), min_size=1, max_size=6), st.integers(10, 40))
@settings(max_examples=25)
def test_one_way_alone_always_has_the_whole_green(runs: list[float], green: int) -> None:
    found = bands(street([float(round(run)) for run in runs], float(green), (300.0, 0.0)), 80.0)
    assert found == [pytest.approx(green)]


def test_the_way_with_more_traffic_has_the_wider_band() -> None:
    for flows, wide in (((900.0, 300.0), 0), ((300.0, 900.0), 1)):
        ways = street([17.0, 23.0, 9.0], 22.0, flows)
        found = bands(ways, 60.0)
        assert found[wide] == pytest.approx(22.0) and found[1 - wide] < 22.0


windows = st.tuples(st.integers(0, 19), st.integers(3, 15), st.integers(0, 30))


@settings(max_examples=30)
@given(st.lists(st.tuples(windows, windows, windows, st.integers(1, 9)), min_size=1, max_size=4))
def test_no_offsets_of_whole_seconds_are_better(made: list[tuple[tuple[int, int, int], ...]]) -> None:
    ways = [
        Way(tuple(Window(tls, float(b), float(g), float(r)) for tls, (b, g, r) in zip("abc", three, strict=True)), flow)
        for *three, flow in made  # type: ignore[misc]
    ]
    grid = (dict(zip("abc", (0.0, float(b), float(c)), strict=True)) for b, c in itertools.product(range(20), repeat=2))
    best = max(share_on_green(ways, offsets, 20.0) for offsets in grid)
    found = best_offsets(ways, 20.0)
    assert found.flow_vph == pytest.approx(best, rel=1e-6) and found.flow_vph <= found.most_vph + 1e-6


@given(st.lists(windows, min_size=2, max_size=5), st.lists(st.integers(0, 19), min_size=5, max_size=5))
def test_a_band_is_the_one_that_pictures_show(made: list[tuple[int, int, int]], offsets: list[int]) -> None:
    way = Way(tuple(Window(f"s{n}", float(b), float(g), float(r)) for n, (b, g, r) in enumerate(made)), 1.0)
    settled = {f"s{n}": float(offset) for n, offset in enumerate(offsets)}
    greens = [[(settled[w.tls_id] + w.begin_s, settled[w.tls_id] + w.begin_s + w.green_s)] for w in way.windows]
    shown = green_bands(greens, [20.0] * len(made), [w.run_s for w in way.windows])
    assert band_s(way, settled, 20.0) == pytest.approx(shown.width_s)


def test_the_limit_ends_the_search_and_the_gap_is_told() -> None:
    draw = np.random.default_rng(3)
    ways = [
        Way(tuple(Window(f"s{n}", *(float(x) for x in draw.integers(1, 40, 3))) for n in some), 100.0)
        for some in itertools.combinations(range(8), 3)
    ]
    found = best_offsets(ways, 60.0, limit_s=1e-3)
    assert not found.proved and 0.0 < found.gap <= 1.0 and found.flow_vph > 0.0
    assert sorted(found.seconds) == [f"s{n}" for n in range(8)]


def test_what_is_settled_stays() -> None:
    found = best_offsets(street([30.0, 30.0], 25.0), 60.0, given_s={"s1": 7.0})
    assert found.seconds == {"s0": 37.0, "s1": 7.0, "s2": 37.0}


def test_many_signals_are_settled_lot_by_lot() -> None:
    ways = street([30.0] * 11, 25.0)
    pairs = [Way(way.windows[n : n + 2], 100.0) for way in ways for n in range(11)]
    found = settle([*ways, *pairs], 60.0, at_once=4)
    assert found.flow_vph == pytest.approx(3200.0) and not found.proved


@pytest.mark.parametrize("green", [0.0, 60.0])
def test_a_green_that_is_no_green_is_refused(green: float) -> None:
    with pytest.raises(ValueError, match="cycle of 60 s"):
        best_offsets(street([10.0], green), 60.0)


@given(st.lists(st.floats(5, 60), min_size=4, max_size=4), st.integers(20, 200))
def test_a_cycle_for_all_keeps_least_greens(greens: list[float], cycle: int) -> None:
    stages, ratios = stage_set(120.0), np.array([0.3, 0.1, 0.2, 0.2, 0.02])
    design = Design("static", (0, 1, 2, 3), stages.within_red((0, 1, 2, 3), greens))
    made = with_cycle(design, stages, ratios, cycle)
    least = stages.lost_s(design.stages) + 20.0
    if made is None:
        assert cycle < least or stages.longest_red_s < cycle
    else:
        assert plan_of(made, stages).cycle_s == cycle and min(made.greens_s) >= 5.0


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four lights in a row, 250 m apart, a street across at each."""
    file = tmp_path_factory.mktemp("row") / "row.net.xml"
    command = [sumo_home() / "bin" / "netgenerate", "--grid", "--grid.x-number", "4", "--grid.y-number", "1"]
    command += ["--grid.length", "250", "--grid.attach-length", "200", "--default-junction-type", "traffic_light"]
    subprocess.run([*command, "--no-turnarounds", "--output-file", file], check=True, capture_output=True)
    return file


EAST = ("left0A0", "A0B0", "B0C0", "C0D0", "D0right0")
WEST = ("right0D0", "D0C0", "C0B0", "B0A0", "A0left0")


def test_streams_are_what_drives_from_signal_to_signal(net: Path) -> None:
    links = read_signal_links(net)
    routes = {EAST: 300, EAST[1:]: 100, WEST: 200, ("bottom0A0", "A0top0"): 50, ("bottom1B0", "B0C0", "C0top2"): 3}
    found = find_streams(net, links, routes, 0.5)
    told = {tuple(turn[0] for turn in one.turns): one for one in found}
    assert told["A0", "B0"].flow_vph == 600 and told["B0", "C0"].flow_vph == 800 and told["B0", "A0"].flow_vph == 400
    assert told["A0", "B0", "C0", "D0"].flow_vph == 600 and told["D0", "C0", "B0", "A0"].flow_vph == 400
    assert len(found) == 8  # the turning few are too few
    assert told["A0", "B0"].run_s[1] == pytest.approx(250 / 13.89, abs=0.3)


def test_the_best_fixed_times_are_tried_in_step_as_well(net: Path) -> None:
    from networks import read_signal_plans

    links, today = read_signal_links(net), read_signal_plans(net)
    sets = {tls: free_stages(today[tls], links[tls]) for tls in today}
    ratios = {tls: np.full(len(one.states), 0.2) for tls, one in sets.items()}
    waves = GreenWaves(sets, ratios, turn_links(links), find_streams(net, links, {EAST: 600, WEST: 100}, 1.0))
    named = start_grid(sets, ratios, ("static", "actuated"), fewest=False)
    costs = [float(abs(n - 3)) for n in range(len(named))]
    found = further_starts(named, costs, waves, sets, ratios, ("static", "actuated"))
    assert [name["en"].split(", in step")[0] for name, _ in found] == ["fixed, cycle 65 s", "fixed, cycle 50 s"]
    for _, designs in found:
        (cycle,) = {plan_of(one, sets[tls]).cycle_s for tls, one in designs.items()}
        ways = waves.ways(designs, cycle)
        there = next(way for way in ways if [w.tls_id for w in way.windows] == ["A0", "B0", "C0", "D0"])
        offsets = {tls: one.offset_s for tls, one in designs.items()}
        assert band_s(there, offsets, cycle) >= there.most_s - 2.0  # the strong way runs through
        untouched = named[0][1]
        assert band_s(there, {tls: one.offset_s for tls, one in untouched.items()}, cycle) < there.most_s - 2.0
