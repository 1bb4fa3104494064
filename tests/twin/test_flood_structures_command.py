"""`twin flood structures`: what stands in the city is listed, what does not is told with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from twin.cli import run

if TYPE_CHECKING:
    from networks import City


def _on_land(city: City) -> tuple[float, float]:
    """Degrees of a cell of open land in the middle of the city's terrain."""
    from pyproj import Transformer

    terrain = city.terrain()
    cells = np.argwhere(terrain.surface == 0)
    row, col = cells[len(cells) // 2] + 0.5
    to = terrain.transform
    x, y = to.a * col + to.b * row + to.c, to.d * col + to.e * row + to.f
    lon, lat = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return float(lon), float(lat)


def test_structures_are_listed_or_refused(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lon, lat = _on_land(helsinki)
    file = tmp_path / "structures.yaml"
    pump = f"{{kind: pump, id: P1, source: its plate, at: [{lon}, {lat}], curve: [[0, 1]], start_depth_m: 1"
    sea = "{kind: level, id: tide, source: gauge, sea: true, times_s: [0], level_m: [0.5]}"
    file.write_text(f"structures:\n  - {pump}, stop_depth_m: 0.5}}\n  - {sea}\n", encoding="utf-8")
    command = ["flood", "structures", str(file), "--city", str(helsinki.folder)]
    assert run(command) == 0
    told = capsys.readouterr().out
    assert "line 2: pump P1, ground " in told and "; its plate" in told
    assert "line 3: level tide; gauge" in told
    assert "2 structures, all in the city" in told
    assert "screening" in told
    file.write_text(file.read_text(encoding="utf-8").replace(f"[{lon}, {lat}]", f"[{lat}, {lon}]"), encoding="utf-8")
    assert run(command) == 2
    wrong = capsys.readouterr().err
    assert "structures.yaml, line 2: pump P1" in wrong
    assert "outside the city's terrain" in wrong
