"""The tables: by quantity and horizon, all moments, the hour after the incident, and the rain."""

from __future__ import annotations

import json

import pandas as pd

from benchmarks.calibration.experiment.hidden import HiddenTown
from benchmarks.calibration.experiment.judging import AFTER_S, during, summed
from twin.validation import Row

SHOWN_MIN = (5, 15, 30, 45, 60)
UNITS = {"flow": "vehicles in 5 min", "speed": "m/s", "travel_time": "s"}
SCORES = {"mae": "MAE", "crps": "CRPS", "interval": "IS", "coverage": "in 90 %"}
"""Mean absolute error of the median, CRPS, interval score and coverage of the 90 % interval."""


SURVEYS = ("survey mean", "survey x level")
ORACLES = tuple(f"oracle {name}" for name in ("persistence", "historical mean", "blend", "boosting"))
OURS = ("twin", "twin, told", "twin, corrected", "twin and survey x level")
OUR_ORACLES = ("oracle twin x historical mean", "oracle served")
"""Baselines with and without sight of the judged places, and what has the twin in it."""
BELOW, HOLD = 0.8, (0.85, 0.95)
"""Of the best baseline's error at +30 minutes, and the share that 90 % intervals hold: goals of the plan."""


def print_tables(table: pd.DataFrame, hidden: HiddenTown) -> None:
    """Print what the rows say."""
    days = sorted(table["day"].unique())
    spans = {
        "the hour after the incident, forecast after its begin": {day: _incident_s(hidden, day) for day in days},
        "rain": {day: _rain_s(hidden, day) for day in days},
    }
    print(f"days {', '.join(days)}; {len(hidden.places['held'])} streets, {len(hidden.places['paths'])} paths judged")
    _print("all moments", table)
    for name, found in spans.items():
        part = during(table, found)
        if "incident" in name:
            part = part[part["made_s"] >= part["day"].map({day: span[0] for day, span in found.items()})]
        _print(name, part)


def _print(name: str, table: pd.DataFrame) -> None:
    found = summed(table)
    for quantity, unit in UNITS.items():
        own = found[(found["quantity"] == quantity) & found["horizon_min"].isin(SHOWN_MIN)]
        if own.empty:
            continue
        counts = own.groupby("horizon_min")["n"].first()
        n = ", ".join(f"+{minutes}: {number}" for minutes, number in counts.items())
        print(f"\n### {quantity} ({unit}), {name}; n {n}\n")
        wide = own.pivot(index="source", columns="horizon_min", values=list(SCORES))
        heads = [f"{label} {minutes}" for label in SCORES.values() for minutes in counts.index]
        print("| | " + " | ".join(heads) + " | said |")
        print("|---" * (len(heads) + 2) + "|")
        said = own.groupby("source")["said"].min()
        for source in wide.index:
            cells = [f"{wide.loc[source, (score, at)]:.3g}" for score in SCORES for at in counts.index]
            print(f"| {source} | {' | '.join(cells)} | {said[source]:.2f} |")
        _verdict(own[own["horizon_min"] == 30])


def _verdict(own: pd.DataFrame) -> None:
    """How far we are below the best baseline at +30 min: of those that any town could have, and of the oracles."""
    mae = own.set_index("source")["mae"]
    for theirs, ours in ((SURVEYS, OURS), (ORACLES, OUR_ORACLES)):
        best = mae[mae.index.isin(theirs)]
        for name in mae.index[mae.index.isin(ours)]:
            if len(best):
                share, beaten = 100 * (mae[name] / best.min() - 1), f"{best.min():.3g} ({best.idxmin()})"
                print(f"\n+30 min: {name} {mae[name]:.3g}, best baseline {beaten}: {share:+.0f} %")


def rows_at_30(town: str, table: pd.DataFrame) -> list[Row]:
    """What stands at +30 minutes: everybody's errors, and of what has the twin in it how often intervals hold."""
    found, rows, days = summed(table), list[Row](), table["day"].nunique()
    for quantity, unit in UNITS.items():
        own = found[(found["quantity"] == quantity) & (found["horizon_min"] == 30)].set_index("source")
        for source, one in own.iterrows():
            rivals = SURVEYS if source in OURS else ORACLES if source in OUR_ORACLES else ()
            best = own["mae"][own.index.isin(rivals)]
            gate = BELOW * float(best.min()) if len(best) else None
            case, kind = f"{town}, hidden days: {days}, {quantity}, {source}", "real" if rivals else "peer"
            n = int(one["n"])
            rows.append(Row(case, kind, f"mean absolute error at +30 min ({unit})", float(one["mae"]), gate, n=n))
            if rivals:
                share, measure = float(one["coverage"]), "in the 90 % interval at +30 min"
                rows += [
                    Row(case, kind, measure, share, HOLD[0], "least", n=n),
                    Row(case, kind, measure, share, HOLD[1], n=n),
                ]
    return rows


def _incident_s(hidden: HiddenTown, day: str) -> tuple[float, float]:
    told = json.loads((hidden.folder / day / "hidden.json").read_text(encoding="utf-8"))
    return told["begin_s"], told["begin_s"] + AFTER_S


def _rain_s(hidden: HiddenTown, day: str) -> tuple[float, float]:
    begin_s, end_s = json.loads((hidden.folder / day / "known.json").read_text(encoding="utf-8"))["rain_s"]
    return begin_s, end_s
