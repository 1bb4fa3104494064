"""Files of the TNTP format, right and wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.assignment import equilibrium
from models.assignment.tntp import read_flows, read_network, read_trips, write_flows, write_network, write_trips
from networks.errors import BadInput

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<END OF METADATA>

~\tinit\tterm\tcapacity\tlength\tfree\tb\tpower\tspeed\ttoll\ttype\t;
\t1\t3\t100\t1.5\t6\t.15\t4\t0\t0\t1\t;
\t3\t2\t100\t2.5\t4\t.15\t4\t0\t0\t1\t;
\t1\t2\t50\t9\t10\t.15\t4\t0\t0\t1\t;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 120.0
<END OF METADATA>

Origin 1
    2 :    120.00;
"""


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_problem_is_read_solved_and_written(tmp_path: Path) -> None:
    problem = read_network(written(tmp_path, "a_net.tntp", NET))
    assert problem.length.tolist() == [1.5, 2.5, 9.0] and problem.network.through.tolist() == [False, False]
    found = equilibrium(problem.network, [read_trips(written(tmp_path, "a_trips.tntp", TRIPS))], gap=1e-10)
    write_flows(tmp_path / "a_flow.tntp", problem.network, found.flow, found.time)
    tail, head, flow = read_flows(tmp_path / "a_flow.tntp")
    assert (tail == problem.network.tail).all() and (head == problem.network.head).all()
    assert np.array_equal(flow, found.flow) and flow.sum() == pytest.approx(120 + flow[0])


def test_a_problem_comes_back(tmp_path: Path) -> None:
    problem = read_network(written(tmp_path, "a_net.tntp", NET))
    trips = read_trips(written(tmp_path, "a_trips.tntp", TRIPS))
    write_network(tmp_path / "b_net.tntp", problem)
    write_trips(tmp_path / "b_trips.tntp", trips)
    again = read_network(tmp_path / "b_net.tntp")
    for name in ("tail", "head", "zone_node", "through", "free", "capacity", "alpha", "power"):
        assert np.array_equal(getattr(again.network, name), getattr(problem.network, name)), name
    assert np.array_equal(again.length, problem.length)
    assert np.array_equal(read_trips(tmp_path / "b_trips.tntp").trips, trips.trips)


@pytest.mark.parametrize(
    ("old", "new", "what", "place"),
    [
        ("\t3\t2\t100", "\t3\ttwo\t100", "is no link", "line 9"),
        ("\t3\t2\t100\t2.5\t4\t.15\t4\t0\t0\t1\t;", "\t3\t2\t100;", "lacks a number", "line 9"),
        ("LINKS> 3", "LINKS> 4", "3 links, and it says 4", None),
        ("<END OF METADATA>", "", "no <END OF METADATA>", None),
        ("NODES> 3", "NODES> three", "NUMBER OF NODES> is three", None),
        ("\t3\t2\t100", "\t3\t9\t100", "beyond the 3", None),
    ],
)
def test_a_wrong_network_is_told(tmp_path: Path, old: str, new: str, what: str, place: str | None) -> None:
    with pytest.raises(BadInput, match=what) as caught:
        read_network(written(tmp_path, "a_net.tntp", NET.replace(old, new)))
    assert caught.value.place == place


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2 :", "3 :", "no zone"),
        ("120.00;", "-3;", "no flow"),
        ("120.00;", "nan;", "no flow"),
        ("120.0\n", "99\n", "99"),
    ],
)
def test_wrong_trips_are_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        read_trips(written(tmp_path, "a_trips.tntp", TRIPS.replace(old, new)))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_network(tmp_path / "none_net.tntp")
