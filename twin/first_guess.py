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
    ground: Ground, counts: Counts, *, od: Path | None, od_hours: tuple[float, float] | None, clock_s: float, seed: int,
    probes: Path | None = None,
) -> FirstGuess | None:  # fmt: skip
    """The prior of a city or case; None where nothing is known beside its streets.

    A trip table (`od`, or the city's own) comes first, then the people and jobs of the city's zones.

    Args:
        ground: Where.
        counts: What was counted of the vehicles that are not known; the prior learns from it.
        od: Trip table as CSV or OMX, between the city's zones, or between edges of a case.
        od_hours: Period of its trips where it does not say so itself, seconds after midnight.
        clock_s: Time of the day at second 0, seconds after midnight.
        seed: Of the paths' draws.
        probes: Ways of observed vehicles: CSV with a column edges, or a SUMO route file.

    Raises:
        BadInput: A file cannot be read, the table names a zone that is not there, or has no trip in the window.
    """
    from calibration.flows import (
        find_paths,
        fringe_prior,
        joined,
        learned_prior,
        od_prior,
        probe_paths,
        read_roads,
        table_trips,
        zone_sizes,
    )
    from calibration.flows.learned import Spread

    if od is None and ground.city is None and probes is None:
        return None
    roads = read_roads(ground.net_file)
    paths = find_paths(roads, seed=seed)
    if probes is not None:
        paths = joined(paths, probe_paths(roads, probe_ways(probes)))
    if od is None and ground.city is None:
        told = say("the ways of probe vehicles", "浮动车的行驶路径")
        return FirstGuess(paths, learned_prior(paths, roads, counts), told)
    zones = _zones(ground, roads)
    table = _table(ground, od, od_hours, zones)
    if table is None:
        given = fringe_prior(paths, roads, sizes=zone_sizes(zones, roads))
        told = say("who lives and works in the city's zones (guessed)", "城市各小区的居民与岗位（推测）")
        told = _with_probes(told, probes)
        wide = None if probes else Spread()  # with probes the model's own spread: they tell paths of a pair apart
        return FirstGuess(paths, learned_prior(paths, roads, counts, given=given, spread=wide), told)
    begin_s = (clock_s + counts.begin_s) % DAY_S
    hours = {"begin_s": begin_s, "end_s": begin_s + counts.end_s - counts.begin_s}
    given = od_prior(paths, table_trips(table, zones, roads, **hours))
    name = od.name if od is not None else "tables/od.parquet"
    told = _with_probes(say(f"the trip table {name}", f"出行表 {name}"), probes)
    return FirstGuess(paths, learned_prior(paths, roads, counts, given=given), told)


def probe_ways(file: Path) -> list[tuple[str, ...]]:
    """Edges of each observed vehicle, from a CSV with a column edges (perhaps vehicles) or a SUMO route file.

    Raises:
        BadInput: It cannot be read, or has no way.
    """
    from models.sumo.streaming import read_elements
    from networks.imports.table_text import read_rows

    ways: list[tuple[str, ...]] = []
    if file.name.endswith((".xml", ".xml.gz")):
        read_elements(
            file, lambda name, items, _line: ways.append(tuple(items["edges"].split()))
            if name == "route" and "edges" in items else None,
        )  # fmt: skip
    else:
        header, rows = read_rows(file)
        if "edges" not in header:
            raise BadInput(f"its columns are {', '.join(header)}", file=file, place="line 1", expected="edges")
        at = header.index("edges")
        times = header.index("vehicles") if "vehicles" in header else None
        for line, cells in rows:
            count = cells[times] if times is not None else "1"
            if not count.isdigit():
                raise BadInput(f"vehicles is {count!r}", file=file, place=f"line {line}", expected="a whole number")
            ways += [tuple(cells[at].split())] * int(count)
    if not any(ways):
        raise BadInput("it has no way of any vehicle", file=file, place="--probes", expected="edges in order of travel")
    return ways


def _with_probes(told: Sentence, probes: Path | None) -> Sentence:
    if probes is None:
        return told
    return say(f"{told['en']} and the ways of probe vehicles", f"{told['zh']}和浮动车的行驶路径")


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
