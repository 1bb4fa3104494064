"""Stages of the live loop beside traffic: water, people, sensors, alarms, and what leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration import Observation
from calibration.incidents import Verdict
from calibration.occupancy import read_counters
from models.crowd.sites import AlarmLevels, Sites
from models.sumo.changes import LanesClosed
from networks.errors import BadInput, Refused
from networks.roads.net_file import Net, NetEdge
from twin.alarms import AlarmBook, Finding, IncidentFinder, PondingFinder, shipped_thresholds
from twin.cycle import MODES, Picture, Turn
from twin.desk import Desk
from twin.live.advising import Advising
from twin.live.alarming import Alarming
from twin.live.counts_now import CountsNow, heard_until
from twin.live.levels import Levels, ahead, carried_on
from twin.live.people_now import People
from twin.live.planning import Planning
from twin.live.posting import Posting
from twin.live.warnings_now import WarningsNow
from twin.live.water_points import Water, WaterPoint, lanes_of, read_points
from twin.out import Mailroom, read_receivers
from twin.plans import PlanBook, read_plans
from twin.store import FeedStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORIGIN = NOON.replace(hour=0)
STEP = timedelta(minutes=5)
RECEIVERS = (
    "receivers: [{id: roads, takes: [situation, task, warning, rollback], way: {kind: folder, folder: orders}}]\n"
)


def turn_at(now: datetime) -> tuple[Turn, Picture]:
    turn = Turn(f"run-{now:%H%M}", now, MODES["normal"], 8, 1800.0, 60.0, None)
    return turn, Picture(turn.run_id, now, ORIGIN)


def tell(store: FeedStore, rows: list[Observation]) -> None:
    at = store.position("all")
    store.take("all", at, at + 1, [(at, row) for row in rows], [])


def said(sensor: str, measure: str, begin: datetime, value: float | None, period_s: float = 300.0) -> Observation:
    return Observation(sensor, measure, begin, period_s, value, "good" if value is not None else "missing", begin)


@pytest.fixture
def store(tmp_path: Path) -> FeedStore:
    return FeedStore(tmp_path / "store")


def _two_streets() -> Net:
    shape = ((0.0, 0.0), (50.0, 0.0))
    cars = frozenset({"passenger"})
    edges = tuple(
        NetEdge(name, f"{name}<", f"{name}>", "primary", "", 1, 13.9, 50.0, shape, cars, (), (frozenset(), cars))
        for name in ("dip", "hill")
    )
    return Net(edges, (), {})


def test_water_closes_its_street_from_the_moment_on_at_which_it_is_too_deep(store: FeedStore, tmp_path: Path) -> None:
    """0.1 m more every five minutes; the street's kerb lies at 0.2 m: closed from 0.5 m of level on, open after it."""
    file = tmp_path / "points.csv"
    file.write_text("gauge_id,edges,zero_m,close_m\nweir,dip,0.2,\nhigh,hill,,0.9\n")
    points = read_points(file, _two_streets())
    assert points[0] == WaterPoint("weir", ("dip",), 0.2, 0.3) and points[1].close_m == 0.9
    water = Water(points, Levels(store), lanes_of(_two_streets(), points))
    levels = (0.1, 0.2, 0.55, 0.3, 0.4, 0.52, 0.6)
    tell(store, [said("weir", "water_level", NOON + STEP * k, level, 0.0) for k, level in enumerate(levels)])
    tell(store, [said("high", "water_level", NOON, 0.5, 0.0)])
    closed = LanesClosed(("dip_0", "dip_1"), reroute=True)
    assert water.known(NOON + STEP, ORIGIN) == ()
    assert water.known(NOON + 2 * STEP, ORIGIN) == ((43200.0 + 600.0, closed),)
    assert water.known(NOON + 3 * STEP, ORIGIN) == ()
    assert water.known(NOON + 6 * STEP, ORIGIN) == ((43200.0 + 1500.0, closed),)


@pytest.mark.parametrize(
    ("row", "said_of"),
    [
        ("weir,nowhere,,", "no street 'nowhere'"), ("weir,,,", "no street ''"), ("", "holds no point"),
        ("weir,dip,,\nweir,hill,,", "stands there twice"), ("weir,dip,deep,", "'deep' is no level"),
    ],
)  # fmt: skip
def test_points_that_cannot_be_used_are_refused(tmp_path: Path, row: str, said_of: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"gauge_id,edges,zero_m,close_m\n{row}\n")
    with pytest.raises(BadInput, match=said_of):
        read_points(file, _two_streets())


