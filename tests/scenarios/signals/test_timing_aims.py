"""What a search can make less of: each figure against the same run read another way."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from small_crossroads import write_town

from models.sumo import read_case
from networks.errors import BadInput
from scenarios.ensembles.executor import SerialExecutor
from scenarios.signals.judging.observing import Watched, observe
from scenarios.signals.trying.aim import GUARD, PURPOSES, Purpose, Target
from scenarios.signals.trying.aiming import check_travelled, target_of
from scenarios.signals.trying.modes import read_modes
from scenarios.signals.trying.queues import read_halts, read_queues
from scenarios.signals.trying.trials import TRIPS, Outcome, Trials, run_in

SEED = 5


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(tmp_path_factory.mktemp("town"))


def outcome(town: Path, purpose: Purpose) -> Outcome:
    case = read_case(town)
    trials = Trials(case, SerialExecutor(), target=target_of(case, purpose))
    found = trials.run([({}, SEED)])[0]
    trials.close()
    return found


@pytest.mark.parametrize("purpose", [one for one in PURPOSES if one != "delay"])
def test_no_aim_changes_the_run_and_each_counts_everybodys_delay_a_little(town: Path, purpose: Purpose) -> None:
    plain, found = outcome(town, "delay"), outcome(town, purpose)
    assert plain.aim is None and plain.cost == plain.delays.all_planned_s
    assert found.delays == plain.delays and found.aim is not None
    assert found.cost == pytest.approx(found.aim.figure + GUARD[purpose] * plain.cost)
    if purpose != "queues":
        assert found.lost_s["A0"] > 0 and found.lost_s != plain.lost_s


def test_stops_and_emissions_are_those_of_the_trips(town: Path, tmp_path: Path) -> None:
    trials = Trials(read_case(town), SerialExecutor())
    job = trials.job({}, SEED)
    run_in(replace(job, options={**job.options, "device.emissions.probability": "1"}), tmp_path)
    trials.close()
    trips = ET.parse(tmp_path / TRIPS).getroot().findall("tripinfo")
    waited, halts = (sum(float(trip.attrib[name]) for trip in trips) for name in ("departDelay", "waitingCount"))
    grams = sum(float(gas.attrib["CO2_abs"]) for trip in trips for gas in trip.iter("emissions")) / 1000
    stops, co2 = outcome(town, "stops").aim, outcome(town, "emissions").aim
    assert stops is not None and co2 is not None
    assert stops.figure == pytest.approx((halts + waited / 60) / len(trips))
    gone = [trip.attrib for trip in trips if float(trip.attrib["depart"]) >= 0]
    rate = grams / sum(float(trip["duration"]) for trip in gone)
    km = sum(float(trip["routeLength"]) for trip in gone) / 1000
    assert waited > 0 and co2.figure == pytest.approx((grams + rate * waited) / km)


@pytest.mark.parametrize(
    ("purpose", "mode"), [("pedestrians", "pedestrian"), ("bicycles", "bicycle"), ("buses", "bus")]
)
def test_the_delay_of_a_mode_is_that_of_its_travellers(town: Path, purpose: Purpose, mode: str) -> None:
    case = read_case(town)
    trials = Trials(case, SerialExecutor())
    seen = observe(Watched(trials.job({}, SEED), {}, read_modes(case)))
    trials.close()
    found = outcome(town, purpose).aim
    count, lost = seen.modes[mode]
    assert found is not None and found.figure == pytest.approx(lost / count, abs=2.5)  # lost over the junction too
    assert found.figure > 5


def test_a_queue_counts_while_it_fills_nine_tenths_of_its_lane(tmp_path: Path) -> None:
    rows = [("a_0", 30.0, 2), ("a_0", 46.0, 1), ("b_0", 44.9, 4), ("b_0", 99.0, 0)]
    text = "".join(
        f'<interval begin="0" id="aim|{lane}" maxJamLengthInMeters="{queue}" startedHalts="{halts}"/>'
        for lane, queue, halts in rows
    )
    (tmp_path / "q.xml").write_text(f"<detector>{text}</detector>")
    lanes = {"a_0": 50.0, "b_0": 50.0}
    assert read_queues(tmp_path / "q.xml", lanes) == {"a_0": (46.0, 0.5), "b_0": (50.0, 0.5)}
    assert read_halts(tmp_path / "q.xml") == {"a_0": 3, "b_0": 4}
    assert read_queues(tmp_path / "none.xml", lanes) == {}


def test_a_mode_that_nobody_uses_cannot_be_helped(town: Path) -> None:
    case = read_case(town)
    trials = Trials(case, SerialExecutor(), target=Target("buses", {"bike": "bicycle"}))
    with pytest.raises(BadInput, match="no buses"):
        check_travelled(trials)
    assert trials.count == 1 and math.isnan(trials.run([({}, 1)])[0].cost)
    trials.close()
