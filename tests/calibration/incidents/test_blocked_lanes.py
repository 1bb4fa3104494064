"""How often sums cry wolf, what is told of blocked lanes, and that liars and surges are not called incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.flows import PathSet
from calibration.incidents import (
    Street,
    Verdict,
    Watch,
    Watching,
    cusum,
    evidence_of,
    expected_of,
    found_again,
    heard_out,
    in_town,
    keep,
    reach_of,
    run_length,
    suspicions,
    threshold_for,
    usual_of,
)
from calibration.incidents.adding_up import begun
from calibration.incidents.trying import Changes, Seen
from models.streams import stream
from models.sumo.changes import LaneBlocked
from networks.errors import BadInput, EngineFailed

STREETS, PARTS, PERIODS, PERIOD_S = 8, 5, 24, 300.0
EDGES = tuple(f"s{street}.{part}" for street in range(STREETS) for part in range(PARTS))
SENSORS = tuple(edge for edge in EDGES if edge[-1] in "024")
MEAN, SPEED = 40.0, 12.0


def paths() -> PathSet:
    """Parallel streets, each driven from end to end."""
    ends = np.arange(0, len(EDGES) + 1, PARTS)
    whole = np.arange(len(EDGES))
    return PathSet(EDGES, ends, whole, whole * 10.0, ends[:-1], ends[1:] - 1, np.full(STREETS, 100.0))


def calm(seed: int, level: float = 1.0, street: int | None = None, since: int = 0) -> Seen:
    """A usual day at SENSORS: the same vehicles pass all sensors of a street."""
    rng = stream(seed, "calm")
    mean = np.full((STREETS, PERIODS), MEAN)
    if street is not None:
        mean[street, since:] *= level
    flow = np.repeat(rng.poisson(mean).astype(float), 3, axis=0)
    speed = SPEED * np.exp(rng.normal(0.0, 0.1, flow.shape)) * np.sqrt(MEAN / np.repeat(mean, 3, axis=0))
    return flow, speed


def blocked(seen: Seen, edge: str, since: int) -> Seen:
    """Half gets through, and who comes behind the place stands in a queue; nobody notices but on that street."""
    flow, speed = seen[0].copy(), seen[1].copy()
    for row, sensor in enumerate(SENSORS):
        if sensor[:2] == edge[:2]:
            flow[row, since:] = np.round(0.5 * flow[row, since:])
            if sensor <= edge:
                speed[row, since:] *= 0.25
    return flow, speed


def twin(changes: Mapping[str, Changes], since_s: float, until_s: float) -> dict[str, Seen]:
    """A twin that knows how the streets are."""
    part = slice(round(since_s / PERIOD_S), round(until_s / PERIOD_S))
    usual = (np.full((len(SENSORS), PERIODS), MEAN), np.full((len(SENSORS), PERIODS), SPEED))
    told = {}
    for name, todo in changes.items():
        seen = blocked(usual, todo[0].lane[:-2], 0) if todo else usual  # type: ignore[attr-defined]
        told[name] = (seen[0][:, part], seen[1][:, part])
    return told


@cache
def watch(suspicions_per_day: float = 4.0) -> Watch:
    days = [calm(seed) for seed in range(100, 108)]
    usual = usual_of(*(np.array(one) for one in zip(*days, strict=True)), PERIOD_S, suspicions_per_day)
    reach = reach_of(paths(), paths().probes, np.full(len(EDGES), 150.0), SENSORS)
    return Watch(
        usual.expected, reach, {edge: Street(150.0, (0,)) for edge in EDGES}, usual.threshold, twin, usual.errors
    )


def told(seen: Seen) -> list[Verdict]:
    return heard_out(watch(), Counts(SENSORS, SENSORS, 0.0, PERIOD_S, seen[0]), seen[1])


@pytest.mark.parametrize("threshold", [2.0, 3.0, 4.0])
def test_normal_scores_pass_a_threshold_as_often_as_the_closed_form_says(threshold: float) -> None:
    """Siegmund's approximation is within some percent; 4000 runs of geometric length err by 1.6 %."""
    scores = stream(1, "run length").standard_normal((4000, 1500))
    sums = cusum(scores)
    passed = sums > threshold
    first = np.where(passed.any(axis=1), passed.argmax(axis=1) + 1, 1500)
    seen = first.sum() / passed.any(axis=1).sum()  # censored at the end: total time at risk over passages
    assert seen == pytest.approx(run_length(threshold), rel=0.08)