def test_a_level_goes_on_by_its_slope_that_halves() -> None:
    seconds = np.arange(-900.0, 1.0, 300.0)
    rising = 0.10 + 1e-4 * (seconds + 900.0)
    lead = np.array([900.0, 1e9])
    found = carried_on(seconds, rising, 0.0, lead)
    whole = 1e-4 * 900.0 / np.log(2.0)
    assert found == pytest.approx([0.19 + whole / 2, 0.19 + whole]), "half of the whole rise within one halving"
    flat = ahead(seconds, np.full(4, 0.3), 6, 300.0)
    assert np.median(flat, axis=0) == pytest.approx(np.full(6, 0.3), abs=1e-9) and flat.std(axis=0)[0] > 0


def test_gauges_are_forecast_and_silent_ones_are_told_not_guessed(store: FeedStore) -> None:
    rows = [said("weir", "water_level", NOON - STEP * k, 0.30 - 0.02 * k, 0.0) for k in range(8)]
    rows += [said("dead", "water_level", NOON - STEP * (k + 6), 0.5, 0.0) for k in range(3)]
    rows += [said("gap", "water_level", NOON - STEP * k, None, 0.0) for k in range(3)]
    tell(store, rows)
    turn, picture = turn_at(NOON)
    after = Levels(store).run(turn, picture)
    depth = after.of("depth")
    assert depth is not None and depth.places == ("weir",) and depth.members.shape == (20, 1, 6)
    assert depth.median[0, -1] > 0.33
    assert "1 gauges are silent: dead" in after.left_out[0]["en"]


def test_water_makes_an_alarm_once_and_a_plan_looks_at_it(store: FeedStore, tmp_path: Path) -> None:
    desk = Desk.open(tmp_path / "desk.sqlite")
    desk.set_clock(NOON)
    tell(store, [said("weir", "water_level", NOON - STEP * k, 0.40 - 0.01 * k, 0.0) for k in range(8)])
    limits = shipped_thresholds()
    alarming = Alarming([PondingFinder(limits.ponding)], AlarmBook(desk.book, rules=limits.alarms))
    planning = Planning(PlanBook(desk.book, read_plans()), alarming, WarningsNow(store))
    turn, picture = turn_at(NOON)
    seen = Levels(store).run(turn, picture)
    for _ in range(2):  # a cycle that was killed after its alarms is lived through again
        planning.run(turn, alarming.run(turn, seen))
    (alarm,) = alarming.alarms.alarms()
    assert alarm.raised and alarm.kind == "ponding" and alarm.actionable
    desk.close()


