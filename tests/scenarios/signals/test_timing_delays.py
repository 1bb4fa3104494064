"""Delay by both definitions, against sums done by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.signals.trying.delays import read_delays

TRIP = '<tripinfo id="{}" depart="{:.2f}" departLane="{}_0" departDelay="{:.2f}" arrival="{:.2f}" timeLoss="{:.2f}"/>\n'


def trips(folder: Path, *rows: tuple[str, float, str, float, float, float]) -> Path:
    file = folder / "trips.xml"
    file.write_text("<tripinfos>\n" + "".join(TRIP.format(*row) for row in rows) + "</tripinfos>\n")
    return file


def test_both_definitions(tmp_path: Path) -> None:
    file = trips(
        tmp_path,
        ("a", 100.0, "in", 0.0, 200.0, 30.0),
        ("b", 180.0, "in", 20.0, -1.0, 10.0),  # on the road at the end; due at 160
        ("early", -1.0, "", 900.0, -1.0, 0.0),  # due at 100, before b: RESCO's code does not see it
        ("late", -1.0, "", 300.0, -1.0, 0.0),  # due at 700
    )
    found = read_delays(file, 1000.0)
    assert found.all_planned_s == pytest.approx((30 + 30 + 900 + 300) / 4)
    assert found.resco_paper_s == pytest.approx((30 + 30 + 300) / 3)
    assert (found.vehicles, found.inserted, found.waited_s) == (4, 2, {"in": 20.0})


def test_where_everybody_drove_both_are_the_same(tmp_path: Path) -> None:
    found = read_delays(trips(tmp_path, ("a", 0.0, "x", 5.0, 9.0, 1.0), ("b", 3.0, "y", 0.0, 9.0, 2.0)), 10.0)
    assert found.all_planned_s == found.resco_paper_s == 4.0


def test_nobody_at_all_is_no_delay(tmp_path: Path) -> None:
    assert read_delays(trips(tmp_path), 10.0).all_planned_s == 0.0
