"""Growth factors and schemes as people write them, right and wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.assignment import UserClass
from networks.errors import BadInput
from scenarios.planning import CityNetwork, city_network, growth_in, read_growth, read_scheme, with_scheme
from scenarios.planning.city_network import Doors

HEAD = "year,class,factor,source\n"


def written(folder: Path, text: str, name: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_growth_of_a_class_or_of_all_between_years(tmp_path: Path) -> None:
    text = "factors:\n  - {year: 2020, class: all, factor: 1, source: base}\n"
    text += "  - {year: 2030, class: all, factor: 1.2, source: plan A}\n"
    text += "  - {year: 2025, class: truck, factor: 1.3, source: ports}\n"
    file = written(tmp_path, text, "growth.yaml")
    found = growth_in(read_growth(file), ["car", "truck"], 2025, file)
    assert found["car"].factor == pytest.approx(1.1) and found["car"].source == "base; plan A"
    assert (found["truck"].factor, found["truck"].source, found["truck"].between) == (1.3, "ports", False)
    with pytest.raises(BadInput, match="nothing of truck in 2026"):
        growth_in(read_growth(file), ["truck"], 2026, file)


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("year,class,factor\n2030,car,1.1\n", "column source is missing", "line 1"),
        (HEAD + "2030,car,-1,x\n", "factor: .*greater", "line 2"),
        (HEAD + "2030,car,nan,x\n", "factor: .*finite", "line 2"),
        (HEAD + "2030,car,1.1,\n", "source: ", "line 2"),
        (HEAD + "2030,car,1,x\n2030,car,2,x\n", "is there twice", None),
        (HEAD, "no factors", None),
    ],
)
def test_wrong_growth_is_told(tmp_path: Path, text: str, what: str, place: str | None) -> None:
    with pytest.raises(BadInput, match=what) as caught:
        read_growth(written(tmp_path, text, "growth.csv"))
    assert caught.value.place == place


def test_a_class_without_growth_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "2030,car,1.1,x\n", "growth.csv")
    with pytest.raises(BadInput, match="no growth factor for the class truck"):
        growth_in(read_growth(file), ["car", "truck"], 2030, file)


@pytest.fixture
def three() -> CityNetwork:
    """Three edges one after the other, between two zones."""
    graph = type("Graph", (), {})()
    graph.edge_ids, graph.allowed = ("a", "b", "c"), np.array([True, True, True])
    graph.length_m, graph.speed_mps = np.array([100.0, 200.0, 300.0]), np.array([10.0, 10.0, 10.0])
    graph.conn_from, graph.conn_to = np.array([0, 0, 1]), np.array([1, 1, 2])
    city = type("City", (), {})()
    city.road_graph = lambda _: graph
    city.layer = lambda _: {"lanes": _Column([1, 2, 3]), "highway": ["primary", "secondary", "tertiary"]}
    doors = Doors(("x", "y", "z"), (((0, 5.0),), (), ()), ((), ((2, 7.0),), ()))
    return city_network(city, doors)


class _Column(list[int]):
    def to_numpy(self, dtype: type) -> np.ndarray:
        return np.array(self, dtype=dtype)


def test_a_city_becomes_edges_turns_and_connectors(three: CityNetwork) -> None:
    assert three.turns.tolist() == [[0, 1], [1, 2]] and three.lonely == ("x", "y", "z")
    assert three.network.capacity[:3].tolist() == [900.0, 1600.0, 1800.0]
    assert three.network.free.tolist() == [10.0, 20.0, 30.0, 4.0, 4.0, 5.0, 7.0]


def test_what_a_scheme_does(three: CityNetwork, tmp_path: Path) -> None:
    text = """name: s
changes:
  - {edges: [a], lanes: 1}
  - {edges: [b], capacity_factor: 0.5, speed_kmh: 72}
  - {edges: [c], toll: 3}
  - {edges: [c], closed: true, classes: [truck]}
value_of_time: {per_vehicle_h: {car: 10, truck: 30}, currency: EUR, source: us}
"""
    given = read_scheme(written(tmp_path, text, "s.yaml"))
    classes = [UserClass("car", np.zeros((3, 3))), UserClass("truck", np.zeros((3, 3)))]
    after, (car, truck) = with_scheme(three, np.array([1.0, 2.0, 3.0]), classes, given)
    assert after.network.capacity[:3].tolist() == [1800.0, 800.0, 1800.0]
    assert after.network.free[1] == pytest.approx(10.0)
    assert car.extra is not None and car.extra[:3].tolist() == [0.0, 0.0, 3 / 10 * 3600]
    assert truck.extra is not None and np.isinf(truck.extra[2])
    first = given.scheme.model_copy(update={"changes": given.scheme.changes[:1]})
    alone = replace(given, scheme=first, lines=given.lines[:1])
    assert with_scheme(three, np.array([1.0, 2.0, 3.0]), classes, alone)[1][0].extra is None


def test_a_class_without_a_value_of_time_is_told(three: CityNetwork, tmp_path: Path) -> None:
    text = "name: s\nchanges:\n  - {edges: [a], toll: 2}\n"
    cars, lanes = [UserClass("car", np.zeros((3, 3)))], np.array([1.0, 2.0, 3.0])
    _, (car,) = with_scheme(three, lanes, cars, read_scheme(written(tmp_path, text, "s.yaml")))
    assert car.extra is not None and car.extra[0] == pytest.approx(2 * 3600 / 14.10)
    text += "value_of_time: {per_vehicle_h: {truck: 30}, currency: EUR, source: us}\n"
    with pytest.raises(BadInput, match="no value of time for the class car"):
        with_scheme(three, lanes, cars, read_scheme(written(tmp_path, text, "s.yaml")))


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("{edges: [q], closed: true}", "no edge q", "line 3"),
        ("{edges: [a], lanes: -1}", "no lane left", "line 3"),
        ("{edges: [a], closed: true, classes: [bus]}", "no trips of the class bus", "line 3"),
    ],
)
def test_a_scheme_that_does_not_fit_is_told(
    three: CityNetwork, tmp_path: Path, text: str, what: str, place: str
) -> None:
    given = read_scheme(written(tmp_path, f"name: s\nchanges:\n  - {text}\n", "s.yaml"))
    with pytest.raises(BadInput, match=what) as caught:
        with_scheme(three, np.array([1.0, 2.0, 3.0]), [UserClass("car", np.zeros((3, 3)))], given)
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{edges: [a]}", "nothing is done"),
        ("{edges: [], closed: true}", "edges: "),
        ("{edges: [a], shut: true}", "no such field"),
        ("{edges: [a], toll: -2}", "toll: "),
    ],
)
def test_a_wrong_scheme_is_told_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(BadInput, match=what) as caught:
        read_scheme(written(tmp_path, f"name: s\nchanges:\n  - {text}\n", "s.yaml"))
    assert str(caught.value.place).startswith("line 3")
