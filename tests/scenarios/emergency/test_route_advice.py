"""A way past water put before operators: worlds in which it is open, against who knows what is shut now alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.routing import vehicle
from scenarios.emergency.ends import find_end
from scenarios.emergency.journey import Roads
from scenarios.emergency.moment import Moment
from scenarios.emergency.route_advice import route_advice
from scenarios.emergency.water import WaterAhead
from scenarios.searches.recommendation import Recommendation
from viz.phrases import card

if TYPE_CHECKING:
    from networks import City

WHO, BEGIN = vehicle("ambulance"), datetime(2026, 7, 17, 8, tzinfo=UTC)
DEPART = Moment(600.0, BEGIN)


def water(worlds_s: np.ndarray) -> WaterAhead:
    chance = np.isfinite(worlds_s).mean(axis=0)
    middle = np.where(chance > 0, np.where(np.isfinite(worlds_s), worlds_s, -1.0).max(axis=0), np.inf)
    return WaterAhead(chance, middle, BEGIN, len(worlds_s), "car", True, worlds_s)


def test_worlds_in_which_the_way_is_open_are_counted_against_the_way_by_now(helsinki: City) -> None:
    ends = find_end(helsinki, "24.9384,60.1699"), find_end(helsinki, "24.9487,60.1677")
    dry = Roads(helsinki, WHO)
    usual = dry.plan(*ends, DEPART).journeys[0]
    middle = len(usual.edges) // 2
    worlds = np.full((4, dry.router.edges), np.inf)
    worlds[:3, dry.router.index[usual.edges[middle]]] = DEPART.depart_s + usual.entered_s[middle] - 5.0
    roads = Roads(helsinki, WHO, water=water(worlds))
    answer = roads.plan(*ends, DEPART)
    advice = route_advice(roads, answer, ends, DEPART, evidence=["flood"], created=BEGIN)
    assert advice is not None and advice.effect.measure == "way_open" and advice.effect.n == 4
    assert (advice.effect.base, advice.effect.difference) == (0.25, 0.75)
    assert advice.action[0]["edges"] == list(answer.journeys[0].edges)
    assert len(advice.alternatives) == len(answer.journeys) - 1
    slower = answer.journeys[0].time_s - usual.time_s
    assert advice.risks[0]["en"] == f"{slower:.0f} s longer"
    assert Recommendation.from_json(advice.to_json()) == advice
    assert card(advice.to_json()).kind["zh"] == "急救路线"


@pytest.mark.parametrize("shut_s", [np.inf, 0.0])
def test_nothing_is_proposed_where_looking_at_now_is_enough(helsinki: City, shut_s: float) -> None:
    ends = find_end(helsinki, "24.9384,60.1699"), find_end(helsinki, "24.9487,60.1677")
    dry = Roads(helsinki, WHO)
    usual = dry.plan(*ends, DEPART).journeys[0]
    worlds = np.full((4, dry.router.edges), np.inf)
    worlds[:, dry.router.index[usual.edges[len(usual.edges) // 2]]] = shut_s
    roads = Roads(helsinki, WHO, water=water(worlds))
    answer = roads.plan(*ends, DEPART)
    assert answer.journeys and (answer.journeys[0].edges == usual.edges) == bool(np.isinf(shut_s))
    assert route_advice(roads, answer, ends, DEPART) is None
    assert route_advice(dry, dry.plan(*ends, DEPART), ends, DEPART) is None
