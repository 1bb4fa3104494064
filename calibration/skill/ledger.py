"""Every forecast that was issued, kept until its time has come, then scored: a folder that only grows.

    FOLDER/issued/*.parquet     a row per source, quantity and place: what was said of all periods
    FOLDER/settled/*.parquet    a row per source, quantity, place and period: what came, and the scores

Files are written beside their place and renamed into it: a process that is killed leaves whole files alone, and a
ledger that is opened again goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.skill.forecast import Forecast
from calibration.skill.ledger_files import append, files, issued_in, issued_table, kept, newest, read
from calibration.skill.outcome import Outcome, as_table, from_table
from calibration.skill.scores import scored
from calibration.skill.seen import SAME_S, Seen

if TYPE_CHECKING:
    import pandas as pd

PATIENCE_S = 900.0
"""A period of which nobody has spoken so long after its end is unanswered."""
GIVEN_UP_S = 6 * 3600.0
"""A ledger that is opened again asks no more about forecasts that ended so long before the last one does."""
SERVED = "served"
"""The source under which what was served is kept, beside those that it was made of."""


@dataclass
class _Waiting:
    """A forecast, who stood behind it (N, H), and which of its places and periods (N, H) are still to be settled."""

    forecast: Forecast
    by: NDArray[np.str_]
    open: NDArray[np.bool_]

    @property
    def key(self) -> tuple[str, str, float]:
        return self.forecast.source, self.forecast.quantity, self.forecast.made_s

    @property
    def begins_s(self) -> NDArray[np.float64]:
        said = self.forecast
        return np.asarray(said.begin_s + said.period_s * np.arange(self.open.shape[1]), dtype=np.float64)


class Ledger:
    """Forecasts that wait for their time, and what became of those whose time has come; one writer at a time.

    Args:
        folder: Where it is kept; made with the first forecast.
        patience_s: So long after the end of a period an observation may still come in.

    Raises:
        BadInput: A file in the folder is no part of a ledger.
    """

    def __init__(self, folder: Path, *, patience_s: float = PATIENCE_S) -> None:
        self.folder, self.patience_s = folder, patience_s
        self._waiting = _still_open(folder)

    @property
    def waiting(self) -> int:
        """Forecasts of one place in one period that are not settled yet."""
        return sum(int(one.open.sum()) for one in self._waiting)

    def issue(self, forecasts: Sequence[Forecast], *, by: Mapping[str, NDArray[np.str_]] | None = None) -> None:
        """Keep forecasts until their time has come; they are on the disk when this returns.

        One that its source made at the same moment before (a cycle that is run again after a crash) is not replaced.

        Args:
            forecasts: Of any sources and quantities.
            by: Quantity -> the sources behind what was served (N, H); any other forecast stands for itself.

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        import pandas as pd

        known = {one.key for one in self._waiting}
        fresh = [_waiting(one, by or {}) for one in forecasts]
        fresh = [one for one in fresh if one.key not in known]
        if fresh:
            append(self.folder, "issued", pd.concat([issued_table(one.forecast, one.by) for one in fresh]))
            self._waiting += fresh

    def settle(self, seen: Sequence[Seen], now_s: float) -> tuple[Outcome, ...]:
        """Score what is due and was observed; what stays without an observation past the patience is unanswered.

        Args:
            seen: What came: any quantities, periods and places; the first that speaks of a place and period counts.
            now_s: The clock (s).

        Raises:
            StorageFailed: The disk is full or may not be written.
        """
        due = [(one, *part) for one in self._waiting for part in self._due(one, seen, now_s)]
        if not due:
            return ()
        outcomes = tuple(_judged(one, rows, period, came) for one, rows, period, came in due)
        append(self.folder, "settled", as_table(outcomes))
        for one, rows, period, _ in due:
            one.open[rows, period] = False
        self._waiting = [one for one in self._waiting if one.open.any()]
        return outcomes

    def settled(self, lately_s: float = np.inf) -> Iterator[Outcome]:
        """What became of everything so far, in the order in which it was settled.

        Args:
            lately_s: Files of the last so many seconds alone; those of years are not read for it.
        """
        if np.isfinite(lately_s):
            tables: Iterable[pd.DataFrame] = newest(self.folder, "settled", lambda told: told["begin_s"], lately_s)
        else:
            tables = map(read, files(self.folder, "settled"))
        for table in tables:
            yield from from_table(table)

    def _due(
        self, one: _Waiting, seen: Sequence[Seen], now_s: float
    ) -> Iterator[tuple[NDArray[np.intp], int, NDArray[np.float64]]]:
        """(rows, period, what came there) that can be settled now."""
        said = one.forecast
        for period, begin_s in enumerate(one.begins_s.tolist()):
            end_s = begin_s + said.period_s
            if end_s > now_s + SAME_S or not one.open[:, period].any():
                continue
            came = np.full(len(said.places), np.nan)
            for known in (known for known in seen if known.quantity == said.quantity):
                came = np.where(np.isnan(came), known.at(said.places, begin_s, said.period_s), came)
            late = end_s + self.patience_s < now_s
            rows = np.flatnonzero(one.open[:, period] & (late | ~np.isnan(came)))
            if len(rows):
                yield rows, period, came[rows]


def _waiting(forecast: Forecast, by: Mapping[str, NDArray[np.str_]]) -> _Waiting:
    """As it will be read again from the file."""
    said = replace(forecast, members=kept(forecast.members))
    itself = np.full(said.members.shape[1:], said.source)
    behind = by.get(said.quantity, itself) if said.source == SERVED else itself
    return _Waiting(said, np.asarray(behind, dtype=np.str_), _spoken(said))


def _spoken(forecast: Forecast) -> NDArray[np.bool_]:
    return np.asarray(~np.isnan(forecast.members).all(axis=0), dtype=bool)


def _judged(one: _Waiting, rows: NDArray[np.intp], period: int, came: NDArray[np.float64]) -> Outcome:
    said, begin_s = one.forecast, float(one.begins_s[period])
    places = tuple(said.places[row] for row in rows)
    part = replace(said, places=places, begin_s=begin_s, members=said.members[:, rows, period : period + 1])
    judged = scored(part, came[:, None])
    return Outcome(
        source=said.source, quantity=said.quantity, made_s=said.made_s, begin_s=begin_s, period_s=said.period_s,
        places=np.array(places), by=one.by[rows, period], seen=judged.seen[:, 0], median=judged.median[:, 0],
        low=judged.low[:, 0], high=judged.high[:, 0], crps=judged.crps[:, 0],
    )  # fmt: skip


def _still_open(folder: Path) -> list[_Waiting]:
    """Forecasts that were issued and not settled when the ledger was last written."""
    waiting: dict[tuple[str, str, float], _Waiting] = {}
    for table in newest(
        folder, "issued", lambda said: said["begin_s"] + said["periods"] * said["period_s"], GIVEN_UP_S
    ):
        for forecast, by in issued_in(table):
            one = _Waiting(forecast, by, _spoken(forecast))
            waiting[one.key] = one
    made_s = [one.forecast.made_s for one in waiting.values()] or [0.0]
    for table in newest(folder, "settled", lambda told: told["made_s"], max(made_s) - min(made_s) + SAME_S):
        for done in from_table(table):
            found = waiting.get((done.source, done.quantity, done.made_s))
            if found is None:  # its forecast is not asked about any more
                continue
            period = round((done.begin_s - found.forecast.begin_s) / found.forecast.period_s)
            found.open[np.isin(found.forecast.places, done.places), period] = False
    return [one for one in waiting.values() if one.open.any()]
