"""A bound on the vehicles of a case: never below what SUMO sends out, and None where the text does not tell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_cases import MakeCase

from models.sumo import read_case, run_native
from models.sumo.due import most_due

ROAD = '<route edges="A0A1 A1B1"/>'
CAR = '<vehicle id="{0}" depart="{1}"><route edges="A0A1 A1B1"/></vehicle>'


def test_the_vehicles_due_are_those_that_sumo_sends_out(make_case: MakeCase, tmp_path: Path) -> None:
    cars = "".join(CAR.format(f"v{k}", 7.5 * k) for k in range(60))
    case = read_case(make_case(cars, end="300"))
    run_native(case, 1, tmp_path / "run")
    told = re.search(
        r'inserted="(\d+)" running="\d+" waiting="(\d+)"', (tmp_path / "run" / "statistics.xml").read_text()
    )
    assert told is not None
    assert most_due(case) == 40 >= int(told[1]) + int(told[2])
    assert most_due(case.between(end_s=75.0)) == 10


@pytest.mark.parametrize(
    "cars",
    [
        f'<flow id="f" begin="0" end="9" number="5">{ROAD}</flow>',
        f"<vehicle id='v' depart='3'>{ROAD}</vehicle>",
        f'<vehicle id="v" depart="00:00:03">{ROAD}</vehicle>',
        f'<vehicle id="v" depart="triggered">{ROAD}</vehicle>',
        f'<vType id="many" scale="3"/><vehicle id="v" type="many" depart="3">{ROAD}</vehicle>',
        f'<vehicle id="odd>name" depart="3">{ROAD}</vehicle>',
        '<include href="more.rou.xml"/>',
    ],
)
def test_text_that_does_not_tell_gives_no_number(make_case: MakeCase, cars: str) -> None:
    assert most_due(read_case(make_case(cars))) is None


def test_options_that_change_the_demand_give_no_number(make_case: MakeCase) -> None:
    case = read_case(make_case(CAR.format("v", 3)))
    assert most_due(case) == 1
    assert most_due(case, ("--scale", "2")) is None
    assert most_due(read_case(make_case(CAR.format("v", 3), more='<scale value="2"/>'))) is None


@given(st.lists(st.floats(0, 1e6, allow_nan=False), max_size=20), st.floats(0, 1e6))
def test_departures_before_the_end_are_counted(
    tmp_path_factory: pytest.TempPathFactory, times: list[float], end: float
) -> None:
    folder = tmp_path_factory.mktemp("due")
    cars = [CAR.format(k, f"{time:.2f}") for k, time in enumerate(times)]
    (folder / "cars.rou.xml").write_text("<?xml version='1.0'?>\n<routes>\n" + "\n".join(cars) + "</routes>")
    (folder / "c.sumocfg").write_text(
        '<configuration><net-file value="n.net.xml"/><route-files value="cars.rou.xml"/></configuration>'
    )
    case = read_case(folder / "c.sumocfg")
    assert most_due(case) == len(times)
    assert most_due(case.between(end_s=end)) == sum(float(f"{time:.2f}") < end for time in times)
