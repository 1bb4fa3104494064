"""What forecasts were worth, from what became of them: by quantity, place or horizon, on the same cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calibration.skill.ledger import SERVED
from calibration.skill.outcome import Outcome, as_table
from calibration.skill.scores import covered, foretold, interval_score

if TYPE_CHECKING:
    import pandas as pd

OURS = (SERVED, "twin", "mixed")
"""Sources that are no baselines; the first of them that is there is the one that is judged."""
EVENTS = {"flow": (0.5, True), "speed": (1 / 3, True), "travel_time": (2.0, False), "people": (1.5, False)}
"""Event of a quantity: a value below (or above) so many times the usual one at the place; usual: flows', travel times'
and people's mean, speeds' 95 % quantile in place of the free speed (guesses)."""
KEYS = {"quantity": [], "horizon": ["horizon_s"], "place": ["places"]}
_SCORES = ("error", "crps", "interval", "held")


@dataclass(frozen=True)
class SkillRow:
    """What was measured of one quantity, or of one place or horizon of it.

    Attributes:
        quantity: As in `Forecast`.
        key: Place, or horizon in seconds; empty for the whole quantity.
        cases: Forecasts of one place in one period that every source spoke of and that were answered.
        error, crps, interval: Mean absolute error of the median, CRPS and interval score by source, in its unit.
        held: Share that the 90 % interval held, by source.
        hits, false_alarms, misses: Events (EVENTS) of the judged source.
        behind: Share of cases in which each source stood behind what was served; empty where nothing was.
    """

    quantity: str
    key: str | float
    cases: int
    error: dict[str, float]
    crps: dict[str, float]
    interval: dict[str, float]
    held: dict[str, float]
    hits: int
    false_alarms: int
    misses: int
    behind: dict[str, float]

    @property
    def judged(self) -> str:
        """The source that is judged: what was served, else the twin, else any."""
        return next((name for name in OURS if name in self.error), next(iter(self.error)))

    @property
    def best(self) -> str:
        """The baseline with the least CRPS; empty where there is none."""
        against = [name for name in self.crps if name not in OURS]
        return min(against, key=lambda name: self.crps[name]) if against else ""

    @property
    def gain(self) -> float:
        """1 - CRPS of the judged source over that of the best baseline: above 0 is better; NaN without a baseline."""
        return _gain(self.crps, self.judged, self.best)

    @property
    def error_gain(self) -> float:
        """The same of mean absolute errors."""
        return _gain(self.error, self.judged, self.best)


@dataclass(frozen=True)
class Measured:
    """All that became of forecasts.

    Attributes:
        rows: "quantity", "horizon" or "place" -> what was measured.
        unanswered: Quantity -> share of cases of which nobody said what came.
    """

    rows: dict[str, tuple[SkillRow, ...]]
    unanswered: dict[str, float]


def measure(outcomes: Iterable[Outcome]) -> Measured:
    """Measure outcomes; a case counts where all sources spoke and an answer came."""
    told = list(outcomes)
    if not told:
        return Measured({by: () for by in KEYS}, {})
    table = as_table(told)
    first = table.drop_duplicates(["quantity", "places", "made_s", "begin_s"])
    unanswered = {str(name): float(rows.isna().mean()) for name, rows in first.groupby("quantity")["seen"]}
    cases = _cases(table)
    return Measured({by: tuple(_rows(cases, keys)) for by, keys in KEYS.items()}, unanswered)


def _cases(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of whole cases, with their scores and events."""
    case = table.groupby(["quantity", "places", "made_s", "begin_s"], observed=True)["median"]
    sources = case.transform("size").groupby([table["quantity"], table["made_s"]], observed=True).transform("max")
    table = table[(case.transform("count") == sources) & table["seen"].notna()].copy()
    table["horizon_s"] = table["begin_s"] + table["period_s"] - table["made_s"]
    table["error"] = (table["median"] - table["seen"]).abs()
    table["interval"] = interval_score(*(table[name].to_numpy() for name in ("low", "high", "seen")))
    table["held"] = covered(*(table[name].to_numpy() for name in ("low", "high", "seen")))
    for name in ("hit", "false_alarm", "miss"):
        table[name] = False
    for quantity, rows in table.groupby("quantity", observed=True):
        if quantity in EVENTS:
            share, below = EVENTS[str(quantity)]
            seen = rows.groupby("places", observed=True)["seen"]
            usual = seen.transform("quantile", 0.95) if quantity == "speed" else seen.transform("mean")
            limit = (share * usual).to_numpy()
            found = foretold(rows["median"].to_numpy(), rows["seen"].to_numpy(), limit, below=below)
            for name in ("hit", "false_alarm", "miss"):
                table.loc[rows.index, name] = getattr(found, name)
    return table


def _rows(cases: pd.DataFrame, keys: list[str]) -> Iterable[SkillRow]:
    for names, rows in cases.groupby(["quantity", *keys], sort=True, observed=True):
        of_source = rows.groupby("source", observed=True)
        means = of_source[list(_SCORES)].mean()
        scores = {name: {str(source): float(value) for source, value in means[name].items()} for name in _SCORES}
        judged = next((name for name in OURS if name in scores["error"]), next(iter(scores["error"])))
        events = of_source[["hit", "false_alarm", "miss"]].sum().loc[judged]
        behind = rows.loc[rows["source"] == SERVED, "by"].value_counts(normalize=True)
        yield SkillRow(
            quantity=str(names[0]), key=names[1] if keys else "", cases=int(of_source.size().max()), **scores,
            hits=int(events["hit"]), false_alarms=int(events["false_alarm"]), misses=int(events["miss"]),
            behind={str(name): float(share) for name, share in behind.items()},
        )  # fmt: skip


def _gain(scores: dict[str, float], judged: str, best: str) -> float:
    if not best or not scores[best] > 0:
        return float("nan")
    return 1.0 - scores[judged] / scores[best]
