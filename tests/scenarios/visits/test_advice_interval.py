"""The interval of a chosen measure holds the truth as often as it says, however many were in the race."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models.crowd.city.controls import Controls, Slots
from models.streams import stream
from scenarios.searches.candidate import Candidate
from scenarios.visits.advising import advice, judging
from scenarios.visits.advising import search as searching
from scenarios.visits.advising.advice import CrowdAdvice, advise_day
from scenarios.visits.advising.lived import Lived
from scenarios.visits.advising.outcome import DayOutcome

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
BASE, NOISE, DRAWS = 6000.0, 600.0, 5
NOBODY = dict.fromkeys(DayOutcome.__dataclass_fields__, 0)


class Synthetic:
    """An executor whose days are numbers: candidate k takes `gain[k]` away, more or less by chance."""

    def __init__(self, race: int, gain: Sequence[float]) -> None:
        self.race, self.gain = race, gain

    def lived(self, seed: int, measures: tuple[Any, ...]) -> Lived:
        taken = 0.0
        if measures:
            number = measures[0].people
            draw = stream(self.race, f"candidate {number} on draw {seed}")
            taken = self.gain[number - 1] + NOISE * float(draw.standard_normal())
        dense = BASE + 1000.0 * float(stream(self.race, f"day {seed}").standard_normal()) - taken
        told = DayOutcome(**(NOBODY | {"dense_min": dense, "visit_h": 100.0, "people": 1000}))
        return Lived(told, np.zeros(1, dtype=np.float32), (), 0.0)

    def map(self, _live: Callable[..., Any], jobs: Sequence[Any], done: Callable[[int, Any], None]) -> list[Lived]:
        found = [self.lived(seed, controls.measures) for _, seed, controls in jobs]
        for index, one in enumerate(found):
            done(index, one)
        return found


def raced(race: int, gain: Sequence[float], patch: pytest.MonkeyPatch) -> CrowdAdvice:
    executor = Synthetic(race, gain)
    singles = [Candidate(f"m{k}", f"m{k}", (Slots(900.0, k, 60.0),)) for k in range(1, len(gain) + 1)]
    patch.setattr(searching, "live_with_model", lambda _case, seed, _none: (executor.lived(seed, ()), None))
    patch.setattr(searching, "trouble_of", lambda _lived, _model: True)
    patch.setattr(searching, "single_measures", lambda _trouble, _model: singles)
    case = SimpleNamespace(name="synthetic", title={"en": "synthetic", "zh": "合成"})
    return advise_day(case, executor, created=NOW, draws=DRAWS)  # type: ignore[arg-type]


def coverage(gain: Sequence[float], races: int, patch: pytest.MonkeyPatch) -> tuple[int, float]:
    """How many races advised something, and in what share of these the 90 % interval held what it truly takes away."""
    held = []
    for race in range(races):
        found = raced(race, gain, patch)
        if found.recommendation is not None:
            (booked,) = Controls.from_json(found.recommendation.action).measures
            assert isinstance(booked, Slots)
            truth = -gain[booked.people - 1]
            held.append(found.recommendation.effect.low <= truth <= found.recommendation.effect.high)
    return len(held), float(np.mean(held))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """One figure instead of thirteen, and nothing beside: what is judged is the interval."""
    rows = tuple(one for one in judging.MEASURES if one[0] in {"dense_min", "trouble_h"})
    monkeypatch.setattr(judging, "MEASURES", rows)
    monkeypatch.setattr(advice, "BESIDE", ())
    return monkeypatch


@pytest.mark.parametrize(
    ("gain", "least"),
    [((200.0,) * 6, 50), ((0.0, 100.0, 200.0, 300.0, 400.0, 500.0), 80), ((0.0,) * 6, 10)],
    ids=["all equally good", "one better than the next", "all worth nothing"],
)
def test_nine_in_ten_intervals_hold_the_truth(gain: tuple[float, ...], least: int, quick: pytest.MonkeyPatch) -> None:
    races = 300
    advised, share = coverage(gain, races, quick)
    assert advised >= least
    assert share >= 0.88 - 1.28 * (0.09 / advised) ** 0.5, (advised, share)


def test_choosing_on_the_draws_that_judge_would_be_found_out(quick: pytest.MonkeyPatch) -> None:
    quick.setattr(advice, "choose", lambda bench, some: choose_on(range(1, DRAWS + 1), bench, some, quick))
    advised, share = coverage((200.0,) * 6, 200, quick)
    assert advised >= 50 and share < 0.8, (advised, share)


def choose_on(seeds: Sequence[int], bench: Any, finalists: Sequence[Any], patch: pytest.MonkeyPatch) -> Any:
    patch.setattr(judging, "CHOOSING_SEEDS", tuple(seeds))
    return judging.choose(bench, finalists)


def test_the_three_sets_of_draws_have_nothing_in_common() -> None:
    fresh = set(range(1, 1001))
    search, choice = set(searching.TRAINING_SEEDS), set(judging.CHOOSING_SEEDS)
    assert not fresh & search and not fresh & choice and not search & choice


def test_what_the_fresh_draws_show_to_be_worse_is_withdrawn(quick: pytest.MonkeyPatch) -> None:
    class Turning(Synthetic):
        def lived(self, seed: int, measures: tuple[Any, ...]) -> Lived:
            self.gain = (-3000.0,) if seed <= DRAWS else (3000.0,)
            return super().lived(seed, measures)

    quick.setattr(__name__ + ".Synthetic", Turning)
    found = raced(1, (3000.0,), quick)
    assert found.recommendation is None and found.chosen is None and found.withdrawn is not None
    assert "was chosen, but on 5 fresh draws" in found.why["en"] and "新随机样本" in found.why["zh"]
