"""`twin flood nowcast` and `twin flood signals`: what they write and say, and what they say to bad input."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from small_radar import GRID, NOON, radar_files

from models.flood.rain import load_nowcast
from networks.errors import BadInput
from twin.cli import run

LON, LAT = (float(one) for one in GRID.places(32.5, 32.5))
HERE = f"{LON:.5f},{LAT:.5f}"
SMALL = ["--reach-km", "16", "--members", "4", "--minutes", "20"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nowcast")
    radar_files(folder / "radar", 5, skip=(1,))
    assert run(["flood", "nowcast", str(folder / "radar"), "--around", HERE, "--out", str(folder / "out"), *SMALL]) == 0
    return folder / "out"


def gauge_file(folder: Path, depths: list[float], lon: float = LON, lat: float = LAT) -> Path:
    rows = [f"town,{lon},{lat},2026-07-17T{10 + at:02d}:20:00Z,{depth}" for at, depth in enumerate(depths)]
    file = folder / "gauges.csv"
    file.write_text("# source: the town\ngauge,lon,lat,time,rain_mm\n" + "\n".join(rows) + "\n")
    return file


def test_a_nowcast_is_written_whole(made: Path) -> None:
    names = {"nowcast.json", "nowcast.html", "members.npz", "mean_mm_h.tif"}
    assert {one.name for one in made.iterdir()} == names | {"probability_1_mm_h.tif", "probability_10_mm_h.tif"}
    said = json.loads((made / "nowcast.json").read_text())
    assert said["issued"] == "2026-07-17T12:20:00+00:00" and said["missing"] == ["2026-07-17T12:05:00+00:00"]
    cast, seen = load_nowcast(made)
    assert cast.members_mm_h.shape == (4, 4, 32, 32) and seen.rate_mm_h.shape == (4, 32, 32)
    assert seen.missing[0] == NOON + timedelta(minutes=5)
    assert cast.leads_s.tolist() == [300, 600, 900, 1200]
    page = (made / "nowcast.html").read_text(encoding="utf-8")
    assert "Missing frames: 12:05" in page and "未来一小时降雨" in page


def test_rasters_lie_where_the_rain_is(made: Path) -> None:
    import rasterio

    from networks.coordinates.projection import own_proj

    cast, _ = load_nowcast(made)
    with own_proj(), rasterio.open(made / "mean_mm_h.tif") as raster:
        assert raster.count == 4 and raster.descriptions[0] == "2026-07-17T12:25:00+00:00"
        np.testing.assert_allclose(raster.read(2), cast.members_mm_h.mean(axis=0)[1], rtol=1e-6)
        assert raster.bounds.left == pytest.approx(cast.grid.left_m) and raster.res == pytest.approx(
            (1000, 1000), rel=1e-3
        )


def test_it_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    radar = radar_files(tmp_path / "radar", 4)
    assert run(["flood", "nowcast", str(radar), "--out", str(tmp_path / "out"), *SMALL]) == 0
    told = capsys.readouterr().out
    assert "4 frames, 2026-07-17 12:00 to 12:15 UTC, every 300 s" in told and "missing" not in told
    assert "the heaviest rain" in told and "the rain moves at 7." in told, "sqrt(5) km in 300 s"


def test_gauges_adjust_the_radar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    radar = radar_files(tmp_path / "radar", 4)
    rows = []
    for name, row, col in (("a", 28, 34), ("b", 30, 30), ("c", 38, 16), ("far", 300, 300)):
        lon, lat = GRID.places(row, col)
        rows += [f"{name},{lon},{lat},2026-07-17T12:{minute:02d}:00Z,4" for minute in (5, 10, 15)]
    (tmp_path / "g.csv").write_text("# source: the town\ngauge,lon,lat,time,rain_mm\n" + "\n".join(rows) + "\n")
    arguments = ["flood", "nowcast", str(radar), "--gauges", str(tmp_path / "g.csv"), "--around", HERE, *SMALL]
    assert run([*arguments, "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "gauges over radar" in told and "left out: far: the radar does not see it" in told
    said = json.loads((tmp_path / "out" / "nowcast.json").read_text())
    assert said["adjustment"]["used"] == ["a", "b", "c"] and said["adjustment"]["bias"] > 1
    assert "Left out: far." in (tmp_path / "out" / "nowcast.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--around", "Helsinki"], "'Helsinki' is no place"),
        (["--around", "0,0"], "outside the radar's map"),
        (["--law", "guess"], "no Z-R law 'guess'"),
        (["--threshold", "-1"], "a threshold is not positive"),
    ],
)
def test_bad_arguments_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    radar = radar_files(tmp_path / "radar", 3)
    assert run(["flood", "nowcast", str(radar), "--out", str(tmp_path / "out"), *SMALL, *more]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_things_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    radar = radar_files(tmp_path / "radar", 3)
    assert run(["flood", "nowcast", str(radar), "--out", str(radar), *SMALL]) == 2
    assert "holds no nowcast" in capsys.readouterr().err and len(list(radar.iterdir())) == 3


def test_a_gap_before_the_last_frame_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    radar = radar_files(tmp_path / "radar", 5, skip=(3,))
    assert run(["flood", "nowcast", str(radar), "--around", HERE, "--out", str(tmp_path / "out"), *SMALL]) == 2
    assert "a frame is missing between 2026-07-17 12:10 UTC and 12:20 UTC" in capsys.readouterr().err


def test_signals_count_what_was_and_what_comes(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = gauge_file(tmp_path, [0, 10, 39.5])
    assert run(["flood", "signals", str(file), "--nowcast", str(made), "--json"]) == 0
    town = json.loads(capsys.readouterr().out)[0]
    levels = {one["level"]: one for one in town["levels"]}
    cast, seen = load_nowcast(made)
    comes = np.median(cast.depth_mm(seen.rate_mm_h[-1])[:, 16, 16])
    assert comes > 0.5 and town["forecast"] and town["signal"] == "orange", "49.5 mm, and more to come"
    assert levels["orange"]["now_mm"] == 49.5 and levels["orange"]["since"] is None
    assert levels["orange"]["most_mm"][1] == pytest.approx(49.5 + comes, abs=0.01)
    assert run(["flood", "signals", str(file)]) == 0
    told = capsys.readouterr().out
    assert "town: no signal" in told and "Secondary source" in told
    assert run(["flood", "signals", str(gauge_file(tmp_path, [0, 30, 30]))]) == 0
    assert "town: orange" in capsys.readouterr().out


def test_a_gauge_beyond_the_nowcast_counts_what_was_seen(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = gauge_file(tmp_path, [0, 30, 30], lon=10.0, lat=50.0)
    assert run(["flood", "signals", str(file), "--nowcast", str(made)]) == 0
    told = capsys.readouterr().out
    assert "the nowcast does not reach here" in told and "town: orange" in told


def test_signals_refuse_what_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = gauge_file(tmp_path, [0, 30, 30])
    for more, says in (
        (["--at", "2026-07-17T12:00:00"], "no time with its zone"),
        (["--at", "noon"], "no time with its zone"),
        (["--nowcast", str(tmp_path)], "no whole nowcast"),
        (["--table", "none"], "no signal table"),
    ):
        assert run(["flood", "signals", str(file), *more]) == 2
        assert says in capsys.readouterr().err


def test_a_damaged_nowcast_is_refused(made: Path, tmp_path: Path) -> None:
    said = json.loads((made / "nowcast.json").read_text())
    for change, what in (({"members": 9}, "do not agree"), ({"grid": {}}, "no whole nowcast")):
        (tmp_path / "nowcast.json").write_text(json.dumps(said | change))
        (tmp_path / "members.npz").write_bytes((made / "members.npz").read_bytes())
        with pytest.raises(BadInput, match=what):
            load_nowcast(tmp_path)


def test_the_reference_names_every_option_and_law() -> None:
    from models.flood.rain import LAWS
    from twin.commands.flood_nowcast import nowcast
    from twin.commands.flood_signals import signals

    text = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
    for command in (nowcast, signals):
        for option in command.params:
            assert not option.opts[0].startswith("--") or f"`{option.opts[0]}`" in text
    assert all(f"`{name}`" in text for name in LAWS)
