"""The room's face."""

from __future__ import annotations

import subprocess
import sys

import pytest

from networks.layers import LAYERS, make_layer


def test_importing_the_room_is_light() -> None:
    heavy = ["geopandas", "pandas", "numpy", "shapely", "osmium", "rasterio", "scipy", "osmnx", "pyproj"]
    code = f"import networks, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_layer_keeps_columns_and_types(name: str) -> None:
    table = make_layer(name, [], "EPSG:32635")
    assert list(table.columns) == [*LAYERS[name], "geometry"]
    for key, column in LAYERS[name].items():
        if column.dtype != "str":
            assert str(table[key].dtype) == column.dtype


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="layer water"):
        make_layer("water", [{"kind": "sea"}], "EPSG:32635")
