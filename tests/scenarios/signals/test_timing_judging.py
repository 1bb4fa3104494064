"""A close look at judged runs: modes, queues, loads and approaches as a small town shows them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_crossroads import write_town

from models.sumo import Loop, read_case
from networks import SignalLink, read_rules, read_signal_plans
from networks.signals.layouts.lane_lengths import read_lane_lengths
from scenarios.ensembles.executor import SerialExecutor
from scenarios.signals.judging.close_look import look_closely
from scenarios.signals.judging.loads import green_shares, loads_of
from scenarios.signals.judging.observing import Watched, observe
from scenarios.signals.judging.paired import paired
from scenarios.signals.trying.modes import mode_of, read_modes
from scenarios.signals.trying.trials import Trials, run_job


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))


def test_every_type_has_the_mode_of_its_class(town: Path) -> None:
    modes = read_modes(read_case(town))
    assert [mode_of(one, modes) for one in ("bike", "coach", "lorry", "plain", "van")] == [
        "bicycle", "bus", "truck", "car", "truck",
    ]  # fmt: skip
    assert mode_of("DEFAULT_BIKETYPE", modes) == "bicycle" and mode_of("bike@7", modes) == "bicycle"
    assert mode_of("nobody wrote me", modes) == "car"


def test_watching_a_run_changes_nothing_and_sees_everybody(town: Path) -> None:
    case = read_case(town)
    trials = Trials(case, SerialExecutor())
    job, lengths = trials.job({}, 5), read_lane_lengths(case.net)
    lanes = {lane: lengths[lane] for lane in ("left0A0_1", "bottom0A0_1")}
    loops = (Loop("x", "left0A0_1", -20.0),)
    seen = observe(Watched(job, lanes, read_modes(case), ("A0",), loops))
    plain = run_job(job)
    trials.close()
    assert seen.outcome.delays == plain.delays and seen.outcome.lost_s == plain.lost_s
    counts = {mode: count for mode, (count, _) in seen.modes.items()}
    assert counts == {"car": 60, "bus": 1, "bicycle": 1, "pedestrian": 2}
    assert all(lost > 0 for mode, (_, lost) in seen.modes.items() if mode != "pedestrian")
    lost = sum(seen.edges[edge][1] for edge in ("left0A0", "right0A0", "top0A0", "bottom0A0") if edge in seen.edges)
    assert lost == pytest.approx(plain.lost_s["A0"], abs=0.1)
    assert set(seen.queues) == set(lanes)
    assert all(5 < longest <= lanes[lane] and full == 0 for lane, (longest, full) in seen.queues.items())
    assert seen.recorded is not None and len(seen.recorded[0]) > 4 and len(seen.recorded[1]) > 20


def test_a_close_look_pairs_both_plans_and_finds_no_change_where_there_is_none(town: Path) -> None:
    case = read_case(town)
    trials = Trials(case, SerialExecutor())
    same = {tls: replace(one, program_id="same") for tls, one in read_signal_plans(case.net, source="imported").items()}
    flows = trials.flows()
    *_, look = look_closely(trials, same, (1, 2), read_rules("rilsa"), flows)
    trials.close()
    one = look.signals["A0"]
    assert one.hours.change == 0 and one.hours.verdict == "cannot tell" and one.hours.seeds == 2
    assert {a.edge for a in one.approaches} == {"left0A0", "bottom0A0"}
    assert all(load.before == load.after > 0 for load in one.loads) and len(one.loads) == 2
    assert one.log is not None and [repr(p.before) for p in one.log.phases] == [repr(p.after) for p in one.log.phases]
    told = json.loads(json.dumps(look.as_json(), allow_nan=False))
    assert told["signals"]["A0"]["hours"]["before"] == one.hours.before and len(told["modes"]) == 4
    assert told["signals"]["A0"]["phases"][0]["before"]["ratio"] is not None
    assert [mode.mode for mode in look.modes] == ["car", "bus", "bicycle", "pedestrian"]


def test_a_lane_is_as_full_as_its_movements_together() -> None:
    links = [
        SignalLink("t", 0, "a", 0, "b", "s"),
        SignalLink("t", 1, "a", 0, "c", "r"),
        SignalLink("t", 2, "d", 0, "b", "l"),
    ]
    states = pd.DataFrame({"time_s": [0.0, 50.0], "state": ["GGr", "rrg"]})
    shares = green_shares(states, 100.0)
    assert shares == pytest.approx([0.5, 0.5, 0.5 / 1.3])
    loads = loads_of(links, {("a", "b"): 300.0, ("a", "c"): 150.0, ("d", "b"): 180.0}, shares, [0.5, 0.5, 0.0])
    by_way = {(one.from_edge, one.to_edge): one for one in loads}
    assert by_way["a", "b"].after == by_way["a", "c"].after == pytest.approx(450 / 900)
    assert by_way["d", "b"].before == pytest.approx(180 * 1.3 / 900) and by_way["d", "b"].after == math.inf
    assert loads[0] is by_way["d", "b"]


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=2, max_size=12))
def test_what_gains_one_way_loses_the_other_way_round(pairs: list[tuple[float, float]]) -> None:
    before, after = [x for x, _ in pairs], [y for _, y in pairs]
    one, other = paired(before, after), paired(after, before)
    assert one is not None and other is not None
    assert one.change == pytest.approx(-other.change) and one.low == pytest.approx(-other.high, nan_ok=True)
    opposite = {"better": "worse", "worse": "better", "cannot tell": "cannot tell"}
    assert opposite[one.verdict] == other.verdict


def test_seeds_without_anybody_are_left_out_of_a_pair() -> None:
    one = paired([math.nan, 10.0, 20.0], [3.0, 8.0, 15.0])
    assert one is not None and (one.seeds, one.before, one.after) == (2, 15.0, 11.5)
    assert paired([math.nan], [1.0]) is None
