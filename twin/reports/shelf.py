"""The shelf of a served town: reports that were made, and those that are being made, one at a time and niced."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from networks.errors import NotThere, Refused
from twin.reports.making import PAGE

WORKER = (sys.executable, "-m", "twin.cli")
NICE = 10
STATES = ("making", "made", "failed")
_TOLD = 2000


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report: its key (its folder's name), state, when it was made, its files, and why it failed, or ""."""

    key: str
    state: str
    made_at: datetime | None
    files: tuple[str, ...]
    problem: str = ""


class Shelf:
    """Reports below a folder.

    Args:
        town: What `twin serve --out` keeps: reports are made of it, by a process beside the service.
        folder: Of the reports, a folder each.
        city: The City folder, whose guesses they tell.
        worker: The command `twin`.
    """

    def __init__(self, town: Path, folder: Path, city: Path | None = None, worker: Sequence[str] = WORKER) -> None:
        self.town, self.folder, self.city, self.worker = town, folder, city, tuple(worker)
        self._turn = threading.Lock()
        self._made: dict[str, subprocess.Popen[bytes]] = {}

    def all(self) -> list[Shelved]:
        """By key, the last first: days come in their order."""
        kept = {place.parent.name for place in self.folder.glob(f"*/{PAGE}") if not place.parent.name.startswith(".")}
        return [self._shelved(key) for key in sorted(kept | set(self._made), reverse=True)]

    def day(self, day: date | None, zone: str) -> Shelved:
        """Make the report of a day; None: that of the last cycle.

        Raises:
            Refused: Another one is being made.
        """
        told = [] if day is None else ["--date", day.isoformat()]
        return self._make(f"day-{day.isoformat() if day else 'last'}", ["day", *told, "--timezone", zone])

    def review(self, case_id: str, zone: str) -> Shelved:
        """Make the review of a case.

        Raises:
            NotThere: There is no such case.
            Refused: Another one is being made.
        """
        from twin.desk import Cases, Desk, desk_place

        desk = Desk.open(desk_place(self.town))
        try:
            known = Cases(desk.book).one(case_id).case_id
        finally:
            desk.close()
        return self._make(f"review-{known}", ["review", "--case", known, "--timezone", zone])

    def file(self, key: str, name: str) -> Path:
        """A file of a report.

        Raises:
            NotThere: There is none.
        """
        found = next((one for one in self.all() if one.key == key), None)
        if found is None or name not in found.files:
            raise NotThere("there is no such file of a report", expected="one that /api/reports lists")
        return self.folder / key / name

    def close(self) -> None:
        """End what is being made; nothing half-made is left."""
        for process in self._made.values():
            if process.poll() is None:
                process.terminate()
                process.wait(10)

    def _make(self, key: str, words: list[str]) -> Shelved:
        from viz.printing import BROWSERS

        command = [*self.worker, "report", words[0], str(self.town), *words[1:], "-o", str(self.folder / key)]
        command += ["--city", str(self.city)] if self.city is not None else []
        command += ["--pdf"] if any(shutil.which(name) for name in BROWSERS) else []
        with self._turn:
            if any(process.poll() is None for process in self._made.values()):
                raise Refused("a report is being made", remedy="wait until it is done")
            self.folder.mkdir(parents=True, exist_ok=True)
            log = self._log(key).open("wb")
            with log:
                self._made[key] = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            _be_nice(self._made[key].pid)
        return self._shelved(key)

    def _shelved(self, key: str) -> Shelved:
        place, process = self.folder / key, self._made.get(key)
        files = tuple(sorted(one.name for one in place.iterdir() if one.is_file())) if place.is_dir() else ()
        made = datetime.fromtimestamp((place / PAGE).stat().st_mtime, UTC) if PAGE in files else None
        if process is not None and process.poll() is None:
            return Shelved(key, "making", made, files)
        if process is not None and process.returncode != 0:
            told = self._log(key).read_text(encoding="utf-8", errors="replace")[-_TOLD:]
            return Shelved(key, "failed", made, files, told.strip() or f"ended with status {process.returncode}")
        return Shelved(key, "made", made, files)

    def _log(self, key: str) -> Path:
        return self.folder / f".{key}.log"


def _be_nice(process: int) -> None:
    """Beside the loop, never before it; where a system has no such thing it is left as it is."""
    if hasattr(os, "setpriority"):
        try:
            os.setpriority(os.PRIO_PROCESS, process, NICE)
        except ProcessLookupError:
            return
