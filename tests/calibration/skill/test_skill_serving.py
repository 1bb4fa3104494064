"""What is served: who is good is believed, who is not is not, and intervals hold what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.skill import MIXED, Forecast, Outcome, Server, scored
from calibration.skill.baselines.past import Array

PLACES = tuple(f"e{n}" for n in range(10))
PERIOD_S = 300.0


def said(source: str, middle: Array, spread: float, made_s: float) -> Forecast:
    steps = np.linspace(-1.645, 1.645, 19)[:, None, None]
    return Forecast(source, "flow", PLACES, made_s, made_s, PERIOD_S, np.maximum(middle + spread * steps, 0.0))


def street(cycles: int, seed: int, *, twin: Array, truth: float = 5.0) -> tuple[Array, Array, Array]:
    """Truth (cycles + 2, N) around a moving level, what the twin says (errs by `twin`), what a rule says."""
    draw = np.random.default_rng(seed)
    level = 100.0 + 20.0 * np.sin(np.arange(cycles + 2) / 7.0)[:, None] + draw.normal(size=(cycles + 2, 10)) * truth
    return level, level + draw.normal(size=level.shape) * twin, level + draw.normal(size=level.shape) * 10.0


def settled_at(forecast: Forecast, by: NDArray[np.str_], step: int, came: Array) -> Outcome:
    """What a ledger would make of one period of a forecast."""
    part = replace(
        forecast, begin_s=forecast.begin_s + step * PERIOD_S, members=forecast.members[:, :, step : step + 1]
    )
    judged = scored(part, came[:, None])
    values = {name: getattr(judged, name)[:, 0] for name in ("seen", "median", "low", "high", "crps")}
    clock = {"made_s": forecast.made_s, "begin_s": part.begin_s, "period_s": PERIOD_S}
    return Outcome(source=forecast.source, quantity="flow", places=np.array(PLACES), by=by[:, step], **clock, **values)


def day(cycles: int, twin: Array, *, spread: float = 10.0, seed: int = 1) -> tuple[Server, list[Outcome]]:
    came, of_twin, of_rule = street(cycles, seed, twin=twin)
    server, waiting, settled = Server(), list[tuple[Forecast, NDArray[np.str_]]](), list[Outcome]()
    for turn in range(cycles):
        now = PERIOD_S * turn
        due = [(one, by, turn - 1 - round(one.made_s / PERIOD_S)) for one, by in waiting]
        fresh = [settled_at(one, by, step, came[turn - 1]) for one, by, step in due if step < 2]
        server.learn(fresh)
        settled += fresh
        forecasts = [
            said("twin", of_twin[turn : turn + 2].T, spread, now),
            said("blend", of_rule[turn : turn + 2].T, spread, now),
        ]
        served = server.serve(forecasts)
        waiting = [one for one in waiting if one[0].made_s > now - 2 * PERIOD_S]
        waiting += [(one, np.full((10, 2), one.source)) for one in (*forecasts, served.mixed)]
        waiting.append((served.forecast, served.by))
    return server, settled


def test_where_the_twin_has_no_skill_something_better_is_served_and_it_is_told() -> None:
    twin = np.where(np.arange(10) < 5, 60.0, 2.0)
    _, settled = day(60, twin)
    late = [one for one in settled if one.source == "served" and one.made_s > 40 * PERIOD_S]
    bad = {name for one in late for name in one.by[:5]}
    assert bad <= {"blend", MIXED} and not {name for one in late for name in one.by[5:]} & {"blend"}
    error = {
        source: np.mean([np.abs(one.seen - one.median) for one in settled if one.source == source][60:], axis=0)
        for source in ("twin", "blend", "served")
    }
    assert error["served"][:5].mean() < 1.1 * error["blend"][:5].mean() < 0.5 * error["twin"][:5].mean()
    assert error["served"][5:].mean() < 0.6 * error["blend"][5:].mean()


def test_a_mixture_of_two_that_err_apart_is_better_than_either() -> None:
    _, settled = day(60, np.full(10, 10.0))
    crps = {
        source: np.mean([one.crps.mean() for one in settled if one.source == source])
        for source in ("twin", "blend", MIXED, "served")
    }
    assert crps[MIXED] < 0.85 * min(crps["twin"], crps["blend"])
    assert crps["served"] == pytest.approx(crps[MIXED], rel=0.1)


@pytest.mark.parametrize("spread", [2.0, 18.0])
def test_intervals_that_are_too_narrow_or_too_wide_come_to_hold_what_they_should(spread: float) -> None:
    _, settled = day(120, np.full(10, 10.0), spread=spread)
    held = {
        source: np.mean(
            [(one.low <= one.seen) & (one.seen <= one.high) for one in settled if one.source == source][160:]
        )
        for source in ("twin", "served")
    }
    assert 0.84 <= held["served"] <= 0.965 and not 0.8 <= held["twin"] <= 0.97


def test_after_a_restart_the_same_is_served() -> None:
    server, settled = day(30, np.full(10, 15.0))
    again = Server()
    again.learn(settled)
    forecasts = [said("twin", np.full((10, 2), 90.0), 5.0, 9e3), said("blend", np.full((10, 2), 95.0), 9.0, 9e3)]
    before, after = server.serve(forecasts), again.serve(forecasts)
    assert after.by.tolist() == before.by.tolist()
    assert after.forecast.members == pytest.approx(before.forecast.members, rel=1e-6)


def test_before_anything_was_scored_all_weigh_alike_and_who_is_silent_weighs_nothing() -> None:
    quiet = np.full((10, 2), 50.0)
    quiet[0] = np.nan
    served = Server().serve([said("twin", quiet, 5.0, 0.0), said("blend", np.full((10, 2), 70.0), 5.0, 0.0)])
    assert served.weights["twin"][:, 0].tolist() == [0.0] + [0.5] * 9
    assert served.forecast.median[0, 0] == pytest.approx(70.0) and served.forecast.median[1, 0] == pytest.approx(60.0)
    assert (served.by == MIXED).all() and served.forecast.source == "served"


def test_what_does_not_agree_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Server().serve([])
    two = said("twin", np.ones((10, 2)), 1.0, 0.0), said("blend", np.ones((10, 3)), 1.0, 0.0)
    with pytest.raises(ValueError, match="same"):
        Server().serve(two)
