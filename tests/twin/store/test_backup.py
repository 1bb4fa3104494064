"""The drill: a store that is killed and brought back, followed by its log, equals one that never broke."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from buses import Buses, govern, message, record
from city_rows import at

from networks.errors import BadInput, NotThere, QualityFailed, Refused, StorageFailed
from twin.feeds import Message
from twin.feeds.log import LogReader, LogWriter, folder_of
from twin.store import BackupFolder, FeedStore, Wish, back_up, certificates, follow, purge, restore


def bus(n: int) -> Message:
    return message([(f"bus {n % 3}", n), (f"bus {n % 3}", max(0, n - 3))] if n % 10 != 4 else "{torn", n)


def told(store: FeedStore) -> tuple[object, ...]:
    dead = [(one.feed, one.number, one.faults) for one in store.dead_letters(state=None)]
    return store.read("positions").to_pylist(), dead, store.position("buses")


def govern_by_ones(store: FeedStore, log: Path, first: int, end: int) -> None:
    for number in range(first, end):
        govern(store, log, end=number + 1)


def test_the_drill(new_database: Callable[[], str | None], tmp_path: Path) -> None:
    old, new, place = tmp_path / "old", tmp_path / "new", tmp_path / "backups"
    log = folder_of(old, "buses")
    with FeedStore(old, new_database()) as store:
        record(log, [bus(n) for n in range(30)])
        govern_by_ones(store, log, 0, 15)
        with LogWriter(log) as writer:  # a recorder is at work: its file grows while the backup is made
            writer.append([bus(n) for n in range(30, 40)])
            manifest = back_up(store, ["buses"], place)
            writer.append([bus(n) for n in range(40, 60)])
        govern_by_ones(store, log, 15, 60)
        store.compact(least=3)
        unbroken = told(store)
    assert (manifest.positions["buses"], manifest.log_ends["buses"]) == (15, 40)

    url = new_database()
    restored = restore(place, new, url, crashed=at(59) + timedelta(seconds=1))
    assert restored.lost_s == 21.0  # the newest message of the backup is of second 39
    assert restored.seconds > 0
    assert follow(old, new, "buses") == range(40, 60)
    with FeedStore(new, url) as store:
        assert store.position("buses") == 15
        govern(store, folder_of(new, "buses"))
        assert told(store) == unbroken


def test_a_second_backup_copies_only_what_is_new_and_the_first_can_be_forgotten(
    store: FeedStore, tmp_path: Path
) -> None:
    log, place = folder_of(store.folder, "buses"), tmp_path / "backups"
    record(log, [bus(n) for n in range(10)])
    govern(store, log)
    back_up(store, ["buses"], place)
    before = {path: path.stat().st_mtime_ns for path in (place / "contents").rglob("*") if path.is_file()}
    record(log, [bus(n) for n in range(10, 20)])
    govern(store, log)
    back_up(store, ["buses"], place, keep=1)
    after = {path: path.stat().st_mtime_ns for path in (place / "contents").rglob("*") if path.is_file()}
    kept = before.keys() & after.keys()
    assert kept and all(before[path] == after[path] for path in kept)
    assert len(BackupFolder(place).names()) == 1
    restore(place, tmp_path / "new")
    with FeedStore(tmp_path / "new") as again:  # of either database into SQLite
        assert told(again) == told(store)
        again.take("buses", 20, 21, [(20, row) for row in Buses().understand(bus(20)).records], [])
        assert again.position("buses") == 21


def test_certificates_and_what_is_gone_come_back_as_they_were(store: FeedStore, tmp_path: Path) -> None:
    log = folder_of(store.folder, "buses")
    record(log, [bus(n) for n in range(10)])
    govern(store, log)
    purge(store, log, Buses(), Wish("buses", at(100), "me", "asked", ("mover", "bus 1")))
    back_up(store, ["buses"], tmp_path / "backups")
    restore(tmp_path / "backups", tmp_path / "new")
    with FeedStore(tmp_path / "new") as again:
        assert certificates(again) == certificates(store)
        assert not [row for row in again.read("positions").to_pylist() if row["mover"] == "bus 1"]
    assert len(list(LogReader(folder_of(tmp_path / "new", "buses")).read())) == 10


def test_damage_in_a_backup_is_found_and_nothing_is_left_of_the_try(store: FeedStore, tmp_path: Path) -> None:
    log, place = folder_of(store.folder, "buses"), tmp_path / "backups"
    record(log, [bus(n) for n in range(10)])
    govern(store, log)
    manifest = back_up(store, ["buses"], place)
    folder = BackupFolder(place)
    for one in (*manifest.files, *manifest.tables.values()):
        path = folder.content(one.sha256)
        if not one.size:
            continue
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(QualityFailed, match="changed"):
            restore(place, tmp_path / "new")
        assert not (tmp_path / "new").exists() and not (tmp_path / "new.restoring").exists()
        path.write_bytes(content)
    file = next((place / "backups").glob("*.json"))
    file.write_text(file.read_text().replace('"buses": 10', '"buses": 11'))
    with pytest.raises(QualityFailed, match="manifest was changed"):
        restore(place, tmp_path / "new")


def test_what_cannot_be_restored_says_so(store: FeedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "backups"
    with pytest.raises(NotThere, match="no backup here"):
        restore(place, tmp_path / "new")
    back_up(store, [], place)
    with pytest.raises(Refused, match="something is here already"):
        restore(place, store.folder)
    monkeypatch.setattr("twin.store.restoring.VERSION", "0")
    with pytest.raises(BadInput, match="schema"):
        restore(place, tmp_path / "new")


def test_a_full_disk_leaves_the_earlier_backup(
    store: FeedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "backups"
    back_up(store, [], place)
    monkeypatch.setattr(BackupFolder, "put", _no_room)
    with pytest.raises(StorageFailed, match="disk of the backup is full"):
        back_up(store, [], place)
    monkeypatch.undo()
    assert len(BackupFolder(place).names()) == 1
    restore(place, tmp_path / "new")


def _no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