def test_the_threshold_of_a_whole_network_keeps_its_rate() -> None:
    """60 series for 100 days of 5 minutes at one passage a day: 100 passages are 10 by chance up or down."""
    limit = threshold_for(1.0, 60, PERIOD_S)
    passages = 0
    for number in range(10):
        scores = stream(number, "whole network").standard_normal((60, 2880))
        total, hits = np.zeros(60), 0
        for step in scores.T:
            total = np.maximum(0.0, total + step - 0.75)
            hits += int((total > limit).sum())
            total[total > limit] = 0.0
        passages += hits
    assert passages == pytest.approx(100, abs=30)
    assert threshold_for(0.1, 60, PERIOD_S) > limit


def test_what_days_did_moves_the_threshold_up_and_never_down() -> None:
    plain = threshold_for(1.0, 60, PERIOD_S)
    wild = np.full((6, 60, 24), 9.0) + np.arange(6)[:, None, None]
    assert threshold_for(1.0, 60, PERIOD_S, np.zeros((6, 60, 24))) == plain
    assert threshold_for(1.0, 60, PERIOD_S, wild) > 11.5


def test_gaps_neither_add_nor_take_and_the_begin_is_after_the_last_zero() -> None:
    scores = np.array([[0.0, 3.0, np.nan, 3.0, -9.0, 3.0, 3.0]])
    sums = cusum(scores)[0]
    assert sums.tolist() == [0.0, 2.25, 2.25, 4.5, 0.0, 2.25, 4.5]
    assert begun(sums, 6) == 5 and begun(sums, 3) == 1


def test_a_blocked_lane_is_found_between_sensors_and_named_with_what_saw_it() -> None:
    for seed, edge in ((1, "s2.1"), (2, "s5.3"), (3, "s7.2")):
        found = told(blocked(calm(seed), edge, 12))
        incidents = [one for one in found if one.kind == "incident"]
        assert len(incidents) == 1, [one.words["en"] for one in found]
        only = incidents[0]
        assert only.edge[:2] == edge[:2] and abs(int(only.edge[-1]) - int(edge[-1])) <= 1
        assert only.told_s <= (12 + 4) * PERIOD_S and abs(only.since_s - 12 * PERIOD_S) <= 2 * PERIOD_S
        assert only.probability > 0.6 and all(name[:2] == edge[:2] for name in only.rests_on)
        assert only.edge in only.words["en"] and only.edge in only.words["zh"]


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_twin_that_can_try_the_last_quarter_of_an_hour_alone_tells_the_same(seed: int) -> None:
    """A street whose lane is half blocked for long: what sensors said earlier is weighed all the same."""
    flow, speed = (one.copy() for one in calm(seed))
    for row, sensor in enumerate(SENSORS):
        if sensor[:2] == "s2":
            flow[row, 10:] = np.round(0.75 * flow[row, 10:])
            speed[row, 10:] *= 0.7 if sensor <= "s2.1" else 1.0
    counts, asked = Counts(SENSORS, SENSORS, 0.0, PERIOD_S, flow), list[float]()

    def lately(changes: Mapping[str, Changes], since_s: float, until_s: float) -> dict[str, Seen]:
        asked.append(until_s - since_s)
        return twin(changes, since_s, until_s)

    far = heard_out(watch(), counts, speed)
    assert heard_out(replace(watch(), back_s=900.0, attempt=lately), counts, speed) == far != []
    assert max(asked, default=0.0) <= 900.0


