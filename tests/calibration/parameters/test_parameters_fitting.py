"""Parameters of drivers from what a street counts, where its capacity has a closed form."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.flows import simulated
from calibration.parameters import Street, experiment_of, fit_parameters, read_journeys, taken_out
from calibration.parameters.signal_plans import read_plans
from calibration.parameters.street import edge_facts
from models.sumo import SumoCase
from networks import BadInput, sumo_home

LENGTH_M, GAP_M, SPEED_MPS, TAU_S = 5.0, 2.5, 13.9, 1.6


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> SumoCase:
    """Three streets in a row and more vehicles than they carry; drivers without imperfection."""
    folder = tmp_path_factory.mktemp("line")
    spots = "".join(f'<node id="n{i}" x="{i * 300}" y="0"/>' for i in range(4))
    streets = "".join(f'<edge id="e{i}" from="n{i}" to="n{i + 1}" numLanes="1" speed="13.9"/>' for i in range(3))
    (folder / "l.nod.xml").write_text(f"<nodes>{spots}</nodes>", encoding="utf-8")
    (folder / "l.edg.xml").write_text(f"<edges>{streets}</edges>", encoding="utf-8")
    words = ("-n", "l.nod.xml", "-e", "l.edg.xml", "-o", "l.net.xml")
    subprocess.run([str(sumo_home() / "bin" / "netconvert"), *words], check=True, capture_output=True, cwd=folder)
    demand = folder / "line.rou.xml"
    demand.write_text(
        '<routes><vType id="car" sigma="0" speedDev="0" length="5"/><route id="r" edges="e0 e1 e2"/>'
        '<flow id="a" type="car" route="r" begin="0" end="600" period="1.2" departSpeed="max"/></routes>',
        encoding="utf-8",
    )
    return SumoCase(folder / "line.sumocfg", folder / "l.net.xml", (demand,), (), 0.0, 600.0, 0.5)


def closed_form(tau_s: float) -> float:
    """Vehicles of 300 s at saturation: each takes its headway, its gap and its length."""
    return 300.0 / (tau_s + (GAP_M + LENGTH_M) / SPEED_MPS)


def street(tau_s: float) -> Street:
    """What two sensors count once the street is full, by the closed form alone."""
    flows = np.array([[np.nan, closed_form(tau_s)]] * 2)
    return Street(Counts(("a", "b"), ("e1", "e2"), 0.0, 300.0, flows))


def test_the_headway_of_a_saturated_street_is_found_by_its_closed_form(line: SumoCase, tmp_path: Path) -> None:
    found = fit_parameters(line, street(TAU_S), ("b",), tmp_path, fit=("tau",), simulations=15, fresh=2, seed=1)
    (tau,) = found.found
    assert tau.informed and tau.low < TAU_S < tau.high and abs(tau.value - TAU_S) < 0.1
    assert found.judgement.used_after.misfit < 0.1 < found.judgement.used_before.misfit


@pytest.mark.parametrize("tau_s", [1.0, 2.0])
def test_a_simulation_with_written_types_carries_what_the_closed_form_says(
    line: SumoCase, tmp_path: Path, tau_s: float
) -> None:
    experiment = experiment_of(line, street(1.0), tmp_path / "bare", ("tau", "minGap"))
    point = experiment.space.point({"cars tau": tau_s, "cars minGap": GAP_M})
    (said,) = {float(one) for one in experiment((tuple(point.tolist()), 1))[-1:]}
    assert said == pytest.approx(closed_form(tau_s), rel=0.02)


def test_types_keep_their_ratios_and_leave_the_rest_as_it_was(tmp_path: Path) -> None:
    routes = tmp_path / "own.rou.xml"
    routes.write_text(
        '<routes><vTypeDistribution id="mix"><vType id="x" minGap="1" length="4" probability=".5"/>'
        '<vType id="y" minGap="3" speedFactor="normc(1.1,0.2,0.5,1.5)" probability=".5"/></vTypeDistribution>'
        '<vType id="b" vClass="bus" minGap="9"/><trip id="1" depart="0" from="a" to="b" type="mix"/>'
        '<trip id="2" depart="1" from="a" to="b"/><trip id="3" depart="1" from="a" to="b" type="b"/></routes>',
        encoding="utf-8",
    )
    case = SumoCase(tmp_path / "c.sumocfg", tmp_path / "n.net.xml", (routes,))
    bare, types = taken_out(case, tmp_path / "bare")
    assert "vType" not in bare.routes[0].read_text(encoding="utf-8")
    assert bare.routes[0].read_text(encoding="utf-8").count("<trip") == 3
    assert types.vehicles == {"cars": 2, "others": 1}
    starts = {"cars minGap": types.usual("cars", "minGap"), "cars speedDev": 0.1}
    assert starts["cars minGap"] == pytest.approx((2.5 + 1 + 3) / 3)
    same = types.write(tmp_path / "same.add.xml", starts, starts)
    before = {one.get("id"): one.attrib for one in ElementTree.fromstring(types.xml).iter("vType")}
    assert {one.get("id"): one.attrib for one in ElementTree.parse(same).iter("vType")} == before
    asked = {"cars minGap": starts["cars minGap"] / 2, "cars speedDev": 0.05}
    after = {one.get("id"): one.attrib for one in ElementTree.parse(types.write(same, asked, starts)).iter("vType")}
    assert float(after["y"]["minGap"]) == pytest.approx(1.5) and after["x"]["length"] == "4"
    assert after["y"]["speedFactor"].startswith("normc(1.1,0.1,")
    assert after["b"] == before["b"] and float(after["DEFAULT_VEHTYPE"]["minGap"]) == pytest.approx(1.25)


def test_greens_grow_and_yellows_do_not(tmp_path: Path) -> None:
    net = tmp_path / "n.net.xml"
    net.write_text(
        '<net><tlLogic id="k" type="static" programID="0" offset="10"><phase duration="30" state="GGrr"/>'
        '<phase duration="4" state="yyrr"/><phase duration="5" state="rrGG"/></tlLogic>'
        '<tlLogic id="free" type="actuated" programID="0"><phase duration="30" state="G"/></tlLogic></net>',
        encoding="utf-8",
    )
    plans = read_plans(net)
    written = ElementTree.parse(plans.write(tmp_path / "s.add.xml", 0.5)).getroot()
    assert [one.get("duration") for one in written.iter("phase")] == ["15", "4", "5"]
    assert [(one.get("id"), one.get("offset")) for one in written] == [("k", "5")]


def test_travel_times_are_read_and_said_by_the_same_streets(line: SumoCase, tmp_path: Path) -> None:
    file = tmp_path / "journeys.csv"
    file.write_text("path,edges,begin,seconds\nall,e0 e1 e2,310,70\nall,e0 e1 e2,320,90\n", encoding="utf-8")
    facts = edge_facts(line.net)
    counts = street(1.0).counts
    journeys = read_journeys(file, counts, facts)
    assert np.isnan(journeys.seconds[0, 0]) and journeys.seconds[0, 1] == 80
    seen = Street(counts, None, journeys)
    run = simulated(line.net, line.routes, end_s=600.0, period_s=300.0, options={"step-length": "0.5"})
    said = seen.said(run, facts)
    assert seen.target.kinds == ("flow", "flow", "travel_time") and len(said) == 3
    assert 850 / SPEED_MPS < said[2] < 1.5 * 900 / SPEED_MPS
    file.write_text("path,edges,begin,seconds\nall,e0 nowhere,310,70\n", encoding="utf-8")
    with pytest.raises(BadInput, match="nowhere"):
        read_journeys(file, counts, facts)


def test_a_case_without_vehicles_is_refused(line: SumoCase, tmp_path: Path) -> None:
    empty = tmp_path / "empty.rou.xml"
    empty.write_text("<routes/>", encoding="utf-8")
    case = SumoCase(line.file, line.net, (empty,), (), 0.0, 600.0, 0.5)
    with pytest.raises(BadInput, match="no vehicle sets out"):
        fit_parameters(case, street(1.0), (), tmp_path)
