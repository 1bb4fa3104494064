"""`twin crowd calibrate`: a hidden day in Helsinki is counted; its figures are found, judged and written."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml

from models.crowd.city import Taste
from models.crowd.sites import read_sites
from scenarios.visits import city_day, read_visit_day
from scenarios.visits.visit_day import live_through
from twin.choices_told import by_hour
from twin.cli import run
from viz.crowd.hour_bars import hour_bars

if TYPE_CHECKING:
    import pytest

    from networks import City

PLACES = {"park": (24.9475, 60.1675), "esplanade": (24.9440, 60.1670), "ateneum": (24.9445, 60.1702),
          "square": (24.9522, 60.1694), "market": (24.9520, 60.1676)}  # fmt: skip
TRUE_DRAW = {"park": 3.0, "esplanade": 0.6, "ateneum": 1.0, "square": 1.5, "market": 0.4}
DAY = """\
name: trial
begin: 2026-07-18T10:00:00+03:00
hours: 7
source: synthetic
sites: sites.yaml
visits: 2
home_by: '15:00'
arrivals: {from: '10:00', shares: [1, 2, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1]}
sources:
  - {id: station, kind: station, at: [24.9414, 60.1708], people: 1200, source: us}
  - {id: pier, kind: stop, at: [24.9520, 60.1676], people: 400, source: us}