def test_a_watch_that_is_stopped_goes_on_with_what_it_found(tmp_path: Path) -> None:
    """Stopped after every period, it says what it would have said, and an incident stays on the streets."""
    flow, speed = blocked(calm(1), "s2.1", 12)
    flow[SENSORS.index("s6.2"), 4:] = 15.0  # and a liar, found before
    whole, file, said = Watching(watch()), tmp_path / "watch.json", []
    for at in range(1, PERIODS + 1):
        counts = Counts(SENSORS, SENSORS, 0.0, PERIOD_S, flow[:, :at])
        stopped = found_again(whole.watch, file)
        assert stopped == whole
        said.append(whole.step(counts, speed[:, :at]))
        assert stopped.step(counts, speed[:, :at]) == said[-1]
        keep(stopped, file)
    assert {"incident", "sensor"} <= {one.kind for one in said if one} and whole.known and whole.liars
    assert found_again(whole.watch, file).known == whole.known
    file.write_text(file.read_text()[:-20])
    with pytest.raises(BadInput, match="what was found before cannot be read"):
        found_again(whole.watch, file)


def standing(seen: Seen) -> list[int]:
    """Incidents that stand after each period."""
    watching, found = Watching(watch()), []
    for at in range(1, PERIODS + 1):
        watching.step(Counts(SENSORS, SENSORS, 0.0, PERIOD_S, seen[0][:, :at]), seen[1][:, :at])
        found.append(len(watching.standing))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_an_incident_is_over_soon_after_the_streets_are_as_usual(seed: int) -> None:
    """Its sums need hours to fall to nothing; what is heard since says so within some periods."""
    usual, there = calm(seed), blocked(calm(seed), "s2.1", 8)
    lifted = tuple(np.concatenate([old[:, :16], new[:, 16:]], axis=1) for old, new in zip(there, usual, strict=True))
    assert max(standing(there)) == 1 and standing(there)[-1] == 1
    after = standing((lifted[0], lifted[1]))
    assert after[15] == 1 and not any(after[19:])
    sums = evidence_of(watch().expected, *lifted, PERIOD_S)
    assert max(sums.held[:, 19].max(), sums.starved[:, 19].max()) > watch().threshold


def test_a_sensor_elsewhere_that_lies_meanwhile_does_not_keep_an_incident() -> None:
    there, usual = blocked(calm(2), "s2.1", 8), calm(2)
    flow, speed = (np.concatenate([old[:, :16], new[:, 16:]], axis=1) for old, new in zip(there, usual, strict=True))
    flow[SENSORS.index("s6.2"), 9:] = 22.0
    assert not any(standing((flow, speed))[20:])


def test_a_block_whose_place_is_a_guess_is_not_put_into_the_town_and_a_whole_one_is_driven_round() -> None:
    verdict = Verdict("incident", "s2.1", (0,), "", 600.0, 900.0, 0.9, (("s2.1", 0.6), ("s2.2", 0.3)))
    (since_s, change) = Watching(watch(), standing=[(verdict, {3})]).known[0]
    assert since_s == 600.0 and isinstance(change, LaneBlocked) and change.around == 0.5
    guess = replace(verdict, places=(("s2.1", 0.3), ("s2.2", 0.25)))
    assert Watching(watch(), standing=[(guess, {3})]).known == []
    wide = replace(watch(), streets={"s2.1": Street(150.0, (0, 1))})
    assert [getattr(one, "around", None) for one in wide.blocks("s2.1", (1,))] == [0.0]


def test_an_incident_is_not_over_because_its_sensors_fell_silent() -> None:
    flow, speed = (one.copy() for one in blocked(calm(1), "s2.1", 8))
    flow[[SENSORS.index(f"s2.{part}") for part in "024"], 15:] = np.nan
    assert all(one == 1 for one in standing((flow, speed))[14:])


@pytest.mark.parametrize("lie", ["stuck low", "silent", "slow"])
def test_a_lying_sensor_is_not_called_an_incident(lie: str) -> None:
    for seed in (1, 2, 3):
        flow, speed = calm(seed)
        row = SENSORS.index("s3.2")
        if lie == "slow":
            speed[row, 10:] *= 0.3
        else:
            flow[row, 10:] = 15.0 if lie == "stuck low" else 0.0
        found = told((flow, speed))
        assert "incident" not in {one.kind for one in found}, [one.words["en"] for one in found]
        assert {one.sensor for one in found if one.sensor} == {"s3.2"}


