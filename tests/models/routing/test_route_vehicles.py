"""The table of vehicles, and restrictions by size, load and hour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.routing import Restriction, read_restrictions, restricted, vehicle, vehicles
from networks.errors import BadInput, NotThere
from networks.graphs import RoadGraph

TOP = "edge_id,kind,value,from_h,to_h,source\n"


def test_every_class_has_roads_a_depth_limit_and_a_source() -> None:
    assert {"car", "ambulance", "fire_engine", "rescue_boat", "pump_crew", "tanker"} <= set(vehicles())
    for one in vehicles().values():
        assert one.vclass in ("passenger", "bus", "emergency") and 0.0 < one.depth_limit_m < 1.0
        assert len(one.source) > 20 and one.traffic_share <= 1.0 and one.wait_share <= 1.0
    with pytest.raises(NotThere, match="there is no class of vehicles 'tank'"):
        vehicle("tank")


def test_blue_light_is_faster_on_an_empty_road_and_in_traffic() -> None:
    two = np.zeros((2, 2))
    graph = RoadGraph(
        ("a", "b"), np.array([130.0, 130.0]), np.array([10.0, 10.0]), two, two, *np.zeros((2, 0), int), np.ones(2, bool)
    )
    np.testing.assert_allclose(vehicle("car").edge_s(graph, np.array([13.0, 100.0])), [13.0, 100.0])
    np.testing.assert_allclose(vehicle("ambulance").edge_s(graph, np.array([13.0, 100.0])), [10.0, 61.5])
    np.testing.assert_allclose(vehicle("ambulance").edge_s(graph), [10.0, 10.0])


def test_who_is_shut_out_depends_on_size_load_and_hour(tmp_path: Path) -> None:
    file = tmp_path / "restrictions.csv"
    rows = ["low,height_m,3.5,,,sign", "thin,width_m,2.5,0,24,survey", "weak,weight_t,16,,,sign"]
    rows += ["tunnel,hazmat,,,,law", "school,closed,,7,9,sign", "night,closed,,22,6,sign", "sea,closed,,,,sign"]
    file.write_text(TOP + "\n".join(rows))
    known = read_restrictions(file)
    index = {name: n for n, name in enumerate(("low", "thin", "weak", "tunnel", "school", "night"))}

    def shut(name: str, hour: float) -> set[str]:
        mask = restricted(known, index, vehicle(name), hour)
        return {edge for edge, n in index.items() if mask[n]}

    assert shut("car", 12) == set()
    assert shut("fire_engine", 12) == {"low", "thin"}
    assert shut("ladder", 12) == {"low", "thin", "weak"}
    assert shut("tanker", 12) == {"low", "thin", "weak", "tunnel"}
    assert shut("car", 7) == shut("car", 8.99) == {"school"} and shut("car", 9) == set()
    assert shut("car", 23) == shut("car", 5.9) == shut("car", 24.5) == {"night"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,hight,3,,,sign", "line 2.*no kind 'hight'"),
        ("a,height_m,three,,,sign", "line 2.*no number"),
        ("a,height_m,,,,sign", "impossible"),
        ("a,height_m,3,25,,sign", "impossible"),
        ("a,height_m,-3,,,sign", "impossible"),
        ("a,height_m,3,,,", "where it comes from"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(tmp_path: Path, row: str, words: str) -> None:
    file = tmp_path / "restrictions.csv"
    file.write_text(TOP + row)
    with pytest.raises(BadInput, match="(?s)" + words):
        read_restrictions(file)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_restrictions(tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="columns are missing"):
        read_restrictions(tmp_path / "other.csv")


def test_a_ban_of_lorries_binds_no_emergency_vehicle_and_open_binds_nobody() -> None:
    ban = Restriction("a", "lorry", 3.5, 0.0, 24.0, "map")
    names = ("car", "truck", "fire_engine", "pump_crew")
    assert [ban.shuts_out(vehicle(name), 12.0) for name in names] == [False, True, False, False]
    assert not Restriction("a", "open", 0.0, 0.0, 24.0, "keys").shuts_out(vehicle("tanker"), 12.0)


def test_a_restriction_over_midnight_holds_on_both_sides() -> None:
    one = Restriction("a", "hazmat", 0.0, 22.0, 6.0, "law")
    assert [one.shuts_out(vehicle("tanker"), hour) for hour in (21.9, 22.0, 0.0, 5.9, 6.0)] == [0, 1, 1, 1, 0]
