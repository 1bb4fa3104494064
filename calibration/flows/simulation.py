"""What a simulation counts: every edge in every period, how fast it was, and who did not get through."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts
from calibration.flows.normal_edges import normal_edges
from models.sumo import SumoCase, read_tables, run_native
from networks.errors import BadInput
from networks.safe_xml import read_xml

MESO = {"meso-junction-control": "true"}
"""Mesoscopic with signals and right of way: without them a saturated town flows freely."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What became of the vehicles of a simulation.

    Attributes:
        inserted: Entered the network by the end.
        arrived: Of them, at their destination by the end.
        running: Of them, still on the way.
        waiting: Were due and found no room to enter.
        teleported: Times that SUMO moved a vehicle on by force.
    """

    inserted: int
    arrived: int
    running: int
    waiting: int
    teleported: int


@dataclass(frozen=True, slots=True)
class SimulatedCounts:
    """Every street of a network in every period of one simulation.

    Attributes:
        counts: Vehicles that entered an edge or set out on it; a sensor for each edge, named like it.
        speed_mps: Mean speed over the time that vehicles spent there (E, T); NaN where nobody was.
        vehicle_s: Time that vehicles spent there (E, T), s.
        totals: What became of the vehicles.
        cpu_s: Processor seconds that SUMO took.
    """

    counts: Counts
    speed_mps: NDArray[np.float64]
    vehicle_s: NDArray[np.float64]
    totals: Totals
    cpu_s: float


def simulated(
    net_file: Path | str,
    rou_file: Path | str | Sequence[Path | str],
    *,
    additional: Sequence[Path | str] = (),
    begin_s: float = 0.0,
    end_s: float,
    period_s: float = 3600.0,
    meso: bool = False,
    seed: int = 0,
    options: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> SimulatedCounts:
    """Simulate a demand once, by SUMO's own binary on one core, and count; the same seed counts the same.

    Args:
        net_file: The network.
        rou_file: Its demand; several in SUMO's order.
        additional: Stops, vehicle types, signal programs, buses.
        begin_s: First second; the streets are empty then.
        end_s: Last second.
        period_s: Length of a period, the last may be cut short by the end.
        meso: Mesoscopic, with signals and right of way: some twenty times faster.
        seed: SUMO's.
        options: More of SUMO's options by their full names (`time-to-teleport` ...).
        folder: Where SUMO's outputs stay; none is kept without it.

    Raises:
        BadInput: A file is missing, or the window has no length.
        EngineFailed: SUMO stopped, in its own words.
    """
    edges = normal_edges(net_file)
    routes, more = ([Path(file).absolute() for file in files] for files in (_several(rou_file), additional))
    for file in (*routes, *more):
        if not file.is_file():
            raise BadInput("there is no such file", file=file, remedy="correct the path")
    if not end_s > begin_s or not period_s > 0:
        raise BadInput(f"{begin_s} to {end_s} s in periods of {period_s} s is no window", expected="begin < end")
    case = SumoCase(routes[0], Path(net_file).absolute(), tuple(routes), tuple(more), begin_s, end_s)
    said = {**(MESO if meso else {}), **(options or {})}
    extra = [word for name, value in said.items() for word in (f"--{name}", value)]
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="citytwin-counts-")))
        run = run_native(case, seed, place, tables=("edges",), interval_s=period_s, meso=meso, extra=extra)
        return counts_in(place, edges, begin_s, end_s, period_s, run.cpu_s)


def _several(rou_file: Path | str | Sequence[Path | str]) -> Sequence[Path | str]:
    return (rou_file,) if isinstance(rou_file, str | Path) else rou_file


def counts_in(
    folder: Path, edges: Sequence[str], begin_s: float, end_s: float, period_s: float, cpu_s: float = 0.0
) -> SimulatedCounts:
    """What the table of edges in the folder of a simulation counts.

    Args:
        folder: Of a run that asked for the table `edges`.
        edges: Which are wanted (E).
        begin_s: First second of the simulation.
        end_s: Last second.
        period_s: Length of the table's periods.
        cpu_s: What the simulation took.
    """
    table = read_tables(folder)["edges"]
    periods = int(np.ceil((end_s - begin_s) / period_s - 1e-9))
    number = {edge: row for row, edge in enumerate(edges)}
    table = table[table["edge_id"].isin(number)]
    row = table["edge_id"].map(number).to_numpy(dtype=np.int64)
    column = ((table["time_s"].to_numpy(dtype=np.float64) - begin_s) / period_s + 1e-9).astype(np.int64)
    shape = (len(edges), periods)
    counted, spent = np.zeros(shape), np.zeros(shape)
    speed = np.full(shape, np.nan)
    inside = column < periods
    at = (row[inside], column[inside])
    counted[at] = (table["entered"] + table["departed"]).to_numpy(dtype=np.float64)[inside]
    spent[at] = np.nan_to_num(table["vehicle_s"].to_numpy(dtype=np.float64)[inside])
    speed[at] = table["speed_mps"].to_numpy(dtype=np.float64)[inside]
    counts = Counts(tuple(edges), tuple(edges), begin_s, period_s, counted)
    return SimulatedCounts(counts, speed, spent, _totals(folder / "statistics.xml"), cpu_s)


def _totals(file: Path) -> Totals:
    told = {element.tag: element for element in read_xml(file)}

    def of(tag: str, name: str) -> int:
        return int(told[tag].get(name) or 0)

    inserted, running = of("vehicles", "inserted"), of("vehicles", "running")
    return Totals(inserted, inserted - running, running, of("vehicles", "waiting"), of("teleports", "total"))
