"""Results appear whole or not at all, and are found again by what they were made from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from networks.errors import NotThere
from scenarios import Store
from scenarios.results.store import address, read_manifest, read_table

TABLE = pd.DataFrame({"time_s": [0.0, 60.0], "edge_id": ["a", "b"]})


def test_a_result_is_found_again_with_its_tables(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    assert store.find("run", "abc") is None
    with store.landing("run", "abc") as landing:
        digest = landing.write_table("edges", TABLE)
        (landing.folder / "extra.bin").write_bytes(b"x")
    folder = store.get("run", "abc")
    pd.testing.assert_frame_equal(read_table(folder, "edges", verify=True), TABLE)
    manifest = read_manifest(folder)
    assert manifest["tables"]["edges"]["digest"] == digest
    assert set(manifest["files"]) == {"extra.bin"}
    assert store.ids("run") == ["abc"]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError), store.landing("run", "abc") as landing:
        landing.write_table("edges", TABLE)
        raise RuntimeError
    assert store.find("run", "abc") is None
    assert list((tmp_path / "run").iterdir()) == []


def test_a_folder_without_a_manifest_is_no_result_and_is_written_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.place("run", "abc").mkdir(parents=True)
    assert store.find("run", "abc") is None
    assert store.ids("run") == []
    with store.landing("run", "abc") as landing:
        landing.write_table("edges", TABLE)
    assert store.find("run", "abc") is not None


def test_the_first_of_two_equal_results_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.landing("run", "abc") as slow:
        slow.manifest["who"] = "slow"
        with store.landing("run", "abc") as fast:
            fast.manifest["who"] = "fast"
    assert read_manifest(store.get("run", "abc"))["who"] == "fast"
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["abc"]


def test_a_changed_table_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.landing("run", "abc") as landing:
        landing.write_table("edges", TABLE)
    TABLE.assign(time_s=1.0).to_parquet(store.get("run", "abc") / "edges.parquet")
    with pytest.raises(NotThere, match="changed"):
        read_table(store.get("run", "abc"), "edges", verify=True)


def test_ids_may_be_shortened_while_they_are_unique(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in ("abc1", "abd2"):
        with store.landing("run", name):
            pass
    assert store.get("run", "abc").name == "abc1"
    with pytest.raises(NotThere, match="could be any"):
        store.get("run", "ab")
    with pytest.raises(NotThere):
        store.get("run", "x")


def test_an_address_depends_on_content_and_not_on_order() -> None:
    assert address({"a": 1, "b": 2.5}) == address({"b": 2.5, "a": 1})
    assert address({"a": 1}) != address({"a": 2})
