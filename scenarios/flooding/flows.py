"""How many vehicles drive where, hour by hour: from `twin assign`, or the city's trips (guessed ones) assigned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput, why_unread
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import City

GAP = 1e-3


@dataclass(frozen=True)
class Flows:
    """Vehicles on the roads.

    Attributes:
        veh_h: (edges,) vehicles per hour, in the order of the city's edges.
        source: Where they come from.
    """

    veh_h: np.ndarray
    source: Sentence


def read_flows(city: City, folder: Path) -> Flows:
    """Flows that `twin assign` wrote: `edges.csv` in its folder.

    Raises:
        BadInput: It is none, or of another city.
    """
    import pandas as pd

    file = folder / "edges.csv" if folder.is_dir() else folder
    expected = "edges.csv of twin assign: edge_id, veh_h_CLASS"
    try:
        table = pd.read_csv(file, dtype={"edge_id": str})
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {why_unread(error)}", file=file, expected=expected) from error
    except ValueError as error:
        raise BadInput(f"is no table: {error}", file=file, expected=expected) from error
    columns = [name for name in table.columns if name.startswith("veh_h_")]
    if "edge_id" not in table.columns or not columns:
        raise BadInput("these are no flows", file=file, place="line 1", expected=expected)
    index = {edge: at for at, edge in enumerate(city.layer("edges")["edge_id"])}
    strange = sorted(set(table["edge_id"]) - set(index))
    if strange:
        what = f"{len(strange)} of its edges are not in the city {city.name}, the first is {strange[0]}"
        raise BadInput(what, file=file, remedy="assign this city: twin assign CITY --out DIR")
    values = table[columns].to_numpy(float)
    if not np.all(np.isfinite(values) & (values >= 0)):
        raise BadInput("a flow that is negative or no number", file=file, expected=expected)
    flow = np.zeros(len(index))
    flow[table["edge_id"].map(index)] = values.sum(axis=1)
    return Flows(flow, say(f"twin assign, {file.name}", f"twin assign，{file.name}"))


def assigned_flows(city: City) -> Flows | None:
    """Flows of the busiest hour: the city's own trips or guessed ones, assigned; None where no trips can be had."""
    from scenarios.planning import assign_city, hourly_trips

    try:
        trips = hourly_trips(city)
        done = assign_city(city, trips, gap=GAP)
    except BadInput:
        return None
    count = len(done.city.edges)
    return Flows(done.found.class_flow[:, :count].sum(axis=0), trips.told[0])
