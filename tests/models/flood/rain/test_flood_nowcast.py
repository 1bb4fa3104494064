"""The nowcast: what is certain stays, what is forgotten becomes climate, and nothing is made of nothing."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from small_radar import cells, frames_of, radar_folder

from models.flood.rain import LAWS, Climatology, crps, nowcast_rain, read_climatology, read_radar
from models.flood.rain.forecast.scales import Memory, Scales
from networks.errors import BadInput


def shower(frames: int = 4) -> np.ndarray:
    """Three cells that move 2 pixels east and 1 north a step."""
    return np.stack([sum(cells(y - at, x + 2 * at) for y, x in ((40, 12), (30, 30), (50, 40))) for at in range(frames)])  # type: ignore[misc]


def test_a_moving_cell_is_forecast_where_it_goes() -> None:
    rates = shower(7)
    cast = nowcast_rain(frames_of(rates[:3]), members=4, leads=4)
    for lead in range(4):
        came, now = rates[3 + lead], rates[2]
        assert crps(cast.control_mm_h[lead][None], came) < 0.15 * crps(now[None], came)
        assert crps(cast.members_mm_h[:, lead], came) < 0.6 * crps(now[None], came)
    assert cast.leads_s.tolist() == [300, 600, 900, 1200]
    assert f"{cast.times[0]:%H:%M}" == "12:15"


def test_the_same_seed_gives_the_same_rain_and_a_member_does_not_depend_on_how_many_there_are() -> None:
    frames = frames_of(shower(3))
    few, many = nowcast_rain(frames, members=2, leads=2), nowcast_rain(frames, members=3, leads=2)
    np.testing.assert_array_equal(few.members_mm_h, many.members_mm_h[:2])
    other = nowcast_rain(frames, members=2, leads=2, seed=2)
    assert np.nanmax(np.abs(few.members_mm_h - other.members_mm_h)) > 0.1
    assert np.nanmax(np.abs(many.members_mm_h[0] - many.members_mm_h[2])) > 0.1


def test_a_dry_hour_stays_dry() -> None:
    cast = nowcast_rain(frames_of(np.zeros((3, 32, 32))), members=3, leads=6)
    assert np.nanmax(cast.members_mm_h) == 0 and np.nanmax(cast.probability(0.1)) == 0


def test_no_rain_is_negative_and_none_is_above_what_was_or_may_be() -> None:
    rates = shower(3)
    cast = nowcast_rain(frames_of(rates), members=3, leads=6)
    assert np.nanmin(cast.members_mm_h) >= 0
    assert np.nanmax(cast.members_mm_h) <= rates.max() * (1 + 1e-5)


def test_what_is_forgotten_becomes_climate() -> None:
    """Frames without memory: soon the members' rain is distributed as the climatology says."""
    draws = np.random.default_rng(3)
    frames = frames_of(10 ** draws.normal(0, 0.5, (3, 64, 64)))
    climate = Climatology(np.array([0.0, 1.0]), np.array([2.0, 4.0]), "a table")
    cast = nowcast_rain(frames, members=2, leads=6, climatology=climate)
    assert cast.known[-1] < 0.01
    late = cast.members_mm_h[:, -1]
    share = cast.known[-1]
    expected = share * np.nanmean(frames.rate_mm_h[-1]) + (1 - share) * 3
    assert np.nanmean(late) == pytest.approx(expected, rel=0.05)


def test_what_the_radar_does_not_see_is_not_forecast() -> None:
    rates = shower(3)
    rates[:, :, :20] = np.nan
    cast = nowcast_rain(frames_of(rates), members=2, leads=3)
    assert np.isnan(cast.members_mm_h[:, -1, 32, 10]).all() and np.isnan(cast.probability(1.0)[-1, 32, 10])
    assert np.isfinite(cast.members_mm_h[:, -1, 32, 45]).all()


def test_where_the_radar_sees_nothing_there_is_no_forecast() -> None:
    with pytest.raises(BadInput, match="sees nothing here at 2026-07-17 12:10 UTC"):
        nowcast_rain(frames_of(np.full((3, 20, 20), np.nan)), members=2, leads=2)
    one = np.full((3, 20, 20), np.nan)
    one[:, 10, 10] = 4.0
    cast = nowcast_rain(frames_of(one), members=2, leads=2)
    assert not np.isinf(cast.members_mm_h).any()


def test_a_window_in_the_middle() -> None:
    frames = frames_of(shower(3))
    whole, inner = nowcast_rain(frames, members=2, leads=2), (slice(16, 48), slice(20, 52))
    part = nowcast_rain(frames, members=2, leads=2, inner=inner)
    np.testing.assert_array_equal(part.members_mm_h, whole.members_mm_h[(slice(None), slice(None), *inner)])
    assert part.grid == whole.grid.cut(inner)


