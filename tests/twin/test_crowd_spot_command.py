"""`twin crowd spot`: what it prints and writes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from twin.cli import run

if TYPE_CHECKING:
    import pytest

    from networks import City

SQUARE = "Narinkkatori"


def test_a_square_is_crossed_and_left(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in (["--minutes", "0.5"], ["--evacuate", "--shut", "door 1"]):
        out = tmp_path / more[0]
        assert run(["crowd", "spot", str(helsinki.folder), SQUARE, "--people", "40", *more, "--out", str(out)]) == 0
        told = capsys.readouterr().out
        assert "doors, 40 people" in told
        assert "last one out after" in told
        page = (out / "spot.html").read_text(encoding="utf-8")
        assert SQUARE in page
        assert "spot-patch" in page
        assert "spot-door" in page
        rows = list(csv.DictReader((out / "density.csv").read_text(encoding="utf-8").splitlines()))
        assert 0 < max(int(row["people"]) for row in rows) <= 41
        assert float(rows[-1]["densest_pm2"]) < 1.0


def test_bad_orders_are_refused(helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["crowd", "spot", str(helsinki.folder), SQUARE, "--out", str(tmp_path / "o")]
    for more, told in (
        (["--shut", "door 1"], "doors are shut with --evacuate only"),
        (["--evacuate", "--shut", "door 99"], "there is no door called door 99"),
        (["--evacuate", "--people", "20000"], "no room for 20000 people"),
    ):
        assert run([*words, *more]) == 2
        assert told in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
