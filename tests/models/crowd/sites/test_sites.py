"""Sites from files and the map: capacities, alarms, and what is told about bad input."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.crowd.sites import (
    AlarmLevels,
    Approved,
    Stay,
    VisitSite,
    band_of,
    capacity_of,
    foretell,
    level_now,
    read_sites,
    site_kinds,
    sites_on_map,
    spaces,
)
from models.crowd.sites.datum_fit import doubt_datum
from models.crowd.sites.map_hours import map_hours
from models.emergency.resources.shift import Shift, week_of
from networks.coordinates.datums import from_wgs84
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

SITE = VisitSite(
    "s", "S", "park", 0.0, 0.0, 0, 1.0, 10_000.0, "general", None, (), Stay(3600.0, 0.5, "us"),
    (Shift(480, 1080),), None, 1.0, "us",
)  # fmt: skip
ESPLANADI = "{id: e, name: Esplanadin puisto, at: [24.9475, 60.1675], source: us"


def write(tmp_path: Path, *lines: str, before: str = "") -> Path:
    file = tmp_path / "sites.yaml"
    file.write_text(before + "sites:\n" + "".join(f"  - {line}\n" for line in lines), encoding="utf-8")
    return file


def test_the_approved_figure_comes_first_and_the_formula_only_where_there_is_none() -> None:
    by_formula = capacity_of(SITE)
    assert (by_formula.instant, by_formula.daily) == (25.0, 250.0), "10000 m2 / 400 m2, ten hours of one hour's stay"
    assert (by_formula.instant_basis, by_formula.daily_basis) == ("formula", "formula")
    approved = capacity_of(replace(SITE, approved=Approved(600, None, {}, "decision 7")))
    assert (approved.instant, approved.instant_basis, approved.daily) == (600.0, "approved", 6000.0)
    daily = capacity_of(replace(SITE, approved=Approved(None, 900, {}, "decision 8")))
    assert (daily.instant, daily.instant_basis, daily.daily, daily.daily_basis) == (25.0, "formula", 900.0, "approved")
    assert "decision 8" in daily.source and "GB/T 50298" in daily.source
    nobody = capacity_of(replace(SITE, area_m2=None))
    assert (nobody.instant, nobody.daily, nobody.instant_basis) == (None, None, "unknown")
    assert capacity_of(replace(SITE, space="", m2_per_person=8.0)).instant == 1250.0


def test_tables_hold_together() -> None:
    assert all(kind.space in {"", *spaces()} for kind in site_kinds().values())
    assert all(0 < one.least_m2 < one.most_m2 and one.source for one in spaces().values())
    assert [band_of(one).colour for one in (0.0, 0.99, 1.0, 3.4, 3.5, 9.0)] == [
        "green", "green", "yellow", "orange", "red", "emergency",
    ]  # fmt: skip


def test_alarms_fall_later_than_they_rise() -> None:
    levels, now, told = AlarmLevels(), 0, []
    for share in (0.7, 0.81, 0.79, 0.76, 0.74, 1.2, 0.96, 0.94, 0.86, 0.84, 0.75, 0.5):
        now = level_now(levels, share, now)
        told.append(now)
    assert told == [0, 1, 1, 1, 0, 3, 3, 2, 2, 1, 1, 0]


@given(st.lists(st.floats(0, 2), min_size=1, max_size=30))
def test_an_alarm_never_falls_on_a_rising_share(shares: list[float]) -> None:
    now = 0
    for share in sorted(shares):
        after = level_now(AlarmLevels(), share, now)
        assert after >= now and after == level_now(AlarmLevels(), share, after)
        now = after


def test_the_hour_of_the_next_alarm() -> None:
    begin = datetime(2026, 5, 1, 9, tzinfo=UTC)
    times = [begin + timedelta(minutes=10 * at) for at in range(1, 7)]
    mean = [500.0, 600.0, 700.0, 780.0, 820.0, 840.0]
    told = foretell(AlarmLevels(), 1000.0, times, mean, [one + 100.0 for one in mean])
    assert told is not None and (told.level, told.earliest, told.expected) == (1, times[2], times[4])
    assert foretell(AlarmLevels(), 5000.0, times, mean, mean) is None
    assert foretell(AlarmLevels(), 1.0, times, mean, mean, now=3) is None


@pytest.mark.parametrize("shares", [(), (0.9, 0.8), (0.0, 0.5), (0.8, 0.82)])
def test_levels_that_make_no_sense(shares: tuple[float, ...]) -> None:
    with pytest.raises(BadInput):
        AlarmLevels(shares)


def test_the_map_s_own_sites(helsinki: City) -> None:
    found = sites_on_map(helsinki)
    assert len(found.sites) > 20 and all(one.off_walk_m <= 150 for one in found.sites)
    assert all(one.source.startswith("OpenStreetMap") for one in found.sites)
    assert "guessed" in found.notes[0]["en"] and any(capacity_of(one).instant for one in found.sites)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("24/7", [1440] * 7),
        ("Mo-Su 09:00-17:00", [480] * 7),
        ("Mo-Fr 08:00-20:00; Sa 11:00-17:00; Su off", [720] * 5 + [360, 0]),
        ("Tu-Su 10:00-12:00,14:00-18:00; PH off", [0] + [360] * 6),
        ("Fr 22:00-04:00", [0, 0, 0, 0, 120, 240, 0]),
        ("Mo-We 00:00-24:00", [1440] * 3 + [0] * 4),
        ("off", [0] * 7),
    ],
)
def test_opening_hours_of_the_map_by_days_of_the_week(text: str, week: list[int]) -> None:
    found = map_hours(text)
    assert found.understood and found.holidays == ("PH" in text)
    assert week_of(found.hours).reshape(7, -1).sum(axis=1).tolist() == week


@pytest.mark.parametrize(
    "text",
    ["Jul-Aug 09:30-18:00", "sunrise-sunset", "Mo off", "by appointment", "2026 Dec 25 off", "Sa[1] 10:00-12:00"],
)
def test_opening_hours_that_change_are_kept_as_text(text: str) -> None:
    found = map_hours(text)
    assert (found.text, found.hours, found.understood) == (text, (), False)


def test_the_map_s_own_hours_are_measured_and_the_others_doubted(helsinki: City) -> None:
    found = sites_on_map(helsinki)
    timed = [one for one in found.sites if one.hours_source]
    assert len(timed) >= 8 and all(one.hours_source.startswith("measured: opening_hours=") for one in timed)
    told = [note["en"] for note in found.notes]
    assert any("not kept to" in one and "Jun-Aug" in one for one in told)
    assert any("hold fewer than 30 people by formula" in one for one in told)


def test_a_file_s_sites(helsinki: City, tmp_path: Path) -> None:
    gate = "gates: [{id: west, at: [24.9443, 60.1669], in_per_min: 60}]"
    hours = 'hours: [{from: "08:00", to: "20:00"}]'
    approved = "approved: {instant: 900, facilities: {stage: 200}, source: decision}"
    file = write(
        tmp_path,
        ESPLANADI
        + f", area_m2: 20000, space: path, {gate}, {hours}, {approved}, stay: {{median_min: 40, source: us}}}}",
        before="alarms: {levels: [60, 80, 100], hysteresis: 4, source: plan}\n",
    )
    found = read_sites(file, helsinki)
    (site,) = found.sites
    assert site.gates[0].in_per_min == 60 and site.gates[0].off_walk_m < 50
    assert capacity_of(site).instant == 900 and capacity_of(site).daily == 900 * 18
    assert found.alarms.shares == (0.6, 0.8, 1.0) and found.alarms.source == "plan"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (ESPLANADI + ", area_m2: 0}", "line 2.*area_m2.*greater than 0"),
        (ESPLANADI + ", approved: {instant: 0, source: x}}", "instant.*greater than 0"),
        (ESPLANADI + ", approved: {source: x}}", "approves nothing"),
        (ESPLANADI + ", approved: {instant: 900, daily: 100, source: x}}", "900 at once is more than 100 a day"),
        (ESPLANADI + ", gates: [{id: a, at: [24.9475, 60.1675], in_per_min: 0}]}", "in_per_min.*greater than 0"),
        (ESPLANADI + ", space: moon}", "line 2.*no space 'moon'"),
        (ESPLANADI + ", turnstile: 3}", "no such field"),
        ("{id: e, at: [10.0, 60.0], source: us}", "line 2.*outside the map"),
        ("{id: e, osm: w1, source: us}", "no attraction w1 on the map"),
        ("{id: e, at: [24.9475, 60.1675], osm: w1, source: us}", "give its place once"),
        ("{id: e, source: us}", "give its place once"),
        ("{id: e, at: [24.9475, 60.1675]}", "source.*missing"),
    ],
)
def test_bad_input_is_told_with_its_line(line: str, told: str, helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=f"(?s){told}"):
        read_sites(write(tmp_path, line), helsinki)


def test_a_site_off_the_network_and_twins(helsinki: City, tmp_path: Path) -> None:
    lon, lat = 24.93425, 60.17895  # at the edge of the map, far from any path
    with pytest.raises(BadInput, match=r"line 2.*off the network: the nearest way for walkers is \d+ m away"):
        read_sites(write(tmp_path, f"{{id: far, at: [{lon}, {lat}], source: us}}"), helsinki)
    with pytest.raises(BadInput, match=r"line 3.*e is there twice"):
        read_sites(write(tmp_path, ESPLANADI + "}", ESPLANADI + "}"), helsinki)


def test_a_figure_that_cannot_stand_on_its_area_is_told(helsinki: City, tmp_path: Path) -> None:
    file = write(tmp_path, ESPLANADI + ", area_m2: 100, approved: {instant: 900, source: x}}")
    assert "9.0 persons/m2" in read_sites(file, helsinki).notes[0]["en"]


def test_another_datum_is_told_by_namesakes(helsinki: City, tmp_path: Path) -> None:
    """Helsinki lies outside China, where GCJ-02 moves nothing; BD-09 moves it by more than 500 m."""
    from pyproj import Transformer

    layer = helsinki.layer("attractions")
    named = layer[(layer["name"] != "") & (layer["kind"] == "museum")].drop_duplicates("name").head(3)
    back = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True)
    lines = []
    for at, row in enumerate(named.itertuples()):
        point = row.geometry.representative_point()
        lon, lat = from_wgs84(*back.transform(point.x, point.y), "bd09")
        lines.append(f'{{id: m{at}, name: "{row.name}", at: [{float(lon):.6f}, {float(lat):.6f}], source: us}}')
    with pytest.raises(BadInput, match=r"no wgs84: 3 sites lie .* when read as bd09") as told:
        read_sites(write(tmp_path, *lines), helsinki)
    assert told.value.remedy == "write datum: bd09"
    assert len(read_sites(write(tmp_path, *lines, before="datum: bd09\n"), helsinki).sites) == 3


def test_a_nameless_site_off_the_network_is_told_of_the_datum_that_would_fit(helsinki: City, tmp_path: Path) -> None:
    from pyproj import Transformer

    graph = helsinki.walk_graph()
    back = Transformer.from_crs(helsinki.crs, "EPSG:4326", always_xy=True)
    middle = np.hypot(graph.node_x - np.mean(helsinki.bounds[::2]), graph.node_y - np.mean(helsinki.bounds[1::2]))
    lines = []
    for at, node in enumerate(np.argsort(middle)[:600:100]):
        lon, lat = from_wgs84(*back.transform(graph.node_x[node], graph.node_y[node]), "bd09")
        lines.append(f"{{id: s{at}, at: [{float(lon):.6f}, {float(lat):.6f}], source: us}}")
    try:
        told = read_sites(write(tmp_path, *lines), helsinki).notes[0]["en"]
    except BadInput as error:
        told = str(error.remedy)
    assert "positions may be bd09, not wgs84" in told


def test_gcj02_in_hangzhou_by_names_and_by_ways() -> None:
    rng = np.random.default_rng(4)
    origin = np.array([120.15, 30.25])
    scale = np.array([96_000.0, 111_000.0])
    true = origin + rng.uniform(-0.02, 0.02, (8, 2))
    written = np.column_stack(from_wgs84(true[:, 0], true[:, 1], "gcj02"))
    names = [f"site {at}" for at in range(8)]

    def to_plane(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return (np.column_stack([lon, lat]) - origin) * scale

    ways = to_plane(true[:, 0], true[:, 1])

    def off(xy: np.ndarray) -> np.ndarray:
        return np.hypot(*(xy[:, None, :] - ways[None, :, :]).transpose(2, 0, 1)).min(axis=1)

    known = {name: ways[at : at + 1] for at, name in enumerate(names)}
    told = doubt_datum("wgs84", written, names, known, to_plane, off)
    assert told is not None and (told.datum, told.by, told.count) == ("gcj02", "names", 8)
    assert 300 < told.stated_m < 800 and told.other_m < 1
    hint = doubt_datum("wgs84", written, [""] * 8, {}, to_plane, off)
    assert hint is not None and (hint.datum, hint.by) == ("gcj02", "ways")
    assert doubt_datum("wgs84", true, names, known, to_plane, off) is None
    assert doubt_datum("gcj02", written, names, known, to_plane, off) is None