def test_depth_over_the_hour() -> None:
    rates = np.full((3, 24, 24), 12.0)
    cast = nowcast_rain(frames_of(rates), members=2, leads=12)
    np.testing.assert_allclose(cast.depth_mm(rates[-1]), 12, rtol=1e-5)
    assert cast.probability(12.0 - 1e-3).min() == 1


def test_pysteps_is_an_extra() -> None:
    frames = frames_of(shower(3))
    with pytest.raises(BadInput, match="pysteps wants three"):
        nowcast_rain(frames_of(shower(2)), members=2, leads=2, engine="pysteps")
    if find_spec("pysteps") is None:
        with pytest.raises(BadInput, match=r"pysteps is not installed(.|\n)*citytwin\[nowcast\]"):
            nowcast_rain(frames, members=2, leads=2, engine="pysteps")
        return
    cast = nowcast_rain(frames, members=2, leads=2, engine="pysteps")
    assert cast.members_mm_h.shape == (2, 2, 64, 64) and np.nanmin(cast.members_mm_h) >= 0
    assert "members by pysteps" in cast.source


def test_numbers_that_make_no_sense_are_refused() -> None:
    for wrong in ({"members": 0}, {"leads": 0}):
        with pytest.raises(BadInput, match="one or more of both"):
            nowcast_rain(frames_of(shower(3)), **wrong)


def test_scales_sum_to_the_field() -> None:
    field = np.random.default_rng(4).random((48, 64))
    scales = Scales.of((48, 64))
    parts = scales.parts(field)
    np.testing.assert_allclose(parts.sum(axis=0), field, atol=1e-12)
    smooth = np.add.outer(np.cos(2 * np.pi * np.arange(48) / 48), np.zeros(64))
    assert scales.parts(smooth)[:2].var() > 5 * scales.parts(smooth)[3:].var(), "a long wave is on the coarse levels"
    noise = scales.noise(np.ones((48, 33)), np.random.default_rng(5))
    np.testing.assert_allclose(noise.std(axis=(1, 2)), 1)


def test_memory_of_a_known_process() -> None:
    """A second-order process with a likeness of .8 and .6 keeps them, and its variance."""
    draws = np.random.default_rng(6)
    one, two = 0.8, 0.6
    first, second = one * (1 - two) / (1 - one**2), (two - one**2) / (1 - one**2)
    fresh = np.sqrt(1 - first * one - second * two)
    states = [draws.standard_normal((1, 300, 300))]
    states.append(one * states[0] + np.sqrt(1 - one**2) * draws.standard_normal((1, 300, 300)))
    states.append(first * states[1] + second * states[0] + fresh * draws.standard_normal((1, 300, 300)))
    memory = Memory.of(np.stack(states))
    assert memory.likeness[0] == pytest.approx(one, abs=0.02) and memory.likeness_2[0] == pytest.approx(two, abs=0.02)
    assert memory.fresh[0] == pytest.approx(fresh, abs=0.03)
    assert memory.likeness_after(1)[0] == memory.likeness[0]
    assert memory.likeness_after(2)[0] == pytest.approx(memory.likeness_2[0])


def test_a_climatology_by_file(tmp_path: Path) -> None:
    file = tmp_path / "climate.csv"
    file.write_text("# source: ten summers\nprobability,rain_mm_h\n0,0\n0.9,0\n1,30\n")
    climate = read_climatology(file)
    assert climate.source == "ten summers"
    np.testing.assert_allclose(climate.quantiles(10), [0] * 9 + [15])
    for text, says in (
        ("probability,rain_mm_h\n0,0\n1,3\n", "without a source"),
        ("# source: x\nprobability,rain\n0,0\n1,3\n", "columns are others"),
        ("# source: x\nprobability,rain_mm_h\n0,0\n1,-3\n", "negative"),
        ("# source: x\nprobability,rain_mm_h\n0,0\n0,3\n", "do not increase"),
        ("# source: x\nprobability,rain_mm_h\n0,zero\n", "zero"),
    ):
        file.write_text(text)
        with pytest.raises(BadInput, match=says):
            read_climatology(file)
    with pytest.raises(BadInput, match="no such file"):
        read_climatology(tmp_path / "none.csv")


def test_on_the_frames_over_helsinki_it_beats_persistence() -> None:
    frames = read_radar(radar_folder(), LAWS["finland"], around=(24.94, 60.17), reach_m=96_000)
    inner = (slice(48, 144), slice(48, 144))
    cast = nowcast_rain(frames.until(frames.times[2]), members=8, leads=6, inner=inner)
    for lead in (0, 2, 5):
        came, now = (frames.rate_mm_h[at][inner] for at in (3 + lead, 2))
        assert crps(cast.members_mm_h[:, lead], came) < 0.75 * crps(now[None], came)
