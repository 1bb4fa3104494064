"""Counts from files that people have: found, named, and repaired with a trace or left out with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.counting.counts import Counts
from calibration.counting.grid import lanes_added, on_grid, usual_period
from calibration.counting.matching import Place, match, read_places
from calibration.counting.readings import read_readings
from calibration.counting.repair import Repair
from calibration.counting.rows import clean_rows
from calibration.counting.seen import Seen
from calibration.counting.suspicions import look_closer
from calibration.counting.wall_clock import on_clock, read_zone
from networks.errors import BadInput
from networks.sentence import say

if TYPE_CHECKING:
    import pandas as pd

    from calibration.counting.watched_streets import WatchedNet

_LEAST_COVERAGE = 0.1
_WORTH_TELLING = 0.9


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """What files held.

    Attributes:
        counts: Vehicles by sensor and period.
        speeds_mps: Mean speeds beside them (S, T); NaN where nobody told one.
        repairs: What was found wrong, and what was done about it.
        begin: Wall-clock time of second 0; None where files tell seconds only.
    """

    counts: Counts
    speeds_mps: NDArray[np.float64]
    repairs: tuple[Repair, ...]
    begin: datetime | None


def read_counts(
    files: Sequence[Path | str],
    net: WatchedNet,
    *,
    begin: datetime | None = None,
    timezone: str = "UTC",
    sensors: Mapping[str, Place] | Path | str | None = None,
    measure: str = "vehicle_count",
    period_s: float | None = None,
    end_s: float | None = None,
    buses: Mapping[str, float] | None = None,
    doubt: bool = True,
) -> ReadCounts:
    """Read counts and bring them to one grid of periods on the simulation's clock.

    Args:
        files: CSV (a row per count, or a column per sensor), Parquet, SUMO's edgeData or induction-loop XML.
        net: The streets (`watched_net`).
        begin: Wall-clock time of second 0; without offset it is meant in `timezone`. None: the midnight before the
            first time, or second 0 where files tell seconds.
        timezone: Where times without offset were taken down.
        sensors: Where sensors stand: a table (`read_places`) or its file; without it a sensor's name is its edge.
        measure: What is counted: rows of other measures but speed are passed over.
        period_s: Length of the periods; None: what most rows have.
        end_s: Where to stop (s); None: where the files do.
        buses: Edge -> buses in an hour by the timetable.
        doubt: Look for what no single row shows (units, time zones, directions, buses); False only brings rows
            together.

    Raises:
        BadInput: A file cannot be read, no row is about the measure, or no sensor can be matched to an edge.
    """
    names = [str(file) for file in files]
    raw = read_readings(files, measure)
    timed, clocks, begin = on_clock(raw, names, begin, read_zone(timezone))
    rows, cleaned = clean_rows(timed, names)
    counted = rows[rows["measure"] == measure]
    if counted.empty:
        told = ", ".join(sorted(set(rows["measure"])))
        raise BadInput(f"no row is about {measure}, only {told}", file=names[0], expected=measure)
    places, table = (read_places(sensors), str(sensors)) if isinstance(sensors, (str, Path)) else (sensors or {}, "")
    edge_of, placed = match(list(dict.fromkeys(counted["sensor"])), places, net, table)
    if not edge_of:
        first = placed[0].reason["en"] if placed else "there is no sensor"
        raise BadInput(f"no sensor can be matched to an edge of the network: {first}", file=table or names[0])
    period = period_s or usual_period(counted)
    kmh = raw["sensor"][raw["unit"].str.lower().isin(("km/h", "kmh", "kph"))]
    seen, gridded = _seen(rows, names, measure, edge_of, net, (period, end_s))
    seen.told_kmh = frozenset(kmh)
    if doubt:
        look_closer(seen, buses or {})
    counts, speeds, covered = _covered(seen, _first(counted, edge_of, period))
    return ReadCounts(counts, speeds, (*clocks, *cleaned, *placed, *gridded, *seen.repairs, *covered), begin)


def _first(counted: pd.DataFrame, edge_of: Mapping[str, object], period_s: float) -> float:
    begins = counted.loc[counted["sensor"].isin(edge_of), "begin_s"]
    return float(np.floor((begins.min() + 0.1) / period_s) * period_s)


def _seen(
    rows: pd.DataFrame, names: Sequence[str], measure: str, edge_of: Mapping[str, tuple[str, int | None]],
    net: WatchedNet, span: tuple[float, float | None],
) -> tuple[Seen, list[Repair]]:  # fmt: skip
    """Counts and speeds on one grid, lanes added up."""
    period, end_s = span
    counted = rows[(rows["measure"] == measure) & rows["sensor"].isin(edge_of)]
    first = _first(counted, edge_of, period)
    end = float((counted["begin_s"] + counted["period_s"]).max()) if end_s is None else end_s
    periods = max(1, round(np.ceil((end - first) / period - 0.1)))
    order = list(edge_of)
    values, off = on_grid(counted, names, order, first, periods, period)
    fast, _ = on_grid(rows[(rows["measure"] == "speed")], names, order, first, periods, period, mean=True)
    lanes = {edge: net.car_lanes(edge) for edge, _ in edge_of.values()}
    values, kept, edges, added = lanes_added(values, order, edge_of, lanes)
    row_of = {sensor: row for row, sensor in enumerate(order)}
    speeds = np.array([fast[row_of[name]] if name in row_of else np.full(periods, np.nan) for name in kept])
    return Seen(kept, edges, values, speeds.reshape(len(kept), periods), period, net, []), off + added


def _covered(seen: Seen, begin_s: float) -> tuple[Counts, NDArray[np.float64], list[Repair]]:
    """Counts of the sensors that said enough, and a word about those that did not.

    Periods in which nobody counted are no gaps: people count the peak hours of many days.
    """
    counted = ~np.isnan(seen.values)
    heard = counted.any(axis=0)
    share = counted[:, heard].mean(axis=1) if heard.any() else np.zeros(len(counted))
    repairs = []
    for row, part in enumerate(share):
        if part < _WORTH_TELLING:
            enough = part >= _LEAST_COVERAGE
            gone = int((~counted[row, heard]).sum())
            reason = say(
                f"{100 * (1 - part):.0f} % of its periods are missing: "
                + ("gaps stay gaps" if enough else f"less than {100 * _LEAST_COVERAGE:g} % remain, too little to use"),
                f"缺测 {100 * (1 - part):.0f} %："
                + ("保留为缺测" if enough else f"余下不足 {100 * _LEAST_COVERAGE:g} %，不予采用"),
            )
            action = "noted" if enough else "left_out"
            repairs.append(
                Repair(seen.names[row], "missing", action, "", 0, gone, "", "gaps" if enough else "", reason)
            )
    kept = [row for row, part in enumerate(share) if part >= _LEAST_COVERAGE]
    names, edges = (tuple(one[row] for row in kept) for one in (seen.names, seen.edges))
    counts = Counts(names, edges, begin_s, seen.period_s, seen.values[kept])
    return counts, seen.speeds_mps[kept], repairs
