"""Forecasts beside what came: a row for each source, place, horizon and moment; kept, to be summed up again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.calibration.experiment.known import QUANTITIES
from calibration.skill import Forecast, Seen, covered, interval_score, scored

HORIZONS_S = tuple(300.0 * number for number in range(1, 13))
AFTER_S = 3600.0
"""The hour after an incident."""


def rows(forecasts: Sequence[Forecast], truth: dict[str, Seen], day: str) -> pd.DataFrame:
    """Score forecasts at the judged places, up to the end of the day; where one says nothing its scores are NaN."""
    tables = [_scored_rows(one, truth[one.quantity]) for one in forecasts if one.quantity in QUANTITIES]
    return pd.concat([table.assign(day=day) for table in tables if table is not None], ignore_index=True)


def _scored_rows(said: Forecast, truth: Seen) -> pd.DataFrame | None:
    first = round((said.begin_s - truth.begin_s) / truth.period_s)
    periods = min(said.members.shape[2], len(HORIZONS_S), truth.values.shape[1] - first)
    if periods < 1:
        return None
    at = {place: row for row, place in enumerate(said.places)}
    members = np.full((len(said.members), len(truth.places), periods), np.nan)
    there = [row for row, place in enumerate(truth.places) if place in at]
    members[:, there] = said.members[:, [at[truth.places[row]] for row in there], :periods]
    came = truth.values[:, first : first + periods]
    own = Forecast(said.source, said.quantity, truth.places, said.made_s, said.begin_s, said.period_s, members)
    found = scored(own, came)
    columns = {
        "error": np.abs(found.median - came), "crps": found.crps,
        "interval": interval_score(found.low, found.high, came), "covered": covered(found.low, found.high, came) * 1.0,
    }  # fmt: skip
    place, period = np.meshgrid(np.arange(len(truth.places)), np.arange(periods), indexing="ij")
    keep = ~np.isnan(came)
    table = pd.DataFrame({name: values[keep].astype(np.float32) for name, values in columns.items()})
    table["seen"] = came[keep].astype(np.float32)
    table["place"] = place[keep].astype(np.int16)
    table["begin_s"] = said.begin_s + said.period_s * period[keep]
    table["made_s"] = said.made_s
    table["quantity"] = said.quantity
    table["source"] = said.source
    return table


def keep_rows(found: Sequence[pd.DataFrame], folder: Path, name: str, day: str) -> None:
    """Write the rows of a forecaster on a day, beside and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{day}-{name}.parquet"
    beside = file.with_suffix(".part")
    pd.concat(found, ignore_index=True).to_parquet(beside, index=False)
    beside.replace(file)


def kept_rows(folder: Path) -> pd.DataFrame:
    """All rows of a folder."""
    return pd.concat([pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))], ignore_index=True)


def summed(table: pd.DataFrame) -> pd.DataFrame:
    """Mean scores by quantity, horizon (min) and source, over what all sources spoke of.

    Columns: mae, crps, interval, coverage, n, said (share of what came that the source spoke of at all).
    """
    table = table.assign(horizon_min=((table["begin_s"] - table["made_s"] + 300.0) / 60.0).round().astype(int))
    cell = ["day", "quantity", "place", "begin_s", "made_s"]
    spoke = table["error"].notna()
    table = table.assign(said=spoke.astype(float))
    table["common"] = table.groupby(cell, sort=False)["said"].transform("sum") == table["source"].nunique()
    by = ["quantity", "horizon_min", "source"]
    share = table.groupby(by)["said"].mean()
    judged = table[table["common"]].groupby(by)
    out = (
        judged[["error", "crps", "interval", "covered"]].mean().rename(columns={"error": "mae", "covered": "coverage"})
    )
    return out.assign(n=judged.size(), said=share).reset_index()


def during(table: pd.DataFrame, spans_s: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Rows whose period lies in a span of its day, and that were forecast after the span began."""
    begin, end = (table["day"].map({day: span[at] for day, span in spans_s.items()}) for at in (0, 1))
    return table[(table["begin_s"] >= begin) & (table["begin_s"] < end)]
