"""A search for signal timings is looked up by whoever asks the same again, and by nobody who asks something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from networks import read_signal_plans, say
from scenarios import Bench, Scenario, SerialExecutor, Store
from scenarios.searches.signal_search import search_signals, signals_near

if TYPE_CHECKING:
    from networks import City


def test_the_same_search_is_looked_up_to_the_last_digit_and_another_is_not(
    helsinki: City, short: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def optimised(_case: object, wish: Any, _executor: object, **_: object) -> SimpleNamespace:
        asked.append(wish)
        today = read_signal_plans(helsinki.net_file)
        plans = {tls: replace(today[tls], program_id="new", offset_s=len(asked) + 1 / 3) for tls in wish.only}
        sides = {"before": [SimpleNamespace(cost=np.float64(90.1))], "after": [SimpleNamespace(cost=80.0)]}
        grid = [(say("actuated", "感应"), np.float64(85.5))]
        return SimpleNamespace(
            plans=plans, failing=[SimpleNamespace(tls_id=wish.only[0])], simulations=9, grid=grid, **sides
        )

    monkeypatch.setattr("scenarios.searches.signal_search.optimise", optimised)
    monkeypatch.setattr("scenarios.searches.signal_search.city_case", lambda *_: None)
    bench = Bench(helsinki, short, Store(tmp_path), SerialExecutor(), seeds=(1,))
    x, y = helsinki.layer("signals").geometry.union_all().centroid.coords[0]
    near = signals_near(helsinki, x, y, most=6)
    first = search_signals(bench, near, 26)
    assert len(first.plans) == 5 and search_signals(bench, near, 26) == first and len(asked) == 1
    others = [
        (bench, near[1:], 26),
        (bench, near, 27),
        (replace(bench, seeds=(2,)), near, 26),
        (replace(bench, scenario=short.replacing(demand=short.demand.model_copy(update={"scale": 0.5}))), near, 26),
        (replace(bench, store=Store(tmp_path / "elsewhere")), near, 26),
    ]
    for number, (where, signals, simulations) in enumerate(others, start=2):
        assert search_signals(where, signals, simulations) != first and len(asked) == number
    assert search_signals(bench, near, 26) == first and len(asked) == 6
