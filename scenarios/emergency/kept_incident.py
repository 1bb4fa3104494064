"""An incident that goes on: its orders in a folder, and everything that anybody reported, in order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from models.emergency import Unit
from models.emergency.incidents import Board, Order, Task
from networks.claim import claimed
from networks.errors import BadInput, NotThere, Refused, TwinError
from networks.landing import landing_file

if TYPE_CHECKING:
    from models.emergency.incidents.board import State
    from scenarios.emergency.incident import Incident

FORMAT = "citytwin-incident-1"
PATIENCE_S = 10.0
"""So long one waits for another who writes at the same time."""


@dataclass(frozen=True)
class Reported:
    """One thing that was reported, or that the board did by itself.

    Attributes:
        at: Wall time, UTC, ISO.
        now_s: s of the run.
        who: Who typed it; "board" where nobody did.
        unit_id: About whom.
        state: What was said of it: a state of an order, or "silent".
        why: What was said besides.
        refused: Why it did not count, or "".
    """

    at: str
    now_s: float
    who: str
    unit_id: str
    state: str
    why: str = ""
    refused: str = ""


def keep_incident(
    folder: Path, found: Incident, streets: Mapping[tuple[str, str], str], told: Mapping[str, Any]
) -> None:
    """Write `incident.json` into a folder that is being made.

    Args:
        folder: Where.
        found: The incident as it was ordered.
        streets: (task, unit) -> the way in words.
        told: What else its page says.
    """
    board = found.board
    ways = [
        {"task": task, "unit": unit, "short_m": way.short_m, "depot": way.depot, "streets": streets[task, unit]}
        for (task, unit), way in found.approaches.items()
    ]
    arrival = [[None if not np.isfinite(one) else one for one in row] for row in board.arrival_s.tolist()]
    written = {
        "format": FORMAT, "kind": found.kind, "place": found.place.told, "begin_s": board.begin_s,
        "ordered_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "tasks": [asdict(one) for one in board.tasks], "units": [_unit(one) for one in board.units],
        "arrival_s": arrival, "ways": ways, **told,
    }  # fmt: skip
    text = json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "incident.json").write_text(text + "\n", encoding="utf-8")


class KeptIncident:
    """The board of an incident as reports have made it so far.

    The folder holds `incident.json` (what was ordered, never changed) and `log.jsonl` (every report, refused ones too):
    the board is what follows from both, so nothing that was reported is lost, and two who report at once meet in order.

    Args:
        folder: As `twin emergency incident` wrote it.
        wall: The wall clock.

    Attributes:
        about: `incident.json`.
        log: All reports so far.
        board: The orders as they are.

    Raises:
        NotThere: No incident is kept there.
        BadInput: One of its files cannot be read.
    """

    def __init__(self, folder: Path, *, wall: Callable[[], datetime] | None = None) -> None:
        self.folder, self._wall = folder, wall or (lambda: datetime.now(UTC))
        self.about = _read(folder)
        self.log, self.board = list[Reported](), _board(self.about)
        self._replay()

    @property
    def ways(self) -> dict[tuple[str, str], dict[str, Any]]:
        """(task, unit) -> how it gets there."""
        return {(one["task"], one["unit"]): one for one in self.about["ways"]}

    def now_s(self, after_s: float | None = None) -> float:
        """A moment of the run (s): so long after the orders were given, or by the wall clock since then."""
        if after_s is None:
            after_s = (self._wall() - datetime.fromisoformat(self.about["ordered_at"])).total_seconds()
        return float(self.about["begin_s"]) + after_s

    def look(self, now_s: float) -> list[Order]:
        """What has become of the orders at a moment: those that nobody acknowledged in time are given to others.

        Raises:
            Refused: Something later was reported already.
        """
        with self._alone():
            self._not_before(now_s)
            quiet = self.board.silent(now_s)
            for order in quiet:
                self._write(Reported(self._at(), now_s, "board", order.unit.unit_id, "silent"))
            return quiet

    def report(self, unit_id: str, state: State, now_s: float, *, who: str, why: str = "") -> Order:
        """A unit says how far it is; what does not count is kept, too, and says why.

        Raises:
            BadInput: Nobody says who reports.
            NotThere: The unit has no order.
            Refused: The state is not the next one, the order was withdrawn, or something later was reported already.
        """
        if not who.strip():
            raise BadInput("nobody says who reports", place="--who", expected="a name")
        with self._alone():
            self._not_before(now_s)
            said = Reported(self._at(), now_s, who.strip(), unit_id, state, why.strip())
            try:
                order = self.board.report(unit_id, state, now_s)
            except TwinError as error:
                self._write(Reported(**{**asdict(said), "refused": error.what}))
                raise
            self._write(said)
            return order

    def _not_before(self, now_s: float) -> None:
        if self.log and now_s < self.log[-1].now_s:
            begin = float(self.about["begin_s"])
            raise Refused(
                f"{now_s - begin:.0f} s after the orders is before the last report, {self.log[-1].now_s - begin:.0f} s",
                file=self.folder, place="--after", expected="reports in the order in which they came",
            )  # fmt: skip

    def _write(self, one: Reported) -> None:
        self.log.append(one)
        lines = "".join(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in self.log)
        with landing_file(self.folder / "log.jsonl") as beside, beside.open("w", encoding="utf-8") as stream:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())

    def _replay(self) -> None:
        self.log, self.board = _log(self.folder / "log.jsonl"), _board(self.about)
        for one in self.log:
            if one.refused:
                continue
            if one.state == "silent":
                self.board.silent(one.now_s)
            else:
                self.board.report(one.unit_id, cast("State", one.state), one.now_s)

    def _at(self) -> str:
        return self._wall().astimezone(UTC).isoformat(timespec="milliseconds")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile, and what others wrote before counts."""
        until = time.monotonic() + PATIENCE_S
        while True:
            with claimed(self.folder) as ours:
                if ours:
                    self._replay()
                    yield
                    return
            if time.monotonic() > until:
                raise Refused("somebody else is writing here", file=self.folder, remedy="try again in a moment")
            time.sleep(0.05)


def _read(folder: Path) -> dict[str, Any]:
    file = folder / "incident.json"
    if not file.is_file():
        raise NotThere(
            "no incident is kept here", file=folder, remedy="twin emergency incident CITY KIND PLACE --out DIR"
        )
    try:
        about: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}")
        _board(about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"no readable incident: {error}", file=file, remedy="order it anew, in another folder"
        ) from error
    return about


def _board(about: Mapping[str, Any]) -> Board:
    tasks = [Task(**{**one, "classes": tuple(one["classes"])}) for one in about["tasks"]]
    units = [Unit(**one) for one in about["units"]]
    arrival = np.array([[np.inf if one is None else one for one in row] for row in about["arrival_s"]], float)
    return Board(tasks, units, arrival.reshape(len(tasks), len(units)), float(about["begin_s"]))


def _log(file: Path) -> list[Reported]:
    if not file.exists():
        return []
    found = list[Reported]()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(Reported(**json.loads(line)))
        except (ValueError, TypeError) as error:
            remedy = "put back what was there; the file is only written by twin emergency orders"
            raise BadInput("no readable report", file=file, place=f"line {number}", remedy=remedy) from error
    return found


def _unit(unit: Unit) -> dict[str, Any]:
    """What the board and its page need of a unit."""
    return {name: getattr(unit, name) for name in ("unit_id", "kind", "edge_id", "facility_name", "station_id")}
