"""The validation of the flood solver: its gates are met, a missed one is told, and closed forms are what they say."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from click.testing import CliRunner

from models.flood.constants import GRAVITY
from models.flood.validation import Check, closed_forms, failed, gates, macdonald, merewether, published, validate
from networks.errors import BadInput
from twin.commands import flood_validate


def test_every_gate_is_met() -> None:
    told: list[Check] = []
    checks = validate(told.append)
    assert told == checks
    assert not failed(checks)
    assert {check.kind for check in checks} == {"analytic", "ledger"}


def test_a_missed_gate_ends_the_command_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = Check("a", "analytic", "m", 0.1, 0.2), Check("b", "analytic", "m", 0.3, 0.2)
    loose = Check("c", "real", "m", 0.5, None)
    for case, status, words in (([good, loose], 0, "1 of 1 gates met"), ([good, bad], 3, "MISSED")):
        monkeypatch.setattr(gates, "_dams", lambda case=case: iter(case))
        for name in ("_swing", "_lakes", "_planes", "_channels", "_ledgers"):
            monkeypatch.setattr(gates, name, lambda: iter(()))
        result = CliRunner().invoke(flood_validate.validate)
        assert result.exit_code == status
        assert words in result.output


def test_not_a_number_misses_its_gate() -> None:
    assert not Check("a", "analytic", "m", float("nan"), 1.0).passed


def test_without_the_data_it_says_what_to_do(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(BadInput, match="EA Test 4"):
        list(published(tmp_path, told.append))
    assert told == ["flood/ea_test4", "flood/swashes", "flood/merewether"]


@pytest.mark.parametrize("rain_mps", [0.0, 0.001])
def test_macdonald_s_bed_carries_the_flow_at_the_depth_that_was_chosen(rain_mps: float) -> None:
    """Momentum: what the flow gains and the pressure's push are the bed's push less friction."""
    x, bed, depth = macdonald.channel(rain_mps)
    flow = macdonald.flow_m2s(x, rain_mps)
    gains = np.gradient(flow**2 / depth + GRAVITY / 2 * depth**2, x)
    pushed = -GRAVITY * depth * np.gradient(bed, x) - GRAVITY * macdonald.MANNING**2 * flow**2 / depth ** (7 / 3)
    np.testing.assert_allclose(gains[1:-1], pushed[1:-1], atol=2e-4)
    assert np.ptp(gains) > 5e-3


def _small_merewether(folder: Path) -> Path:
    """12 x 16 cells of 1 m with one gap, a house, a road, and five points beside each other."""
    height = np.tile(np.linspace(3, 2, 16), (12, 1))
    height[0, 0] = -9999
    head = "ncols 16\nnrows 12\nxllcorner 100\nyllcorner 200\ncellsize 1\nNODATA_value -9999\n"
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in height)
    (folder / "houses").mkdir(parents=True)
    with ZipFile(folder / "topography1.zip", "w") as file:
        file.writestr("topography1.asc", head + rows + "\n")
    (folder / "houses" / "house000.csv").write_text("104,204\n107,204\n107,206\n104,206\n", encoding="utf-8")
    (folder / "RoadPolygon.csv").write_text("100,208\n116,208\n116,210\n100,210\n", encoding="utf-8")
    points = "".join(f"{x}.5,205.5,0,0,2.5,2.4\n" for x in (101, 105, 109, 111, 113))
    (folder / "ObservationPoints.csv").write_text("x, y, ID, draft, final, TUFLOW\n" + points, encoding="utf-8")
    return folder


def test_merewether_is_read_as_it_lies(tmp_path: Path) -> None:
    place = merewether.read_place(_small_merewether(tmp_path))
    assert 2.9 < place.bed_m[0, 0] <= 3
    assert np.argwhere(place.houses).min(axis=0).tolist() == [6, 4]
    assert (place.houses.sum(), place.road.sum()) == (6, 32)
    assert place.observed[1].tolist() == [105.5, 205.5, 2.5]


def test_merewether_s_level_beside_a_point_in_a_house_is_that_of_the_nearest_water(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = merewether.read_place(_small_merewether(tmp_path))
    monkeypatch.setattr(merewether, "SOURCE_E_N_M", (101.0, 206.0))
    monkeypatch.setattr(merewether, "WITHIN_M", 2.0)
    monkeypatch.setattr(merewether, "FLOW_M3S", 0.2)
    monkeypatch.setattr(merewether, "LASTS_S", 60.0)
    level = merewether.levels(place, "inertia")
    assert np.all(level > 2)
    assert np.all(np.diff(level) < 0), "down the slope"
    assert level[1] < place.bed_m[0, 4] + 1, "not on the roof"


def test_closed_forms_keep_their_water() -> None:
    x = np.linspace(-50, 50, 200001)
    for depth in (
        closed_forms.stoker(x, 6.0, high_m=1.0, low_m=0.1),
        closed_forms.ritter(x, 6.0, high_m=1.0),
    ):
        moved = np.trapezoid(depth, x) - np.trapezoid(np.where(x < 0, 1.0, depth[-1]), x)
        assert abs(moved) < 1e-3
    radius = np.linspace(0, 2, 200001)
    volumes = [
        np.trapezoid(
            closed_forms.thacker(radius, time, deep_m=0.1, wide_m=1.0, first_m=0.8) * 2 * np.pi * radius, radius
        )
        for time in (0.0, 0.5, 1.1)
    ]
    assert volumes == pytest.approx([volumes[0]] * 3, rel=1e-6)
