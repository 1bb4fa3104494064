"""One period of one forecast, once its time has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

VALUES = ("seen", "median", "low", "high", "crps")


@dataclass(frozen=True)
class Outcome:
    """What a source had said of one period, and what came, at the places that are settled now (N).

    Attributes:
        source, quantity: As in `Forecast`.
        made_s: When it was made (s).
        begin_s: Begin of the period (s).
        period_s: Its length (s).
        places: Where (N).
        seen: What came; NaN: unanswered, nobody said within the ledger's patience.
        median, low, high: Point value and interval of LEVEL.
        crps: NaN where unanswered or nothing was said.
        by: Which source stood behind it (N), for what was served; the source itself otherwise.
    """

    source: str
    quantity: str
    made_s: float
    begin_s: float
    period_s: float
    places: NDArray[np.str_]
    seen: NDArray[np.float64]
    median: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    crps: NDArray[np.float64]
    by: NDArray[np.str_]

    @property
    def horizon_s(self) -> float:
        """From making it to the end of the period (s)."""
        return self.begin_s + self.period_s - self.made_s


COLUMNS = tuple(one.name for one in fields(Outcome))
_OF_ALL = ("source", "quantity", "made_s", "begin_s", "period_s")


def as_table(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """One row per outcome and place; columns COLUMNS."""
    import pandas as pd

    lengths = [len(one.places) for one in outcomes]
    table = {name: np.repeat([getattr(one, name) for one in outcomes], lengths) for name in _OF_ALL}
    for name in COLUMNS[len(_OF_ALL) :]:
        table[name] = np.concatenate([getattr(one, name) for one in outcomes])
    return pd.DataFrame(table)


def from_table(table: pd.DataFrame) -> Iterator[Outcome]:
    """Outcomes of a table that `as_table` made, in the order of their periods and of when they were made."""
    groups = table.groupby(["begin_s", "made_s", "quantity", "source", "period_s"], sort=True, observed=True)
    names = {name: table[name].to_numpy().astype(str) for name in ("places", "by")}
    values = {name: table[name].to_numpy(dtype=np.float64) for name in VALUES}
    for (begin_s, made_s, quantity, source, period_s), rows in sorted(groups.indices.items()):
        told = {name: column[rows] for name, column in (names | values).items()}
        yield Outcome(source, quantity, made_s, begin_s, period_s, **told)