"""


def written(folder: Path, city: City) -> list[str]:
    """The day, its sites as believed, and what counters told of the hidden day; the door of the square lies."""
    sites = [
        {"id": name, "at": list(at), "area_m2": 4000, "m2_per_person": 5, "source": "us",
         "stay": {"median_min": 30, "sigma": 0.4, "source": "guess"}}
        for name, at in PLACES.items()
    ]  # fmt: skip
    (folder / "sites.yaml").write_text(yaml.safe_dump({"sites": sites}), encoding="utf-8")
    (folder / "day.yaml").write_text(DAY, encoding="utf-8")
    believed = read_visit_day(folder / "day.yaml", city)
    hidden = tuple(
        replace(one, draw=TRUE_DRAW[one.site_id], stay=replace(one.stay, median_s=2700.0))  # type: ignore[type-var]
        for one in believed.sites
    )
    model = city_day(replace(believed, sites=hidden, taste=Taste(per_min=-0.1, crowding=-3.0)), 4)
    inside, visits = list[np.ndarray](), list[np.ndarray]()

    def tell(_: float) -> None:
        inside.append(model.attractions.inside.copy())
        visits.append(model.attractions.visits.copy())

    live_through(believed, model, 300.0, tell)
    came = np.diff(np.array(visits), axis=0, prepend=0)
    left = came - np.diff(np.array(inside), axis=0, prepend=0)
    rows = ["sensor_id,measure,begin,period_s,result"]
    head = "sensor_id,measure,from,to,zone,per_person,error,source"
    counters = [head, "rail,person_count,station,outside,,,,t", "board,person_count,outside,pier_bus,,,,t"]
    for at, name in enumerate(PLACES):
        counters += [f"{name}-in,person_count,outside,{name},,,,t", f"{name}-out,person_count,{name},outside,,,,t",
                     f"{name}-cam,presence,,,{name},,,t"]  # fmt: skip
        for period in range(len(came)):
            begin = believed.begin + timedelta(seconds=300 * period)
            told = {"in": came[period, at] * (3 if name == "square" else 1), "out": left[period, at]}
            rows += [f"{name}-{way},person_count,{begin.isoformat()},300,{size}" for way, size in told.items()]
            rows.append(f"{name}-cam,presence,{begin.isoformat()},0,{inside[period][at]}")
    set_out = np.bincount((model.people.arrive_s[model.people.source == 0] // 300).astype(int), minlength=84)
    rows += [
        f"rail,person_count,{(believed.begin + timedelta(seconds=300 * at)).isoformat()},300,{size}"
        for at, size in enumerate(set_out[:84])
    ]
    (folder / "counters.csv").write_text("\n".join(counters) + "\n", encoding="utf-8")
    (folder / "observations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return [str(folder / name) for name in ("day.yaml", "counters.csv", "observations.csv")]


def test_figures_of_a_hidden_day_are_found_and_written(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, files = tmp_path / "out", written(tmp_path, helsinki)
    asked = ["crowd", "calibrate", str(helsinki.folder), *files, "--out", str(out)]
    assert run([*asked, "--hold-out", "nobody"]) == 2
    assert "no counter nobody to hold out" in capsys.readouterr().err
    assert run([*asked, "--period", "10", "--hold-out", "park-in", "--hold-out", "market-out"]) == 0
    told = capsys.readouterr().out
    errors = {line[2:30].strip(): float(line[30:36]) for line in told.splitlines() if line.startswith("  ")}
    assert errors["calibrated"] < 30 and errors["calibrated"] < 0.6 * errors["as believed before"], told
    assert "square-in does not fit the others" in told and "1 of 2 sources are counted" in told
    assert "1 counters say nothing of a site's doors" in told and "warning" not in told
    sites = read_sites(out / "sites.yaml", helsinki)
    draws = {one.site_id: one.draw for one in sites.sites}
    assert sorted(draws, key=draws.__getitem__)[-2:] == ["square", "park"], draws
    stays = [one.stay for one in sites.sites if one.stay is not None]
    assert len(stays) == len(PLACES) and all("calibrated by twin" in one.source for one in stays)
    off = [abs(one.median_s / 2700.0 - 1.0) for one in stays]
    assert max(off) < 0.2 and np.mean(off) < 0.1, off
    assert set(sites.taste) == {"per_min", "crowding", "rain"} and sites.taste["per_min"] < -0.06
    rows = list(csv.DictReader((out / "counters.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["counter"] for row in rows if row["held_out"] == "1"} == {"park-in", "market-out"}
    day = read_visit_day(tmp_path / "day.yaml", helsinki, sites=out / "sites.yaml")
    assert day.taste.per_min == sites.taste["per_min"]


def test_sites_that_nobody_counts_are_named_with_their_intervals(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, files = tmp_path / "out", written(tmp_path, helsinki)
    kept = [line for line in Path(files[1]).read_text(encoding="utf-8").splitlines() if "ateneum" not in line]
    Path(files[1]).write_text("\n".join(kept) + "\n", encoding="utf-8")
    asked = ["crowd", "calibrate", str(helsinki.folder), *files, "--out", str(out), "--period", "10"]
    assert run([*asked, "--hold-out", "park-in"]) == 0
    (warned,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("warning"))
    assert warned.startswith("warning: ateneum: no counter informs its ") and "stay in min (90 % " in warned
    page = (out / "choices.html").read_text(encoding="utf-8")
    assert warned.removeprefix("warning: ") in page and "无计数可说明其" in page and page.count("<figure>") == 12
    assert page.count(">held out</span>") == page.count(">留作检验</span>") == 1 and " *</td>" in page
    text = (out / "sites.yaml").read_text(encoding="utf-8")
    assert text.startswith("# ateneum: no counter informs its ")
    stays = {one.site_id: one.stay for one in read_sites(out / "sites.yaml", helsinki).sites}
    assert stays["ateneum"] and stays["ateneum"].source.endswith("no counter informs this stay")
    assert stays["park"] and not stays["park"].source.endswith("no counter informs this stay")


def test_hours_sum_what_was_told_and_leave_gaps() -> None:
    told = np.array([1.0, np.nan, 3.0, np.nan, np.nan, np.nan, 5.0])
    said = np.full(7, 2.0)
    assert by_hour(told, told, 3, "came")[::2] == [4.0, 5.0] and np.isnan(by_hour(told, told, 3, "came")[1])
    assert by_hour(said, told, 3, "came")[::2] == [4.0, 2.0], "only the periods that were told are compared"
    assert by_hour(told, told, 3, "inside")[::2] == [2.0, 5.0]
    drawn = hour_bars(["10:00", "<"], [4.0, float("nan")], [("crowd-line", [1.0, 2.0])])
    assert drawn.count("<rect") == 1 and "&lt;" in drawn and "nan" not in drawn
