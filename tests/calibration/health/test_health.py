"""Sensors that lie are found and named, honest ones are left alone, and what stands in for a liar is in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts, WatchedNet, watched
from calibration.health import (
    SOURCES,
    Finding,
    Health,
    after_review,
    changed,
    fill,
    read_issues,
    review,
    write_issues,
)
from calibration.health.believed_flows import RouteFlows, told_by_others
from calibration.health.outliers import robust_scores, threshold
from models.streams import stream
from networks.errors import BadInput, NotThere
from networks.roads.net_file import Net, NetEdge, NetLink
from networks.sentence import say

CARS = frozenset({"passenger"})
PERIOD_S = 900.0


def town(streets: int = 30, sections: int = 1) -> WatchedNet:
    """Streets that have nothing to do with each other: s0.0 -> s0.1 ..., two lanes each."""
    edges, links = [], []
    for street in range(streets):
        for part in range(sections):
            ends = [f"{street}/{part + n}" for n in range(2)]
            shape = ((part * 100.0, street * 100.0), (part * 100.0 + 100.0, street * 100.0))
            name = f"s{street}.{part}"
            edges.append(NetEdge(name, *ends, "primary", "", 2, 13.9, 100.0, shape, CARS, (), (CARS, CARS)))
            if part:
                links.append(NetLink(f"s{street}.{part - 1}", name, CARS, False, None, None, None))
    return watched(Net(tuple(edges), tuple(links), {}))


def two_days(seed: int, streets: int = 30, sections: int = 1) -> tuple[Counts, np.ndarray]:
    """Today's counts and yesterday's; sections of a street see the same vehicles."""
    rng = stream(seed, "town")
    hours = np.arange(96) / 4
    morning, evening = np.exp(-(((hours - 8) / 2.5) ** 2)), np.exp(-(((hours - 17.5) / 3) ** 2))
    tide = rng.uniform(0.2, 0.8, (streets, 1))
    mean = rng.uniform(15, 60, (streets, 1)) * (0.15 + tide * morning + (1 - tide) * evening)
    days = [rng.poisson(mean * np.exp(rng.normal(0, 0.05, (streets, 1)))).astype(float) for _ in range(2)]
    today, before = (np.repeat(one, sections, axis=0) for one in days)
    names = tuple(f"s{street}.{part}" for street in range(streets) for part in range(sections))
    return Counts(names, names, 0.0, PERIOD_S, today), before


def lying(counts: Counts, row: int, values: np.ndarray) -> Counts:
    table = counts.vehicles.copy()
    table[row] = values
    return Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, table)


def test_each_way_of_lying_is_found_and_named() -> None:
    net = town()
    counts, before = two_days(1)
    own = counts.vehicles[4]
    rng = stream(1, "lies")
    lies = {
        "stuck": np.where((np.arange(96) > 40) & (np.arange(96) < 64), own[40], own),
        "silent": np.where((np.arange(96) > 40) & (np.arange(96) < 64), 0.0, own),
        "drifting": np.round(own * np.linspace(1, 0.25, 96)),
        "impossible": np.where(np.arange(96) == 30, 5000.0, own),
        "level": np.round(0.45 * own),
        "noise": np.round(own * np.exp(rng.normal(0, 0.7, 96))),
        "clock": np.roll(own, 12),
    }
    for fault, values in lies.items():
        found = review(lying(counts, 4, values), net, before=before)
        assert fault in {one.fault for one in found.findings if one.sensor == "s4.0"}, fault
        assert found.out == {"s4.0"}, fault


def test_a_sensor_that_falls_silent_says_since_when() -> None:
    counts, before = two_days(2)
    gone = np.where(np.arange(96) >= 80, np.nan, counts.vehicles[3])
    found = review(lying(counts, 3, gone), town(), before=before)
    verdict = found.verdict("s3.0")
    assert verdict is not None
    assert (verdict.fault, verdict.since_s) == ("silent", 80 * PERIOD_S)


@pytest.mark.parametrize("fault", ["stuck", "silent"])
def test_who_failed_for_six_hours_is_believed_before_and_after(fault: str) -> None:
    counts, before = two_days(1)
    own = counts.vehicles[4]
    inside = (np.arange(96) >= 40) & (np.arange(96) < 64)
    told = np.where(inside, own[40] if fault == "stuck" else 0.0, own)
    found = review(lying(counts, 4, told), town(), before=before)
    verdict = found.verdict("s4.0")
    assert verdict is not None and verdict.fault == fault and verdict.until_s is not None
    assert abs(verdict.since_s - 40 * PERIOD_S) <= PERIOD_S and abs(verdict.until_s - 64 * PERIOD_S) <= PERIOD_S
    assert found.wrong[4].sum() <= 26 and not np.delete(found.wrong, 4, axis=0).any()
    filled = fill(found, town(), history=True)
    kept = ~found.wrong[4]
    np.testing.assert_array_equal(filled.counts.vehicles[4, kept], own[kept])
    assert filled.used("s4.0") in ("series", "history")


@pytest.mark.parametrize("known", [True, False])
def test_honest_sensors_are_named_no_more_often_than_stated(known: bool) -> None:
    """1 % of 10 x 30 honest sensors are 3 by chance; a Poisson count of 3 passes 8 four times in a thousand."""
    named = 0
    for seed in range(10):
        counts, before = two_days(seed)
        named += len(review(counts, town(), before=before if known else None).out)
    assert named <= 8


def test_a_minority_of_liars_does_not_move_the_scores() -> None:
    rng = stream(3, "scores")
    sizes, errors = rng.normal(0, 1, 100), np.full(100, 0.5)
    lied = np.concatenate([sizes[:80], np.full(20, 50.0)])
    assert np.abs(robust_scores(lied, errors)[:80]).max() < 4
    assert (robust_scores(lied, errors)[80:] > 20).all()
    assert threshold(0.05) == pytest.approx(1.96, abs=0.001)
    assert threshold(0.05, 5) == pytest.approx(2.571, abs=0.001)


def test_the_word_of_the_others_is_the_conditional_normal() -> None:
    """Leave-one-out in closed form against conditioning by hand."""
    rng = stream(4, "flows")
    root = rng.random((8, 20))
    mean = 500 * root.sum(axis=1)
    flows = RouteFlows(tuple("abcdefgh"), mean, 300.0**2 * root @ root.T)
    seen = mean * rng.normal(1, 0.05, 8)
    ratio, _ = told_by_others(flows, flows.edges, seen)
    scale = np.median(seen / mean)
    noise = np.diag(seen + (0.05 * seen) ** 2 + 1)
    whole = scale**2 * flows.covariance + noise
    for row in range(8):
        rest = np.delete(np.arange(8), row)
        told = scale * mean[row] + whole[row, rest] @ np.linalg.solve(
            whole[np.ix_(rest, rest)], (seen - scale * mean)[rest]
        )
        assert ratio[row] == pytest.approx(np.log((seen[row] + 1) / (told + 1)), abs=1e-9)
    lied = seen.copy()
    lied[2] *= 0.1
    assert np.nanargmax(np.abs(told_by_others(flows, flows.edges, lied)[0])) == 2


def test_of_three_in_series_the_odd_one_is_named_and_of_two_both_are_doubted() -> None:
    counts, _ = two_days(5, streets=12, sections=3)
    found = review(lying(counts, 4, np.round(counts.vehicles[4] * 0.5)), town(12, 3))
    assert found.out == {"s1.1"}
    pair = Counts(counts.sensors[:2], counts.edges[:2], 0.0, PERIOD_S, counts.vehicles[:2] * [[1.0], [0.5]])
    found = review(pair, town(12, 3))
    assert {(one.sensor, one.fault) for one in found.findings} == {("s0.0", "doubtful"), ("s0.1", "doubtful")}


def test_series_come_before_history_and_history_before_nothing() -> None:
    counts, _ = two_days(6, streets=2, sections=2)
    values = counts.vehicles
    values[1, :5] = np.nan
    told = np.full_like(values, 7.0)
    told[:, 3:] = np.nan
    findings = tuple(Finding(name, "stuck", 2.0, 0.0, say("x", "x")) for name in ("s0.0", "s1.0", "s1.1"))
    filled = fill(Health(counts, findings, told, 0.01), town(2, 2), history=True)
    names = [[SOURCES[source] for source in row] for row in filled.source[:, :6]]
    assert names[0] == ["history"] * 3 + ["none"] * 2 + ["series"]
    assert names[1] == ["none"] * 5 + ["sensor"]
    assert names[2] == ["history"] * 3 + ["none"] * 3
    assert filled.counts.vehicles[0, 5] == values[1, 5]
    assert np.isnan(filled.counts.vehicles[2, 3:]).all()


def test_issues_keep_their_owner_and_come_back_when_they_were_not_mended(tmp_path: Path) -> None:
    file = tmp_path / "issues.json"
    seen = Finding("d1", "stuck", 3.0, 0.0, say("7 in 20 periods", "连续 20 个时段为 7"))
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    write_issues(file, after_review(read_issues(file), [seen], noon))
    assert after_review(read_issues(file), [seen], noon) == read_issues(file)
    write_issues(file, changed(read_issues(file), "d1:stuck", state="acknowledged", owner="workshop"))
    write_issues(file, after_review(read_issues(file), [seen], noon + timedelta(hours=1)))
    one = read_issues(file)[0]
    assert (one.state, one.owner, one.times, one.reopened) == ("acknowledged", "workshop", 2, 0)
    write_issues(file, changed(read_issues(file), "d1:stuck", state="mended"))
    assert after_review(read_issues(file), [], noon)[0].state == "mended"
    back = after_review(read_issues(file), [seen], noon + timedelta(hours=2))[0]
    assert (back.state, back.owner, back.reopened) == ("open", "workshop", 1)
    with pytest.raises(NotThere, match="d9"):
        changed(read_issues(file), "d9:stuck", state="mended")
    file.write_text('{"issues": [{"sensor": "d1"}]}')
    with pytest.raises(BadInput, match="lacks a field"):
        read_issues(file)


@pytest.mark.parametrize("seed", range(4))
def test_a_street_on_which_hardly_anybody_drives_is_not_silent(seed: int) -> None:
    """A vehicle in an hour and more: hours without one come by chance, and the few lucky periods are not the rule."""
    today, _ = two_days(seed)
    rng = stream(seed, "scarce")
    values = today.vehicles.copy()
    values[:10] = rng.poisson(np.linspace(0.1, 0.6, 10)[:, None], (10, values.shape[1]))
    counts = Counts(today.sensors, today.edges, today.begin_s, today.period_s, values)
    named = {one.sensor for one in review(counts, town()).findings if one.fault == "silent"}
    assert not named & set(today.sensors[:10])


def test_several_days_before_say_more_than_one() -> None:
    """A street that is usually as it is today is at its level, whatever one odd day says; half of it is not."""
    today, _ = two_days(3)
    others = today.vehicles * np.array([1.0, 1.04, 0.97])[:, None, None]
    honest = review(today, town(), before=others)
    assert not honest.out
    values = today.vehicles.copy()
    values[5] = np.round(values[5] * 0.5)
    lying = Counts(today.sensors, today.edges, today.begin_s, today.period_s, values)
    assert review(lying, town(), before=others).out == {"s5.0"}


def test_two_vehicles_that_crawl_past_a_block_are_not_impossible_and_many_are() -> None:
    today, _ = two_days(1)
    speeds = np.full_like(today.vehicles, 10.0)
    values = today.vehicles.copy()
    values[4, 40], speeds[4, 40] = 2.0, 0.005
    counts = Counts(today.sensors, today.edges, today.begin_s, today.period_s, values)
    assert not [one for one in review(counts, town(), speeds_mps=speeds).findings if one.fault == "impossible"]
    values[4, 40], speeds[4, 40] = 60.0, 0.1
    named = review(counts, town(), speeds_mps=speeds).findings
    assert [one.sensor for one in named if one.fault == "impossible"] == ["s4.0"]
