"""What an ensemble of floods says to the duty officer, and the review of it, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.flood import LineCells
from models.flood.underpass import Sump
from networks import Pond, StorageCurve, UnderpassText
from networks.errors import BadInput
from networks.sentence import say
from scenarios.flooding.draws import ScaledRain, draw_members
from scenarios.flooding.duty import duty_list
from scenarios.flooding.member_run import MemberFlood
from scenarios.flooding.places import Places
from scenarios.flooding.review import read_observed, review_run
from scenarios.flooding.storm_run import StormAnswer, passing
from scenarios.flooding.watched import WatchedUnderpass

TIMES = np.arange(0.0, 3601.0, 600.0)
CURVE = StorageCurve(np.array([0.0, 2.0]), np.array([0.0, 200.0]))
NOTHING = LineCells(0, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
ABOUT = UnderpassText.model_validate(
    {
        "id": "u1", "name": "Mill Road", "storage": {"curve": [[0, 0], [2, 200]], "source": "survey"},
        "catchment": {"area_m2": 100, "source": "plan"}, "close": {"depth_m": 0.27, "source": "order"},
        "gate": {"command": "close gate 4", "takes_s": 300, "source": "operator"}, "cameras": ["K12"],
    }
)  # fmt: skip


def member(pond: float, underpass: float, shut: float = np.inf) -> MemberFlood:
    """Depths that rise evenly within the hour."""
    rise = TIMES[:, None] / 3600
    nothing = np.zeros((2, 2), np.float32)
    return MemberFlood(
        TIMES,
        rise * pond,
        rise * underpass,
        np.zeros(1),
        np.full((3, 1), shut),
        np.zeros((3, 1)),
        np.zeros(2),
        np.full((3, 2), np.inf),
        np.zeros(1),
        nothing,
        {},
        0.0,
        0.0,
        np.zeros(len(TIMES)),
    )


def answer(*members: MemberFlood) -> StormAnswer:
    return StormAnswer(members, np.zeros((2, 2)), np.zeros((2, 2)))


def places() -> Places:
    pond = Pond("pond_1", "", "terrain", 0.0, 0.0, 1.0, 3.0, CURVE, 100.0, np.array([0]))
    source = say("order", "规定")
    mill = WatchedUnderpass(
        Sump("u1", CURVE, 90.0), say("Mill Road", "Mill Road"), 0, 0.0, 0.0, np.inf, 0.27, source, True, ABOUT
    )
    one_road = LineCells(1, np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64))
    names = (say("Quay", "码头"),)
    return Places(one_road, NOTHING, NOTHING, (pond,), names, NOTHING, (mill,))


FOUR = answer(member(0.1, 0.2), member(0.2, 0.54), member(0.6, 0.54), member(0.6, 0.54))


def test_chances_and_times_over_members() -> None:
    found = passing([TIMES / 3600, TIMES / 7200, TIMES * 0], TIMES, 0.5)
    assert found.chance == pytest.approx(2 / 3)
    assert found.middle_s == pytest.approx((1800 + 3600) / 2) and found.first_s == pytest.approx(1980.0)
    assert passing([TIMES * 0], TIMES, 0.5).middle_s is None
    closes = answer(member(0, 0, 60.0), member(0, 0, 120.0), member(0, 0), member(0, 0, 600.0))
    chance, middle = closes.shut("car")
    assert chance.tolist() == [0.75] and middle.tolist() == [120.0]
    assert closes.shut("child")[0].tolist() == [0.0, 0.0]


def test_the_sentence_says_what_by_when_and_what_to_do() -> None:
    begin = datetime(2026, 7, 17, 17, 0, tzinfo=UTC)
    first, second = duty_list(FOUR, places(), trusted=True, begin=begin)
    assert first.sentence["en"] == (
        "Mill Road: 75 % to pass its closing depth of 0.27 m (order) by 17:30; close by 17:25 (close gate 4). "
        "Cameras: K12."
    )
    assert "75%" in first.sentence["zh"] and "17:25" in first.sentence["zh"]
    assert second.sentence["en"].startswith("Quay: 50 % to pass its closing depth of 0.30 m")
    assert second.sentence["en"].endswith("Cameras: none known within 300 m.") and "码头" in second.sentence["zh"]
    yard = duty_list(FOUR, replace(places(), roads=NOTHING), trusted=True)[1]
    assert yard.close_by_s is None and not yard.road
    assert "no road runs through it" in yard.sentence["en"] and "close by" not in yard.sentence["en"]
    early = duty_list(FOUR, places(), trusted=True)[0].sentence
    assert "T+30 min" in early["en"] and "起始后30分钟前" in early["zh"]
    calm = duty_list(answer(member(0.1, 0.1)), places(), trusted=True)
    assert all("not expected" in one.sentence["en"] and one.close_by_s is None for one in calm)


def test_a_terrain_for_screening_says_no_depth_and_closes_nothing() -> None:
    surveyed, pond = duty_list(FOUR, places(), trusted=False)
    assert surveyed.trusted and "0.27 m" in surveyed.sentence["en"]  # a survey needs no terrain
    assert not pond.trusted and "prone" in pond.sentence["en"]
    assert not any(letter.isdigit() for letter in pond.sentence["en"])
    guessed = replace(places(), underpasses=(replace(places().underpasses[0], surveyed=False),))
    assert not any(one.trusted for one in duty_list(FOUR, guessed, trusted=False))


def test_more_members_change_none_and_forecasts_keep_their_rain() -> None:
    few, many = (draw_members(n, 7, vary_rain=True, terrain_error=True) for n in (3, 9))
    assert many[:3] == few and few[0].rain_factor == 1.0 and few[0].terrain_seed is None
    assert len({one.manning for one in many}) == 9 and all(0.5 <= one.drain_share <= 1 for one in many)
    assert {one.rain_factor for one in draw_members(5, 7, vary_rain=False, terrain_error=False)} == {1.0}
    from models.flood import uniform_rain

    rain = ScaledRain(uniform_rain(depth_mm=10, duration_s=3600, source="t"), 1.5)
    assert rain.rate_mm_h(0, 60) == pytest.approx(15.0) and rain.source == "t"


def row(place: str, chance: float, middle: float | str) -> dict[str, Any]:
    return {"place": place, "name": place, "trusted": "True", "chance": chance, "middle_s": middle, "close_m": 0.3}


def test_the_review_by_hand(tmp_path: Path) -> None:
    rows = [row("a", 0.9, 1200.0), row("b", 0.1, ""), row("c", 0.8, 600.0), row("d", 0.0, ""), row("e", 1.0, 5.0)]
    seen = tmp_path / "seen.csv"
    lines = ["place,time_s,depth_m"]
    for place, top in (("a", 0.6), ("b", 0.4), ("c", 0.2), ("d", 0.1)):
        lines += [f"{place},0,0", f"{place},3600,{top}"]
    seen.write_text("\n".join(lines), encoding="utf-8")
    held = review_run(rows, read_observed(seen))
    assert [one.outcome for one in held.places] == ["hit", "miss", "false alarm", "correct quiet"]  # nobody looked at e
    assert held.places[0].lead_s == pytest.approx(1800) and held.places[0].late_s == pytest.approx(600)
    assert held.csi == pytest.approx(1 / 3)
    assert held.brier == pytest.approx((0.1**2 + 0.9**2 + 0.8**2 + 0) / 4)
    with pytest.raises(BadInput, match="no depths for a"):
        review_run([{**rows[0], "trusted": "False"}], read_observed(seen))
    for text, says in (
        ("place,time_s\n", "depth_m"),
        ("place,time_s,depth_m\na,0,-1\n", "line 2"),
        ("place,time_s,depth_m\na,5,1\na,5,1\n", "line 3"),
    ):
        seen.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=says):
            read_observed(seen)
