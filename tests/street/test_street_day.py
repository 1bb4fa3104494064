"""What the hidden city publishes is what happened in it; draws repeat; an order changes only what it should."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import BEGIN, Open
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from test_street_orders import CLOSED, order

from benchmarks.live.planted import Cloudburst, Planted, read_planted
from benchmarks.live.street_water import Water
from calibration import Observation
from models.sumo import SumoCase
from networks.errors import BadInput


def counted(told: list[Observation], measure: str = "vehicle_count") -> dict[str, float | None]:
    return {one.sensor_id: one.result for one in told if one.measure == measure}


def test_counts_published_are_vehicles_that_passed(opened: Open, small_town: SumoCase, tmp_path: Path) -> None:
    """SUMO's own table of edges is the referee."""
    meter = tmp_path / "meter.add.xml"
    table = tmp_path / "edges.xml"
    meter.write_text(f'<additional><edgeData id="m" period="300" file="{table}"/></additional>')
    street = opened(("wa", "ab", "bc", "cb"), case=replace(small_town, additionals=(meter,)))
    said = [street.advance(300.0 * (cycle + 1)) for cycle in range(4)]
    street.__exit__(None, None, None)
    judged = 0
    for cycle, interval in enumerate(ET.parse(table).getroot()):
        for edge in interval:
            if edge.attrib["id"] in counted(said[cycle]):
                truly = float(edge.attrib["entered"]) + float(edge.attrib["departed"])
                assert counted(said[cycle])[edge.attrib["id"]] == pytest.approx(truly, abs=1), (
                    "one on the border at most"
                )
                speed = counted(said[cycle], "speed")[edge.attrib["id"]]
                assert speed == pytest.approx(float(edge.attrib["speed"]), rel=0.05)
                judged += 1
    assert judged == 16


def test_the_same_draws_say_the_same_bytes_until_an_order_comes(opened: Open) -> None:
    def played(at_s: float | None) -> tuple[list[list[Observation]], float]:
        street = opened(incidents=[{"edge": "bc", "lanes": [0], "from": 600, "to": 900}])
        said = []
        for cycle in range(4):
            if at_s == 300.0 * cycle:
                street.take(order("k", CLOSED))
            said.append(street.advance(300.0 * (cycle + 1)))
        return said, street.vehicle_s

    (one, spent), (again, spent_again), (ordered, other) = played(None), played(None), played(600.0)
    assert one == again and spent == spent_again
    assert ordered[:2] == one[:2], "an order changed what was before it"
    assert ordered[2:] != one[2:] and counted(ordered[3])["bc"] == 0 and other > spent


def test_an_incident_blocks_its_lane_and_ends(opened: Open) -> None:
    street = opened(incidents=[{"edge": "bc", "lanes": [0, 1], "from": 300, "to": 900}])
    said = [counted(street.advance(300.0 * (cycle + 1)))["bc"] for cycle in range(5)]
    assert said[0] > 20 and said[2] < 10 and said[4] > said[0]  # type: ignore[operator]


def test_faults_are_as_planted(opened: Open) -> None:
    faults = [
        {"edge": "ab", "kind": "stuck", "from": 300, "to": 1200},
        {"edge": "bc", "kind": "silent", "from": 300, "to": 600},
        {"edge": "cb", "kind": "drift", "per_hour": 6.0, "from": 300, "to": 1200},
    ]  # fmt: skip
    lying = [counted(street.advance(300.0 * (n + 1))) for street in [opened(faults=faults)] for n in range(4)]
    truly = [counted(street.advance(300.0 * (n + 1))) for street in [opened()] for n in range(4)]
    assert {said["ab"] for said in lying[1:]} == {lying[0]["ab"]}
    assert "bc" not in lying[1] and lying[2]["bc"] == truly[2]["bc"]
    assert [said["cb"] for said in lying] == [round(t["cb"] * f) for t, f in zip(truly, (1, 1.5, 2, 2.5), strict=True)]  # type: ignore[operator]


def test_a_concert_lets_out_whom_it_let_in_and_water_is_told(opened: Open) -> None:
    street = opened(
        concerts=[{"site": "hall", "edge": "ce", "visitors": 500, "capacity": 600, "from": 1000, "to": 1200}],
        cloudbursts=[{"from": 0, "to": 1200, "peak_mm_h": 80}],
        ponds=[{"name": "dip", "edges": ["bc"], "catchment_m2": 4000, "area_m2": 50, "drain_m3s": 0.02}],
    )
    told = [one for cycle in range(12) for one in street.advance(300.0 * (cycle + 1))]
    through = {way: sum(o.result or 0 for o in told if o.sensor_id.endswith(way)) for way in ("/in", "/out")}
    inside = [o.result for o in told if o.sensor_id == "hall"][-1]
    assert inside is not None and through["/in"] - through["/out"] == pytest.approx(inside, abs=500 - through["/in"])
    fallen_mm = sum((o.result or 0) / 12 for o in told if o.sensor_id == "gauge")
    assert fallen_mm == pytest.approx(80 / 2 * 1200 / 3600, rel=1e-3)
    level = [o.result for o in told if o.sensor_id == "level/dip"]
    assert max(level) > 0.3 and level[-1] == 0  # type: ignore[type-var]


@given(peak=st.floats(5, 150), drain=st.floats(0.005, 0.1), area=st.floats(20, 500))
def test_a_hollow_keeps_what_came_and_did_not_go(peak: float, drain: float, area: float) -> None:
    plan = Planted.model_validate(
        {"town": "t", "begin": BEGIN, "cloudbursts": [{"from": 0, "to": 3600, "peak_mm_h": peak}],
         "ponds": [{"name": "p", "edges": ["e"], "catchment_m2": 5000, "area_m2": area, "drain_m3s": drain}]}
    )  # fmt: skip
    water, came = Water(plan), 0.0
    for minute in range(1, 61):
        water.advance(60.0 * minute)
        came = 0.8 * 5.0 * water.fallen_mm
        kept = water.depth_m["p"] * area
        assert max(0.0, came - drain * 60 * minute) - 1e-9 <= kept <= came + 1e-9
    assert water.fallen_mm == pytest.approx(peak / 2, rel=2e-3)
    assert came == pytest.approx(4.0 * water.fallen_mm)


def test_a_file_of_what_is_planted_names_its_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "day.yaml"
    file.write_text(f"town: t\nbegin: {BEGIN}\nincidents: [{{edge: e, lanes: [0], from: '08:00', to: '07:00'}}]\n")
    with pytest.raises(BadInput, match="ends before it begins") as told:
        read_planted(file)
    assert "incidents.0" in str(told.value)
    assert Cloudburst.model_validate({"from": "07:30", "to": "08:00", "peak_mm_h": 9}).from_s == 27000
    with pytest.raises(ValidationError):
        Cloudburst.model_validate({"from": "7.30", "to": "08:00", "peak_mm_h": 9})
    file.write_text("town: [")
    with pytest.raises(BadInput, match="not YAML"):
        read_planted(file)


def test_the_truth_is_kept_apart(opened: Open, tmp_path: Path) -> None:
    street = opened(incidents=[{"edge": "bc", "lanes": [0], "from": 0, "to": 300}])
    street.advance(300.0)
    first, *lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text().splitlines()]
    assert first["planted"]["incidents"][0]["edge"] == "bc"
    assert lines[0]["standing"] == ["incident-0"] and lines[0]["passed"]["ab"] > 0
