"""Near misses: SUMO's surrogate safety measures, one row per encounter, for runs that ask for them.

A time to collision below 3 s, a deceleration above 3 m/s2 needed to avoid a crash, or a post-encroachment time below
2 s makes an encounter a conflict (SUMO's defaults; the measures: Gettman & Head 2003, FHWA-RD-03-050). They rank places
and alternatives; they are no count of crashes. SUMO's device calls itself preliminary where vehicles reroute.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from models.traffic.emissions import read_csv

FILE = "ssm.csv"
OPTIONS = {
    "--device.ssm.probability": "1",
    "--device.ssm.measures": "TTC DRAC PET",
    "--device.ssm.thresholds": "3.0 3.0 2.0",
}
_WORST = {"min_ttc_s": "minTTC_value", "max_drac_mps2": "maxDRAC_value", "pet_s": "PET_value"}
_KEYS = ["begin_s", "end_s", "ego", "foe"]


def conflict_table(file: Path) -> pd.DataFrame:
    """Conflicts by their begin: begin_s, end_s, ego, foe, min_ttc_s, max_drac_mps2, pet_s (NaN: not measured).

    Args:
        file: SUMO's SSM output as CSV, which has a row for each measure of a conflict.
    """
    told = read_csv(file, "conflict_ego")
    if not len(told):
        return pd.DataFrame({name: [] for name in (*_KEYS, *_WORST)})
    table = pd.DataFrame(
        {
            "begin_s": told["conflict_begin"].astype(float),
            "end_s": told["conflict_end"].astype(float),
            "ego": told["conflict_ego"],
            "foe": told["conflict_foe"].astype(str),
        }
    )
    for name, theirs in _WORST.items():
        found = told[theirs] if theirs in told else pd.Series(float("nan"), index=told.index)
        table[name] = pd.to_numeric(found, errors="coerce")
    worst = {"min_ttc_s": "min", "max_drac_mps2": "max", "pet_s": "min"}
    return table.groupby(_KEYS, sort=True).agg(worst).reset_index()
