"""Chinese datums against published pairs, and their inverses everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.coordinates.datums import DATUMS, from_wgs84, to_wgs84
from networks.errors import BadInput

METRES = 111_320.0
_china = st.tuples(st.floats(73.0, 136.0), st.floats(2.0, 54.5))
_world = st.tuples(st.floats(-179.9, 179.9), st.floats(-85.0, 85.0))


def _apart_m(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> float:
    east = (a[0] - b[0]) * np.cos(np.radians(b[1]))
    return float(np.max(np.hypot(east, a[1] - b[1]))) * METRES


def test_published_pairs() -> None:
    """The pairs that the open-source package coordtransform publishes for 116.404 E, 39.915 N."""
    assert _apart_m(from_wgs84(116.404, 39.915, "gcj02"), (116.41024449916938, 39.91640428150164)) < 1e-6
    gcj = to_wgs84(116.404, 39.915, "gcj02")
    assert _apart_m(from_wgs84(*gcj, "bd09"), (116.41036949371029, 39.92133699351021)) < 1e-6


@pytest.mark.parametrize("datum", DATUMS)
@given(point=_china)
def test_the_inverse_is_within_a_millimetre(datum: str, point: tuple[float, float]) -> None:
    there = from_wgs84(*point, datum)
    assert _apart_m(to_wgs84(*there, datum), point) < 1e-3
    back = to_wgs84(*point, datum)
    assert _apart_m(from_wgs84(*back, datum), point) < 1e-3


@pytest.mark.parametrize("city", [(116.39, 39.91), (121.47, 31.23), (120.15, 30.25), (118.35, 35.10), (113.26, 23.13)])
def test_the_shift_is_what_users_of_unshifted_maps_see(city: tuple[float, float]) -> None:
    assert 300.0 < _apart_m(from_wgs84(*city, "gcj02"), city) < 800.0
    assert 300.0 < _apart_m(from_wgs84(*city, "bd09"), city) < 2000.0


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02"])
@given(point=_world)
def test_outside_china_nothing_moves(datum: str, point: tuple[float, float]) -> None:
    if not (71 < point[0] < 139 and 0 < point[1] < 57):
        assert _apart_m(from_wgs84(*point, datum), point) == 0.0
        assert _apart_m(to_wgs84(*point, datum), point) == 0.0


def test_arrays_of_any_shape_at_once_and_nan_stays_nan() -> None:
    lon = np.array([[121.47, 120.15], [np.nan, 116.4]])
    lat = np.array([[31.23, 30.25], [31.0, 39.9]])
    x, y = from_wgs84(lon, lat, "GCJ-02")
    assert x.shape == (2, 2) and np.isnan(x[1, 0])
    one_by_one = from_wgs84(120.15, 30.25, "gcj02")
    assert (x[0, 1], y[0, 1]) == (float(one_by_one[0]), float(one_by_one[1]))
    assert lon[0, 0] == 121.47  # what was given is left alone


def test_cgcs2000_is_epsg_4490_to_the_centimetre() -> None:
    from pyproj import Transformer

    lon, lat = Transformer.from_crs("EPSG:4490", "EPSG:4326", always_xy=True).transform(121.47, 31.23)
    assert _apart_m(to_wgs84(121.47, 31.23, "EPSG:4490"), (np.float64(lon), np.float64(lat))) < 0.01


@pytest.mark.parametrize(("lon", "lat"), [(31.2, 121.5), (500000.0, 31.0), (float("inf"), 3.0)])
def test_positions_that_are_nowhere_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(BadInput, match="nowhere on Earth"):
        to_wgs84([121.0, lon], [31.0, lat], "gcj02")


def test_an_unknown_datum_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no datum 'gcj-20'") as told:
        to_wgs84(1, 2, "gcj-20")
    assert "gcj02" in str(told.value)