def test_a_blocked_lane_is_found_though_another_sensor_lies() -> None:
    flow, speed = blocked(calm(4), "s5.3", 12)
    liar = SENSORS.index("s1.2")
    flow[liar, 8:] = 0.0
    found = told((flow, speed))
    assert {one.sensor for one in found if one.kind == "sensor"} <= {"s1.2"}
    places = [one.edge[:2] for one in found if one.kind == "incident"]
    assert set(places) == {"s5"}, [one.words["en"] for one in found]


def test_what_is_not_clear_is_said_so_and_blinds_nobody() -> None:
    """Two explanations that are alike: nothing is told for sure, no sensor is left out, and it is asked again."""
    seen = blocked(calm(1), "s2.1", 12)
    doubtful = replace(watch(), reach=replace(watch().reach, flow=np.zeros(len(EDGES))))
    watching = Watching(doubtful)
    said = []
    for at in range(1, PERIODS + 1):
        counts = Counts(SENSORS, SENSORS, 0.0, PERIOD_S, seen[0][:, :at])
        said.append(watching.step(counts, seen[1][:, :at]))
    assert "incident" not in {one.kind for one in said if one}  # nobody drives there: no prior, no incident
    shares = (("blocked", 0.5), ("sensor", 0.4), ("nothing", 0.1))
    unclear = Verdict("open", "", (), "", 0.0, 300.0, 0.5, kinds=shares)
    assert (
        "a blocked lane 50 %, a lying sensor 40 %" in unclear.words["en"] and "传感器异常 40 %" in unclear.words["zh"]
    )


def test_a_surge_of_demand_is_not_called_an_incident() -> None:
    for seed in (1, 2, 3):
        found = told(calm(seed, 1.8, street=4, since=10))
        assert not [one for one in found if one.kind == "incident"], [one.words["en"] for one in found]


def test_a_town_with_less_traffic_everywhere_is_not_suspected() -> None:
    flow, speed = calm(5)
    usual = watch()
    evidence = evidence_of(usual.expected, np.round(0.7 * flow), speed, PERIOD_S)
    assert not suspicions(evidence, PERIODS - 1, usual.threshold, usual.reach, 0.0, PERIOD_S)


def test_calm_days_bring_few_suspicions_and_no_incident() -> None:
    """8 days of 2 h at 4 suspicions a day are 2.7 on the mean; a Poisson count of 2.7 passes 8 once in 700."""
    found = [one for seed in range(8) for one in told(calm(seed))]
    assert len(found) <= 8 and not [one for one in found if one.kind == "incident"]


def test_a_spread_needs_two_members() -> None:
    flow, speed = calm(1)
    with pytest.raises(ValueError, match="two days"):
        expected_of(flow[None], speed[None])


def test_what_is_tried_in_a_live_town_begins_where_it_was_asked_for() -> None:
    class Town:
        anchor_s = 600.0

        def try_changes(
            self, alternatives: Mapping[str, object], *, since_s: float, until_s: float
        ) -> dict[str, tuple[np.ndarray, np.ndarray]]:
            periods = round((until_s - self.anchor_s) / PERIOD_S)
            late = np.arange(periods) >= round((since_s - self.anchor_s) / PERIOD_S)
            return {name: (late[None] * 1.0, late[None] * 2.0) for name in alternatives if name != "lost"}

    attempt = in_town(Town(), PERIOD_S)
    found = attempt({"": (), "shut": (LaneBlocked("a_0", 5.0),)}, 600.0 + PERIOD_S, 600.0 + 3 * PERIOD_S)
    assert set(found) == {"", "shut"} and all(
        (one[0] == 1.0).all() and one[0].shape == (1, 2) for one in found.values()
    )
    with pytest.raises(EngineFailed, match="the town as it is"):
        attempt({"lost": ()}, 600.0, 900.0)
