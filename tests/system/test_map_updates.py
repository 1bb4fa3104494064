"""A city that is corrected by hand and meets a newer map, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import TINY, left_over, refused, twin

from networks import City

pytestmark = pytest.mark.beside

STEPS = range(4)
CORRECTIONS = """\
corrections:
  - kind: way_tags
    way: 1001
    set: {maxspeed: 30}
    why: sign seen
    source: measured
"""


def town(gone: int = 0, lanes: int = 0) -> str:
    """A grid of 4 x 4 junctions; without the way `gone`, and with lanes on way 1002."""
    nodes = [
        f'<node id="{row * 100 + column + 1}" version="1" lat="{60.17 + row * 0.0009:.7f}"'
        f' lon="{24.94 + column * 0.0018:.7f}"/>'
        for row in STEPS
        for column in STEPS
    ]
    lines = {1000 + i: [i * 100 + column + 1 for column in STEPS] for i in STEPS}
    lines |= {1010 + i: [row * 100 + i + 1 for row in STEPS] for i in STEPS}
    more = {1002: f'<tag k="lanes" v="{lanes}"/>'} if lanes else {}
    ways = [
        f'<way id="{way}" version="1" timestamp="202{5 if not gone else 6}-01-02T03:04:05Z">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + f'<tag k="highway" v="residential"/>{more.get(way, "")}</way>'
        for way, refs in lines.items()
        if way != gone
    ]
    return "\n".join(['<osm version="0.6">', *nodes, *ways, "</osm>"])


@pytest.fixture
def city(tmp_path: Path) -> City:
    (tmp_path / "old.osm").write_text(town(), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(CORRECTIONS, encoding="utf-8")
    done = twin("build", "old.osm", "--corrections", "mine.yaml", "--out", "city", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return City.open(tmp_path / "city", verify=True)


def test_what_a_newer_map_means_for_a_city(tmp_path: Path, city: City) -> None:
    edges = city.layer("edges")
    assert set(edges[edges.edge_id.str.contains("1001")].speed_source) == {"measured"}
    mine = next(edge for edge in edges.edge_id if "1012" in edge)
    scenario = tmp_path / "closed.yaml"
    closure = (
        f"  - kind: road_closure\n    edges: ['{mine}']\n    begin: 2026-07-17T17:00:00+03:00\n"
        "    end: 2026-07-17T17:01:00+03:00\n"
    )
    scenario.write_text(TINY + closure, encoding="utf-8")
    (tmp_path / "new.osm").write_text(town(gone=1012, lanes=4), encoding="utf-8")
    words = ("diff", "city", "new.osm", "--scenario", "closed.yaml", "--layer", "changes.geojson")
    done = twin(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "map of 2025-01-02 against new.osm of 2026-01-02" in done.stdout
    assert "road w1012 removed" in done.stdout
    assert "no lanes -> lanes=4" in done.stdout
    assert f"closed.yaml, interventions.0.edges.0: {mine}" in done.stdout.replace("\n", "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert len(json.loads((tmp_path / "changes.geojson").read_text(encoding="utf-8"))["features"]) == 2
    told = json.loads(twin("diff", "city", "new.osm", "--json", cwd=tmp_path).stdout)
    assert told["counts"] == {"road": {"removed": 1, "retagged": 1}}
    assert {one["osm"] for one in told["changes"]} == {"w1002", "w1012"}
    same = twin("diff", "city", "old.osm", cwd=tmp_path)
    assert "nothing changed" in same.stdout
    assert left_over(tmp_path) == []


def test_corrections_are_checked_against_a_newer_map(tmp_path: Path, city: City) -> None:
    (tmp_path / "new.osm").write_text(town(gone=1001), encoding="utf-8")
    assert (
        "1 corrections, 0 to check again"
        in twin("corrections", "check", "mine.yaml", "--city", "city", cwd=tmp_path).stdout
    )
    done = twin("corrections", "check", city.folder / "corrections.yaml", "--map", "new.osm", cwd=tmp_path)
    assert "gone: w1001: w1001 is not on this map: not applied" in done.stdout
    words = ["mine.yaml, line 2", "w1001 is not on this map", "expected: a road of this map", "to do: "]
    refused("corrections", "check", "mine.yaml", "--map", "new.osm", cwd=tmp_path, says=words)
    refused("build", "new.osm", "--corrections", "mine.yaml", "--out", "b", cwd=tmp_path, says=words)
    assert not (tmp_path / "b").exists()
    (tmp_path / "bad.yaml").write_text(CORRECTIONS.replace("maxspeed", "maxpseed"), encoding="utf-8")
    says = ["bad.yaml, line 4", "maxpseed is no tag", "to do: mend that line"]
    refused("corrections", "check", "bad.yaml", "--city", "city", cwd=tmp_path, says=says)
    assert json.loads(twin("corrections", "schema", cwd=tmp_path).stdout)["properties"].keys() == {"corrections"}


def test_a_map_that_is_none_or_a_city_that_remembers_nothing(tmp_path: Path, city: City) -> None:
    (tmp_path / "bad.osm").write_text("dear city", encoding="utf-8")
    refused("diff", "city", "bad.osm", cwd=tmp_path, says=["bad.osm", "cannot be read", "to do: "])
    refused("diff", "city", ".", cwd=tmp_path, says=["is no city", "expected: a city, or an OpenStreetMap file"])
    (city.folder / "osm_objects.parquet").unlink()
    refused("diff", "city", "old.osm", cwd=tmp_path, says=["osm_objects.parquet", "to do: build"])
