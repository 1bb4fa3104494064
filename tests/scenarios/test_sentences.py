"""What proposals say of guesses and risks is said in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from networks import Sentence, read_sentence, read_signal_plans, say
from scenarios import Bench, Scenario, SerialExecutor, Store
from scenarios.searches.kept_search import SignalSearch
from scenarios.searches.proposal import SEARCHES
from scenarios.searches.race import Raced
from scenarios.travel.origins import GUESS as DEMAND_GUESS
from scenarios.travel.visitors import GUESS as VISITORS_GUESS

if TYPE_CHECKING:
    from networks import City

CHINESE = re.compile("[\u4e00-\u9fff]")


def speaks_both(told: Sentence) -> bool:
    """Both languages are there, and each is what it says it is."""
    return read_sentence(told) == told and bool(CHINESE.search(told["zh"])) and not CHINESE.search(told["en"])


@pytest.mark.parametrize("told", [DEMAND_GUESS, VISITORS_GUESS])
def test_what_was_guessed_of_demand_and_visitors_is_said_in_both_languages(told: Sentence) -> None:
    assert speaks_both(told)


def test_every_ground_and_risk_of_a_proposal_is_said_in_both_languages(
    helsinki: City, short: Scenario, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_order(_bench: object, _what: str, scenarios: dict[str, Scenario], _goal: str) -> list[Raced]:
        return [Raced(name, (float(place),)) for place, name in enumerate(scenarios)]

    def crowd_in_order(_bench: object, scenarios: dict[str, Scenario]) -> list[Raced]:
        return [Raced(name, (float(place),)) for place, name in enumerate(scenarios)]

    def searched(bench: Bench, signals: list[str], _simulations: int) -> SignalSearch:
        plans = {tls: read_signal_plans(bench.city.net_file)[tls] for tls in signals}
        return SignalSearch(plans, 9, 90.0, 80.0, ((say("actuated", "感应"), 85.0),))

    monkeypatch.setattr("scenarios.searches.proposal.search_signals", searched)
    monkeypatch.setattr(Bench, "race", in_order)
    monkeypatch.setattr("scenarios.searches.proposal._race_crowd", crowd_in_order)
    bench = Bench(helsinki, short, store, SerialExecutor(), seeds=(1,))
    proposals = [found for search in SEARCHES if (found := search(bench)) is not None]
    assert {one.kind for one in proposals} == {"signal_timing", "emergency_route", "visitor_guidance"}
    for one in proposals:
        told = [one.title, *one.rests_on, *one.risks, *(a.why_not for a in one.tried if a.why_not)]
        assert one.rests_on and one.risks and all(speaks_both(sentence) for sentence in told)
