"""Tracks: driven roads are found again from noisy positions, and what they broke is told with road, rule and moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from models.routing import Restriction, vehicle
from networks import City
from scenarios.emergency.compliance import breaches
from scenarios.emergency.ends import find_end
from scenarios.emergency.journey import Journey, Roads
from scenarios.emergency.matching import Driven, match_track
from scenarios.emergency.moment import Moment
from scenarios.emergency.track import Track, read_track
from twin.cli import run

NOON = datetime.fromisoformat("2026-07-17T12:00:00+03:00")


@pytest.fixture(scope="module")
def trip(helsinki: City) -> Journey:
    ends = find_end(helsinki, "24.9384,60.1699"), find_end(helsinki, "24.9487,60.1677")
    return Roads(helsinki, vehicle("tanker")).plan(*ends, Moment(0.0, None)).journeys[0]


def driven_along(city: City, one: Journey, noise_m: float, every_s: float = 8.0) -> Track:
    """Positions along the middle of its roads, off by `noise_m`."""
    edges = city.layer("edges").set_index("edge_id")
    ends = np.append(one.entered_s, one.entered_s[-1] + 5.0)
    noise, places, moments = np.random.default_rng(3), [], []
    for at in np.arange(0.5, ends[-1], every_s):
        k = int(np.searchsorted(ends, at, side="right")) - 1
        share = (at - ends[k]) / max(ends[k + 1] - ends[k], 1e-9)
        place = edges.geometry[one.edges[k]].interpolate(share, normalized=True)
        places.append(np.array([place.x, place.y]) + noise.normal(0.0, noise_m, 2))
        moments.append(NOON + timedelta(seconds=float(at)))
    return Track(tuple(moments), np.array(places))


def names(city: City, driven: Driven) -> list[str]:
    ids = city.road_graph("bus").edge_ids
    return [ids[edge] for edge in driven.edges]


@pytest.mark.parametrize("noise_m", [0.0, 6.0])
def test_the_roads_that_were_driven_are_found_in_their_order(helsinki: City, trip: Journey, noise_m: float) -> None:
    driven = match_track(helsinki, driven_along(helsinki, trip, noise_m), "bus")
    found, inner = names(helsinki, driven), trip.edges[2:-2]  # ends with one position are anybody's guess under noise
    assert not driven.off and list(driven.entered) == sorted(driven.entered)
    assert len(set(inner) & set(found)) >= 0.9 * len(inner)
    assert len(set(found) - set(trip.edges)) <= 0.3 * len(found)
    if noise_m == 0.0:
        assert [edge for edge in found if edge in trip.edges] == list(trip.edges)
        entered = dict(zip(found, driven.entered, strict=True))
        for edge, expected in zip(trip.edges[1:], trip.entered_s[1:], strict=True):
            assert abs((entered[edge] - NOON).total_seconds() - expected) < 20.0


def test_positions_off_the_roads_are_told_and_the_rest_is_kept(helsinki: City, trip: Journey) -> None:
    track = driven_along(helsinki, trip, 2.0)
    xy = track.xy.copy()
    xy[3] += 5000.0
    assert match_track(helsinki, Track(track.moments, xy), "bus").off == (3,)
    nowhere = match_track(helsinki, Track(track.moments, xy + 50_000.0), "bus")
    assert nowhere.edges == () and len(nowhere.off) == len(xy)


def test_what_was_broken_is_told_with_road_rule_and_hour(helsinki: City, trip: Journey) -> None:
    driven = match_track(helsinki, driven_along(helsinki, trip, 0.0), "bus")
    ids, middle = helsinki.road_graph("bus").edge_ids, trip.edges[len(trip.edges) // 2]
    rules = [Restriction(middle, kind, value, *hours, "test") for kind, value, hours in (
        ("weight_t", 7.5, (0.0, 24.0)), ("hazmat", 0.0, (11.0, 13.0)), ("closed", 0.0, (7.0, 9.0)),
        ("height_m", 4.2, (0.0, 24.0)),
    )]  # fmt: skip
    found = breaches(driven, ids, vehicle("tanker"), rules)
    assert [one.told(vehicle("tanker")) for one in found] == ["up to 7.5 t, tanker has 40", "no hazardous goods"]
    assert all(one.edge_id == middle and one.at.hour == 12 for one in found)
    assert [one.rule.kind for one in breaches(driven, ids, vehicle("truck"), rules)] == ["weight_t"]
    assert breaches(driven, ids, vehicle("car"), rules) == []


def test_the_command_says_which_road_which_rule_when(
    helsinki: City, trip: Journey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    track = driven_along(helsinki, trip, 0.0)
    lon, lat = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True).transform(*track.xy.T)
    rows = [f"{at.isoformat()},{x:.7f},{y:.7f}" for at, x, y in zip(track.moments, lon, lat, strict=True)]
    file, rules = tmp_path / "track.csv", tmp_path / "rules.csv"
    file.write_text("time,lon,lat\n" + "\n".join(rows) + "\n")
    middle = trip.edges[len(trip.edges) // 2]
    rules.write_text(f"edge_id,kind,value,from_h,to_h,source\n{middle},hazmat,,,,town order\n")
    words = ["emergency", "comply", str(helsinki.folder), str(file), "--restrictions", str(rules)]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert f"(edge {middle}): no hazardous goods; town order" in told and "12:0" in told
    assert run([*words, "--strict"]) == 6
    np.testing.assert_allclose(read_track(file, helsinki).xy, track.xy, atol=0.05)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "columns are missing"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,60.1\n", "two positions"),
        ("time,lon,lat\nnoon,24.9,60.1\n", "line 2"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,north\n", "line 2"),
        ("time,lon,lat\n2026-07-17T12:00:00,24.9,60.1\n2026-07-17T11:00:00,24.9,60.1\n", "line 3"),
        ("time,lon,lat\n2026-07-17T12:00:00,190,60.1\n", "no degrees"),
    ],
)
def test_a_track_that_makes_no_sense_is_refused_with_its_line(
    helsinki: City, tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "track.csv").write_text(text)
    assert run(["emergency", "comply", str(helsinki.folder), str(tmp_path / "track.csv")]) == 2
    assert says in capsys.readouterr().err
