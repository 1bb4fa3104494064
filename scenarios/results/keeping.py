"""What a store keeps: size, age and worth of each result, and how it is kept in bounds."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from networks.claim import YOUNG_S, abandoned, claimed
from networks.errors import Refused
from networks.sentence import Sentence, joined
from scenarios.results.store import MANIFEST, Store, read_manifest


@dataclass(frozen=True)
class Kept:
    """One result of a store.

    Attributes:
        kind: `run`, `flood`, `assignment`, `forecast`, ...
        made: When, s since 1970.
        size: Bytes on the disk.
        scenario: The name that it was run under; empty for what several scenarios share.
        seed: None for what has none.
        valid: None for what cannot be invalid.
        reasons: Why it is invalid.
        flood: Id of the flood that it met, if any.
    """

    kind: str
    result_id: str
    folder: Path
    made: float
    size: int
    scenario: str = ""
    seed: int | None = None
    valid: bool | None = None
    reasons: Sentence | None = None
    flood: str | None = None

    def age_s(self, now: float) -> float:
        """Seconds since it was made."""
        return max(0.0, now - self.made)


@dataclass(frozen=True)
class Bounds:
    """Which results go. Everything that is given must hold; nothing given chooses nothing.

    Attributes:
        kinds: Only of these kinds; empty: of all.
        older_s: Only what is older.
        invalid: Only what is invalid.
        latest: The latest so many of each kind and scenario stay.
        size: Only the oldest, until what is left of the whole store is no larger, bytes.
    """

    kinds: tuple[str, ...] = ()
    older_s: float | None = None
    invalid: bool = False
    latest: int | None = None
    size: int | None = None

    @property
    def given(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.kinds or self.invalid) or any(x is not None for x in (self.older_s, self.latest, self.size))


def kept(store: Store) -> list[Kept]:
    """All whole results, the oldest first; what is no longer readable is left out."""
    found = []
    for kind in store.kinds():
        for result_id in store.ids(kind):
            with suppress(OSError):
                found.append(_look(kind, store.place(kind, result_id)))
    return sorted(found, key=lambda one: (one.made, one.kind, one.result_id))


def _look(kind: str, folder: Path) -> Kept:
    manifest: dict[str, Any] = read_manifest(folder)
    validity = manifest.get("validity")
    return Kept(
        kind,
        folder.name,
        folder,
        made=(folder / MANIFEST).stat().st_mtime,
        size=_size(folder),
        scenario=_name(manifest),
        seed=manifest.get("seed"),
        valid=validity["valid"] if validity else None,
        reasons=joined(validity["reasons"]) if validity and validity["reasons"] else None,
        flood=(manifest.get("inputs") or {}).get("flood"),
    )


def _name(manifest: dict[str, Any]) -> str:
    """What a result was run as: a scenario, or a SUMO case with the alternative that it took."""
    names = [(manifest.get(key) or {}).get("name", "") for key in ("scenario", "case")]
    names.append((manifest.get("branch") or {}).get("alternative", ""))
    return ", ".join(filter(None, names))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def chosen(results: Sequence[Kept], bounds: Bounds, *, now: float | None = None) -> list[Kept]:
    """The results that would go, the oldest first."""
    if not bounds.given:
        return []
    moment = time.time() if now is None else now
    spared = _latest(results, bounds.latest) if bounds.latest is not None else set()
    going = [
        one
        for one in results
        if (not bounds.kinds or one.kind in bounds.kinds)
        and (bounds.older_s is None or one.age_s(moment) > bounds.older_s)
        and (not bounds.invalid or one.valid is False)
        and one.folder not in spared
    ]
    if bounds.size is None:
        return going
    over, few = sum(one.size for one in results) - bounds.size, []
    for one in going:
        if over <= 0:
            break
        few.append(one)
        over -= one.size
    return few


def _latest(results: Iterable[Kept], count: int) -> set[Path]:
    groups: dict[tuple[str, str], list[Kept]] = {}
    for one in results:
        groups.setdefault((one.kind, one.scenario), []).append(one)
    return {one.folder for group in groups.values() for one in group[max(0, len(group) - count) :]}


def prune(store: Store, results: Sequence[Kept]) -> int:
    """Take results away, each whole; returns the bytes that were freed.

    Raises:
        Refused: Something is being run in this store.
    """
    if not store.root.is_dir():
        return 0
    with claimed(store.root) as ours:
        if not ours:
            raise Refused(
                "something is being run in this store; nothing was taken away",
                file=store.root,
                remedy="wait until it has ended, or stop it",
            )
        freed = 0
        for one in results:
            gone = one.folder.with_name(f".{one.result_id}.{uuid.uuid4().hex[:8]}.part")
            with suppress(FileNotFoundError):
                one.folder.rename(gone)  # at once no result any more; an end in the middle leaves what sweep takes
                shutil.rmtree(gone, ignore_errors=True)
                freed += one.size
        return freed


def sweep(store: Store, *, young_s: float = YOUNG_S) -> list[Path]:
    """Take away what killed processes left half-written (`.part`, `.old`); never what a living one writes."""
    swept = []
    for path in [*store.root.glob("*/.*.part"), *store.root.glob("*/.*.old")]:
        if _replaced(path) and abandoned(path, young_s=young_s):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            swept.append(path)
    return sorted(swept)


def sweep_after(store: Store, *, patience_s: float = 5.0) -> None:
    """Sweep after workers were told to end: their last words are waited for; what others write is left alone."""
    until = time.monotonic() + patience_s
    while any(store.root.glob("*/.*.part")) and time.monotonic() < until:
        if not sweep(store, young_s=1.0):
            time.sleep(0.2)


def _replaced(path: Path) -> bool:
    """An `.old` folder goes only when the new one stands in its place."""
    return path.suffix != ".old" or path.with_name(path.name[1:].rsplit(".", 2)[0]).exists()
