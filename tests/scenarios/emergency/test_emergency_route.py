"""`twin emergency route` on central Helsinki: ways, water that comes before the vehicle, bans, and bad input."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.routing import Restriction, Router, Vehicle, restricted, vehicle
from networks import City
from networks.errors import BadInput
from scenarios.emergency.ends import End, find_end
from scenarios.emergency.journey import Answer, Roads
from scenarios.emergency.map_bans import map_bans
from scenarios.emergency.moment import Moment, read_moment
from scenarios.emergency.water import WaterAhead, water_ahead
from scenarios.flooding.keeping import FORMAT, WATCH_COLUMNS
from twin.cli import run

FROM, TO = "24.9384,60.1699", "24.9487,60.1677"
NOW = Moment(0.0, None)
COLUMNS = "edge_id,deepest_m,two_wheeler_chance,two_wheeler_shut_s,car_chance,car_shut_s,high_clearance_chance,"


def flood_run(folder: Path, city: City, shut: dict[str, tuple[float, float]], *, trusted: bool = True) -> Path:
    """A run in which lanes are shut to everybody: edge -> (chance, s)."""
    folder.mkdir()
    about = {"format": FORMAT, "digest": city.digest, "city": city.name, "members": 10, "begin": None}
    (folder / "flood_run.json").write_text(json.dumps(about | {"trusted": trusted}))
    (folder / "places.csv").write_text(",".join(WATCH_COLUMNS) + "\n")
    if trusted:
        rows = [f"{edge},1.0" + f",{chance},{since}" * 3 for edge, (chance, since) in shut.items()]
        (folder / "edges.csv").write_text(COLUMNS + "high_clearance_shut_s\n" + "\n".join(rows) + "\n")
    return folder


def ends(city: City) -> tuple[End, End]:
    return find_end(city, FROM), find_end(city, TO)


def water(city: City, shut: dict[str, tuple[float, float]]) -> WaterAhead:
    index = {edge: n for n, edge in enumerate(city.layer("edges")["edge_id"])}
    chance, since = np.zeros(len(index)), np.full(len(index), np.inf)
    for edge, (share, when) in shut.items():
        chance[index[edge]], since[index[edge]] = share, when
    return WaterAhead(chance, since, None, 10, "car", True, since[None, :])


def planned(city: City, who: Vehicle, shut: dict[str, tuple[float, float]], depart_s: float = 0.0) -> Answer:
    return Roads(city, who, water=water(city, shut)).plan(*ends(city), Moment(depart_s, None))


def test_ways_are_drivable_differ_and_their_times_add_up(helsinki: City) -> None:
    roads = Roads(helsinki, vehicle("ambulance"))
    answer = roads.plan(*ends(helsinki), NOW)
    assert 2 <= len(answer.journeys) <= 3 and answer.dry_s == pytest.approx(answer.journeys[0].time_s)
    index = roads.router.index
    for one in answer.journeys:
        assert roads.router.drivable(one.edges)
        for (a, b), spent in zip(pairwise(one.edges), np.diff(one.entered_s), strict=True):
            assert spent >= roads.edge_s[index[a]] - 1e-3, (a, b)
        assert one.time_s <= 1.25 * answer.journeys[0].time_s + 0.1
    assert len({one.edges for one in answer.journeys}) == len(answer.journeys)
    assert answer.journeys[0].time_s == min(one.time_s for one in answer.journeys)


def test_waits_at_lights_count_less_under_blue_light(helsinki: City) -> None:
    lit, waiting = (Roads(helsinki, vehicle(name)) for name in ("fire_engine", "pump_crew"))
    assert 0.0 < lit.turn_s.sum() < waiting.turn_s.sum()
    assert lit.plan(*ends(helsinki), NOW).journeys[0].time_s < waiting.plan(*ends(helsinki), NOW).journeys[0].time_s


def test_water_that_comes_first_is_gone_round_and_water_that_comes_later_is_not(helsinki: City) -> None:
    who = vehicle("ambulance")
    dry = planned(helsinki, who, {}).journeys[0]
    middle = len(dry.edges) // 2
    edge, passed = dry.edges[middle], float(dry.entered_s[middle])
    left = float(dry.entered_s[middle + 1])
    assert edge not in planned(helsinki, who, {edge: (0.9, 0.0)}).journeys[0].edges
    assert edge not in planned(helsinki, who, {edge: (0.9, (passed + left) / 2)}).journeys[0].edges  # while it is on it
    assert planned(helsinki, who, {edge: (0.9, left + 60.0)}).journeys[0].edges == dry.edges
    assert edge not in planned(helsinki, who, {edge: (0.9, left + 60.0)}, depart_s=60.0 + left).journeys[0].edges
    assert planned(helsinki, who, {edge: (0.4, 0.0)}).journeys[0].edges == dry.edges  # below the alarm


def test_no_way_says_why_and_how_near_one_gets(helsinki: City) -> None:
    roads = Roads(helsinki, vehicle("car"))
    end = ends(helsinki)[1]
    router = Router(roads.graph)
    into = {roads.graph.edge_ids[a] for a, b in zip(router.turns.tail, router.turns.head, strict=True)
            if roads.graph.edge_ids[b] in end.edges}  # fmt: skip
    answer = planned(helsinki, vehicle("car"), dict.fromkeys([*into, *end.edges], (1.0, 0.0)))
    assert answer.journeys == () and answer.reason.startswith("water") and np.isfinite(answer.dry_s)
    assert answer.nearest is not None and answer.nearest[0] not in into and answer.nearest[1] < 500.0
    bans = [Restriction(edge, "closed", 0.0, 0.0, 24.0, "test") for edge in end.edges]
    banned = Roads(helsinki, vehicle("car"), restrictions=bans).plan(*ends(helsinki), NOW)
    assert banned.journeys == () and banned.reason == "every way has a restriction for car"


def test_the_maps_limits_hold_unless_somebody_knows_better(helsinki: City) -> None:
    bans = map_bans(helsinki)
    assert {"height_m", "weight_t"} <= {one.kind for one in bans} and all(
        "OpenStreetMap, w" in one.source for one in bans
    )
    index = helsinki.road_graph("emergency").edge_ids
    places = {edge: n for n, edge in enumerate(index)}
    low, high = (restricted(bans, places, vehicle(name), 12.0).sum() for name in ("car", "ladder"))
    assert low < high
    first = next(one for one in bans if one.shuts_out(vehicle("ladder"), 12.0))
    free = map_bans(helsinki, [Restriction(first.edge_id, "open", 0.0, 0.0, 24.0, "the brigade has the key")])
    assert first.edge_id not in {one.edge_id for one in free} and len(free) < len(bans)


def test_the_command_tells_ways_and_writes_geojson(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dry = planned(helsinki, vehicle("fire_engine"), {}).journeys[0]
    folder = flood_run(tmp_path / "flood", helsinki, {dry.edges[len(dry.edges) // 2]: (0.8, 60.0)})
    words = ["emergency", "route", str(helsinki.folder), FROM, TO, "--class", "fire_engine"]
    out = tmp_path / "way.geojson"
    assert run([*words, "--flood", str(folder), "--at", "+5", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert (
        "shut to high_clearance at T+5 min: 1 road edges" in told and "\n1. " in told and "dry in every member" in told
    )
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    kinds = [one["properties"]["kind"] for one in features]
    assert kinds[0] == "way" and {"way", "shut", "from", "to"} == set(kinds)
    lon, lat = features[0]["geometry"]["coordinates"][0]
    assert 24.9 < lon < 25.0 and 60.1 < lat < 60.2
    assert run([*words]) == 0
    assert "without water" not in capsys.readouterr().out


def test_a_run_on_a_screening_terrain_is_said_to_tell_nothing(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = flood_run(tmp_path / "flood", helsinki, {}, trusted=False)
    assert run(["emergency", "route", str(helsinki.folder), FROM, TO, "--flood", str(folder)]) == 0
    assert "water is not counted" in capsys.readouterr().out


def test_a_class_that_the_run_does_not_know_is_judged_as_one_that_wades_less(helsinki: City, tmp_path: Path) -> None:
    folder = flood_run(tmp_path / "flood", helsinki, {})
    assert water_ahead(folder, helsinki, vehicle("rescue_boat")).judged_as == "car"
    assert water_ahead(folder, helsinki, vehicle("fire_engine")).judged_as == "high_clearance"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((FROM, "Rautatieasem"), "no place called"),
        ((FROM, "25.4,60.1"), "outside the map"),
        ((FROM, TO, "--class", "submarine"), "no class of vehicles 'submarine'"),
        ((FROM, TO, "--at", "noon"), "no moment"),
    ],
)
def test_bad_input_is_told_in_words(
    helsinki: City, words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["emergency", "route", str(helsinki.folder), *words]) == 2
    assert says in capsys.readouterr().err


def test_a_run_of_another_city_is_refused(helsinki: City, tmp_path: Path) -> None:
    folder = flood_run(tmp_path / "flood", helsinki, {})
    about = json.loads((folder / "flood_run.json").read_text())
    (folder / "flood_run.json").write_text(json.dumps(about | {"digest": "other"}))
    with pytest.raises(BadInput, match="of another"):
        water_ahead(folder, helsinki, vehicle("car"))


def test_moments_are_read_as_people_type_them() -> None:
    begin = datetime.fromisoformat("2026-07-17T16:50:00+03:00")
    assert read_moment(None, begin) == Moment(0.0, begin)
    assert read_moment("+30", begin).depart_s == 1800.0 and read_moment("+30", None).later(90.0) == "T+32 min"
    assert read_moment("17:20", begin).depart_s == 1800.0
    assert read_moment("16:20", begin).depart_s == 23.5 * 3600  # the next day
    assert read_moment("2026-07-17T17:20:00", begin).later(61.0) == "17:21:01"
    assert read_moment("2026-07-17T14:20:00+00:00", begin).depart_s == 1800.0
    assert read_moment("07:30", None).hour == 7.5 and read_moment(None, None).hour == 12.0
    for wrong in ("25:00", "soon", "+", "2026-07-17T10:00:00"):
        with pytest.raises(BadInput):
            read_moment(wrong, begin)


def test_the_reference_names_every_option_and_class() -> None:
    from models.routing import vehicles
    from twin.commands.emergency_route import route

    text = (Path(__file__).parents[3] / "docs" / "reference.md").read_text(encoding="utf-8")
    for option in route.params:
        assert not option.opts[0].startswith("--") or f"`{option.opts[0]}`" in text
    assert all(f"`{name}`" in text for name in vehicles())
