"""Suspicions tried in the twin: copies of the warm city with a blocked lane, and one without."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np

from calibration.flows.simulation import counts_in
from calibration.incidents.expected import Floats
from models.sumo import Branch, SumoCase, WarmCity
from models.sumo.change import Change
from models.sumo.prepared import prepared
from networks.errors import EngineFailed

Changes = tuple[Change, ...]
Seen = tuple[Floats, Floats]
"""Counts and mean speeds at the sensors (S, T), from the first period that was tried."""
Try = Callable[[Mapping[str, Changes], float, float], dict[str, Seen]]
"""What would sensors say with these changes, from one second of the clock to another?"""
LENIENT = {"ignore-route-errors": "true"}


class Tried(Protocol):
    """A live town, as far as it is asked here (`calibration.live.LiveTown`)."""

    @property
    def anchor_s(self) -> float:
        """The moment from which it is copied."""

    def try_changes(
        self, alternatives: Mapping[str, Sequence[Change]], *, since_s: float, until_s: float
    ) -> dict[str, Seen]:
        """Counts and speeds at the sensors from the anchor on."""


def in_town(town: Tried, period_s: float) -> Try:
    """Suspicions tried in copies of a live town, with the demand of now; they begin no earlier than its anchor.

    Raises:
        EngineFailed: When it is called and the copy without any change did not come to its end.
    """

    def attempt(changes: Mapping[str, Changes], since_s: float, until_s: float) -> dict[str, Seen]:
        found = town.try_changes(changes, since_s=since_s, until_s=until_s)
        if not found.keys() >= {name for name in changes if not changes[name]}:
            raise EngineFailed("the copy of the town as it is did not come to its end")
        first = round((since_s - town.anchor_s) / period_s)
        return {name: (flow[:, first:], speed[:, first:]) for name, (flow, speed) in found.items()}

    return attempt


class TownForks:
    """The twin's own run of a case, copied where something is to be tried.

    The city moves on with the questions: each must begin no earlier than the one before, or the city is begun anew.

    Args:
        case: What the twin drives.
        edges: Edge of each sensor (S).
        period_s: Length of the counts' periods.
        seed: SUMO's.
        at_once: Copies that run at a time.
        options: More of SUMO's options, instead of the case's.
    """

    def __init__(
        self, case: SumoCase, edges: Sequence[str], period_s: float, *, seed: int = 1, at_once: int = 1,
        options: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._case, self._edges, self._period_s = case, tuple(dict.fromkeys(edges)), period_s
        self._rows = [self._edges.index(edge) for edge in edges]
        said = {**LENIENT, **(options or {})}
        self._prepare = prepared(case, seed, tables=("edges",), interval_s=period_s, options=said)
        self._at_once = at_once
        self._scratch = tempfile.TemporaryDirectory(prefix="citytwin-incidents-")
        self._city: WarmCity | None = None
        self._tried = 0

    def __enter__(self) -> TownForks:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the city."""
        if self._city is not None:
            self._city.__exit__(ValueError, error, at)  # in haste: nobody reads its tables
        self._scratch.cleanup()

    def __call__(self, changes: Mapping[str, Changes], since_s: float, until_s: float) -> dict[str, Seen]:
        """Counts and speeds at the sensors for each; one that SUMO could not run is left out.

        Raises:
            EngineFailed: SUMO stopped in the city itself, or in every copy.
        """
        city = self._at(since_s)
        self._tried += 1
        names = {f"{self._tried}.{number}": name for number, name in enumerate(changes)}
        branches = [Branch(short, until_s, tuple(changes[name]), tables=True) for short, name in names.items()]
        found = {}
        ended = city.fork(branches, at_once=self._at_once)
        for one in ended:
            if one.problem is None:
                found[names[one.name]] = self._seen(self._folder / "branches" / one.name, since_s, until_s)
        if not found:
            raise EngineFailed(f"no copy came to its end: {ended[0].problem}", file=self._case.file)
        return found

    def _at(self, since_s: float) -> WarmCity:
        if self._city is not None and self._city.now.time_s > since_s:
            self._city.__exit__(ValueError, None, None)
            self._city = None
        if self._city is None:
            self._folder = Path(self._scratch.name) / f"city{self._tried}"
            self._city = WarmCity(self._prepare, self._folder)
        self._city.step_until(since_s)
        return self._city

    def _seen(self, folder: Path, since_s: float, until_s: float) -> Seen:
        run = counts_in(folder, self._edges, self._case.begin_s, until_s, self._period_s)
        first = round((since_s - self._case.begin_s) / self._period_s)
        return run.counts.vehicles[self._rows, first:], np.asarray(run.speed_mps)[self._rows, first:]
