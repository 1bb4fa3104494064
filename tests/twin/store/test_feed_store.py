"""The store keeps what it was told, once, on both databases."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from city_rows import DAY, ONE_OF_EACH, at, held_by, seen, told_by
from sqlalchemy import text

from calibration import Observation
from networks.errors import BadInput, NotThere, StorageFailed
from twin.feeds import KINDS, Dead, Fault
from twin.store import FeedStore
from twin.store.database import VERSION, connect, version


def test_every_kind_of_row_comes_back_as_it_was(store: FeedStore) -> None:
    store.take("a", 0, 1, [(0, row) for row in ONE_OF_EACH], [])
    for series, kind in KINDS.items():
        assert [row for _, row in held_by(store, series).values()] == [
            row for row in ONE_OF_EACH if isinstance(row, kind.row)
        ]


def test_a_repeat_is_nothing_and_an_overlap_is_trimmed(store: FeedStore) -> None:
    store.take("a", 0, 2, [(0, seen("E1")), (1, seen("E2"))], [])
    store.take("a", 0, 2, [(0, seen("E1", result=9.0, told=99)), (1, seen("E2"))], [])
    store.take("a", 1, 4, [(1, seen("E2", result=9.0, told=99)), (3, seen("E3"))], [])
    assert store.position("a") == 4
    assert {key[0]: row.result for key, (_, row) in held_by(store, "observations").items()} == {
        "E1": 1.0,
        "E2": 1.0,
        "E3": 1.0,
    }


def test_a_gap_is_refused_and_a_known_one_can_be_told(store: FeedStore) -> None:
    with pytest.raises(BadInput, match="messages 0 to 4 of a"):
        store.take("a", 5, 6, [(5, seen())], [])
    store.take("a", 0, 5, [], [])
    store.take("a", 5, 6, [(5, seen())], [])
    assert store.position("a") == 6


def test_the_row_told_last_holds_whenever_it_came(store: FeedStore) -> None:
    store.take("a", 0, 1, [(0, seen(result=2.0, told=200))], [])
    store.take("a", 1, 2, [(1, seen(result=1.0, told=100))], [])
    store.take("b", 0, 3, [(2, seen(result=3.0, told=200)), (2, seen(result=4.0, told=200))], [])
    (row,) = store.read("observations").to_pylist()
    assert (row["result"], row["feed"], row["number"], row["line"]) == (4.0, "b", 2, 1)
    assert [row["result"] for row in store.read("observations", feeds=["a"]).to_pylist()] == [2.0]


def test_rows_are_filed_by_event_time_and_found_by_it(store: FeedStore) -> None:
    store.take("a", 0, 1, [(0, seen(begin=second, told=700)) for second in (0, 599, 600, 1200)], [])
    assert {part.day for part in store.parts()} == {"2026-11-01", "2026-11-02"}
    found = store.read("observations", at(599), at(1200))["begin"].to_pylist()
    assert found == [at(599), at(600)]
    assert store.read("observations", keys={"sensor_id": ["none"]}).num_rows == 0
    with pytest.raises(NotThere, match="no 'result'"):
        store.read("observations", keys={"result": [1.0]})
    with pytest.raises(NotThere, match="no table"):
        store.read("nothing")
    with pytest.raises(ValueError, match="no zone"):
        store.read("observations", DAY.replace(tzinfo=None))


def test_compaction_changes_no_answer(store: FeedStore) -> None:
    rows = [(n, seen(f"E{n % 3}", begin=(n * 61) % 1300, result=float(n), told=(n * 37) % 500)) for n in range(40)]
    for number, row in rows:
        store.take("a", number, number + 1, [(number, row)], [])
    before = store.read("observations")
    assert store.compact() == 40
    assert store.read("observations").equals(before)
    assert len(store.parts()) == 2
    assert store.sweep(young_s=0)
    assert len(list((store.folder / "parts").rglob("*.parquet"))) == 2
    assert held_by(store, "observations") == told_by(rows)["observations"]


def test_a_place_told_again_keeps_its_past_through_compaction(store: FeedStore) -> None:
    from dataclasses import replace

    place = ONE_OF_EACH[4]
    for number in range(10):
        store.take("a", number, number + 1, [(number, replace(place, told=at(number), capacity=number))], [])  # type: ignore[type-var]
    store.compact()
    assert [row["capacity"] for row in store.read("places").to_pylist()] == [9.0]
    assert [row["capacity"] for row in store.read("places", end=at(5)).to_pylist()] == [4.0]


def test_dead_letters_wait_until_somebody_settles_them(store: FeedStore) -> None:
    dead = [Dead("a", n, at(n), "t\0opic", (Fault("field x", "is \ud800 wrong", "right"),)) for n in (0, 1)]
    store.take("a", 0, 2, [], dead)
    store.take("a", 0, 2, [], dead)
    assert [one.number for one in store.dead_letters("a")] == [0, 1]
    assert store.dead_letters()[0].faults[0].expected == "right"
    store.settle("a", 0, "dismissed", who="me", why="a test")
    store.settle("a", 1, "mended", who="me", why="comma", rows=[(1, seen(result=7.0))])
    assert store.dead_letters() == []
    assert [one.state for one in store.dead_letters(state=None)] == ["dismissed", "mended"]
    assert store.read("observations")["result"].to_pylist() == [7.0]
    with pytest.raises(NotThere, match="no dead letter 1"):
        store.settle("a", 1, "mended", who="me", why="again", rows=[(1, seen(result=8.0))])
    assert store.read("observations")["result"].to_pylist() == [7.0]


def test_a_row_that_no_column_holds_becomes_a_dead_letter_and_the_others_stay(store: FeedStore) -> None:
    wrong = seen("E2", result="many")  # type: ignore[arg-type]
    store.take(
        "a", 0, 2, [(0, seen("E1")), (1, wrong), (1, seen("E3"))], [Dead("a", 1, at(0), "t", (Fault("f", "w"),))]
    )
    assert sorted(key[0] for key in held_by(store, "observations")) == ["E1", "E3"]
    (dead,) = store.dead_letters()
    assert dead.number == 1
    assert [fault.place for fault in dead.faults] == ["f", "observations, row 0"]


def test_a_full_disk_leaves_nothing_half_written(store: FeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    rows = [(0, seen(begin=0)), (0, seen(begin=900))]
    calls = []

    def full_at_the_second(*arguments: Any, **more: Any) -> None:
        calls.append(1)
        real(*arguments, **more) if len(calls) == 1 else full()

    real = pq.write_table
    with monkeypatch.context() as patched:
        patched.setattr(pq, "write_table", full_at_the_second)
        with pytest.raises(StorageFailed, match="disk is full"):
            store.take("a", 0, 1, rows, [])
    assert store.position("a") == 0
    assert not [path for path in (store.folder / "parts").rglob("*") if path.is_file()]
    store.take("a", 0, 1, rows, [])
    assert store.read("observations").num_rows == 2


def test_files_that_no_list_names_are_swept_at_opening(tmp_path: Path) -> None:
    with FeedStore(tmp_path) as store:
        store.take("a", 0, 1, [(0, seen())], [])
        stray = tmp_path / store.parts()[0].path
        for name in ("stray.parquet", "half.writing"):
            stray.with_name(name).write_bytes(b"x")
    with FeedStore(tmp_path) as store:
        assert [path.name for path in stray.parent.iterdir()] == [stray.name]
        assert store.read("observations").num_rows == 1


def test_a_damaged_part_is_told(store: FeedStore) -> None:
    store.take("a", 0, 1, [(0, seen())], [])
    (store.folder / store.parts()[0].path).write_bytes(b"no Parquet")
    with pytest.raises(StorageFailed, match="twin restore"):
        store.read("observations")


def test_two_that_take_the_same_feed_keep_each_message_once(
    new_database: Callable[[], str | None], tmp_path: Path
) -> None:
    url = new_database()
    with FeedStore(tmp_path, url) as one, FeedStore(tmp_path, url) as other:
        for number in range(0, 20, 2):
            (one, other)[number % 4 // 2].take("a", number, number + 2, [(number, seen(f"E{number}"))], [])
            (other, one)[number % 4 // 2].take("a", number, number + 2, [(number, seen(f"E{number}"))], [])
        assert one.read("observations").num_rows == 10
        assert sum(part.rows for part in one.parts()) == 10


def test_an_older_database_is_brought_up_to_date_and_a_newer_one_refused(
    new_database: Callable[[], str | None], tmp_path: Path
) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    from twin.store.database import MIGRATIONS

    url = new_database() or f"sqlite:///{tmp_path}/store.sqlite"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == VERSION
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO positions VALUES ('a', 7, 'now')"))
        config.attributes["connection"] = connection
        command.downgrade(config, "1")
    assert version(engine) == "1"
    with FeedStore(tmp_path, url) as store:
        assert version(store.engine) == VERSION
        assert store.position("a") == 7
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))
    with pytest.raises(BadInput, match="schema 999"):
        FeedStore(tmp_path, url)
    engine.dispose()


def test_migrations_make_the_tables_that_the_program_names(store: FeedStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from twin.store.tables import metadata

    with store.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_no_database_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no address of a database"):
        FeedStore(tmp_path, "nonsense://x")
    (tmp_path / "store.sqlite").write_bytes(b"this is a diary, not a database " * 200)
    with pytest.raises(BadInput, match="no SQLite database"):
        FeedStore(tmp_path)


def test_observations_of_a_whole_second_are_few_files(store: FeedStore) -> None:
    rows: list[tuple[int, Observation]] = [(n // 20, seen(f"E{n}")) for n in range(2000)]
    store.take("a", 0, 100, rows, [])
    (part,) = store.parts()
    assert (part.rows, part.first, part.end) == (2000, 0, 100)
    assert pq.read_metadata(store.folder / part.path).num_rows == 2000