def test_the_adviser_is_asked_about_alarms_once_in_a_while(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    class Adviser:
        documents = ({"rec_id": "r-1", "kind": "road_closure", "created": NOON.isoformat(),
                      "valid_until": (NOON + STEP).isoformat(), "action": []},)  # fmt: skip

        def advise(self, findings: list[Finding], _turn: Turn, _picture: Picture) -> None:
            asked.append(tuple(one.subject for one in findings))

        def runs(self, plans: object) -> None:
            assert plans == {}

    desk = Desk.open(tmp_path / "desk.sqlite")
    found = Finding("ponding", "weir", "II", {"en": "water", "zh": "水"}, NOON, NOON)  # type: ignore[arg-type]

    class Wet:
        kind = "ponding"

        def find(self, picture: Picture) -> list[Finding]:
            return [replace(found, at=picture.now, run_id=picture.run_id)]

    alarming = Alarming([Wet()], AlarmBook(desk.book))
    advising = Advising(Adviser(), alarming, desk)
    for minute in range(0, 30, 5):
        desk.set_clock(NOON + timedelta(minutes=minute))
        turn, picture = turn_at(NOON + timedelta(minutes=minute))
        advising.run(turn, alarming.run(turn, picture))
    assert asked == [("weir",), ("weir",)], "at first, and a quarter of an hour later"
    assert [one.rec_id for one in desk.entries()] == ["r-1"]
    desk.close()


def test_nothing_is_searched_where_an_incident_is_more_likely_elsewhere(tmp_path: Path) -> None:
    asked: list[str] = []

    class Adviser:
        documents = ()

        def advise(self, findings: list[Finding], _turn: Turn, _picture: Picture) -> None:
            asked.extend(one.subject for one in findings)

        def runs(self, plans: object) -> None:
            assert plans == {}

    desk = Desk.open(tmp_path / "desk.sqlite")
    alarming = Alarming([IncidentFinder(shipped_thresholds().incident)], AlarmBook(desk.book))
    advising = Advising(Adviser(), alarming, desk)

    def cycle(minute: int, share: float) -> tuple[str, ...]:
        now = NOON + timedelta(minutes=minute)
        desk.set_clock(now)
        verdict = Verdict("incident", "e1", (0,), "", 0.0, 0.0, 1.0, (("e1", share), ("e2", 0.9 - share)))
        turn, picture = turn_at(now)
        after = advising.run(turn, alarming.run(turn, replace(picture, verdicts=(verdict,))))
        return tuple(one["en"] for one in after.left_out)

    assert cycle(0, 0.19) == ("advice: the incident is on e1 with 19% only: somebody has to look first",)
    assert asked == []
    assert cycle(20, 0.57) == () and asked == ["e1"]
    (alarm,) = alarming.alarms.alarms()
    alarming.alarms.judge(alarm.alarm_id, "confirm", who="operator 1", why="seen by camera")
    assert cycle(40, 0.19) == () and asked == ["e1", "e1"], "a person has looked"
    desk.close()


def test_what_is_approved_leaves_once_and_what_is_not_never(tmp_path: Path) -> None:
    (tmp_path / "receivers.yaml").write_text(RECEIVERS, encoding="utf-8")
    receivers = read_receivers(tmp_path / "receivers.yaml")
    desk = Desk.open(tmp_path / "desk.sqlite")
    desk.set_clock(NOON)
    posting = Posting(desk, Mailroom(desk.book, receivers.channels(desk.book.clock), desk.permission), receivers)
    for name in ("one", "two"):
        desk.propose({
            "rec_id": name, "kind": "visitor_guidance", "created": NOON.isoformat(),
            "valid_until": (NOON + STEP).isoformat(), "title": {"en": "t", "zh": "t"},
            "action": [{"kind": "shuttle", "edges": ["e1"]}],
        })  # fmt: skip
    assert posting.post() == [] and posting.mailroom.letters() == []
    try:
        desk.decide("one", "approve", who="a", why="w")
        desk.decide("one", "approve", who="b", why="w")
    except Refused:
        pass  # one person was enough
    assert posting.post() == [] and posting.post() == []
    (letter,) = posting.mailroom.letters()
    assert letter.message.rec_id == "one" and letter.sends == 1
    desk.close()


def test_periods_are_whole_or_gaps_and_late_words_count(store: FeedStore) -> None:
    counts = CountsNow(store, ("a", "b"), ("e1", "e2"), ORIGIN, 0.0)
    half = [said("a", "vehicle_count", ORIGIN + timedelta(seconds=60 * k), 2.0, 60.0) for k in range(9)]
    across = said("b", "vehicle_count", ORIGIN + timedelta(seconds=200), 30.0)
    tell(store, [*half, across, said("b", "vehicle_count", ORIGIN + STEP, None)])
    found, speeds = counts.up_to(600.0)
    assert found.vehicles.tolist()[0][0] == 10.0 and np.isnan(found.vehicles[0, 1]), "four of five minutes are a gap"
    assert np.isnan(found.vehicles[1]).all() and counts.across == 1 and np.isnan(speeds).all()
    tell(store, [said("a", "vehicle_count", ORIGIN + timedelta(seconds=540), 2.0, 60.0)])
    tell(store, [said("a", "speed", ORIGIN + timedelta(seconds=at), v, 60.0) for at, v in ((0, 5.0), (60, 20.0))])
    found, speeds = counts.up_to(900.0)
    assert found.vehicles[0, 1] == 10.0 and speeds[0, 0] == pytest.approx(8.0), "harmonic"
    assert heard_until(store, ("a", "b"), ORIGIN) == ORIGIN + 2 * STEP


def test_people_are_followed_from_the_store(store: FeedStore, tmp_path: Path) -> None:
    (tmp_path / "counters.csv").write_text(
        "sensor_id,measure,from,to,zone,per_person,error,source\n"
        "in,person_count,outside,hall,,1,0.02,test\nout,person_count,hall,outside,,1,0.02,test\n", encoding="utf-8",
    )  # fmt: skip
    begin = NOON - timedelta(hours=1)
    rows = [said("in", "person_count", begin + STEP * k, min(max(5.0 * k, 0.0), 50.0)) for k in range(-132, 12)]
    rows += [said("out", "person_count", begin + STEP * k, min(max(0.5 * k, 0.0), 5.0)) for k in range(-132, 12)]
    tell(store, rows)
    layout = read_counters(tmp_path / "counters.csv")
    people = People(store, layout, Sites((), AlarmLevels((0.8,), 0.05, "test")), UTC)
    turn, picture = turn_at(NOON + timedelta(minutes=2))
    told = people.run(turn, picture).of("people")
    assert told is not None and told.places == ("hall",)
    assert told.median[0, 0] == pytest.approx(334, rel=0.1) and told.median[0, -1] > told.median[0, 0]
