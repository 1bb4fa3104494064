"""What people do wrong and what machines run out of, as a user meets it: the command line in a process of its own.

Each case ends with its exit status and a sentence that names the file, the place, what was expected and what to do;
never with a traceback, and never with something half-written that could be taken for a result.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import TINY, apart, left_over, refused, scenario, twin

from networks import City, demo_extract
from networks.city import FORMAT

pytestmark = pytest.mark.beside


def town(*, highway: str = "residential", signals: bool = True, buildings: bool = True, clipped: bool = False) -> str:
    """A grid of 5 x 5 junctions as OSM XML; clipped: every way names nodes that the file lacks."""
    size = range(5)
    light = '<tag k="highway" v="traffic_signals"/>' if signals else ""
    lines = ['<osm version="0.6">']
    for row in size:
        for column in size:
            lines.append(
                f'<node id="{row * 100 + column + 1}" version="1" lat="{60.17 + row * 0.0009:.7f}"'
                f' lon="{24.94 + column * 0.0018:.7f}">{light if row == column == 2 else ""}</node>'
            )
    ways = [[i * 100 + column + 1 for column in size] for i in size]
    ways += [[row * 100 + i + 1 for row in size] for i in size]
    for way, refs in enumerate(ways, start=1000):
        refs = [way + 7000, *refs, way + 8000] if clipped else refs
        lines.append(
            f'<way id="{way}" version="1">' + "".join(f'<nd ref="{ref}"/>' for ref in refs)
            + f'<tag k="highway" v="{highway}"/></way>'
        )  # fmt: skip
    if buildings:
        corners = ((0.0002, 0.0002), (0.0002, 0.001), (0.0006, 0.001), (0.0006, 0.0002))
        for i, (north, east) in enumerate(corners):
            lines.insert(1, f'<node id="{9000 + i}" version="1" lat="{60.17 + north}" lon="{24.94 + east}"/>')
        lines.append(
            '<way id="5000" version="1">' + "".join(f'<nd ref="{9000 + i % 4}"/>' for i in range(5))
            + '<tag k="building" v="apartments"/><tag k="building:levels" v="5"/></way>'
        )  # fmt: skip
    return "\n".join([*lines, "</osm>"])


@pytest.fixture
def older(helsinki: City, tmp_path: Path) -> Path:
    """A copy of the demo city, which a failure must not harm."""
    return Path(shutil.copytree(helsinki.folder, tmp_path / "older"))


# Maps


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.osm", b"dear city,\n"),
        ("empty.osm.pbf", b""),
        ("page.osm.gz", b"<html>502 Bad Gateway</html>"),
        ("Kartta \xe5\u57ce\u5e02 & (1).osm", b"\x00\xff"),
    ],
)
def test_not_an_osm_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused("build", name, cwd=tmp_path, says=[name, "cannot be read", "expected: a complete .osm", "to do: "])
    assert not (tmp_path / "cities").exists()


def test_a_truncated_pbf_leaves_the_older_city_alone(tmp_path: Path, older: Path) -> None:
    whole = demo_extract().read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) // 2])
    refused("build", "cut.osm.pbf", "--out", older, cwd=tmp_path, says=["cut.osm.pbf", "truncated", "to do: download"])
    City.open(older, verify=True)


def test_a_map_without_roads(tmp_path: Path) -> None:
    (tmp_path / "park.osm").write_text(town(highway="footway"), encoding="utf-8")
    refused("build", "park.osm", cwd=tmp_path, says=["park.osm", "no road for cars", "highway=residential", "to do: "])
    assert not list((tmp_path / "cities").glob("*"))


@pytest.mark.parametrize("lacks", ["buildings", "signals", "whole ways"])
def test_a_map_that_lacks_something_is_still_a_city_that_runs(tmp_path: Path, lacks: str) -> None:
    text = town(buildings=lacks != "buildings", signals=lacks != "signals", clipped=lacks == "whole ways")
    (tmp_path / "town.osm").write_text(text, encoding="utf-8")
    assert twin("build", "town.osm", "--out", "a, b/town", cwd=tmp_path).returncode == 0
    city = City.open(tmp_path / "a, b" / "town", verify=True)
    assert len(city.layer("edges")) > 20
    assert len(city.layer("buildings")) == (lacks != "buildings")
    assert len(city.layer("signals")) == (lacks != "signals")
    assert city.manifest["notes"]["clipped_ways"] == (10 if lacks == "whole ways" else 0)
    run = twin("run", scenario(tmp_path), "--city", city.folder, "--seeds", "1", "--serial", cwd=tmp_path)
    assert run.returncode == 0, run.stderr


def test_a_rebuilt_city_replaces_the_older_one_whole(tmp_path: Path, older: Path) -> None:
    (tmp_path / "town.osm").write_text(town(), encoding="utf-8")
    (older / "layers" / "gone.parquet").write_bytes(b"old")
    assert twin("build", "town.osm", "--out", older, cwd=tmp_path).returncode == 0
    assert City.open(older, verify=True).name == "town"
    assert not (older / "layers" / "gone.parquet").exists()
    assert left_over(tmp_path) == []


def test_a_place_where_no_city_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "town.osm").write_text(town(), encoding="utf-8")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear", encoding="utf-8")
    says = ["letters", "something else, which would be lost", "to do: choose another"]
    refused("build", "town.osm", "--out", "letters", cwd=tmp_path, says=says)
    says = ["town.osm/city", "no folder can be made here", "to do: choose another"]
    refused("build", "town.osm", "--out", "town.osm/city", cwd=tmp_path, says=says, status=5)
    refused("build", "letters", cwd=tmp_path, says=["letters", "no such file", "to do: "])
    refused("build", "n" * 300 + ".osm", cwd=tmp_path, says=["nnn.osm", "too long", "to do: "])
    assert (tmp_path / "letters" / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_name_is_no_way_out_of_the_cities(tmp_path: Path) -> None:
    (tmp_path / "town.osm").write_text(town(), encoding="utf-8")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    assert twin("build", "../../town.osm", "--name", "../../up", cwd=tmp_path / "deep" / "er").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "town.osm"]


# Scenarios


@pytest.mark.parametrize(
    ("interventions", "line", "says"),
    [
        ("  - kind: earthquake", 6, ["unknown kind earthquake", "'road_closure'"]),
        (
            "  - kind: rainfall\n    source: assumed\n    chicago:\n      begin: 2026-07-17T17:00:00+03:00\n"
            "      depth_mm: -30",
            10,
            ["interventions.0.chicago.depth_mm", "greater than 0", "found -30"],
        ),
        (
            "  - kind: rainfall\n    source: assumed\n    hyetograph:\n      begin: 2026-07-17T17:00:00+03:00\n"
            "      intensity_mm_h: [5, -1]",
            10,
            ["interventions.0.hyetograph.intensity_mm_h.1", "greater than or equal to 0", "found -1"],
        ),
        (
            "  - kind: road_closure\n    edges: [x]\n    begin: 2026-07-17T17:01:00+03:00\n"
            "    end: 2026-07-17T17:00:30+03:00",
            9,
            ["interventions.0.end", "is not after the begin"],
        ),
    ],
)
def test_a_mistake_in_a_scenario_is_told_with_its_line(
    tmp_path: Path, interventions: str, line: int, says: list[str]
) -> None:
    file = scenario(tmp_path, interventions)
    refused("scenario", "check", file.name, cwd=tmp_path, says=[f"mine.yaml, line {line}: ", "to do: mend", *says])
    refused("run", file.name, cwd=tmp_path, says=[f"mine.yaml, line {line}: ", *says])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_period_that_ends_before_it_begins(tmp_path: Path) -> None:
    file = scenario(tmp_path, text=TINY.replace("17:02:00", "16:02:00"))
    says = ["mine.yaml, line 3: period.end", "is not after the begin", "to do: mend"]
    refused("scenario", "check", file, cwd=tmp_path, says=says)


def test_an_edge_that_is_not_in_the_city(tmp_path: Path, helsinki: City) -> None:
    edge = str(helsinki.layer("edges")["edge_id"].iloc[0])
    file = scenario(tmp_path, f"  - kind: road_closure\n    edges:\n      - '{edge}'\n      - '{edge}0x'")
    says = [
        "mine.yaml, line 9, interventions.0.edges.1",
        f"{edge}0x' is not in the city Helsinki",
        "such as",
        "to do: ",
    ]
    refused("scenario", "check", file, "--city", helsinki.folder, cwd=tmp_path, says=says)
    refused("run", file, "--city", helsinki.folder, "--serial", cwd=tmp_path, says=says)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ["is empty", "expected: a scenario", "to do: "]),
        (b"- a\n", ["line 1: is not a scenario", "expected: "]),
        (b"name: [\n", ["is not YAML", "to do: mend"]),
        (b"\xff\xfe\x00", ["cannot be read", "expected: a scenario file in YAML (UTF-8)"]),
        (b"[" * 5000, ["nested too deeply", "to do: "]),
        (TINY.replace("tiny", "../tiny").encode(), ["line 1: name", "found '../tiny'"]),
        (None, ["cannot be read", "directory"]),
    ],
)
def test_a_file_that_is_no_scenario(tmp_path: Path, content: bytes | None, says: list[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.mkdir() if content is None else file.write_bytes(content)
    refused("scenario", "check", file, cwd=tmp_path, says=["mine.yaml", *says])


@pytest.mark.parametrize("seeds", ["0", "-1", "1000000000", "many"])
def test_a_number_of_seeds_that_cannot_be(tmp_path: Path, seeds: str) -> None:
    refused("run", scenario(tmp_path), "--seeds", seeds, cwd=tmp_path, says=["--seeds", seeds])


# Cities, stores and desks


@pytest.mark.parametrize("file", ["layers/edges.parquet", "roads.net.xml", "city.json"])
def test_a_city_that_was_changed_after_the_build(tmp_path: Path, older: Path, file: str) -> None:
    content = bytearray((older / file).read_bytes())
    at = content.index(b'"left_hand": false') + 14 if file == "city.json" else len(content) // 2
    content[at] ^= 1
    (older / file).write_bytes(bytes(content).replace(b'"left_hand": g', b'"left_hand": t'))
    for words in (["run", scenario(tmp_path), "--city", older, "--serial"], ["serve", older, "--replay"]):
        says = [str(older / file), "to do: build the city again"]
        told = refused(*words, cwd=tmp_path, says=says)
        assert "was changed since the city was built" in told or "manifest cannot be read" in told
    assert not (tmp_path / "runs").exists()


def test_a_folder_that_is_no_city(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    says = ["photos", "is no city", "expected: a city.json inside", "to do: build"]
    refused("serve", "photos", "--replay", cwd=tmp_path, says=says)
    refused("run", scenario(tmp_path), "--city", "photos", cwd=tmp_path, says=says)
    (tmp_path / "photos" / "city.json").write_text(json.dumps({"format": FORMAT}), encoding="utf-8")
    refused("serve", "photos", "--replay", cwd=tmp_path, says=["city.json", "lacks name, crs", "to do: build"])


def test_names_that_nothing_has(tmp_path: Path, helsinki: City) -> None:
    refused("compare", "calm", "busy", cwd=tmp_path, says=["runs/ensembles", "'calm'", "expected: ", "to do: twin run"])
    refused("serve", helsinki.folder, "--replay", "--scenario", "calm", cwd=tmp_path, says=["'calm'", "one of: "])
    (tmp_path / "calm.json").write_text("{}", encoding="utf-8")
    refused("compare", "calm.json", "busy", cwd=tmp_path, says=["calm.json", "not an ensemble file", "expected: "])


@pytest.mark.parametrize("token", ["", "0123456789abcdef"])
def test_a_ray_that_cannot_be_reached(
    tmp_path: Path, helsinki: City, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN", token)
    words = ["run", scenario(tmp_path), "--city", helsinki.folder, "--ray-address", "127.0.0.1:1"]
    says = ["127.0.0.1:1 cannot be reached", "to do: ", "RAY_AUTH_TOKEN"]
    refused(*words, cwd=tmp_path, status=3, says=says, by=apart)


def test_a_store_that_is_a_file(tmp_path: Path, helsinki: City) -> None:
    (tmp_path / "runs").write_text("not a folder", encoding="utf-8")
    words = ["run", scenario(tmp_path), "--city", helsinki.folder, "--seeds", "1", "--serial"]
    refused(*words, cwd=tmp_path, status=5, says=["runs/", "no folder can be made here", "to do: choose another"])


def test_no_desk_or_something_else_in_its_place(tmp_path: Path) -> None:
    refused("desk", "list", cwd=tmp_path, says=["out/desk.sqlite", "no desk here", "to do: twin demo or twin serve"])
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    refused("desk", "--desk", "letter.txt", "list", cwd=tmp_path, says=["letter.txt", "no SQLite database", "to do: "])
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_decisions_that_come_too_late(tmp_path: Path) -> None:
    from twin import Desk

    now = datetime.now(UTC)
    desk = Desk.open(tmp_path / "desk.sqlite")
    for rec_id, minutes in (("fresh", 30), ("stale", -1)):
        times = {"created": now - timedelta(hours=1), "valid_until": now + timedelta(minutes=minutes)}
        action = [{"kind": "road_closure", "edges": ["e1"]}]
        texts = {name: moment.isoformat() for name, moment in times.items()}
        desk.propose({"rec_id": rec_id, "kind": "road_closure", "action": action, **texts})
    desk.close()
    place = ["desk", "--desk", "desk.sqlite"]
    words = ["--who", "operator 1", "--why", "water on the quay"]
    late = ["stale", "not approved: it was valid until", "to do: nothing was changed"]
    refused(*place, "approve", "stale", *words, cwd=tmp_path, status=4, says=late)
    assert twin(*place, "approve", "fresh", *words, cwd=tmp_path).returncode == 0
    decided = ["fresh", "not rejected: operator 1 has already approved it", "water on the quay", "to do: "]
    refused(*place, "reject", "fresh", "--who", "operator 2", "--why", "no", cwd=tmp_path, status=4, says=decided)
    refused(*place, "approve", "none", *words, cwd=tmp_path, says=["desk.sqlite, none", "to do: twin desk list"])
    assert "expired" in twin(*place, "list", cwd=tmp_path).stdout
