"""A day's file: what it says becomes a model, what it lacks comes from the map, mistakes are told with their line."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.crowd.city.streets import CAPACITY, PERSON, WAIT
from models.crowd.sites.walk_places import WalkPlaces
from networks import BadInput
from networks.places.nearest_road import NearestRoad
from scenarios.visits import city_day, default_day, read_visit_day, sources_on_map
from scenarios.visits.shut_paths import shut_at
from scenarios.visits.sources import whole_numbers
from scenarios.visits.visit_day import STEP_S, live_through

if TYPE_CHECKING:
    from networks import City

STATION, HARBOUR = "[24.9414, 60.1708]", "[24.9520, 60.1676]"
HEAD = "name: trial\nbegin: 2026-07-18T10:00:00+03:00\nhours: 6\nsource: synthetic\n"
SOURCES = (
    "sources:\n"
    f"  - {{id: station, kind: station, at: {STATION}, people: 300, source: us}}\n"
    f"  - {{id: pier, kind: stop, at: {HARBOUR}, people: 100, source: us,"
    " arrivals: {from: '11:00', shares: [0, 1]}}\n"
)
SITES = (
    "sites:\n  - {id: park, at: [24.9475, 60.1675], area_m2: 9000, space: path, source: us,"
    " hours: [{from: '10:30', to: '13:00'}], stay: {median_min: 20, sigma: 0.3, source: us}}\n"
)


def write(folder: Path, text: str, sites: str = SITES) -> Path:
    (folder / "sites.yaml").write_text(sites, encoding="utf-8")
    (folder / "day.yaml").write_text(text, encoding="utf-8")
    return folder / "day.yaml"


def test_a_file_becomes_the_day_that_it_says(helsinki: City, tmp_path: Path) -> None:
    text = HEAD + "sites: sites.yaml\narrivals: {from: '10:00', shares: [1, 1]}\nhome_by: '13:00'\n" + SOURCES
    day = read_visit_day(write(tmp_path, text), helsinki)
    assert (day.people, day.length_s, day.home_s) == (400, 21600.0, 10800.0)
    people = city_day(day, 1).people
    pier = people.source == 1
    assert pier.sum() == 100 and people.arrive_s[pier].min() >= 4500.0 and people.arrive_s[pier].max() <= 5400.0
    assert people.arrive_s[~pier].max() <= 1800.0
    opening = day.site_table.opening
    assert opening is not None and opening.is_open(1700.0).tolist() == [False]
    assert opening.is_open(1900.0).tolist() == [True] and opening.over(10801.0).tolist() == [True]


def test_a_day_repeats_itself_and_brings_everybody_home(helsinki: City, tmp_path: Path) -> None:
    text = HEAD + "sites: sites.yaml\narrivals: {from: '10:00', shares: [1, 1]}\nhome_by: '13:00'\n" + SOURCES
    day = read_visit_day(write(tmp_path, text), helsinki)
    told = []
    for _ in range(2):
        model, seen = city_day(day, 5), list[tuple[float, int, int]]()
        live_through(day, model, 1800.0, lambda at, m=model, s=seen: s.append((at, m.attractions.inside[0], m.at_home)))  # type: ignore[misc]
        told.append(seen)
        assert model.at_home == 400
    assert told[0] == told[1] and len(told[0]) == 12
    assert all(inside == 0 for at, inside, _ in told[0] if at < 1800.0 or at > 10800.0)
    assert max(inside for _, inside, _ in told[0]) > 50


def test_what_nobody_wrote_comes_from_the_map_and_is_told_as_a_guess(helsinki: City) -> None:
    day = default_day(helsinki, 5000, datetime(2026, 7, 18, 8, tzinfo=UTC))
    assert day.people == 5000 and {one.kind for one in day.sources} >= {"station", "stop", "car_park", "hotel"}
    assert all("OpenStreetMap" in one.provenance for one in day.sources)
    assert any("guessed from the map" in note["en"] for note in day.notes)
    sources, _ = sources_on_map(helsinki, 5000)
    assert sources == day.sources
    crossing = np.array([bool(edges) for edges in day.graph.crossing_edges])
    wait = city_day(day, 1).streets.links[:, WAIT] * STEP_S
    assert crossing.sum() > 50 and (wait[crossing] == 15.0).all() and (wait[~crossing] == 0).all()
    assert any(f"at {crossing.sum()} crossings of roads people wait 14 s" in note["en"] for note in day.notes)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=30))
def test_nobody_is_lost_in_rounding(wanted: list[float]) -> None:
    whole = whole_numbers(wanted)
    assert sum(whole) == round(sum(wanted))
    assert all(abs(a - b) <= 1.0 for a, b in zip(whole, wanted, strict=True))


def test_a_street_is_shut_for_its_time_alone(helsinki: City, tmp_path: Path) -> None:
    closed = "closed:\n  - {name: parade, street: Pohjoisesplanadi, from: '11:00', to: '12:00'}\n"
    day = read_visit_day(write(tmp_path, HEAD + SOURCES + closed), helsinki)
    links = len(day.graph.length_m)
    shut = [int(shut_at(day.shut, at, links).sum()) for at in (3599.0, 3600.0, 7199.0, 7200.0)]
    assert shut[0] == shut[3] == 0 and shut[1] == shut[2] > 3


def test_an_evacuation_lets_nobody_in_and_everybody_out(helsinki: City, tmp_path: Path) -> None:
    text = HEAD + "sites: sites.yaml\narrivals: {from: '10:00', shares: [1, 1, 1, 1]}\n" + SOURCES
    day = read_visit_day(write(tmp_path, text + "warning: {at: '11:30', leave_min: 10}\n"), helsinki)
    model, inside = city_day(day, 2), dict[float, int]()
    live_through(day, model, 300.0, lambda at: inside.update({at: int(model.attractions.inside[0])}))
    assert inside[5400.0] > 50 and inside[6000.0 + 300.0] == 0
    assert inside[5700.0] > 0, "they leave over ten minutes"
    assert model.at_home == 400


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("closed:\n  - {name: x, at: [24.9475, 60.1675], radius_m: 300}\n", ["line 9", "cuts off the site park"]),
        ("closed:\n  - {name: x, street: Nowhere Road}\n", ["line 9", "no street called 'Nowhere Road'"]),
        (
            "closed:\n  - {name: x, street: Aleksanterinkatu, from: '09:00', to: '11:00'}\n",
            ["line 9", "outside the day"],
        ),
        ("shows: [{site: opera}]\n", ["line 8", "there is no site 'opera'", "park"]),
        ("groups: [0.5, 0.2]\n", ["shares of groups add up to 0.7"]),
        ("people: 100\n", ["more come from the sources than the 100 people"]),
        ("ages: {child: 0.5, adult: 0.6, old: 0}\n", ["line 8", "do not add up to 1"]),
        ("arrivals: {from: '10:05', shares: [1]}\n", ["line 8", "arrivals of 1 quarter hours from 10:05"]),
        ("visitors: 3\n", ["line 8", "visitors"]),
    ],
)
def test_mistakes_are_told_with_their_line(helsinki: City, tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        read_visit_day(write(tmp_path, HEAD + SOURCES + text + "sites: sites.yaml\n"), helsinki)
    message = str(caught.value)
    assert all(one in message for one in told), message


def test_a_source_off_the_network_is_refused(helsinki: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenarios.visits.day_places.FAR_M", 100.0)
    min_lon, min_lat, max_lon, max_lat = 24.935, 60.164, 24.953, 60.179
    places, plane = WalkPlaces(helsinki), NearestRoad(helsinki).plane
    spots = [(lon, lat) for lon in np.linspace(min_lon, max_lon, 12) for lat in np.linspace(min_lat, max_lat, 12)]
    inside = []
    for lon, lat in spots:
        with suppress(BadInput):
            inside.append((places.to(*plane(lon, lat))[1], lon, lat))
    away, lon, lat = max(inside)
    assert away > 100.0
    off = f"sources:\n  - {{id: s, kind: station, at: [{lon:.6f}, {lat:.6f}], people: 5, source: us}}\n"
    with pytest.raises(BadInput, match=f"line 6: s is off the network: .* {away:.0f} m away"):
        read_visit_day(write(tmp_path, HEAD + off), helsinki)


def test_more_gates_than_people_are_told(helsinki: City, tmp_path: Path) -> None:
    gates = ", ".join(f"{{id: g{i}, at: [24.9475, 60.1675]}}" for i in range(5))
    sites = f"sites:\n  - {{id: park, at: [24.9475, 60.1675], gates: [{gates}], source: us}}\n"
    few = "sources:\n" + f"  - {{id: station, kind: station, at: {STATION}, people: 3, source: us}}\n"
    day = read_visit_day(write(tmp_path, HEAD + few + "sites: sites.yaml\n", sites), helsinki)
    assert any("5 gates, more than the 3 people" in note["en"] for note in day.notes)


def test_a_path_that_cuts_off_a_site_for_an_hour_is_told(helsinki: City, tmp_path: Path) -> None:
    closed = "closed:\n  - {name: works, at: [24.9475, 60.1675], radius_m: 300, from: '11:00', to: '12:00'}\n"
    day = read_visit_day(write(tmp_path, HEAD + SOURCES + closed + "sites: sites.yaml\n"), helsinki)
    assert any("park is cut off by works from 11:00" in note["en"] for note in day.notes)
    assert day.begin + timedelta(hours=6) == datetime.fromisoformat("2026-07-18T16:00:00+03:00")
    assert np.isfinite(day.arrivals.share).all()


def test_a_narrow_path_takes_as_many_as_its_file_says(helsinki: City, tmp_path: Path) -> None:
    narrow = "narrow:\n  - {name: bridge, at: [24.9475, 60.1675], per_min: 60, source: counted}\n"
    wide = read_visit_day(write(tmp_path, HEAD + SOURCES), helsinki)
    day = read_visit_day(write(tmp_path, HEAD + SOURCES + narrow), helsinki)
    (link,) = np.flatnonzero(day.graph.width_m != wide.graph.width_m)
    streets = city_day(day, 1).streets
    assert streets.links[link, CAPACITY] / PERSON / streets.step_s * 60.0 == pytest.approx(60.0, rel=1e-3)
    with pytest.raises(BadInput, match="line 9: bridge is said to take 2000 people a minute; as the map has it"):
        read_visit_day(write(tmp_path, HEAD + SOURCES + narrow.replace("per_min: 60", "per_min: 2000")), helsinki)
