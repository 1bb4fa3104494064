"""Matrices written for other programs come back as they were."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from networks.errors import BadInput
from networks.imports.od import read_trip_table
from networks.imports.omx_writing import write_matrices

CAR = np.array([[0.0, 1.5, 0.0], [2.25, 0.0, 1e-3], [0.0, 7.0, 3.0]])


@pytest.mark.parametrize("name", ["trips.omx", "trips.csv"])
def test_a_matrix_comes_back(tmp_path: Path, name: str) -> None:
    write_matrices(tmp_path / name, ["1", "2", "10"], {"trips": CAR})
    table = read_trip_table(tmp_path / name).set_index(["origin", "destination"])["trips"]
    zones = ["1", "2", "10"]
    expected = {(zones[i], zones[j]): CAR[i, j] for i, j in zip(*np.nonzero(CAR), strict=True)}
    assert table.to_dict() == pytest.approx(expected)


def test_each_matrix_of_a_file_is_a_class(tmp_path: Path) -> None:
    write_matrices(tmp_path / "two.omx", ["a", "b", "c"], {"car": CAR, "truck": CAR * 2})
    table = read_trip_table(tmp_path / "two.omx")
    assert table.groupby("vclass")["trips"].sum().to_dict() == pytest.approx({"car": CAR.sum(), "truck": 2 * CAR.sum()})


def test_the_layout_is_that_of_the_specification(tmp_path: Path) -> None:
    for name in ("one.omx", "again.omx"):
        write_matrices(tmp_path / name, ["7", "8", "12"], {"car": CAR})
    with h5py.File(tmp_path / "one.omx") as book:
        assert book.attrs["OMX_VERSION"] == b"0.2" and book.attrs["SHAPE"].tolist() == [3, 3]
        assert book["data/car"].chunks is not None and book["data/car"].compression == "gzip"
        assert book["lookup/zone"][()].tolist() == [7, 8, 12]
    assert (tmp_path / "one.omx").read_bytes() == (tmp_path / "again.omx").read_bytes()


@pytest.mark.parametrize(
    ("name", "matrices", "what"),
    [("a.xlsx", {"car": CAR}, "not written as such"), ("a.omx", {"car": CAR[:2]}, r"shape \(2, 3\)")],
)
def test_what_cannot_be_written_is_told(tmp_path: Path, name: str, matrices: dict[str, np.ndarray], what: str) -> None:
    with pytest.raises(BadInput, match=what):
        write_matrices(tmp_path / name, ["1", "2", "3"], matrices)
    assert not list(tmp_path.iterdir())
