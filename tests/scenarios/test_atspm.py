"""Performance measures from events: by hand, against trying every moment, and the same from a file as from a run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks import BadInput
from scenarios.measures import atspm
from scenarios.measures.channels import Channels, Detector, detector_table, read_detectors
from scenarios.measures.queue_storage import queue_against_storage
from scenarios.measures.signal_events import COLUMNS, events_of_run, loops_of, read_events, write_events

AHEAD = Detector("x", 11, 1, "advance", 50.0, 10.0, "in_0")
LINE = Detector("x", 10, 1, "stop_bar", 14.0, 10.0, "in_0")


def table(*rows: tuple[float, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("time_s", kind="stable").reset_index(drop=True)


def lamps(cycles: int, red_s: float = 30.0, green_s: float = 20.0) -> list[tuple[float, str, int, int]]:
    """Red from 0 on, green, 3 s yellow, and so on."""
    rows = [(0.0, "x", 9, 1)]
    for n in range(cycles):
        begin = n * (red_s + green_s + 3)
        rows += [
            (begin + red_s, "x", 1, 1),
            (begin + red_s + green_s, "x", 8, 1),
            (begin + red_s + green_s + 3, "x", 9, 1),
        ]
    return rows


def test_cycles_are_whole_and_in_order() -> None:
    told = atspm.phase_cycles(table(*lamps(2)))
    assert told.to_numpy().tolist() == [["x", 1, 0.0, 30.0, 50.0, 53.0], ["x", 1, 53.0, 83.0, 103.0, 106.0]]
    torn = [row for row in lamps(3) if row[0] != 83.0]
    assert list(atspm.phase_cycles(table(*torn))["red_s"]) == [0.0, 106.0], "a cycle with an event missing is left out"


def test_an_arrival_is_put_where_it_would_reach_the_stop_line() -> None:
    seen = [(time, "x", 82, 11) for time in (20.0, 25.0, 44.9, 46.0, 48.5)]
    points = atspm.coordination_points(table(*lamps(1), *seen), [AHEAD])
    assert list(points["in_cycle_s"]) == [25.0, 30.0, 49.9, 51.0]
    assert list(points["shown"]) == ["red", "green", "green", "yellow"]
    told = atspm.arrivals_on_green(table(*lamps(1), *seen), [AHEAD]).iloc[0]
    assert (told["arrivals"], told["on_green"]) == (4, 0.5)
    assert told["platoon_ratio"] == pytest.approx(0.5 / (20 / 53))


@pytest.mark.parametrize(("until", "failed"), [(53.0, False), (56.9, False), (57.0, True), (70.0, True)])
def test_a_split_fails_when_somebody_stands_there_after_the_green(until: float, failed: bool) -> None:
    events = table(*lamps(1), (25.0, "x", 82, 10), (until, "x", 81, 10))
    told = atspm.split_failures(events, [LINE]).iloc[0]
    assert told["green_occupancy"] == pytest.approx(1.0)
    assert told["red_occupancy"] == pytest.approx(min(max(until - 53, 0), 5) / 5)
    assert bool(told["failed"]) == failed


def test_two_half_full_lanes_are_no_failure() -> None:
    other = Detector("x", 12, 1, "stop_bar", 14.0, 10.0)
    green_only = [(25.0, "x", 82, 10), (53.0, "x", 81, 10)]
    red_only = [(53.0, "x", 82, 12), (70.0, "x", 81, 12)]
    told = atspm.split_failures(table(*lamps(1), *green_only, *red_only), [LINE, other])
    assert not told["failed"].any()
    both = [(32.0, "x", 82, 12), (70.0, "x", 81, 12)]
    told = atspm.split_failures(table(*lamps(1), *green_only, *both), [LINE, other])
    assert told["failed"].all() and told["green_occupancy"].iloc[0] == pytest.approx(0.9)


def test_volume_over_capacity_by_hand() -> None:
    seen = [(5.0 + 3 * n, "x", 82, 11) for n in range(10)]
    told = atspm.volume_to_capacity(table(*lamps(1), *seen), [AHEAD]).iloc[0]
    assert told["volume_vph"] == pytest.approx(10 * 3600 / 53)
    assert told["ratio"] == pytest.approx(10 * 3600 / 53 / (1900 * 20 / 53))


def test_what_arrives_outside_whole_cycles_counts_for_nothing() -> None:
    seen = [(5.0 + 3 * n, "x", 82, 11) for n in range(10)]
    later = [(200.0 + n, "x", 82, 11) for n in range(30)]
    again = [(row[0] + 300.0, *row[1:]) for row in lamps(1)]
    told = atspm.volume_to_capacity(table(*lamps(1), *seen, *later, *again), [AHEAD])
    assert told["volume_vph"].iloc[0] == pytest.approx(10 * 3600 / 106)


SPANS = st.lists(st.tuples(st.integers(0, 110), st.integers(1, 20)), max_size=8)


@given(SPANS)
def test_occupancy_is_what_looking_every_tenth_of_a_second_sees(spans: list[tuple[int, int]]) -> None:
    """The detector is on while anybody is over it; vehicles may stand close."""
    passed = []
    for n, (begin, length) in enumerate(spans):
        passed += [(float(begin), "x|10|in", True, f"v{n}"), (float(begin + length), "x|10|out", False, f"v{n}")]
    run = pd.DataFrame(passed, columns=["time_s", "loop_id", "on", "vehicle_id"])
    states = pd.DataFrame(
        [(0.0, "x", "y"), (0.5, "x", "r"), (30.0, "x", "G"), (50.0, "x", "y"), (53.0, "x", "r")],
        columns=["time_s", "tls_id", "state"],
    )
    events = events_of_run(states, run, [Channels("x", {1: ("V1", (0,))}, (LINE,))])
    told = atspm.split_failures(events, [LINE]).iloc[0]
    for name, begin, end in (("green_occupancy", 30.0, 50.0), ("red_occupancy", 53.0, 58.0)):
        moments = np.arange(begin + 0.05, end, 0.1)
        seen = np.mean([any(b <= t < b + length for b, length in spans) for t in moments])
        assert told[name] == pytest.approx(seen, abs=1e-6)


EVENTS = st.lists(
    st.tuples(
        st.floats(0, 1e5), st.sampled_from(["a", "7", "x y"]), st.sampled_from([1, 8, 9, 81, 82]), st.integers(0, 99)
    )
)


@given(rows=EVENTS)
def test_events_are_written_and_read_back_exactly(
    rows: list[tuple[float, str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("events") / "events.csv"
    events = table(*rows).astype({"time_s": float, "code": int, "parameter": int, "controller": "str"})
    write_events(events, file)
    again = read_events(file)
    assert again.to_numpy().tolist() == events.to_numpy().tolist()


def test_the_field_s_own_columns_and_dates_are_understood(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(
        "SignalID,Timestamp,EventCode,EventParam\n"
        "1001,2026-05-04 07:00:30.2,1,2\n1001,2026-05-04 07:00:01.5,82,5\n1001,2026-05-05 00:00:00,8,2\n"
    )
    told = read_events(file)
    assert list(told["time_s"]) == pytest.approx([25201.5, 25230.2, 86400.0])
    assert list(told["code"]) == [82, 1, 8] and set(told["controller"]) == {"1001"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,controller,code\n1,x,1\n", "no column for parameter"),
        ("time,controller,code,parameter\n1,x,1,2\nsoon,x,1,2\n", "line 3.*'soon' is no time"),
        ("time,controller,code,parameter\n1,x,green,2\n", "line 2.*'green' is no code"),
        ("", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_log_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(BadInput) as error:
        read_events(tmp_path / "log.csv")
    assert re.search(said, str(error.value))


def test_detectors_are_read_back_and_their_faults_told(tmp_path: Path) -> None:
    file = tmp_path / "detectors.csv"
    detector_table((AHEAD, LINE)).to_csv(file, index=False)
    assert [one.channel for one in read_detectors(file)] == [11, 10]
    assert read_detectors(file)[0].lag_s == 5.0
    file.write_text(file.read_text().replace("advance", "ahead"))
    with pytest.raises(BadInput, match="ahead"):
        read_detectors(file)


def test_the_reference_names_the_columns() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(): line
        for line in text.splitlines()
        if line.startswith(("| events ", "| detectors | `con"))
    }
    assert all(f"`{name}`" in rows["events"] for name in COLUMNS)
    assert all(f"`{name}`" in rows["detectors"] for name in detector_table(()).columns)


def test_a_detector_at_the_stop_line_is_recorded_at_both_its_ends() -> None:
    loops = loops_of(Channels("x", {1: ("V1", (0,))}, (AHEAD, LINE)))
    assert loops == [("x|11|in", "in_0", -50.0), ("x|10|in", "in_0", -14.0), ("x|10|out", "in_0", -2.0)]


def test_a_queue_ends_where_the_row_of_standing_vehicles_breaks() -> None:
    rows = [
        (1.0, "a", 98.0, 0.0),
        (1.0, "a", 90.0, 0.5),
        (1.0, "a", 40.0, 0.0),
        (1.0, "a", 80.0, 9.0),
        (2.0, "a", 50.0, 9.0),
    ]
    tracks = pd.DataFrame(rows, columns=["time_s", "lane_id", "pos_m", "speed_mps"])
    told = queue_against_storage(tracks, {"a": 100.0, "b": 16.0}).set_index("lane_id")
    assert told.loc["a", "longest_m"] == 15.0 and told.loc["b", "longest_m"] == 0.0
    assert queue_against_storage(tracks, {"a": 100.0}).loc[0, "full"] == 0.0
    full = tracks.assign(pos_m=[10.0, 4.0, 0.5, 12.0, 9.0])
    assert queue_against_storage(full, {"a": 16.0}).loc[0, "full"] == 0.5


def test_a_run_and_its_own_log_read_as_of_the_field_give_the_same(tmp_path: Path) -> None:
    from models.sumo import read_case
    from networks import read_signal_plans
    from twin.cli import run

    case = Path(os.environ.get("CITYTWIN_DATA", "/none")) / "resco" / "cologne8" / "cologne8.sumocfg"
    if not case.exists():
        pytest.skip("CITYTWIN_DATA holds no resco/cologne8")
    kept, pages = tmp_path / "log.csv", [tmp_path / "run.html", tmp_path / "field.html"]
    assert run(["signals", "atspm", str(case), "26110729", "--events", str(kept), "--html", str(pages[0])]) == 0
    detectors = str(tmp_path / "log.detectors.csv")
    assert run(["signals", "atspm", str(kept), "--detectors", detectors, "--html", str(pages[1])]) == 0
    cycles = atspm.phase_cycles(read_events(kept))
    plan = read_signal_plans(read_case(case).net)["26110729"]
    assert set(cycles["end_s"] - cycles["red_s"]) == {plan.cycle_s} and len(cycles) > 100
    svg = [page.read_text(encoding="utf-8").count('class="on-') for page in pages]
    assert svg[0] == svg[1] > 500
