"""Advice for a visitor day: found on some draws, judged on others, and "do nothing" where levelling makes it worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from models.crowd.city import CityDay, SiteTable, Sources
from models.crowd.city.controls import Control, Controls, Signs
from networks import WalkGraph
from scenarios import SerialExecutor
from scenarios.searches.candidate import Candidate
from scenarios.searches.recommendation import Recommendation
from scenarios.visits.advising import search as searching
from scenarios.visits.advising.advice import CrowdAdvice, advise_day
from scenarios.visits.advising.case import DayCase
from scenarios.visits.advising.judging import _less_between
from scenarios.visits.advising.lived import Lived, live_one
from scenarios.visits.advising.outcome import DayOutcome, outcome_of
from scenarios.visits.advising.proposals import bundles
from scenarios.visits.advising.trouble import trouble_of
from viz.crowd.advice_page import advice_page

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)


def fork(people: int = 1500, slow_gate_ps: float = 0.05) -> DayCase:
    """A station, a sight at the end of a narrow path, and another by a wide one whose gate is slow."""
    ends = np.array([[0, 1], [0, 2]], dtype=np.int32)
    graph = WalkGraph(
        np.array([0.0, 60.0, 0.0]), np.array([0.0, 0.0, 60.0]), ends[:, 0], ends[:, 1], np.full(2, 60.0),
        np.array([0.8, 6.0]), ("footway",) * 2, ((),) * 2,
    )  # fmt: skip
    sites = SiteTable(
        ("sight", "other"), np.array([1, 2]), np.array([2.0, 0.0]), np.array([9.0, slow_gate_ps]), np.full(2, 1200.0),
        np.full(2, 0.3), np.full(2, 9000.0), np.full(2, np.nan), np.zeros(2),
    )  # fmt: skip
    sources = Sources(("station",), np.array([0]), np.array([people]))
    return DayCase(
        "fork", graph, sites=sites, sources=sources, last_s=1500.0, closes_s=7200.0, until_s=6 * 3600.0, mean_visits=1.0
    )


def only(monkeypatch: pytest.MonkeyPatch, *measures: Control) -> None:
    """Let the search propose this alone."""
    found = [Candidate("level the queues", "均衡排队", measures)]
    monkeypatch.setattr(searching, "single_measures", lambda _trouble, _model: found)


def advised(case: DayCase, **more: float) -> CrowdAdvice:
    return advise_day(case, SerialExecutor(), created=NOW, draws=2, **more)  # type: ignore[arg-type]


def test_levelling_that_lengthens_waits_is_not_advised(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, Signs((0,), 1800.0))
    found = advised(fork(), compliance=0.6)
    assert found.recommendation is None and found.chosen is None
    assert found.why["en"].startswith("do nothing")
    day = live_one((fork(), 1, Controls((Signs((0,), 1800.0),), 0.6))).outcome
    base = live_one((fork(), 1, Controls(()))).outcome
    assert day.dense_min < base.dense_min and day.gate_h > base.gate_h and day.trouble_h > base.trouble_h
    assert found.behind[0][2]["en"] == "costs people more than it spares them"


def test_the_same_signs_are_advised_where_the_other_gate_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, Signs((0,), 1800.0))
    case = fork(slow_gate_ps=9.0)
    found = advised(case, compliance=0.6)
    advice, chosen = found.recommendation, found.chosen
    assert advice is not None and chosen is not None
    assert advice.effect.high < 0 and chosen.less > 0.5 and chosen.kept >= 0.97
    assert Controls.from_json(advice.action) == Controls((Signs((0,), 1800.0),), 0.6)
    assert Recommendation.from_json(advice.to_json()) == advice
    assert [share for share, _ in found.beside] == [0.1, 0.6]
    page = advice_page({"en": "Fork", "zh": "岔口"}, case.graph, found)
    assert "level the queues" in page and "均衡排队" in page


def test_nothing_is_to_be_done_where_nobody_stands_too_close() -> None:
    found = advised(fork(people=30))
    assert found.recommendation is None and "nobody stands above 3.5" in found.why["en"]
    page = advice_page({"en": "Fork", "zh": "岔口"}, fork(30).graph, found)
    assert "nobody stands above" in page and "Where people stand too close" not in page


def test_every_kind_of_measure_is_tried_on_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "KEPT", 2)
    case = fork()
    found = advised(case, budget_s=1e6)
    names = [one.name for one, _ in found.searched.tried]
    for word in ("signs", "hold back", "book arrivals", "one way", "close", "gates", "leave one after another"):
        assert any(word in name for name in names), word
    assert not set(searching.TRAINING_SEEDS) & set(found.seeds)
    assert live_one((case, 1, Controls(()))).outcome == found.base[0].outcome
    if found.recommendation:
        assert found.recommendation.effect.high < 0


def test_demand_is_fixed_and_what_measures_cost_is_counted() -> None:
    case = fork()
    day: CityDay = case.day(1, Controls(()))
    day.live(900.0)
    early: DayOutcome = outcome_of(day)
    assert early.out > 0 and early.shortened > 0
    whole = live_one((case, 1, Controls(()))).outcome
    assert whole.people == 1500 and whole.out == 0 and whole.refused == 0
    assert whole.visits + whole.shortened == day.people.visits.sum()
    assert whole.lost_h > whole.gate_h


def test_the_neck_of_a_jam_that_spills_back_is_found_at_its_head() -> None:
    case, ends = fork(), np.arange(4)
    graph = WalkGraph(
        60.0 * ends, np.zeros(4), ends[:-1].astype(np.int32), ends[1:].astype(np.int32), np.full(3, 60.0),
        np.array([4.0, 4.0, 1.5]), ("footway",) * 3, ((),) * 3,
    )  # fmt: skip
    case = replace(case, graph=graph, sites=replace(case.sites, node=np.array([3, 3])))
    day = case.day(1, Controls())
    dense = np.array([60.0, 25.0, 15.0], dtype=np.float32)
    found = trouble_of(Lived(outcome_of(day), dense, (0.0, 100.0), 0.0), day)
    assert found is not None and found.worst == 0 and found.links == (0,)
    assert found.neck == 2, "the first link jams most, the last one is why"


def test_the_share_taken_away_never_goes_beyond_all_of_it() -> None:
    before, after = np.array([900.0, 1000.0, 1200.0]), np.array([9.0, 0.0, 6.0])
    low, high = _less_between(before, after)
    assert 0.98 < low < 1.0 - after.sum() / before.sum() < high < 1.01
    assert _less_between(before, 0.0 * before) == (1.0, 1.0)
    assert _less_between(before, 0.5 * before) == pytest.approx((0.5, 0.5))


def test_bundles_hold_different_kinds() -> None:
    singles = [Candidate(f"{i}", f"{i}", (Signs((0,), 60.0 * i),)) for i in (1, 2)]
    assert bundles(singles) == []
