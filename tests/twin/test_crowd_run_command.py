"""`twin crowd run`: what it prints and writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from twin.cli import run

if TYPE_CHECKING:
    from networks import City


def test_a_day_is_printed_and_written_the_same_each_time(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for name in ("one", "two"):
        what = ["--scenario", "harbour_concert", "--people", "400", "--draws", "2", "--out", str(tmp_path / name)]
        assert run(["crowd", "run", str(helsinki.folder), *what]) == 0
        said.append(capsys.readouterr().out)
    assert "person_min_above_3_5" in said[0] and "Market square" in said[0] and "declared synthetic" in said[0]
    assert "nowhere more than 3.5 persons/m2" in said[0]
    for name in ("day.html", "figures.csv", "sites.csv", "course.csv", "paths.csv", "sources.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    draws = pd.read_parquet(tmp_path / "one" / "draws.parquet")
    assert set(draws["seed"]) == {1, 2} and draws["inside"].max() == 400
    page = (tmp_path / "one" / "day.html").read_text(encoding="utf-8")
    assert (
        "音乐会集中散场" in page and "Where people walk, hour by hour" in page and "http" not in page.split("<main>")[1]
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scenario", "carnival"], "no day is called 'carnival'"),
        ([], "nobody said how many come, or when"),
        (["--scenario", "harbour_concert", "--day", "x.yaml"], "either a file or one that comes with the twin"),
        (["--day", "missing.yaml"], "it cannot be read"),
        (["--scenario", "monaco_grand_prix"], "outside the map of Helsinki"),
    ],
)
def test_what_cannot_be_is_refused(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert run(["crowd", "run", str(helsinki.folder), *options, "--out", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err and not (tmp_path / "out").exists()
