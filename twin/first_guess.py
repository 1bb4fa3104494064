"""What is believed of a demand before counting: a trip table, or who lives and works in a city's zones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import pandas as pd

    from calibration.counting import Counts
    from calibration.flows import PathSet, Prior, Roads
    from twin.calibration_ground import Ground

DRIVEN = ("car", "passenger", "auto", "private", "truck", "hgv", "lorry", "delivery")
"""Classes of a trip table that drive."""
DAY_S = 86_400.0


@dataclass(frozen=True)
class FirstGuess:
    """Paths and what is believed of them.

    Attributes:
        paths: Where vehicles may go.
        prior: Vehicles per hour of each.
        told: Where it comes from.
    """

    paths: PathSet
    prior: Prior
    told: Sentence


def first_guess(
    ground: Ground, counts: Counts, *, od: Path | None, od_hours: tuple[float, float] | None, clock_s: float, seed: int
) -> FirstGuess | None:
    """The prior of a city or case; None where nothing is known beside its streets.

    A trip table (`od`, or the city's own) comes first, then the people and jobs of the city's zones.

    Args:
        ground: Where.
        counts: What was counted of the vehicles that are not known; the prior learns from it.
        od: Trip table as CSV or OMX, between the city's zones, or between edges of a case.
        od_hours: Period of its trips where it does not say so itself, seconds after midnight.
        clock_s: Time of the day at second 0, seconds after midnight.
        seed: Of the paths' draws.

    Raises:
        BadInput: The table cannot be read, names a zone that is not there, or has no trip in the window.
    """
    from calibration.flows import find_paths, fringe_prior, learned_prior, od_prior, read_roads, table_trips, zone_sizes
    from calibration.flows.learned import Spread

    if od is None and ground.city is None:
        return None
    roads = read_roads(ground.net_file)
    paths = find_paths(roads, seed=seed)
    zones = _zones(ground, roads)
    table = _table(ground, od, od_hours, zones)
    if table is None:
        given = fringe_prior(paths, roads, sizes=zone_sizes(zones, roads))
        told = say("who lives and works in the city's zones (guessed)", "城市各小区的居民与岗位（推测）")
        return FirstGuess(paths, learned_prior(paths, roads, counts, given=given, spread=Spread()), told)
    begin_s = (clock_s + counts.begin_s) % DAY_S
    hours = {"begin_s": begin_s, "end_s": begin_s + counts.end_s - counts.begin_s}
    given = od_prior(paths, table_trips(table, zones, roads, **hours))
    name = od.name if od is not None else "tables/od.parquet"
    told = say(f"the trip table {name}", f"出行表 {name}")
    return FirstGuess(paths, learned_prior(paths, roads, counts, given=given), told)


def _zones(ground: Ground, roads: Roads) -> pd.DataFrame:
    """A city's zones; of a case, every edge is one."""
    import pandas as pd

    if ground.city is not None:
        from networks import City

        return City.open(ground.city).layer("zones")
    edges = list(roads.edges)
    return pd.DataFrame({"zone_id": edges, "edge_id": edges, "connectors": edges})


def _table(
    ground: Ground, od: Path | None, od_hours: tuple[float, float] | None, zones: pd.DataFrame
) -> pd.DataFrame | None:
    """The trips that are driven: of the file, or of the city's own table; None where there is none."""
    from networks.imports.od import read_trip_table
    from networks.imports.od_cells import Usual

    if od is not None:
        begin_s, end_s = od_hours or (0.0, DAY_S)
        table = read_trip_table(od, frozenset(map(str, zones["zone_id"])), usual=Usual(begin_s=begin_s, end_s=end_s))
    else:
        table = _own(ground)
    if table is None:
        return None
    driven = table[table["vclass"].str.lower().isin(DRIVEN)]
    if driven.empty:
        found = ", ".join(sorted(set(table["vclass"])))
        raise BadInput(f"the trip table has no cars, only {found}", file=od, expected=", ".join(DRIVEN))
    return driven


def _own(ground: Ground) -> pd.DataFrame | None:
    from networks import City
    from networks.errors import NotThere

    if ground.city is None:
        return None
    try:
        return City.open(ground.city).table("od")
    except NotThere:
        return None
