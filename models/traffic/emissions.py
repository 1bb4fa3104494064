"""What comes out of the exhausts: SUMO's HBEFA4, by edge and interval and by trip, for runs that ask for it.

Source: HBEFA 4.2 (Handbook Emission Factors for Road Transport, hbefa.net) as SUMO has remodelled it since 1.14; the
classes of `VEHICLE_TYPES` are European vehicles, whichever country the city lies in. PMx holds abrasion too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

GASES = {"co2_g": "CO2", "co_g": "CO", "hc_g": "HC", "nox_g": "NOx", "pmx_g": "PMx", "fuel_g": "fuel"}
"""Our column, in grams -> SUMO's name, in milligrams."""
EDGES_FILE = "emissions.csv"


def asked_xml(file: Path, interval_s: float) -> str:
    """The additional that asks SUMO for emissions by edge and interval."""
    return (
        f'<additional><edgeData id="emissions" type="emissions" period="{interval_s:g}" file="{file}" '
        'excludeEmpty="true"/></additional>\n'
    )


def emission_table(file: Path, edge_ids: Sequence[str]) -> pd.DataFrame:
    """One row for each interval and edge with vehicles.

    Args:
        file: SUMO's edgeData of type emissions as CSV.
        edge_ids: The city's edges; those inside junctions are left out.

    Returns:
        time_s (begin), edge_id, co2_g, co_g, hc_g, nox_g, pmx_g, fuel_g.
    """
    told = read_csv(file, "edge_id")
    if not len(told):
        return pd.DataFrame({"time_s": [], "edge_id": [], **{name: [] for name in GASES}})
    told = told[told["edge_id"].isin(set(edge_ids))]
    table = pd.DataFrame({"time_s": told["interval_begin"].astype(float), "edge_id": told["edge_id"]})
    for name, gas in GASES.items():
        table[name] = told[f"edge_{gas}_abs"].astype(float) / 1000.0
    order = table["edge_id"].map({edge: i for i, edge in enumerate(edge_ids)})
    return table.assign(_order=order).sort_values(["time_s", "_order"]).drop(columns="_order").reset_index(drop=True)


def with_emissions(trips: pd.DataFrame, file: Path) -> pd.DataFrame:
    """The table `trips` with what each vehicle emitted until the end, in g; 0 for those that never drove.

    Args:
        trips: Table `trips`.
        file: SUMO's tripinfo as CSV, of a run whose vehicles carried the emissions device.
    """
    told = read_csv(file, "tripinfo_id")
    if len(told):
        told = told.set_index("tripinfo_id")
        told = told.reindex(trips["vehicle_id"])
    grams = {
        name: told[f"emissions_{gas}_abs"].fillna(0.0).to_numpy() / 1000.0 if len(told) else np.zeros(len(trips))
        for name, gas in GASES.items()
    }
    return trips.assign(**grams)


def read_csv(file: Path, name: str) -> pd.DataFrame:
    """SUMO's CSV without the rows of nothing; empty where nothing was written."""
    try:
        table = pd.read_csv(file, sep=";", dtype={name: str})
    except (FileNotFoundError, pd.errors.EmptyDataError):
        return pd.DataFrame()
    return table.dropna(subset=[name]) if name in table else pd.DataFrame()
