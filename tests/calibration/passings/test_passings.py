"""Passings: tokens that cannot be turned back, clocks found in closed form, times and turns as they were driven."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from calibration.passings import (
    RotatingSalt,
    clock_offsets,
    observations,
    passings,
    path_samples,
    penetration,
    read_passings,
    travel_times,
    turning_shares,
)
from models.streams import stream
from networks.errors import BadInput, Refused

FREE_S = {
    ("a", "b"): 120.0,
    ("b", "a"): 120.0,
    ("b", "c"): 90.0,
    ("c", "b"): 95.0,
    ("b", "d"): 200.0,
    ("a", "c"): 215.0,
}
TRUE_S = {"a": 0.0, "b": 47.0, "c": -130.0, "d": 0.0}


def town(
    seed: int, vehicles: int = 600, *, seen: dict[str, float] | None = None, wrong: dict[str, float] = TRUE_S
) -> list[tuple[str, str, float]]:
    """From a over b to c (70 %) or d, some back from c to a; 5 % slower than free at best, queues on top."""
    rng = stream(seed, "passings")
    rows = []
    for number in range(vehicles):
        ways = (("a", "b", "c"), ("a", "b", "d"), ("c", "b", "a"))
        way = ways[int(rng.choice(3, p=(0.56, 0.24, 0.2)))]
        time = rng.uniform(0, 7200)
        for at, camera in enumerate(way):
            if at:
                time += 1.05 * FREE_S[way[at - 1], camera] + rng.exponential(20.0)
            if rng.random() < (seen or {}).get(camera, 0.8):
                rows.append((camera, f"BO {number:04d} X", time + wrong[camera]))
    return rows


def test_clocks_are_found_within_seconds_and_their_errors_are_honest() -> None:
    away = []
    for seed in range(10):
        found = clock_offsets(passings(town(seed), RotatingSalt()), FREE_S)
        true = np.array([TRUE_S[name] for name in found.cameras])
        error = found.offset_s - (true - np.median(true))
        assert np.abs(error).max() < 15.0
        assert found.slower == pytest.approx(0.05, abs=0.06)
        away.append(error)
    assert np.abs(np.mean(away, axis=0)).max() < 6.0


def test_clocks_without_noise_are_exact() -> None:
    """Everybody drives freely: the closed form gives the offsets to the last digit."""
    rows = []
    for number in range(40):
        time = 60.0 * number
        for camera, free in (("a", 0.0), ("b", FREE_S["a", "b"]), ("c", FREE_S["b", "c"])):
            time += free
            rows.append((camera, f"P{number}", time + TRUE_S[camera]))
    found = clock_offsets(passings(rows, RotatingSalt()), {("a", "b"): 120.0, ("b", "c"): 90.0, ("a", "c"): 210.0})
    np.testing.assert_allclose(found.offset_s, [0.0, 47.0, -130.0], atol=1e-6)
    assert found.pairs == 3
    alone = clock_offsets(passings(rows, RotatingSalt()), {("a", "b"): 120.0})
    assert np.isnan(alone.offset_s[2])


def test_travel_times_and_ways_on_one_clock() -> None:
    seen = passings(town(1, 2000), RotatingSalt())
    wrong = np.array([TRUE_S[name] for name in seen.cameras])
    right = seen.moved(wrong)
    legs = {(one.start, one.end): one for one in travel_times(right, 7200.0) if one.begin_s == 0.0}
    expected = 1.05 * 120 + 20 * np.log(2)
    assert legs["a", "b"].median_s == pytest.approx(expected, abs=4 * legs["a", "b"].error_s + 1)
    assert legs["b", "c"].median_s == pytest.approx(1.05 * 90 + 20 * np.log(2), abs=4 * legs["b", "c"].error_s + 1)
    ways = path_samples(right)
    assert ways["a", "b", "c"] > ways["a", "b", "d"] > 50
    told = observations(list(legs.values()), datetime(2026, 5, 4, tzinfo=UTC), 7200.0)
    assert {one.measure for one in told} == {"travel_time"}


def test_turning_shares_are_right_though_cameras_recognise_unlike_shares() -> None:
    recognised = {"a": 0.8, "b": 0.9, "c": 0.9, "d": 0.3}
    rows = town(2, 6000, seen=recognised, wrong=dict.fromkeys("abcd", 0.0))
    seen = passings(rows, RotatingSalt())
    passed = {"c": 6000 * 0.76, "d": 6000 * 0.24, "b": 6000.0}
    share = penetration(seen, passed)
    assert share["d"] == pytest.approx(0.3, abs=0.03)
    right = {(one.start, one.end): one.share for one in turning_shares(seen, share)}
    blind = {(one.start, one.end): one.share for one in turning_shares(seen)}
    onward = right["b", "c"] / (right["b", "c"] + right["b", "d"])
    assert onward == pytest.approx(0.7, abs=0.03)
    assert blind["b", "c"] / (blind["b", "c"] + blind["b", "d"]) > 0.8


def test_few_vehicles_are_never_told() -> None:
    rows = [
        (camera, f"P{number}", 100.0 * number + at) for number in range(4) for at, camera in ((0.0, "a"), (60.0, "b"))
    ]
    seen = passings(rows, RotatingSalt())
    assert not travel_times(seen, 900.0)
    assert not path_samples(seen)
    assert not turning_shares(seen)


def test_a_plate_is_another_after_the_salt_rotated_and_no_plate_is_kept() -> None:
    salt = RotatingSalt(rotate_s=3600.0)
    one = salt.token("bo-123 x", 10.0)
    assert salt.token("BO 123X", 3599.0) == one
    assert salt.token("BO 123X", 3601.0) != one
    with pytest.raises(Refused, match="thrown away"):
        salt.token("BO 123X", 20.0)
    assert RotatingSalt().token("BO 123X", 10.0) != RotatingSalt().token("BO 123X", 10.0)
    salt = RotatingSalt()
    seen = passings(town(3, 50), salt)
    assert b"BO" not in pickle.dumps(seen)
    assert "BO" not in repr(vars(salt))
    kept = salt.token("BO 123X", 10.0)
    salt.forget()
    assert salt.token("BO 123X", 10.0) != kept


def test_files_are_read_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("camera,time,plate\na,10,BO 1\nb,2026-05-04T07:00:00+02:00,BO 1\na,70,BO1\n")
    seen = read_passings(file, RotatingSalt(rotate_s=1e10))
    assert len(seen) == 3
    assert len(set(seen.token.tolist())) == 1
    for text, match in (("camera,when\na,1\n", "columns are"), ("camera,time,token\na,noon,x\n", "'noon'")):
        file.write_text(text)
        with pytest.raises(BadInput, match=match):
            read_passings(file, RotatingSalt())
