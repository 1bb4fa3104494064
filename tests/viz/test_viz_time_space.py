"""Time-space diagrams: bands against trying every second, places against where simulated vehicles stop."""

from __future__ import annotations

import itertools
import math
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_junction import plan

from models.sumo import read_case, record
from networks import BadInput, Corridor, NotThere, StopLine, find_corridor, read_signal_plans
from twin.cli import run
from viz.signals.diagrams.band import common_cycle_s, green_bands
from viz.signals.sheets.corridor_greens import corridor_bands, planned_course, recorded_course, tracks_along
from viz.signals.sheets.corridor_sheet import corridor_sheet

CYCLES = st.sampled_from([40, 60, 80, 120])


@st.composite
def signals(draw: st.DrawFn) -> list[tuple[tuple[tuple[float, float], ...], float, float]]:
    """Of a few signals: greens, cycle, travel time."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        cycle = draw(CYCLES)
        begin = draw(st.integers(0, cycle - 1))
        green = (float(begin), float(begin + draw(st.integers(1, cycle))))
        found.append(((green,), float(cycle), float(draw(st.integers(0, 300)))))
    return found


@given(signals())
def test_a_band_is_every_second_that_gets_through(
    drawn: list[tuple[tuple[tuple[float, float], ...], float, float]],
) -> None:
    greens, cycles, runs = zip(*drawn, strict=True)
    bands = green_bands(greens, cycles, runs)
    assert bands.period_s == math.lcm(*map(int, cycles))
    for second in range(int(bands.period_s)):
        at = second + 0.5
        through = all(
            any((at + run_s - begin) % cycle < end - begin for begin, end in own)
            for own, cycle, run_s in zip(greens, cycles, runs, strict=True)
        )
        inside = any(begin <= at < end or begin <= at + bands.period_s < end for begin, end in bands.spans)
        assert through == inside, second
    assert 0 <= bands.width_s <= bands.period_s and 0 <= bands.efficiency <= 1


def test_cycles_without_a_common_period_have_no_band() -> None:
    assert common_cycle_s([90, 60]) == 180 and common_cycle_s([97, 101]) == 0 and common_cycle_s([90.5]) == 0
    assert green_bands([((0, 50),), ((0, 50),)], [97, 101], [0, 10]).spans == ()


def street() -> Corridor:
    """Two signals 250 m apart, 20 s of travel."""
    stops = (StopLine("a", (0,), "in", 100.0, 0.0), StopLine("b", (0,), "mid", 350.0, 20.0))
    return Corridor(("in", "mid", "out"), (0.0, 110.0, 360.0), stops, 500.0)


def test_the_offset_opens_the_band() -> None:
    apart = corridor_bands(street(), {"a": plan("a"), "b": plan("b")})
    wave = corridor_bands(street(), {"a": plan("a"), "b": plan("b", offset_s=20.0)})
    assert (apart.width_s, wave.width_s, wave.efficiency) == (10.0, 30.0, 0.5)
    slow = corridor_bands(street(), {"a": plan("a"), "b": plan("b", offset_s=20.0)}, speed_mps=250.0 / 30.0)
    assert slow.width_s == pytest.approx(20.0)


def test_what_is_planned_fills_the_time_of_the_picture() -> None:
    shown = planned_course(street(), {"a": plan("a"), "b": plan("b", offset_s=20.0)}, 100.0, 400.0)
    for own in shown:
        assert own[0].begin_s <= 100 and own[-1].end_s >= 400
        assert all(a.end_s == b.begin_s for a, b in itertools.pairwise(own))
    assert next(one for one in shown[1] if one.letter == "G" and one.begin_s >= 100).begin_s == 140


def test_the_sheet_speaks_both_languages_and_says_why_there_is_no_band() -> None:
    plans = {"a": plan("a"), "b": plan("b", splits_s=(31.0, 20.0))}
    told = str(corridor_sheet(street(), None, plans, 0.0, 240.0))
    assert "no common period" in told and "没有公共周期" in told and "There is no way back" in told
    drawn = ET.fromstring(told[told.index("<svg") : told.rindex("</svg>") + 6])
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))) > 20


def cologne() -> Path:
    file = Path(os.environ.get("CITYTWIN_DATA", "/none")) / "resco" / "cologne8" / "cologne8.sumocfg"
    if not file.exists():
        pytest.skip("CITYTWIN_DATA holds no resco/cologne8")
    return file


def test_simulated_vehicles_pass_stop_lines_only_while_these_let_them(tmp_path: Path) -> None:
    case = read_case(cologne())
    corridor = find_corridor(case.net, ["26110729", "32319828"])
    assert [stop.tls_id for stop in corridor.stops][1:-1] == ["280120513", "62426694", "252017285"]
    told = record(
        case, 1, tmp_path, signals={s.tls_id for s in corridor.stops}, edges=set(corridor.edges), end_s=26400.0
    )
    shown = recorded_course(corridor, told.states, told.end_s)
    planned = planned_course(corridor, read_signal_plans(case.net), 25200.0, 26400.0)
    passed = 0
    for stop, own, meant in zip(corridor.stops, shown, planned, strict=True):
        assert own[0] == next(one for one in meant if one.begin_s == 25200.0), "static plans run as they are written"
        for track in tracks_along(corridor, told.tracks):
            for (t0, x0), (t1, x1) in itertools.pairwise(track):
                if x0 < stop.at_m < x1:
                    passed += 1
                    at = t0 + (t1 - t0) * (stop.at_m - x0) / (x1 - x0)
                    letters = {one.letter for one in own if one.begin_s <= at + 1.5 and one.end_s >= at - 1.5}
                    assert letters & set("Ggy"), (stop.tls_id, at)
    assert passed > 40


def test_the_command_draws_a_corridor_and_names_what_it_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, page = cologne().with_name("cologne8.net.xml"), tmp_path / "corridor.html"
    assert run(["signals", "corridor", str(net), "26110729", "32319828", "--html", str(page)]) == 0
    assert "5 stop lines over 1969 m" in capsys.readouterr().out
    assert 'class="time-space"' in page.read_text(encoding="utf-8")
    with pytest.raises(NotThere, match="nowhere"):
        find_corridor(net, ["26110729", "nowhere"])
    with pytest.raises(BadInput, match="at least two"):
        find_corridor(net, ["26110729"])
