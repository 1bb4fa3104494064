"""Results on disk: whole, equal bytes, and refused when they are not what was written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.flood import FloodResult, simulate_flood, uniform_rain
from networks.errors import BadInput


@pytest.fixture(scope="module")
def flood() -> FloodResult:
    terrain = np.add.outer(np.linspace(2, 1, 12), np.linspace(0, 0.5, 15))
    rain = uniform_rain(depth_mm=20, duration_s=600, source="gauge, test")
    return simulate_flood(terrain, 5.0, rain, duration_s=900, output_every_s=300)


def test_it_comes_back_as_it_was(flood: FloodResult, tmp_path: Path) -> None:
    flood.save(tmp_path / "storm")
    again = FloodResult.load(tmp_path / "storm", verify=True)
    for name in ("times_s", "depth_m", "speed_mps"):
        np.testing.assert_array_equal(getattr(again, name), getattr(flood, name))
    assert (again.ledger, again.cell_m, again.steps, again.notes) == (flood.ledger, 5.0, flood.steps, flood.notes)
    assert again.notes["rain"] == "gauge, test"
    assert [path.name for path in tmp_path.iterdir()] == ["storm"]


def test_the_same_result_gives_the_same_bytes(flood: FloodResult, tmp_path: Path) -> None:
    flood.save(tmp_path / "a")
    FloodResult.load(tmp_path / "a").save(tmp_path / "b")
    for name in ("flood.npz", "flood.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_broken_folder_is_no_result(flood: FloodResult, tmp_path: Path) -> None:
    folder = tmp_path / "storm"
    with pytest.raises(BadInput, match="no readable flood"):
        FloodResult.load(folder)
    flood.save(folder)
    whole = (folder / "flood.npz").read_bytes()
    (folder / "flood.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="no readable flood"):
        FloodResult.load(folder)
    (folder / "flood.npz").write_bytes(whole)
    about = json.loads((folder / "flood.json").read_text(encoding="utf-8"))
    (folder / "flood.json").write_text(json.dumps(about | {"format": "other"}), encoding="utf-8")
    with pytest.raises(BadInput, match="format 'other'"):
        FloodResult.load(folder)
    (folder / "flood.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="no readable flood"):
        FloodResult.load(folder)


def test_changed_depths_are_noticed(flood: FloodResult, tmp_path: Path) -> None:
    flood.save(tmp_path / "storm")
    arrays = {"times_s": flood.times_s, "speed_mps": flood.speed_mps, "depth_m": flood.depth_m + np.float32(0.001)}
    np.savez(tmp_path / "storm" / "flood.npz", **arrays)
    with pytest.raises(BadInput, match="changed"):
        FloodResult.load(tmp_path / "storm", verify=True)


def test_rasters_of_a_result(flood: FloodResult) -> None:
    np.testing.assert_array_equal(flood.max_depth_m, flood.depth_m.max(axis=0))
    assert flood.wet_area_m2(0.0)[0] == 0
    assert flood.wet_area_m2(0.0)[1] == np.count_nonzero(flood.depth_m[1]) * 25
    assert 0 <= flood.fast_share() <= 1
    assert flood.fast_share(froude=0.0, deeper_than_m=0.001) == 1


def test_the_room_is_lazy() -> None:
    code = "import sys, models.flood; print(sorted({'numba', 'scipy', 'shapely', 'numpy'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
