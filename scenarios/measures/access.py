"""Whom and what people reach by car, in the times of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from networks.errors import NotThere
from networks.sentence import say
from scenarios.measures.dictionary import Tables, measure

if TYPE_CHECKING:
    import pandas as pd

    from models.routing import Router

Floats = NDArray[np.float64]
REACH_MIN = 10.0
HOSPITAL_MIN = 8.0
"""The first of the times in which emergency services report their shares (8, 12, 15 minutes)."""
SLOWEST_MPS = 0.3
NEEDS = {"edges": ("time_s", "edge_id", "speed_mps", "vehicle_s")}
CUMULATIVE = say(
    "Cumulative opportunities: Geurs & van Wee (2004), doi:10.1016/j.jtrangeo.2003.10.005",
    "累积机会法：Geurs与van Wee（2004），doi:10.1016/j.jtrangeo.2003.10.005",
)


def edge_times_s(run: Tables, edge_ids: tuple[str, ...], free_s: Floats, length_m: Floats) -> Floats:
    """(edges,) mean time to pass each edge after the warm-up; free-flow time where nobody drove."""
    told = run.measured("edges", "time_s")
    told = told[(told["vehicle_s"] > 0) & told["speed_mps"].notna()]
    place = told["edge_id"].map({edge: i for i, edge in enumerate(edge_ids)})
    told, place = told[place.notna()], place.dropna().astype(int).to_numpy()
    present, driven = np.zeros(len(edge_ids)), np.zeros(len(edge_ids))
    np.add.at(present, place, told["vehicle_s"].to_numpy(dtype=float))
    np.add.at(driven, place, (told["vehicle_s"] * told["speed_mps"]).to_numpy(dtype=float))
    speed = np.divide(driven, present, out=np.zeros_like(driven), where=present > 0)
    return np.where(present > 0, length_m / np.maximum(speed, SLOWEST_MPS), free_s)


def reached(times_s: Floats, worth: Floats, within_min: float) -> Floats:
    """(origins,) sum of `worth` (destinations,) within so many minutes; times (origins, destinations) in s."""
    return np.asarray((times_s <= 60.0 * within_min) @ worth, dtype=float)


def _layer(city: Any, name: str) -> pd.DataFrame | None:
    try:
        layer: pd.DataFrame = city.layer(name)
    except (NotThere, KeyError, FileNotFoundError):
        return None
    return layer


def _kernel(city: Any) -> Router:
    from models.routing import Router

    return Router(city.road_graph("passenger"))


def _zone_times(city: Any, run: Tables, ends: pd.DataFrame) -> tuple[pd.DataFrame, Floats, pd.DataFrame] | None:
    """Zones with a road, times (zones, ends) from them in s, and the ends that have a road."""
    zones = _layer(city, "zones")
    if zones is None or not len(zones) or not len(ends):
        return None
    kernel = _kernel(city)
    zones, ends = (one[one["edge_id"].isin(kernel.index)] for one in (zones, ends))
    if not len(zones) or not len(ends):
        return None
    length = np.asarray(kernel.graph.length_m, dtype=float)
    weights = edge_times_s(run, tuple(kernel.graph.edge_ids), kernel.free_s, length)
    starts, stops = (one["edge_id"].map(kernel.index).to_numpy(dtype=int) for one in (zones, ends))
    return zones, kernel.matrix(starts, stops, weights), ends


def _mean_reached(city: Any, run: Tables, column: str) -> float | None:
    zones = _layer(city, "zones")
    found = None if zones is None else _zone_times(city, run, zones)
    if found is None:
        return None
    start, times, end = found
    people = start["population"].to_numpy(dtype=float)
    if people.sum() <= 0:
        return None
    there = reached(times, end[column].to_numpy(dtype=float), REACH_MIN)
    return float(there @ people / people.sum())


@measure(
    say(f"Jobs within {REACH_MIN:.0f} minutes", f"{REACH_MIN:.0f}分钟可达岗位"),
    "jobs",
    "higher",
    say(
        f"Jobs that a resident reaches by car within {REACH_MIN:.0f} minutes from zone to zone, mean over residents, "
        "on the mean edge times of the run (free flow where nobody drove; no parking, no walking).",
        f"居民驾车{REACH_MIN:.0f}分钟内（区到区）可达的岗位数，按居民平均，采用运行中的路段平均用时（无车路段取自由流；不含停车与步行）。",
    ),
    needs=NEEDS,
    source=CUMULATIVE,
)
def jobs_in_10_min(city: Any, run: Tables) -> float | None:
    return _mean_reached(city, run, "jobs")


@measure(
    say(f"People within {REACH_MIN:.0f} minutes", f"{REACH_MIN:.0f}分钟可达人口"),
    "people",
    "higher",
    say(
        f"Residents that a resident reaches by car within {REACH_MIN:.0f} minutes from zone to zone, mean over "
        "residents, on the mean edge times of the run.",
        f"居民驾车{REACH_MIN:.0f}分钟内（区到区）可达的人口数，按居民平均，采用运行中的路段平均用时。",
    ),
    needs=NEEDS,
    source=CUMULATIVE,
)
def people_in_10_min(city: Any, run: Tables) -> float | None:
    return _mean_reached(city, run, "population")


@measure(
    say(f"Residents with a hospital within {HOSPITAL_MIN:.0f} minutes", f"{HOSPITAL_MIN:.0f}分钟可达医院的居民"),
    "share",
    "higher",
    say(
        f"Share of residents from whose zone a hospital is reached by car within {HOSPITAL_MIN:.0f} minutes, on the "
        "mean edge times of the run; only in cities with a hospital on their map.",
        f"所在小区驾车{HOSPITAL_MIN:.0f}分钟内可达医院的居民比例，采用运行中的路段平均用时；仅限地图上有医院的城市。",
    ),
    needs=NEEDS,
    source=CUMULATIVE,
)
def hospital_in_8_min(city: Any, run: Tables) -> float | None:
    facilities = _layer(city, "facilities")
    if facilities is None:
        return None
    found = _zone_times(city, run, facilities[facilities["kind"] == "hospital"])
    if found is None:
        return None
    zones, times, _ = found
    people = zones["population"].to_numpy(dtype=float)
    near = times.min(axis=1) <= 60.0 * HOSPITAL_MIN
    return float(people[near].sum() / people.sum()) if people.sum() > 0 else None
