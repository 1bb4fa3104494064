"""What is wrong with a case is said before SUMO starts: file, place, what was expected, what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_cases import CARS, MakeCase

from models.sumo import check_case, read_case
from networks.errors import BadInput


def refused(file: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        check_case(read_case(file))
    return caught.value


def test_a_good_case_passes(make_case: MakeCase) -> None:
    check_case(read_case(make_case()))


@pytest.mark.parametrize(
    ("cars", "words", "place"),
    [
        ('<vehicle id="x" depart="0"><route edges="A0A1 gone"/></vehicle>', "does not have: gone", "vehicle x"),
        ('<trip id="x" depart="0" from="A0A1" to="gone"/>', "no edge 'gone'", "trip x"),
        ('<vehicle id="x" depart="0"><route edges="A0A1 C1C2"/></vehicle>', "from edge A0A1 to edge C1C2", "x"),
        ('<vehicle id="x" depart="0" route="r"/>', "no route 'r'", "vehicle x"),
        ('<vehicle id="x" depart="0" type="t"><route edges="A0A1"/></vehicle>', "no vehicle type 't'", "vehicle x"),
        ('<vehicle id="x" depart="0"><route edges=""/></vehicle>', "no edges", "vehicle x"),
        ('<trip id="x" depart="0" fromTaz="z" toTaz="z"/>', "zone 'z', which is not defined", "trip x"),
        ('<vehicle id="x" depart="0"><route edges="A0A1"/><stop lane="A0A1_7"/></vehicle>', "no lane", "stop"),
    ],
)
def test_demand_that_the_network_cannot_carry(make_case: MakeCase, cars: str, words: str, place: str) -> None:
    error = refused(make_case(cars))
    assert words in str(error) and place in (error.place or "") and "line 1" in (error.place or "")
    assert error.file and error.file.endswith("cars.rou.xml") and error.expected and error.remedy


def test_it_says_how_many_routes_are_broken(make_case: MakeCase) -> None:
    assert "(60 routes do)" in str(refused(make_case(CARS.replace("B1B2", "gone"))))


def test_routes_over_edges_that_are_closed_to_their_vehicles(make_case: MakeCase, grid: Path) -> None:
    closed = re.sub(r'(<lane id="A1B1_0")', r'\1 disallow="all"', grid.read_text())
    error = refused(make_case(net=closed))
    assert "closed to passenger: A1B1" in str(error) and "vehicle v0" in str(error)


def test_demand_that_starts_on_a_closed_edge(make_case: MakeCase, grid: Path) -> None:
    closed = re.sub(r'(<lane id="A0A1_0")', r'\1 allow="bus"', grid.read_text())
    trip = '<vType id="b" vClass="bus"/><trip id="y" depart="0" type="b" from="A0A1" to="C1C2"/>'
    check_case(read_case(make_case(trip, net=closed)))
    error = refused(make_case(trip + '<trip id="x" depart="0" from="A0A1" to="C1C2"/>', net=closed))
    assert "A0A1, which is closed to passenger" in str(error)


def test_demand_for_a_closed_zone(make_case: MakeCase) -> None:
    zones = '<taz id="open" edges="A0A1"/><taz id="shut"><tazSource id="A0A1" weight="1"/></taz>'
    fine = '<trip id="x" depart="0" fromTaz="shut" toTaz="open"/>'
    check_case(read_case(make_case(fine, additional=zones)))
    error = refused(make_case('<trip id="x" depart="0" fromTaz="open" toTaz="shut"/>', additional=zones))
    assert "zone shut, which is closed" in str(error)


@pytest.mark.parametrize("letters", [8, 10])
def test_a_plan_with_other_links_than_its_signal(make_case: MakeCase, letters: int) -> None:
    plan = '<tlLogic id="A1" programID="new" type="static"><phase duration="30" state="{}"/></tlLogic>'
    check_case(read_case(make_case(additional=plan.format("r" * 9))))
    error = refused(make_case(additional=plan.format("r" * letters)))
    assert f"a phase has {letters} links, and the signal has 9" in str(error) and "signal A1" in str(error)


def test_a_plan_for_a_signal_that_is_not_there(make_case: MakeCase) -> None:
    plan = '<tlLogic id="Z9" programID="new" type="static"><phase duration="30" state="G"/></tlLogic>'
    assert "no such signal" in str(refused(make_case(additional=plan)))


def test_a_network_of_a_newer_sumo(make_case: MakeCase, grid: Path) -> None:
    newer = re.sub(r'<net version="[^"]*"', '<net version="1.99"', grid.read_text())
    error = refused(make_case(net=newer))
    assert "version 1.99, newer than" in str(error) and "<net version>" in str(error)
    older = re.sub(r'<net version="[^"]*"', '<net version="1.6"', grid.read_text())
    assert "version 1.6" in check_case(read_case(make_case(net=older)))[0]


@pytest.mark.parametrize(
    ("cars", "end", "more", "words"),
    [
        (CARS, "0", "", "does not come after the begin"),
        ('<flow id="f" begin="0" period="5" from="A0A1" to="C1C2"/>', "", "", "would never be reached"),
        (CARS, "", '<time-to-teleport value="-1"/>', "a jam would last for ever"),
        (CARS.replace('depart="', 'depart="9000'), "300", "", "nothing would drive"),
    ],
)
def test_an_end_that_is_never_reached(make_case: MakeCase, cars: str, end: str, more: str, words: str) -> None:
    assert words in str(refused(make_case(cars, end=end, more=more)))


def test_departures_that_sumo_would_leave_out(make_case: MakeCase) -> None:
    late = CARS + '<vehicle id="x" depart="3"><route edges="A0A1"/></vehicle>'
    assert "1 departures come after later ones" in str(refused(make_case(late)))
    check_case(read_case(make_case(late, more='<route-steps value="0"/>')))


@pytest.mark.parametrize(
    ("cars", "more"),
    [
        ('<person id="p" depart="0"><ride from="A0A1" to="A1B1" lines="b"/></person>', ""),
        ('<trip id="x" depart="0" fromTaz="A1" toTaz="B2"/>', '<junction-taz value="true"/>'),
        ('<vehicle id="x" depart="0"><route edges="A0A1 C1C2"/><stop lane="A0A1_0" jump="60"/></vehicle>', ""),
        ('<vehicle id="x" depart="0"><route edges="A0A1 C1C2"/></vehicle>', '<ignore-route-errors value="true"/>'),
        ('<vehicle id="x" depart="0" type="DEFAULT_BIKETYPE"><route edges="A0A1"/></vehicle>', ""),
        (CARS, '<gui_only><start value="true"/><gui-settings-file value="no.xml"/></gui_only><remote-port value="1"/>'),
        (CARS, '<random_number><random value="true"/></random_number>'),
    ],
)
def test_what_sumo_takes_is_not_refused(make_case: MakeCase, grid: Path, cars: str, more: str) -> None:
    for_cars = re.sub(r'(<lane id="A0A1_0")', r'\1 disallow="pedestrian"', grid.read_text())
    case = read_case(make_case(cars, more=more, net=for_cars))
    check_case(case)
    assert not {"start", "gui-settings-file", "remote-port", "random"} & set(case.options)


def test_missing_and_damaged_files(make_case: MakeCase) -> None:
    file = make_case()
    (file.parent / "cars.rou.xml").write_text("<routes>\n<vehicle id='x' depart='0'>\n")
    assert "it is damaged" in str(refused(file)) and "line 3" in str(refused(file))
    (file.parent / "cars.rou.xml").unlink()
    assert "no such file" in str(refused(file)) and "<route-files>" in str(refused(file))
    (file.parent / "grid.net.xml").write_text('<!DOCTYPE net [<!ENTITY a "b">]><net/>')
    (file.parent / "cars.rou.xml").write_text("<routes/>")
    assert "document type or entities" in str(refused(file))
    (file.parent / "grid.net.xml").write_text("<routes/>")
    assert "no SUMO network" in str(refused(file))


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no such file"):
        read_case(tmp_path / "x.sumocfg")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<configuration><input/></configuration>", "names no network"),
        ('<configuration><net-fiel value="a"/></configuration>', "perhaps <net-file>"),
        ('<configuration><net-file value="a"/><begin value="soon"/></configuration>', "'soon' is no time"),
        ("<net/>", "no SUMO configuration"),
        ("<configuration>", "cannot be read"),
    ],
)
def test_a_configuration_that_cannot_be_read(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "x.sumocfg").write_text(text)
    with pytest.raises(BadInput, match=re.escape(words)):
        read_case(tmp_path / "x.sumocfg")
