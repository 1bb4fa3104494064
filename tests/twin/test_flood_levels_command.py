"""`twin flood run --levels`: gauges of a heavier storm correct an ensemble of a lighter one."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result

from networks import find_ponds
from networks.errors import BadInput
from scenarios.flooding.levels import Gauges, gauge_cells
from scenarios.flooding.places import watched_places
from twin.cli import twin as command

if TYPE_CHECKING:
    from networks import City

SAID = {"pond_1": (np.array([60.0, 130.0, 300.0]), np.array([0.1, 0.2, 0.4]))}


def asked(city: City, millimetres: float, members: int, out: Path, *more: object) -> Result:
    storm = ["--chicago-mm", millimetres, "--minutes", 6, "--source", "a test", "--after-min", 1, "--members", members]
    words = ["flood", "run", city.folder, *storm, "--ponds", 6, "--serial", "--assume-depths", "--out", out, *more]
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)


def places_of(out: Path) -> dict[str, dict[str, str]]:
    return {row["place"]: row for row in csv.DictReader((out / "places.csv").read_text(encoding="utf-8").splitlines())}


def truth(city: City, millimetres: float) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Depths at ponding points in a storm that nobody foretold."""
    from scenarios.flooding.draws import draw_members
    from scenarios.flooding.member_run import Storm, run_flood_member
    from scenarios.flooding.rains import design_rain

    terrain = city.terrain()
    places = watched_places(city, terrain, find_ponds(terrain, most=6))
    storm = Storm(city.folder, 420.0, 60.0, 12.0, 0.0, None, 1)
    rain = design_rain(millimetres, 6, "a test").rains[0]
    (draw,) = draw_members(1, 1, vary_rain=True, terrain_error=False)
    member = run_flood_member(storm, places, rain, draw)
    return {pond.pond_id: (member.times_s, member.pond_m[:, at]) for at, pond in enumerate(places.ponds)}


def test_gauges_of_a_heavier_storm_correct_a_lighter_one(helsinki: City, tmp_path: Path) -> None:
    seen, levels = truth(helsinki, 18.0), tmp_path / "levels.csv"
    rows = [f"{place},{time:g},{depth:.4f}" for place, (times, all_) in seen.items()
            for time, depth in zip(times, all_, strict=True) if time <= 360]  # fmt: skip
    levels.write_text("\n".join(["place,time_s,depth_m", *rows]), encoding="utf-8")
    held = sorted(seen)[-2:]
    words = [word for place in held for word in ("--hold-back", place)]
    plain = asked(helsinki, 12.0, 3, tmp_path / "plain")
    done = asked(helsinki, 12.0, 3, tmp_path / "run", "--levels", levels, "--update-min", 2, *words)
    assert plain.exit_code == done.exit_code == 0, done.output
    used = len(seen) - len(held)
    assert used > 1 and f"Corrected by {used} level gauges, 3 times" in done.output
    assert "held-back gauges without" in done.output
    about = json.loads((tmp_path / "run" / "flood_run.json").read_text(encoding="utf-8"))
    assert about["ledger_error"] < 1e-6 and about["ledger_m3"]["assimilated"] != 0
    assert about["levels"][-1]["rain_factor"] > 1.1 and set(about["levels"][0]["used"]).isdisjoint(held)
    before, after = places_of(tmp_path / "plain"), places_of(tmp_path / "run")
    wrong = {name: sum(abs(float(table[place]["deepest_middle_m"]) - seen[place][1].max()) for place in held)
             for name, table in (("before", before), ("after", after))}  # fmt: skip
    assert wrong["after"] < 0.7 * wrong["before"]  # at gauges that nobody used
    assert "水位计校正" in (tmp_path / "run" / "flood.html").read_text(encoding="utf-8")


def test_when_updates_are_made_and_by_what() -> None:
    gauges = Gauges(SAID, every_s=120.0)
    assert gauges.moments(1000.0) == [120.0, 240.0] and gauges.moments(150.0) == [120.0]
    assert gauges.said("pond_1", 120.0) == 0.1 and gauges.said("pond_1", 240.0) == 0.2
    assert np.isnan(gauges.said("pond_1", 50.0)) and np.isnan(gauges.said("pond_1", 500.0))
    assert Gauges(SAID, ("pond_1",), every_s=120.0).moments(1000.0) == []


def test_levels_at_places_that_nobody_watches_are_refused(helsinki: City, tmp_path: Path) -> None:
    terrain = helsinki.terrain()
    places = watched_places(helsinki, terrain, find_ponds(terrain, most=1))
    (cell,) = gauge_cells(terrain, places, Gauges(SAID)).values()
    assert terrain.elevation_m.ravel()[cell] == pytest.approx(places.ponds[0].bottom_m)
    with pytest.raises(BadInput, match="no watched place"):
        gauge_cells(terrain, places, Gauges({"pond_77": SAID["pond_1"]}))
    with pytest.raises(BadInput, match="no watched place"):
        gauge_cells(terrain, places, Gauges(SAID, ("underpass_w1",)))
    with pytest.raises(BadInput, match="no levels"):
        asked(helsinki, 12.0, 2, tmp_path / "o", "--hold-back", "pond_1")
