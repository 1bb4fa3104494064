"""A store in bounds: what goes is chosen as asked, goes whole, and never while something is being run."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from networks import say
from networks.claim import claimed
from networks.errors import Refused
from scenarios import Bounds, Kept, Store, chosen, kept, prune, sweep, sweep_after

DAY = 86400.0


def land(store: Store, kind: str, name: str, *, age_d: float = 0.0, scenario: str = "", valid: bool = True) -> None:
    with store.landing(kind, name) as landing:
        landing.write_table("edges", pd.DataFrame({"x": range(1000)}))
        landing.manifest |= {"scenario": {"name": scenario}, "seed": 1}
        landing.manifest["validity"] = {"valid": valid, "reasons": [] if valid else [say("gridlock", "交通瘫痪")]}
    manifest = store.place(kind, name) / "manifest.json"
    moment = manifest.stat().st_mtime - age_d * DAY
    os.utime(manifest, (moment, moment))


@pytest.fixture
def full(tmp_path: Path) -> Store:
    store = Store(tmp_path / "runs")
    for age, name in ((40, "a1"), (30, "a2"), (10, "a3")):
        land(store, "run", name, age_d=age, scenario="a")
    land(store, "run", "b1", age_d=50, scenario="b", valid=False)
    land(store, "flood", "f1", age_d=60)
    return store


def names(results: list[Kept]) -> list[str]:
    return [one.result_id for one in results]


def test_all_is_listed_the_oldest_first_with_what_it_is(full: Store) -> None:
    results = kept(full)
    assert names(results) == ["f1", "b1", "a1", "a2", "a3"]
    assert (results[1].scenario, results[1].seed, results[1].valid) == ("b", 1, False)
    assert results[1].reasons == say("gridlock", "交通瘫痪")
    assert results[2].size == sum(path.stat().st_size for path in full.place("run", "a1").iterdir())


@pytest.mark.parametrize(
    ("bounds", "going"),
    [
        (Bounds(), []),
        (Bounds(older_s=35 * DAY), ["f1", "b1", "a1"]),
        (Bounds(kinds=("run",), older_s=35 * DAY), ["b1", "a1"]),
        (Bounds(invalid=True), ["b1"]),
        (Bounds(latest=1), ["a1", "a2"]),
        (Bounds(latest=0, kinds=("flood",)), ["f1"]),
        (Bounds(latest=2, older_s=35 * DAY), ["a1"]),
        (Bounds(size=0), ["f1", "b1", "a1", "a2", "a3"]),
        (Bounds(size=10**9), []),
    ],
)
def test_everything_that_is_asked_for_must_hold(full: Store, bounds: Bounds, going: list[str]) -> None:
    assert names(chosen(kept(full), bounds)) == going


def test_the_oldest_go_until_the_store_is_small_enough(full: Store) -> None:
    results = kept(full)
    limit = sum(one.size for one in results) - results[0].size - 1
    assert names(chosen(results, Bounds(size=limit))) == ["f1", "b1"]
    prune(full, chosen(results, Bounds(size=limit)))
    assert sum(one.size for one in kept(full)) <= limit
    assert not [path for path in full.root.rglob("*") if ".part" in path.name]


def test_nothing_is_pruned_while_something_is_run(full: Store) -> None:
    with claimed(full.root, shared=True), pytest.raises(Refused, match="being run"):
        prune(full, kept(full))
    assert len(kept(full)) == 5
    assert prune(full, kept(full)) > 0
    assert kept(full) == []


def test_leftovers_of_killed_processes_are_swept_and_nothing_else(full: Store) -> None:
    def leave(name: str, age_s: float) -> Path:
        folder = full.root / "run" / name
        folder.mkdir()
        os.utime(folder, (folder.stat().st_mtime - age_s,) * 2)
        return folder

    dead, young = leave(".x1.0123abcd.part", 7200), leave(".x2.0123abcd.part", 0)
    alive, replaced, alone = (
        leave(f".{name}.0123abcd.{end}", 7200) for name, end in (("x3", "part"), ("a1", "old"), ("x4", "old"))
    )
    with claimed(alive):
        assert sweep(full) == sorted([dead, replaced])
    assert young.is_dir() and alive.is_dir() and alone.is_dir()
    assert len(kept(full)) == 5


def test_what_ended_workers_left_goes_at_once_and_what_others_write_stays(full: Store) -> None:
    left, alive = full.root / "run" / ".x1.0123abcd.part", full.root / "run" / ".x2.0123abcd.part"
    left.mkdir()
    alive.mkdir()
    with claimed(alive):
        sweep_after(full, patience_s=2.5)
    assert not left.exists() and alive.is_dir() and len(kept(full)) == 5
